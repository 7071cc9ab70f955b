"""rerank: a judge gives each candidate in the pool a value, which later stages fuse."""
