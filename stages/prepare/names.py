"""The names of splits, in families."""

from collections.abc import Sequence

from stages.core.errors import ParamError

FIFTHS = range(1, 6)
FAMILIES = ("fold", "cold-users", "cold-items")
NAMES = (*(f"{family}-{n}" for family in FAMILIES for n in FIFTHS), "temporal")
VALID = "fold-1 … 5, cold-users-1 … 5, cold-items-1 … 5 or temporal"


def check_names(splits: Sequence[str]) -> None:
    """Refuse an empty list, and a split that no family knows, by name."""
    if not isinstance(splits, list) or not splits:
        raise ParamError(f"splits in params.yaml is {splits!r}; list at least one of {VALID}, such as splits=[fold-1]")
    unknown = [name for name in splits if name not in NAMES]
    if unknown:
        raise ParamError(f"splits in params.yaml names {unknown[0]!r}, which is not known; use {VALID}")
