"""One strategy a file: the class named `STRATEGY`, with its `Config`."""
