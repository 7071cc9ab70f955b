"""A person's file from bytes to a sheet: unpacked, decoded, and as text, JSON or Parquet."""
