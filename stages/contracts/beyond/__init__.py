"""Orders of a user's candidates that weigh something beyond accuracy, each with one knob.

A pool is a matrix (users, n) of item rows in the base's order, −1 where a user has fewer. An order
of it is a matrix (users, n) of places in that pool, best first. The knob decides which candidates
are shown, and the base in which order: diversity and calibration are of a list as a whole, and
relevance counts most at its top.
"""
