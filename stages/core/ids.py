"""Ids are strings outside; inside, users and items are rows 0…n−1 in the natural order of ids."""

from collections.abc import Iterable

from stages.core.errors import InputError


def natural_order(ids: Iterable[str]) -> list[str]:
    """The distinct ids in order: by number where all are whole numbers, else by text.

    Ties in rankings break in this order.
    """
    distinct = set(ids)
    numeric = all(i.isascii() and i.isdigit() for i in distinct)
    return sorted(distinct, key=lambda i: (int(i), i)) if numeric else sorted(distinct)


def row_of(ids: Iterable[str]) -> dict[str, int]:
    """The row of each id."""
    return {outside: row for row, outside in enumerate(natural_order(ids))}


def id_range(ids: Iterable[str]) -> str:
    """The valid ids in short for an error message, such as ``1 … 943 (943 in all)``."""
    ordered = natural_order(ids)
    return f"{ordered[0]} … {ordered[-1]} ({len(ordered)} in all)" if ordered else "none"


def refuse_spaced(form: str, ids: Iterable[str], other: str) -> None:
    """Refuse an id with a blank or a quotation mark, which `form` cannot hold but `other` can."""
    for each in ids:
        if len(each.split()) != 1 or '"' in each:
            raise InputError(
                f"the id {each!r} has a blank or a quotation mark, which the form {form} cannot "
                f"hold; use --form {other}"
            )
