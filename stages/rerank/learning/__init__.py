"""A ranker of candidates that is learned from validation rows: its features, fit and choices."""
