"""Runs: the project itself and the folders of runs/, what they hold, and their state."""
