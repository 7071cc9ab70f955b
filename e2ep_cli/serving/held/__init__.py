"""The run that is served, read once and held in memory."""
