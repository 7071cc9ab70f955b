"""A newcomer: what they say of themselves, and their ranking, profile and reasons without training."""
