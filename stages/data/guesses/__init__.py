"""What a person most likely means by their columns and numbers, judged by names and values."""
