"""evaluate: rankings and explanations become the numbers in metrics/<dataset>/."""
