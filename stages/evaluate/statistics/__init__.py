"""Intervals and tests of differences between rankings, paired by user."""
