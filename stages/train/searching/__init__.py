"""`e2ep tune`: the search of a model's settings on validation rows, and its record."""
