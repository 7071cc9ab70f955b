"""Published sets in their publishers' forms, converted to our own."""
