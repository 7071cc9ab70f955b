"""The names of splits, in families."""

from stages.core.errors import ParamError

FIFTHS = range(1, 6)
FAMILIES = ("fold", "cold-users", "cold-items")
NAMES = (*(f"{family}-{n}" for family in FAMILIES for n in FIFTHS), "temporal")
VALID = "fold-1 … 5, cold-users-1 … 5, cold-items-1 … 5 or temporal"


def checked_names(splits: object) -> list[str]:
    """`splits`, or a ParamError for an empty list or a name that no family knows."""
    if not isinstance(splits, list) or not splits:
        raise ParamError(f"splits in params.yaml is {splits!r}; list at least one of {VALID}, such as splits=[fold-1]")
    unknown = [name for name in splits if name not in NAMES]
    if unknown:
        raise ParamError(f"splits in params.yaml names {unknown[0]!r}, which is not known; use {VALID}")
    return splits
