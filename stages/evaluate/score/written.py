"""Lists written in the forms that other tools read, and `e2ep score` too."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from stages.core.ids import refuse_spaced


@dataclass(frozen=True)
class ListForm:
    """How a list is written: the header, if there is one, the separator, and a row's values.

    row: field names of `user`, `item`, `rank`, `score` and `system`; any other is the text itself.
    quoted: whether a value that holds the separator can be quoted.
    """

    header: tuple[str, ...]
    separator: str
    row: tuple[str, ...]
    quoted: bool = False


LIST_FORMS = {
    "csv": ListForm(
        ("user_id", "movie_id", "recommendation_rank"), ",", ("user", "item", "rank"), True
    ),
    "trec": ListForm((), " ", ("user", "Q0", "item", "rank", "score", "system")),
    "lenskit": ListForm(
        ("user_id", "item_id", "rank", "score"), ",", ("user", "item", "rank", "score"), True
    ),
    "recbole": ListForm(
        ("user_id:token", "item_id:token", "score:float"), "\t", ("user", "item", "score")
    ),
    "elliot": ListForm((), "\t", ("user", "item", "score")),
}
"""Name → form."""


def lists_as(name: str, lists: Mapping[str, Sequence[str]], system: str) -> str:
    """The text of a file; lists: user id → item ids, best first.

    A score falls by one from place to place, so that a tool that reads no rank keeps the order.
    """
    form, text = LIST_FORMS[name], io.StringIO()
    if not form.quoted:
        refuse_spaced(name, {*lists, *chain.from_iterable(lists.values())}, "csv")
    table = csv.writer(text, delimiter=form.separator, lineterminator="\n")
    if form.header:
        table.writerow(form.header)
    table.writerows(_rows(form, lists, system))
    return text.getvalue()


def _rows(
    form: ListForm, lists: Mapping[str, Sequence[str]], system: str
) -> Iterator[tuple[object, ...]]:
    for user, items in lists.items():
        for rank, item in enumerate(items, 1):
            score = len(items) + 1 - rank
            values = {
                "user": user,
                "item": item,
                "rank": rank,
                "score": score,
                "system": system,
            }
            yield tuple(values.get(field, field) for field in form.row)
