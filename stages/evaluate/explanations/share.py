"""A share, as it is written in the number files."""


def share(part: int, whole: int) -> float | None:
    """Part / whole to five decimals, None for a share of nothing."""
    return round(part / whole, 5) if whole else None
