"""A newcomer, who is not a user of the data set: how they describe themselves, as options."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import typer

from e2ep_cli.newcomers.titles import CatalogueTitles
from e2ep_cli.reading.choice import RankingChoice
from stages.contracts.items import Item
from stages.contracts.rows import RATINGS
from stages.contracts.words import DomainWords
from stages.core.errors import InputError
from stages.core.tables import read_arrow

NEWCOMER_ID = "newcomer"

LikedOption = Annotated[
    list[str] | None,
    typer.Option(
        "--liked",
        metavar="TITLE",
        help="For a newcomer: an item that they like, as if rated highest; repeatable.",
    ),
]
DislikedOption = Annotated[
    list[str] | None,
    typer.Option(
        "--disliked",
        metavar="TITLE",
        help="For a newcomer: an item that they dislike, as if rated lowest; repeatable.",
    ),
]
AgeOption = Annotated[
    int | None, typer.Option("--age", min=1, max=120, help="A newcomer's age, if known.")
]
GenderOption = Annotated[
    str | None, typer.Option("--gender", help="A newcomer's gender, as the data set writes it.")
]


@dataclass(frozen=True)
class SelfDescription:
    """How a newcomer describes themselves: items by row, those of each kind as they name them."""

    liked: tuple[int, ...]
    disliked: tuple[int, ...]
    age: int | None
    gender: str | None

    def in_words(self, catalogue: Sequence[Item], words: DomainWords) -> str:
        """Such as `who liked Alien (1979) and disliked Titanic (1997)`."""
        kinds = ((words.liked, self.liked), ("disliked", self.disliked))
        parts = [
            f"{kind} {', '.join(catalogue[row].name for row in rows)}"
            for kind, rows in kinds
            if rows
        ]
        return f"who {' and '.join(parts)}"


def is_newcomer(
    liked: list[str] | None,
    disliked: list[str] | None,
    age: int | None = None,
    gender: str | None = None,
) -> bool:
    """Whether the options describe a newcomer; raises an InputError if no liked item is named."""
    if liked:
        return True
    if disliked:
        raise InputError(
            "--disliked alone does not say what the newcomer likes; "
            "name an item with --liked TITLE too"
        )
    if age is not None or gender is not None:
        raise InputError(
            "--age and --gender describe a newcomer; name an item that they like with --liked TITLE"
        )
    return False


def self_description(
    choice: RankingChoice,
    catalogue: Sequence[Item],
    liked: list[str] | None,
    disliked: list[str] | None,
    age: int | None,
    gender: str | None,
) -> SelfDescription:
    """The description that these options give, their titles looked up."""
    titles = CatalogueTitles(catalogue, lambda: _counts(choice, len(catalogue)))
    return description_of(titles, catalogue, liked, disliked, age, gender)


def description_of(
    titles: CatalogueTitles,
    catalogue: Sequence[Item],
    liked: list[str] | None,
    disliked: list[str] | None,
    age: int | None,
    gender: str | None,
) -> SelfDescription:
    """The description, its titles looked up; an InputError names what no item or several match."""
    best, worst = (
        tuple(dict.fromkeys(map(titles.row, names or []))) for names in (liked, disliked)
    )
    if both := [catalogue[row].name for row in best if row in worst]:
        raise InputError(f"{both[0]} is both liked and disliked; name it once")
    return SelfDescription(best, worst, age, gender)


def _counts(choice: RankingChoice, n_items: int) -> list[int]:
    """How many training ratings each item has, by row."""
    path = choice.path("prepare") / "splits" / choice.split / "train.parquet"
    rows = read_arrow(path, RATINGS)["item_row"].to_numpy()
    return list(np.bincount(rows, minlength=n_items).tolist())
