"""The forms in which other programs leave tables: packed, encoded, as text and otherwise."""
