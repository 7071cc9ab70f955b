"""Batch mode: many questions sent at once, at half the price, which may take a day."""
