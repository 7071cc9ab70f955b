"""embed: profiles become vectors, by the bundled all-MiniLM-L6-v2 or another model."""
