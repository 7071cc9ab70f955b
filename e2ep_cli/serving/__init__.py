"""`e2ep serve`: a trained run behind HTTP, as tools of an assistant, and as a page."""
