"""Measures of explanations that need nobody's opinion."""
