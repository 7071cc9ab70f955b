"""Batch mode: many questions sent at once, at half the price; the answers may take a day."""
