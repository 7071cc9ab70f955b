"""Readers from files to a Dataset, one a format, and the writer of the canonical one."""
