"""profile: films and users described in the paper's one schema, by a chat model, offline rules or published files."""
