"""Newcomers: how they describe themselves; ranking, profile and reasons without training."""
