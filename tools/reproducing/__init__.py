"""What docs/reproduction.md sets side by side: the paper's numbers, those of its released lists, and ours."""
