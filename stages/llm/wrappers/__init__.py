"""Chat models around a chat model, each named by what it adds."""
