"""Batch mode: many questions sent at once, at half the price; answers may take a day."""
