"""Ranking metrics, one per file; `registry` lists them. Imports core only."""
