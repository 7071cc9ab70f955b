"""The rows of a file in memory, and their values checked cell by cell."""
