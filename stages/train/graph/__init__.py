"""Graphs in CSR order and attention over them; knows nothing of recommenders."""
