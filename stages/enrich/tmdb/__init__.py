"""The TMDB v3 API: polite requests, cached answers, and films matched by title and year."""
