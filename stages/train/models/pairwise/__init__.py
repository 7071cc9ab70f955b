"""Models of ids, trained on pairs."""
