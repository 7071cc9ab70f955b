"""cold-users: the fifth keeps its earliest 0, 1, 3, 5 or 10 ratings, in turn."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from stages.prepare.params import PrepareParams
from stages.prepare.rows import Tables
from stages.prepare.splits import SplitSource, cut
from stages.prepare.splits.parts import TEST, TRAIN, VALID

Source = Callable[..., SplitSource]
KEPT = (0, 1, 3, 5, 10)


def kept_by(tables: Tables, parts: np.ndarray, label: int) -> dict[int, int]:
    """How many ratings in train each user with rows in the part `label` keeps."""
    users = tables.ratings["user_row"].to_numpy()
    return {
        user: int((parts[users == user] == TRAIN).sum())
        for user in np.unique(users[parts == label])
    }


@pytest.mark.parametrize("label", [TEST, VALID], ids=["test", "valid"])
def test_as_many_users_keep_each_count(label: int, ml_100k_tables: Tables, source: Source) -> None:
    counts = Counter(
        kept_by(ml_100k_tables, cut("cold-users-1", source(ml_100k_tables)), label).values()
    )
    assert set(counts) == set(KEPT)
    assert max(counts.values()) - min(counts.values()) <= 1


@pytest.mark.parametrize("label", [TEST, VALID], ids=["test", "valid"])
def test_what_is_kept_is_the_earliest(label: int, tables: Tables, source: Source) -> None:
    parts = cut("cold-users-2", source(tables))
    rows = tables.ratings.assign(part=parts).sort_values(["user_row", "timestamp", "item_row"])
    kept = kept_by(tables, parts, label)
    for user, count in kept.items():
        own = rows.loc[rows["user_row"] == user, "part"].tolist()
        assert own == [TRAIN] * count + [label] * (len(own) - count)
        assert count in KEPT


def test_the_five_fifths_share_no_user_and_leave_out_none(
    ml_100k_tables: Tables, source: Source
) -> None:
    cold = [
        kept_by(ml_100k_tables, cut(f"cold-users-{n}", source(ml_100k_tables)), TEST)
        for n in range(1, 6)
    ]
    assert sorted(user for users in cold for user in users) == list(range(943))


def test_a_user_is_tested_or_validated_or_whole(tables: Tables, source: Source) -> None:
    parts = cut("cold-users-3", source(tables))
    assert kept_by(tables, parts, TEST).keys().isdisjoint(kept_by(tables, parts, VALID))


def test_valid_is_a_tenth_of_the_other_users(ml_100k_tables: Tables, source: Source) -> None:
    parts = cut("cold-users-1", source(ml_100k_tables))
    tested = len(kept_by(ml_100k_tables, parts, TEST))
    assert len(kept_by(ml_100k_tables, parts, VALID)) == round(0.1 * (943 - tested))


def test_other_counts_can_be_asked_for(tiny: Tables, source: Source) -> None:
    other = replace(source(tiny), params=PrepareParams(kept=(2,)))
    assert set(kept_by(tiny, cut("cold-users-1", other), TEST).values()) == {2}
