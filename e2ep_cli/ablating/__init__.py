"""Named ablations: the question of each, its experiment, and the result."""
