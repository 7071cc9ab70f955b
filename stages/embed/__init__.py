"""embed: profiles become vectors, all-MiniLM-L6-v2 from the bundled package unless told otherwise."""
