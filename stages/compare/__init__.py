"""compare: a chat model says, per user, which of two strategies' lists explains better."""
