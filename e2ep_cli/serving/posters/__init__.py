"""Posters of films, which the server asks TMDB for, keeps and serves, where it was given a key."""
