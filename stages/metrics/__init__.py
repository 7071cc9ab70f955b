"""Ranking metrics, one a file; `registry` lists them. Imports core only."""
