"""The two protocols: what counts as relevant, and which items of a list count."""
