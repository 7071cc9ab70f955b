"""What all questions of a run share: its clock, its waits, its minutes and its end."""
