"""What the blocks of README and docs/ are given, a file for each source of numbers."""
