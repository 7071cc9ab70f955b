"""Strategies that compute an order from what is known and ask nobody, one per file."""
