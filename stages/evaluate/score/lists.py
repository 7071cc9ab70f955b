"""Any recommender's lists, measured under either protocol."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from stages.core.errors import InputError
from stages.core.ids import id_range, row_of
from stages.evaluate.protocols.named import PROTOCOLS, Protocol, averages
from stages.evaluate.protocols.truth import Rows, Truth, mark, truth_of
from stages.evaluate.rankings.ranking import to_ranking
from stages.evaluate.score.given import Given, read_lists, read_ratings


@dataclass(frozen=True)
class ListScores:
    """The mean of each metric, unrounded, and how many users it is over.

    users: those with a relevant test item. values: None for a metric that counts nobody.
    """

    protocol: Protocol
    k: int
    users: int
    values: dict[str, float | None]
    counted: dict[str, int]

    def flat(self) -> dict[str, object]:
        """One object for JSON, the metrics at its top."""
        facts: dict[str, object] = {
            "protocol": self.protocol,
            "k": self.k,
            "users": self.users,
            "counted": self.counted,
        }
        return {**facts, **self.values}


@dataclass(frozen=True)
class RatedSplit:
    """Test and training ratings: user_id, movie_id, rating; what an error calls the two.

    users: the ids of all users, also of those without a rating. only_held_out: whether items with
    training ratings are dropped from everybody's list.
    """

    test: pd.DataFrame
    train: pd.DataFrame
    names: tuple[str, str]
    users: frozenset[str] = frozenset()
    only_held_out: bool = False


def score_lists(
    lists: Path,
    test: Path,
    train: Path,
    protocol: Protocol = "full",
    fewer_than: int | None = None,
    k: int = 10,
) -> ListScores:
    """Read, check and score; `fewer_than` keeps users with strictly fewer ratings in `train`."""
    given, tested, trained = read_lists(lists), read_ratings(test), read_ratings(train)
    split = RatedSplit(tested.rows, trained.rows, (str(test), str(train)))
    _refuse_strangers(given, split)
    _refuse_overlap(tested, trained)
    return _scores(given, split, protocol, fewer_than, k)


def score_on_split(
    lists: Path,
    split: RatedSplit,
    protocol: Protocol = "full",
    fewer_than: int | None = None,
    k: int = 10,
) -> ListScores:
    """The same for ratings that are read already."""
    given = read_lists(lists)
    _refuse_strangers(given, split)
    return _scores(given, split, protocol, fewer_than, k)


def _scores(
    lists: Given, split: RatedSplit, protocol: Protocol, fewer_than: int | None, k: int
) -> ListScores:
    ranking, truth = _rows(lists, split)
    group = (
        np.ones(len(truth.trained), dtype=bool)
        if fewer_than is None
        else truth.trained < fewer_than
    )
    users = int((group & (truth.relevant > 0)).sum())
    if not users:
        test, train = split.names
        few = "" if fewer_than is None else f" and fewer than {fewer_than} ratings in {train}"
        raise InputError(
            f"no user has a rating of at least 4 in {test}{few}; nothing can be scored"
        )
    values = PROTOCOLS[protocol](mark(ranking, truth, k), k)
    means = averages(values, group)
    pairs = {f"{name}@{k}": means.get(name, (None, 0)) for name in values}
    return ListScores(
        protocol,
        k,
        users,
        values={name: mean for name, (mean, _) in pairs.items()},
        counted={name: counted for name, (_, counted) in pairs.items()},
    )


def _rows(lists: Given, split: RatedSplit) -> tuple[np.ndarray, Truth]:
    """The lists as a ranking and what they are measured by, users and items as rows."""
    users, items = _known_users(split), row_of(_known_items(split).union(lists.rows["movie_id"]))
    tested, trained = (
        Rows(
            _to_rows(rated["user_id"], users),
            _to_rows(rated["movie_id"], items),
            rated["rating"].to_numpy(np.float64),
        )
        for rated in (split.test, split.train)
    )
    ranking = to_ranking(
        _to_rows(lists.rows["user_id"], users),
        _to_rows(lists.rows["movie_id"], items),
        lists.rows["recommendation_rank"].to_numpy(np.int64),
        len(users),
    )
    return ranking, truth_of(trained, tested, len(users), len(items), split.only_held_out)


def _known_users(split: RatedSplit) -> dict[str, int]:
    return row_of([*split.test["user_id"], *split.train["user_id"], *sorted(split.users)])


def _known_items(split: RatedSplit) -> set[str]:
    return {*split.test["movie_id"], *split.train["movie_id"]}


def _refuse_strangers(lists: Given, split: RatedSplit) -> None:
    """Every user and at least one item must be known; otherwise the files use different ids."""
    users, rated, files = _known_users(split), _known_items(split), " nor ".join(split.names)
    named, items = lists.rows["user_id"], lists.rows["movie_id"]
    lists.sheet.refuse(
        ~named.isin(users).to_numpy(bool),
        lambda row: f"user {named[row]} is in neither {files}; known users are {id_range(users)}",
    )
    lists.sheet.refuse(
        np.array([rated.isdisjoint(items)]),
        lambda _row: f"no movie of the lists is rated anywhere; known movies are {id_range(rated)}",
    )


def _refuse_overlap(test: Given, train: Given) -> None:
    pair = ["user_id", "movie_id"]
    both = pd.MultiIndex.from_frame(test.rows[pair]).isin(
        pd.MultiIndex.from_frame(train.rows[pair])
    )
    test.sheet.refuse(
        both,
        lambda row: (
            f"user {test.rows['user_id'][row]}'s rating of movie {test.rows['movie_id'][row]} "
            f"is in {train.sheet.path} too; a test rating may not be a training rating"
        ),
    )


def _to_rows(ids: pd.Series, rows: dict[str, int]) -> np.ndarray:
    return ids.map(rows).to_numpy(np.int64)
