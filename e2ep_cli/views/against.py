"""`e2ep explain --against`: two strategies for one user, side by side, or one below the other on a narrow terminal."""

import json
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import typer

from stages.core.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console, Group

    from e2ep_cli.project.reading import Chosen, Film
    from stages.contracts.rows import Explained, Explanation, UserProfile

Both = tuple["Explanation", "Explanation"]
WIDE = 100
"""Columns from which two lists fit side by side."""


def other(chosen: "Chosen", strategy: str) -> "Chosen":
    """The same ranking under another strategy; the same strategy is an InputError."""
    if strategy == chosen.strategy:
        raise InputError(
            f"--against {strategy} is the strategy shown already; name another one, or another --strategy"
        )
    from e2ep_cli.project.reading import choose

    return choose(chosen.dataset, chosen.split, chosen.base, strategy)


def show_both(
    chosen: "Chosen",
    both: Both,
    profile: "UserProfile",
    by_id: dict[str, "Film"],
    k: int | None,
    as_json: bool,
) -> None:
    """Print the user, then both lists, as tables or JSON."""
    if as_json:
        typer.echo(
            json.dumps(both_as_json(chosen, both, profile, by_id, k), ensure_ascii=False, indent=1)
        )
        return
    from rich.console import Console

    from e2ep_cli.views.explained_user import who

    console, (first, second) = Console(highlight=False), both
    console.print(who(profile, by_id))
    head = f"[bold]Recommended[/] · {chosen.dataset} {chosen.split} · {chosen.base} reranked by"
    console.print(f"\n{head} {first.strategy} against {second.strategy}")
    longest = max(len(one.items[:k]) for one in both)
    console.print(
        f"[dim]{len(shared(both, k))} of the first {longest} films are in both lists[/]\n"
    )
    (_print_beside if console.width >= WIDE else _print_below)(console, both, by_id, k)


def both_as_json(
    chosen: "Chosen", both: Both, profile: "UserProfile", by_id: dict[str, "Film"], k: int | None
) -> dict[str, Any]:
    """The user once, the two lists, and the films that stand in both."""
    from e2ep_cli.views.explained import list_as_json, user_as_json

    lists = [list_as_json(one, by_id, k) for one in both]
    return user_as_json(chosen, profile, by_id) | {"lists": lists, "in_both": shared(both, k)}


def shared(both: Both, k: int | None) -> list[str]:
    """Ids of the films among the first `k`, else all, of both, in the order of the first list."""
    second = {item.item_id for item in both[1].items[:k]}
    return [item.item_id for item in both[0].items[:k] if item.item_id in second]


def _print_beside(console: "Console", both: Both, by_id: dict[str, "Film"], k: int | None) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, expand=True, pad_edge=False)
    for one in both:
        table.add_column(_heading(one), ratio=1)
    for left, right in zip_longest(*_films(both, by_id, k), fillvalue=""):
        table.add_row(left, right)
    console.print(table)


def _print_below(console: "Console", both: Both, by_id: dict[str, "Film"], k: int | None) -> None:
    for one, films in zip(both, _films(both, by_id, k), strict=True):
        console.rule(_heading(one), align="left")
        for film in films:
            console.print(film)


def _heading(one: "Explanation") -> str:
    from e2ep_cli.views.explained_user import is_judged

    asked = "" if is_judged(one) else "no judge asked; reasons: "
    return f"[bold]{one.strategy}[/] [dim]· {asked}{one.source}[/]"


def _films(
    both: Both, by_id: dict[str, "Film"], k: int | None
) -> tuple[list["Group"], list["Group"]]:
    """Both lists as rows to print; each film says where the other list has it."""
    from e2ep_cli.views.explained_user import is_judged

    places = [{item.item_id: item.place for item in one.items} for one in both]
    first, second = (
        [
            _film(
                item,
                by_id[item.item_id],
                is_judged(one),
                there.strategy,
                places[1 - number].get(item.item_id),
            )
            for item in one.items[:k]
        ]
        for number, (one, there) in enumerate(zip(both, reversed(both), strict=True))
    )
    return first, second


def _film(item: "Explained", film: "Film", judged: bool, there: str, place: int | None) -> "Group":
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

    from e2ep_cli.views.explained_user import film_line, reason

    elsewhere = (
        f"not among the {there} films" if place is None else f"{there} has it at {place + 1}"
    )
    under = Group(Text(elsewhere, style="cyan"), reason(item))
    return Group(film_line(item, film, judged), Padding(under, (0, 0, 1, 5)))
