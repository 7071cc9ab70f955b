"""Graphs in CSR order, attention over them and propagation along them; nothing here is ours alone.

The package imports nothing else of this project and does not mention recommenders.
"""
