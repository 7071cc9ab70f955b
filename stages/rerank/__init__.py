"""rerank: a judge gives each candidate of the pool a value; who reads it fuses it."""
