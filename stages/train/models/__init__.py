"""One model per file: the class `Model`'s implementer named `MODEL`, with its `Config`."""
