"""Language models for benchmarks: real servers, doubles that count, and what both are asked."""
