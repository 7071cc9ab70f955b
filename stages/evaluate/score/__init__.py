"""`e2ep score`: any recommender's lists under either protocol."""
