"""Every ranking of a split by name, as matrices of item rows."""
