"""What `e2ep doctor` looks at, one subject a file; each gives rows for its table."""
