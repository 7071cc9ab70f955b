"""What a line of a file is: a rating, a user's list of items, or a row of a matrix."""
