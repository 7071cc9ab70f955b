"""What docs/reproduction.md compares: the paper's numbers, its released lists', and ours."""
