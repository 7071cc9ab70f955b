"""A made-up set that the stages read."""

from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from stages.data.read import read_dataset

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


def test_it_is_read_as_a_set_of_our_own_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    module = import_module("made_up_set")
    monkeypatch.setattr(module, "BLOCK", 32)
    count = module.make_set(tmp_path / "made-up", module.Shape(users=100, items=60, each=12))
    data = read_dataset(tmp_path / "made-up")
    assert len(data.ratings) == count
    assert (len(data.users), len(data.movies)) == (100, 60)
    assert not data.ratings.duplicated(["user_id", "movie_id"]).any()
    assert set(data.ratings["rating"]) == {1.0, 2.0, 3.0, 4.0, 5.0}
    each = data.ratings["user_id"].value_counts()
    assert 1 <= each.min() < each.max() <= 30
    assert np.mean(each) == pytest.approx(12, rel=0.4)
    assert data.timestamps
