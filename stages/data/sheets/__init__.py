"""Delimited files in memory, and their columns checked value by value."""
