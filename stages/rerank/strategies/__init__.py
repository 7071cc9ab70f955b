"""One strategy per file: the class named `STRATEGY`, with its `Config`."""
