"""Forms of files other than a table with a rating a line, each read into rows of strings."""
