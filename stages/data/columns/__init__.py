"""Which column of a file means what: named by the person, or by its name and its values."""
