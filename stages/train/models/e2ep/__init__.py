"""e2ep, the project's own model."""
