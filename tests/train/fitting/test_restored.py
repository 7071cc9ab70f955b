"""A model from its stored weights ranks as it did when it was fitted."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from stages.core.tables import write_arrays
from stages.train.fitting.named import model_module
from stages.train.fitting.restored import best_items, restored
from stages.train.fitting.rows import SplitRows
from tests.train.whole import select_and_refit

N_USERS, N_ITEMS, MOST = 12, 30, 5
PARAMS: dict[str, Any] = {"seed": 7, "train": {"common": {}, "ease": {"l2": 5.0}, "popularity": {}}}


def rows_of(split: str) -> SplitRows:
    draw = np.random.default_rng(2)
    pairs = np.argwhere(draw.random((N_USERS, N_ITEMS - 6)) < 0.4)
    pairs = pairs[draw.permutation(len(pairs))]
    ratings = pd.DataFrame(
        {
            "user_row": pairs[:, 0],
            "item_row": pairs[:, 1],
            "rating": draw.integers(1, 6, len(pairs)).astype(np.float32),
            "timestamp": 0,
            "nth": -1,
            "history": None,
        }
    )
    train, valid = ratings[:-20], ratings[-20:].reset_index(drop=True)
    return SplitRows(split, train, valid, N_USERS, N_ITEMS, None, None)


@pytest.mark.parametrize("model", ["ease", "popularity"])
@pytest.mark.parametrize("split", ["fold-1", "cold-items-1"])
class TestBestItems:
    """Against the candidates that the stage train writes."""

    def fitted(self, model: str, split: str, folder: Path, most: int) -> pd.DataFrame:
        module = model_module(model)
        config = module.Config(**PARAMS["train"][model])
        made = select_and_refit(lambda: module.MODEL(config, 7), rows_of(split), most)
        write_arrays(folder / "weights.safetensors", made.weights)
        return made.candidates

    def test_without_a_filter_they_are_the_candidates(
        self, model: str, split: str, tmp_path: Path
    ) -> None:
        candidates = self.fitted(model, split, tmp_path, MOST)
        users = np.arange(N_USERS)
        again = restored(model, PARAMS, tmp_path)
        best = best_items(again, rows_of(split), users, np.ones(N_ITEMS, dtype=bool), MOST)
        pd.testing.assert_frame_equal(best, candidates, check_dtype=False)

    def test_with_one_they_are_the_best_of_the_whole_ranking_that_pass(
        self, model: str, split: str, tmp_path: Path
    ) -> None:
        ranking = self.fitted(model, split, tmp_path, N_ITEMS)
        allowed, users = np.arange(N_ITEMS) % 3 == 0, np.array([7, 3])
        again = restored(model, PARAMS, tmp_path)
        best = best_items(again, rows_of(split), users, allowed, MOST)
        for user in users:
            whole = ranking[(ranking["user_row"] == user) & allowed[ranking["item_row"]]]
            mine = best[best["user_row"] == user]
            assert mine["item_row"].tolist() == whole["item_row"].tolist()[:MOST]
            assert mine["score"].tolist() == whole["score"].tolist()[:MOST]
