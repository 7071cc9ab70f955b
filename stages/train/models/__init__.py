"""One model a file: the class `Model`'s implementer named `MODEL`, with its `Config`."""
