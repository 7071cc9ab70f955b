"""Graph models of ids, trained on pairs."""
