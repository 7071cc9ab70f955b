"""enrich: normalised titles; overview, tagline, genres and people from a source."""
