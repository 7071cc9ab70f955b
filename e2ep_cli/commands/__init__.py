"""The commands of e2ep, one a file."""
