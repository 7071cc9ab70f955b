"""Data sets as they lie in data/NAME: adding, importing, checking and reading them."""
