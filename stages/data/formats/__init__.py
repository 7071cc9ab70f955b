"""Readers from files to a Dataset, one per format, and a writer for the canonical one."""
