"""Newcomers: what they say of themselves; ranking, profile and reasons without training."""
