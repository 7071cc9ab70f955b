"""Any recommender's lists, measured under either protocol."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from stages.contracts.scale import POSITIVE
from stages.core.errors import InputError
from stages.core.ids import natural_order, row_of
from stages.data.sheets.faults import collecting
from stages.evaluate.protocols.named import PROTOCOLS, Protocol, averages
from stages.evaluate.protocols.truth import Rows, Truth, mark, truth_of
from stages.evaluate.rankings.ranking import to_ranking
from stages.evaluate.score.given import Given, read_lists, read_ratings
from stages.evaluate.score.liking import Liking
from stages.evaluate.score.matching import IdMatch, unmatched_in_lists, unmatched_in_test
from stages.metrics.catalogue import EMPTY


@dataclass(frozen=True)
class ListScores:
    """The mean of each metric of one system, unrounded, and how many users it is over.

    system: its name, empty where the lists name none. users: those with a relevant test item.
    values: None for a metric that counts nobody. positive_at: the lowest relevant rating, on the
    ratings' own scale. listed: how many users and items the lists have, and how many of them no
    rating knows. notes: what a person should know.
    """

    system: str
    protocol: Protocol
    k: int
    users: int
    values: dict[str, float | None]
    counted: dict[str, int]
    positive_at: float
    listed: dict[str, dict[str, int]]
    notes: tuple[str, ...]

    def flat(self) -> dict[str, object]:
        """One object for JSON, the metrics at its top."""
        facts: dict[str, object] = {
            "protocol": self.protocol,
            "k": self.k,
            "users": self.users,
            "counted": self.counted,
            "positive_at": self.positive_at,
            "listed": self.listed,
        }
        return {**facts, **self.values}


@dataclass(frozen=True)
class RatedSplit:
    """Test and training ratings: user_id, movie_id, rating; what an error calls the two.

    users, items: the ids of all, also of those without a rating. only_held_out: whether items with
    training ratings are dropped from everybody's list. positive_at: the lowest rating that counts
    as liked; own_positive_at: the same on the scale that a person knows.
    """

    test: pd.DataFrame
    train: pd.DataFrame
    names: tuple[str, str]
    users: frozenset[str] = frozenset()
    items: frozenset[str] = frozenset()
    only_held_out: bool = False
    positive_at: float = POSITIVE
    own_positive_at: float = POSITIVE

    @property
    def known_users(self) -> frozenset[str]:
        """All users of the data set that are known here."""
        return self.users.union(self.test["user_id"], self.train["user_id"])

    @property
    def known_items(self) -> frozenset[str]:
        """All items of the data set that are known here."""
        return self.items.union(self.test["movie_id"], self.train["movie_id"])


def score_lists(
    lists: Path,
    test: Path,
    train: Path,
    protocol: Protocol = "full",
    fewer_than: int | None = None,
    k: int = 10,
    liking: Liking | None = None,
    encoding: str | None = None,
) -> list[ListScores]:
    """Read, check and score each system's lists, in alphabetical order of the systems.

    fewer_than: keep users with strictly fewer ratings in `train`. liking: None for what the form
    of the ratings says.
    """
    with collecting():
        given = read_lists(lists, encoding)
        tested, trained = (read_ratings(path, liking, encoding) for path in (test, train))
        _refuse_overlap(tested, trained)
    at = tested.liking.positive_at
    split = RatedSplit(
        tested.rows, trained.rows, (str(test), str(train)), positive_at=at, own_positive_at=at
    )
    notes = [*tested.sheet.notes, *trained.sheet.notes]
    if not tested.rated:
        notes.append(f"{test} has no rating: each of its rows counts as relevant")
    if len(trained.rows):
        notes += unmatched_in_test(*split.names, *_matches(tested, trained))
    return _all_scores(given, split, protocol, fewer_than, k, notes)


def score_on_split(
    lists: Path,
    split: RatedSplit,
    protocol: Protocol = "full",
    fewer_than: int | None = None,
    k: int = 10,
    encoding: str | None = None,
) -> list[ListScores]:
    """The same for ratings that are read already."""
    with collecting():
        given = read_lists(lists, encoding)
    return _all_scores(given, split, protocol, fewer_than, k, [])


def _all_scores(
    lists: Given,
    split: RatedSplit,
    protocol: Protocol,
    fewer_than: int | None,
    k: int,
    notes: list[str],
) -> list[ListScores]:
    """The scores of each system; a note that holds for the files comes with the first."""
    systems = natural_order(lists.rows["system"].unique())
    return [
        _scores(
            system,
            replace(lists, rows=lists.rows[lists.rows["system"] == system]),
            split,
            protocol,
            fewer_than,
            k,
            () if place else (*lists.sheet.notes, *notes),
        )
        for place, system in enumerate(systems)
    ]


def _scores(
    system: str,
    lists: Given,
    split: RatedSplit,
    protocol: Protocol,
    fewer_than: int | None,
    k: int,
    notes: tuple[str, ...],
) -> ListScores:
    users = IdMatch("user", frozenset(lists.rows["user_id"]), split.known_users)
    items = IdMatch("item", frozenset(lists.rows["movie_id"]), split.known_items)
    named = f"{lists.sheet.path}{f' ({system})' if system else ''}"
    unmatched = tuple(unmatched_in_lists(named, split.names, users, items))
    rows = lists.rows[lists.rows["user_id"].isin(users.known)]
    ranking, truth = _rows(rows, split)
    group = (
        np.ones(len(truth.trained), dtype=bool)
        if fewer_than is None
        else truth.trained < fewer_than
    )
    liking = group & (truth.relevant > 0)
    if not liking.any():
        raise InputError(_nobody(split, fewer_than))
    listless = int((liking & (ranking == EMPTY).all(axis=1)).sum())
    values = PROTOCOLS[protocol](mark(ranking, truth, k), k)
    means = averages(values, group)
    pairs = {f"{name}@{k}": means.get(name, (None, 0)) for name in values}
    return ListScores(
        system,
        protocol,
        k,
        int(liking.sum()),
        values={name: mean for name, (mean, _) in pairs.items()},
        counted={name: counted for name, (_, counted) in pairs.items()},
        positive_at=split.own_positive_at,
        listed={"users": users.counts | {"without_list": listless}, "items": items.counts},
        notes=(*notes, *unmatched, *_without_list(listless, int(liking.sum()), protocol)),
    )


def _nobody(split: RatedSplit, fewer_than: int | None) -> str:
    test, train = split.names
    few = "" if fewer_than is None else f" and fewer than {fewer_than} ratings in {train}"
    cure = "" if split.users else "; --positive-at sets another threshold"
    return (
        f"no user has a rating of at least {split.own_positive_at:g} in {test}{few}; "
        f"nothing can be scored{cure}"
    )


def _without_list(listless: int, users: int, protocol: Protocol) -> Iterator[str]:
    if listless:
        zero = "; each counts as zero" if protocol == "full" else ""
        yield f"no list for {listless} of {users} users with a relevant test item{zero}"


def _rows(lists: pd.DataFrame, split: RatedSplit) -> tuple[np.ndarray, Truth]:
    """The lists as a ranking and what they are measured by, users and items as rows."""
    users = row_of(split.known_users)
    items = row_of(split.known_items.union(lists["movie_id"]))
    tested, trained = (
        Rows(
            _to_rows(rated["user_id"], users),
            _to_rows(rated["movie_id"], items),
            rated["rating"].to_numpy(np.float64),
        )
        for rated in (split.test, split.train)
    )
    ranking = to_ranking(
        _to_rows(lists["user_id"], users),
        _to_rows(lists["movie_id"], items),
        lists["recommendation_rank"].to_numpy(np.int64),
        len(users),
    )
    sizes = len(users), len(items)
    return ranking, truth_of(trained, tested, *sizes, split.only_held_out, split.positive_at)


def _matches(tested: Given, trained: Given) -> Iterator[IdMatch]:
    """The users and items of the test ratings, and those of the training ratings."""
    kinds: tuple[tuple[Literal["user", "item"], str], ...] = (
        ("user", "user_id"),
        ("item", "movie_id"),
    )
    for kind, column in kinds:
        given, known = (frozenset(each.rows[column]) for each in (tested, trained))
        yield IdMatch(kind, given, known)


def _refuse_overlap(test: Given, train: Given) -> None:
    pair = ["user_id", "movie_id"]
    both = pd.MultiIndex.from_frame(test.rows[pair]).isin(
        pd.MultiIndex.from_frame(train.rows[pair])
    )
    test.sheet.refuse(
        both,
        lambda row: (
            f"user {test.rows['user_id'][row]}'s rating of item {test.rows['movie_id'][row]} "
            f"is in {train.sheet.path} too; a test rating may not be a training rating"
        ),
    )


def _to_rows(ids: pd.Series, rows: dict[str, int]) -> np.ndarray:
    return ids.map(rows).to_numpy(np.int64)
