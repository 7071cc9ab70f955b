"""rerank: a judge gives each candidate of the pool a value; fusion with the graph's order happens where it is needed."""
