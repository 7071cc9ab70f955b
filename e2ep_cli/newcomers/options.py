"""A visitor, who is no user of the data set: what he says of himself, as options and checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from e2ep_cli.newcomers.titles import Titles
from stages.core.errors import InputError

if TYPE_CHECKING:
    from e2ep_cli.project.reading import Film

USER_ID = "visitor"

Liked = Annotated[
    list[str] | None,
    typer.Option(
        "--liked",
        metavar="TITLE",
        help="For somebody new: a film he liked, as if rated 5; repeatable.",
    ),
]
Disliked = Annotated[
    list[str] | None,
    typer.Option(
        "--disliked", metavar="TITLE", help="A film he disliked, as if rated 1; repeatable."
    ),
]
Age = Annotated[int | None, typer.Option(min=1, max=120, help="Age of somebody new, if known.")]
Gender = Annotated[
    str | None, typer.Option(help="Gender of somebody new, as the data set writes it.")
]


@dataclass(frozen=True)
class Guest:
    """What a visitor said of himself: films by row, in the order named."""

    liked: tuple[int, ...]
    disliked: tuple[int, ...]
    age: int | None
    gender: str | None

    def told(self, catalogue: Sequence["Film"]) -> str:
        """The films in words."""
        kinds = (("liked", self.liked), ("disliked", self.disliked))
        parts = [
            f"{kind} {', '.join(catalogue[row].name for row in rows)}"
            for kind, rows in kinds
            if rows
        ]
        return " and ".join(parts)


def is_asked(
    liked: list[str] | None,
    disliked: list[str] | None,
    age: int | None = None,
    gender: str | None = None,
) -> bool:
    """Whether the options speak of a visitor; anything without a film that he liked is an InputError."""
    if liked:
        return True
    if disliked:
        raise InputError(
            "--disliked alone says nothing of what somebody likes; name a film with --liked TITLE too"
        )
    if age is not None or gender is not None:
        raise InputError(
            "--age and --gender say who somebody new is; name a film that he liked with --liked TITLE"
        )
    return False


def guest_of(
    catalogue: Sequence["Film"],
    liked: list[str] | None,
    disliked: list[str] | None,
    age: int | None,
    gender: str | None,
) -> Guest:
    """The visitor whose films are named."""
    titles = Titles(catalogue)
    best, worst = (
        tuple(dict.fromkeys(map(titles.row, names or []))) for names in (liked, disliked)
    )
    if both := [catalogue[row].name for row in best if row in worst]:
        raise InputError(f"{both[0]} is both --liked and --disliked; name it once")
    return Guest(best, worst, age, gender)
