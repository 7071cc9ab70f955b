"""Comparing the numbers of metrics/ with committed ones: limits, changes, and whether two runs may be compared."""
