"""profile: films and users in the paper's schema, by a chat model, rules or published files."""
