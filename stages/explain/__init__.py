"""explain: a grounded reason for each recommended item, from the user's training history."""
