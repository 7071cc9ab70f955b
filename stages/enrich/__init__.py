"""enrich: titles are normalised, and overview, tagline, genres and people come from a source."""
