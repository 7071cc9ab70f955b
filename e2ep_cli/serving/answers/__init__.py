"""What is answered, from a run that is held."""
