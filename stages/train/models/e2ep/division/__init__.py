"""Training of one network by several processes, each of which has some users."""
