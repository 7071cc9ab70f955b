"""The scale of ratings, 1–5, whatever scale the data set has.

prepare maps it so that the data set's threshold for a positive rating becomes POSITIVE.
"""

POSITIVE = 4.0
"""A rating of at least this is a like."""
NEGATIVE = 2.0
"""A rating of at most this is a dislike."""
