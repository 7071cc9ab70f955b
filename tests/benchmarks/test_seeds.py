"""What benchmarks/seeds.py gives the baselines: the same cut as e2ep."""

from importlib import import_module
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from stages.metrics.catalogue import EMPTY
from stages.train.fitting.rows import SplitRows


def test_what_came_after_a_user_left_is_cut_out_of_a_baselines_list(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Film 1 came at 20, on valid, when user 0 had left; nobody has rated film 2."""
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "benchmarks"))
    train, valid = (
        pd.DataFrame(
            {"user_row": [user], "item_row": [item], "rating": [4.0], "timestamp": [seconds]}
            | {"nth": [0], "history": [None]}
        )
        for user, item, seconds in ((0, 0, 10), (1, 1, 20))
    )
    ranking = np.array([[1, 2, EMPTY], [2, 0, EMPTY]])
    found = import_module("seeds")._as_of_then(
        SplitRows("fold-1", train, valid, 2, 3, None, None), {"ease": ranking}
    )
    assert {name: rows.tolist() for name, rows in found.items()} == {
        "ease, as of then": [[2, EMPTY, EMPTY], [2, 0, EMPTY]]
    }
