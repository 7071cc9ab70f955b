"""Named ablations: what they ask, their experiments, and what came of them."""
