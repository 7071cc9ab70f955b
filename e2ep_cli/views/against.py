"""`e2ep explain --against`: two strategies for one user, side by side on a wide terminal."""

from itertools import zip_longest
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from e2ep_cli.console import PlainConsole
from e2ep_cli.reading.choice import RankingChoice, choose_ranking
from e2ep_cli.reading.explained_list import ExplainedList
from e2ep_cli.views.explained import (
    list_as_json,
    recommended,
    said_by,
    user_as_json,
    why_shown,
)
from e2ep_cli.views.explained_item import item_block, reason_line, user_panel
from stages.contracts.items import Item
from stages.contracts.rows import UserProfile
from stages.core.errors import InputError

Both = tuple[ExplainedList, ExplainedList]
_WIDE = 100
"""The terminal width from which two lists fit side by side."""


def other_choice(choice: RankingChoice, strategy: str) -> RankingChoice:
    """The same ranking under another strategy; an InputError if it is the same strategy."""
    if strategy == choice.strategy:
        raise InputError(
            f"--against {strategy} is the strategy shown already; "
            "name another one, or another --strategy"
        )
    other = choose_ranking(choice.run, choice.split, choice.base, strategy, "explain")
    other.require_whole("explain")
    return other


def both_as_json(
    choice: RankingChoice,
    both: Both,
    profile: UserProfile,
    by_id: dict[str, Item],
    k: int | None,
) -> dict[str, Any]:
    """The user once, the two lists, and the items that are in both."""
    lists = [list_as_json(each, by_id, k) for each in both]
    return user_as_json(choice, profile, by_id) | {"lists": lists, "in_both": shared(both, k)}


def show_both(
    choice: RankingChoice,
    both: Both,
    profile: UserProfile,
    by_id: dict[str, Item],
    k: int | None,
) -> None:
    """Print the user, then both lists."""
    console, (first, second) = PlainConsole(), both
    console.print(user_panel(profile, by_id, choice.words))
    strategies = f"{first.strategy} against {second.strategy}"
    console.print(recommended(choice, f"{choice.base}: {strategies}"))
    orders = [f"order of {each.strategy}: {each.order}" for each in both]
    console.print(f"{orders[0]}{why_shown(choice)}\n{orders[1]}", style="dim")
    longest = max(len(each.first(k)) for each in both)
    console.print(
        f"{len(shared(both, k))} of the first {longest} items are in both lists\n", style="dim"
    )
    headings = [
        Text.assemble(
            (each.strategy, "bold"),
            (f" · {each.source if each.is_by_one else said_by(each)}", "dim"),
        )
        for each in both
    ]
    first_items, second_items = _items(both, by_id, k)
    if console.width >= _WIDE:
        table = Table(box=SIMPLE_HEAD, expand=True, pad_edge=False)
        for heading in headings:
            table.add_column(heading, ratio=1)
        for left, right in zip_longest(first_items, second_items, fillvalue=""):
            table.add_row(left, right)
        console.print(table)
        return
    for heading, items in zip(headings, (first_items, second_items), strict=True):
        console.print(heading)
        console.rule()
        for item in items:
            console.print(item)


def shared(both: Both, k: int | None) -> list[str]:
    """Ids of the items among the first `k`, or all, of both, in the order of the first list."""
    first, second = ([item.item_id for item, _ in each.first(k)] for each in both)
    return [item for item in first if item in second]


def _items(both: Both, by_id: dict[str, Item], k: int | None) -> tuple[list[Table], list[Table]]:
    """Both lists as rows to print; each item shows its place in the other list."""

    def row(own: ExplainedList, other: ExplainedList) -> list[Table]:
        places = {item.item_id: item.place for item, _ in other.first(None)}
        blocks = []
        for item, score in own.first(k):
            place = places.get(item.item_id)
            elsewhere = (
                f"not in the list of {other.strategy}"
                if place is None
                else f"{other.strategy} has it at {place + 1}"
            )
            under = [Text(elsewhere, style="cyan"), reason_line(item, own.unasked)]
            judged = own.weight is not None
            blocks.append(item_block(item, by_id[item.item_id], score, under, judged))
        return blocks

    first, second = both
    return row(first, second), row(second, first)
