"""The TMDB v3 API: polite requests, answers that are kept, and the match of a film by title and year."""
