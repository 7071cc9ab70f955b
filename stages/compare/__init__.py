"""compare: a chat model says, user by user, which of two strategies' explained lists explains better."""
