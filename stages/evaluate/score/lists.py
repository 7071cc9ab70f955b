"""`e2ep score`: any recommender's lists under either protocol."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from stages.core.errors import InputError
from stages.core.ids import id_range, row_of
from stages.evaluate.protocols.named import PROTOCOLS, Protocol, averages
from stages.evaluate.protocols.truth import Rows, Truth, mark, truth_of
from stages.evaluate.rankings.ranking import to_ranking
from stages.evaluate.score.given import GivenLists, GivenRatings, read_lists, read_ratings


@dataclass(frozen=True)
class Scores:
    """What lists are worth: the mean of each metric, unrounded, and how many users stand behind each.

    A metric that counts nobody is None. users: those with a relevant test item.
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


def score_lists(
    lists: Path,
    test: Path,
    train: Path,
    protocol: Protocol = "full",
    fewer_than: int | None = None,
    k: int = 10,
) -> Scores:
    """Read, check and score; `fewer_than` keeps users with strictly fewer ratings in `train`."""
    given, tested, trained = read_lists(lists), read_ratings(test), read_ratings(train)
    ranking, truth = _rows(given, tested, trained)
    group = (
        np.ones(len(truth.trained), dtype=bool)
        if fewer_than is None
        else truth.trained < fewer_than
    )
    users = int((group & (truth.relevant > 0)).sum())
    if not users:
        few = "" if fewer_than is None else f" and fewer than {fewer_than} ratings in {train}"
        raise InputError(
            f"no user has a rating of at least 4 in {test}{few}; nothing can be scored"
        )
    values = PROTOCOLS[protocol](mark(ranking, truth, k), k)
    means = averages(values, group)
    found: dict[str, tuple[float | None, int]] = {
        f"{name}@{k}": means.get(name, (None, 0)) for name in values
    }
    per_metric = {name: mean for name, (mean, _) in found.items()}
    return Scores(
        protocol, k, users, per_metric, {name: counted for name, (_, counted) in found.items()}
    )


def _rows(
    given: GivenLists, tested: GivenRatings, trained: GivenRatings
) -> tuple[np.ndarray, Truth]:
    users = row_of([*tested.users, *trained.users])
    known = {*tested.items, *trained.items}
    items = row_of([*known, *given.items])
    _check(given, tested, trained, users, known)
    train, test = _to_rows(trained, users, items), _to_rows(tested, users, items)
    truth = truth_of(train, test, len(users), len(items))
    user_rows, item_rows = _index(given.users, users), _index(given.items, items)
    return to_ranking(
        user_rows, item_rows, np.array(given.ranks, dtype=np.int64), len(users)
    ), truth


def _check(
    given: GivenLists,
    tested: GivenRatings,
    trained: GivenRatings,
    users: dict[str, int],
    known: set[str],
) -> None:
    unknown = next((row for row, user in enumerate(given.users) if user not in users), None)
    if unknown is not None:
        what = f"user {given.users[unknown]} is in neither {tested.source.path} nor {trained.source.path}"
        raise given.source.fault(unknown, f"{what}; known users are {id_range(users)}")
    if given.items and known.isdisjoint(given.items):
        raise given.source.fault(
            0, f"no movie of the lists is rated anywhere; known movies are {id_range(known)}"
        )
    both = set(zip(trained.users, trained.items, strict=True))
    for row, pair in enumerate(zip(tested.users, tested.items, strict=True)):
        if pair in both:
            what = f"user {pair[0]}'s rating of movie {pair[1]} is in {trained.source.path} too"
            raise tested.source.fault(row, f"{what}; a test rating may not be a training rating")


def _to_rows(given: GivenRatings, users: dict[str, int], items: dict[str, int]) -> Rows:
    return Rows(
        _index(given.users, users),
        _index(given.items, items),
        np.array(given.ratings, dtype=np.float64),
    )


def _index(ids: list[str], rows: dict[str, int]) -> np.ndarray:
    return np.array([rows[outside] for outside in ids], dtype=np.int64)
