"""A data set as a stage sees it, independent of the files that it came from."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from stages.contracts.understood import Understood
from stages.contracts.words import FILMS, DomainWords, Verb
from stages.core.ids import natural_order

DatasetKind = Literal["ml-100k", "ml-1m", "ml-10m", "ml-latest-small", "arena", "csv"]
"""The form of the files; of MovieLens', named for the smallest of its sets that has it."""

PARTS = ("train", "valid", "test")
"""What the column `part` of the ratings may say."""
_UNKNOWN_SHARE = 0.01
"""The largest share of unknown timestamps at which splits by time still make sense."""


@dataclass(frozen=True)
class Dataset:
    """Movies, users and ratings with string ids, and what their values mean.

    movies: movie_id, title, year (Int16), genres (lists), text (string or None), creators (lists).
    users: user_id, gender, age (Int16), occupation; every user of the users file or with a rating.
    ratings: user_id, movie_id, rating (float32), timestamp (int64, 0 where unknown), in the order
    of the file, and part (one of PARTS) where the files say which rows are for training.
    ordered: no time is known, but each user's ratings stand in the order in which they were made.
    official_folds: test rows (user_id, movie_id) by split name.
    understood: what an import understood of a person's files.
    """

    name: str
    kind: DatasetKind
    movies: pd.DataFrame
    users: pd.DataFrame
    ratings: pd.DataFrame
    scale: tuple[float, float]
    positive_at: float
    implicit: bool
    timestamps: bool
    simulated: bool
    description: str
    ordered: bool = False
    official_folds: dict[str, pd.DataFrame] = field(default_factory=dict)
    understood: Understood | None = None
    item: str = FILMS.item
    items: str = FILMS.items
    verb: Verb = FILMS.verb
    creator: str = FILMS.creator

    @property
    def words(self) -> DomainWords:
        """What its items are called, and what people do with them."""
        return DomainWords(
            item=self.item,
            items=self.items,
            verb=self.verb,
            creator=self.creator,
            implicit=self.implicit,
        )


@dataclass(frozen=True)
class Counts:
    """How much a data set holds."""

    users: int
    movies: int
    ratings: int

    def __str__(self) -> str:
        return self.in_words("ratings", "movies")

    def in_words(self, rows: str, items: str) -> str:
        """The counts in the words of a data set."""
        return f"{self.ratings:,} {rows}, {self.users:,} users and {self.movies:,} {items}"


def times_known(ratings: pd.DataFrame) -> bool:
    """Whether nearly every rating has its time."""
    return bool((ratings["timestamp"] == 0).mean() <= _UNKNOWN_SHARE)


def movie_frame(
    ids: Iterable[str],
    titles: Iterable[str],
    years: Iterable[float],
    genres: Iterable[list[str]],
    texts: Iterable[str | None] | None = None,
    creators: Iterable[list[str]] | None = None,
) -> pd.DataFrame:
    """The movies of a data set; an unknown year is NaN."""
    movie_ids = list(ids)
    return pd.DataFrame(
        {
            "movie_id": pd.Series(movie_ids, dtype="str"),
            "title": pd.Series(list(titles), dtype="str"),
            "year": _whole(years),
            "genres": pd.Series(list(genres), dtype=object),
            "text": pd.Series(
                [None] * len(movie_ids) if texts is None else list(texts), dtype=object
            ),
            "creators": pd.Series(
                [[] for _ in movie_ids] if creators is None else list(creators), dtype=object
            ),
        }
    )


def user_frame(
    ids: Iterable[str],
    genders: Iterable[str | None],
    ages: Iterable[float],
    occupations: Iterable[str | None],
) -> pd.DataFrame:
    """The users of a data set; an unknown age is NaN."""
    return pd.DataFrame(
        {
            "user_id": pd.Series(list(ids), dtype="str"),
            "gender": pd.Series(list(genders), dtype=object),
            "age": _whole(ages),
            "occupation": pd.Series(list(occupations), dtype=object),
        }
    )


def with_raters(users: pd.DataFrame | None, ratings: pd.DataFrame) -> pd.DataFrame:
    """`users`, plus those who only have ratings, about whom nothing else is known."""
    known = set() if users is None else set(users["user_id"])
    rest = natural_order(set(ratings["user_id"].unique()) - known)
    others = user_frame(rest, [None] * len(rest), [np.nan] * len(rest), [None] * len(rest))
    if users is None:
        return others
    return pd.concat([users, others], ignore_index=True) if rest else users


def _whole(values: Iterable[float]) -> pd.Series:
    return pd.Series(np.asarray(list(values), dtype=np.float64)).astype("Int16")
