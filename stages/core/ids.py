"""Outside ids are strings; inside, users and items are rows 0…n−1 in the natural order of their ids."""

from collections.abc import Iterable


def natural_order(ids: Iterable[str]) -> list[str]:
    """Distinct ids, numerically where all are whole numbers, else by text; ties in rankings break in this order."""
    distinct = set(ids)
    numeric = all(i.isascii() and i.isdigit() for i in distinct)
    return sorted(distinct, key=lambda i: (int(i), i)) if numeric else sorted(distinct)


def row_of(ids: Iterable[str]) -> dict[str, int]:
    """The row of each id."""
    return {outside: row for row, outside in enumerate(natural_order(ids))}


def id_range(ids: Iterable[str]) -> str:
    """A short description of the valid ids for an error message, such as ``1 … 943``."""
    ordered = natural_order(ids)
    return f"{ordered[0]} … {ordered[-1]} ({len(ordered)} in all)" if ordered else "none"
