"""What the commands that read share: the ranking that is shown, and what belongs to it."""
