"""Models that read the order of what each user rated."""
