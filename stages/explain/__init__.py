"""explain: a grounded reason for each recommended film, from the user's training history and both profiles."""
