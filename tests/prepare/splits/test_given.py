"""given: the data set's own parts, as given."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from stages.contracts.scale import POSITIVE
from stages.core.errors import InputError
from stages.data.dataset import Dataset
from stages.prepare.rows import Tables, to_tables
from stages.prepare.splits import SplitSource, cut
from stages.prepare.splits.parts import TEST, TRAIN, VALID

Source = Callable[..., SplitSource]
Make = Callable[..., Dataset]
NUMBERS = {"train": TRAIN, "valid": VALID, "test": TEST}


def with_parts(data: Dataset, *names: str, seed: int = 0) -> Dataset:
    parts = np.random.default_rng(seed).choice(names, len(data.ratings))
    return replace(data, ratings=data.ratings.assign(part=parts))


def by_ids(data: Dataset, tables: Tables, parts: np.ndarray) -> tuple[list[int], list[int]]:
    """The part of each line of the file, as it says itself and as it was cut."""
    users, items = (
        frame[column].to_numpy()
        for frame, column in ((tables.users, "user_id"), (tables.movies, "item_id"))
    )
    rows = tables.ratings
    cells = zip(users[rows["user_row"]], items[rows["item_row"]], parts.tolist(), strict=True)
    made = {(user, item): part for user, item, part in cells}
    lines = data.ratings
    cut_as = [made[pair] for pair in zip(lines["user_id"], lines["movie_id"], strict=True)]
    return [NUMBERS[part] for part in lines["part"]], cut_as


@pytest.mark.parametrize("seed", range(5))
def test_each_line_is_in_the_part_that_the_files_say(
    seed: int, made_up: Make, source: Source
) -> None:
    data = with_parts(made_up(), *NUMBERS, seed=seed)
    tables = to_tables(data)
    said, made = by_ids(data, tables, cut("given", source(tables)))
    assert made == said


def test_without_valid_it_is_a_seeded_tenth_of_the_training_positives(
    made_up: Make, source: Source
) -> None:
    data = with_parts(made_up(), "train", "test")
    tables = to_tables(data)
    parts, other = (cut("given", source(tables, seed)) for seed in (7, 8))
    said, made = by_ids(data, tables, parts)
    assert [TRAIN if part == VALID else part for part in made] == said
    liked = (tables.ratings["rating"] >= POSITIVE).to_numpy()
    assert liked[parts == VALID].all()
    assert (parts == VALID).sum() == round(0.1 * (liked & (parts != TEST)).sum())
    assert (parts != other).any()


def test_a_set_without_parts_is_refused(tiny: Tables, source: Source) -> None:
    with pytest.raises(InputError, match="'given', but this data set does not come with a split"):
        cut("given", source(tiny))
