"""What benchmarks/paper_seeds.py relies on: fits that are kept, blocks of seeds, intervals."""

from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp

from stages.train.fits import PlannedFit, made
from stages.train.fitting.facts import Facts
from stages.train.fitting.rows import SplitRows
from stages.train.fitting.sources import ItemSide

USERS = 400


@pytest.fixture
def seeds(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "benchmarks"))
    names = ("seed_fits", "seed_store", "seed_statistics")
    return SimpleNamespace(**{name[5:]: import_module(name) for name in names})


def fits(seeds: Any, model: str, splits: list[str], of: list[int], draw: Any) -> dict[Any, Any]:
    """Random values; user 0 counts on no split but the first."""
    values_of = {}
    for split in splits:
        for seed in of:
            values = draw.random(USERS)
            values[0] = 0.25 if split == splits[0] else np.nan
            values_of[seeds.fits.AskedFit(model, split, seed)] = values
    return values_of


def test_a_kept_fit_is_not_asked_for_again_unless_its_parameters_change(
    seeds: Any, tmp_path: Path
) -> None:
    asked = [seeds.fits.AskedFit("gat", "fold-1", seed) for seed in (7, 11)]
    store = seeds.store.SeedStore(tmp_path / "kept.parquet")
    store.keep("as-written", "abc", asked[0], np.array([0.5, np.nan, 0.25]))
    again = seeds.store.SeedStore(tmp_path / "kept.parquet")
    assert again.without("as-written", asked, {"gat": "abc"}) == asked[1:]
    assert again.without("as-written", asked, {"gat": "def"}) == asked
    assert again.without("as-released", asked, {"gat": "abc"}) == asked
    assert again.values("as-written")[asked[0]].tolist()[::2] == [0.5, 0.25]


def test_a_fit_replaces_all_of_its_model_with_other_parameters(seeds: Any, tmp_path: Path) -> None:
    fit, other = (seeds.fits.AskedFit("gat", "fold-1", seed) for seed in (7, 11))
    store = seeds.store.SeedStore(tmp_path / "kept.parquet")
    for settings, digest, which, values in (
        ("as-written", "abc", fit, [0.5, 0.25]),
        ("as-written", "abc", other, [0.5, 0.25]),
        ("as-released", "abc", fit, [0.5, 0.75]),
        ("as-written", "def", fit, [1.0, 0.5]),
    ):
        store.keep(settings, digest, which, np.array(values))
    assert {at: row.tolist() for at, row in store.values("as-written").items()} == {fit: [1.0, 0.5]}
    assert store.values("as-released")[fit].tolist() == [0.5, 0.75]


def test_a_hash_names_what_shapes_a_fit(seeds: Any) -> None:
    train = {"gat": {"dropout": 0.1}, "unified": {}, "common": {"threads": 1}}
    params = {"seed": 7, "train": train, "embed": {"pooling": "whole", "device": "cpu"}}
    params |= {"enrich": {}, "profile": {}}

    def changed(**sections: Any) -> list[bool]:
        hashes = [seeds.store.made_with(m, params | sections) for m in ("gat", "unified")]
        return [
            seeds.store.made_with(model, params) != digest
            for model, digest in zip(("gat", "unified"), hashes, strict=True)
        ]

    assert changed(embed={"pooling": "sections", "device": "cpu"}) == [False, True]
    assert changed(embed={"pooling": "whole", "device": "cuda"}) == [False, False]
    assert changed(train=train | {"gat": {"dropout": 0.2}}) == [True, False]
    assert changed(train=train | {"common": {"threads": 2}}) == [False, False]


def test_what_is_there_falls_into_blocks_of_splits_with_the_same_seeds(seeds: Any) -> None:
    """All seeds on fold-1, one on fold-2, and none of both models on fold-3."""
    draw = np.random.default_rng(1)
    there: dict[Any, Any] = {}
    for model in ("gat", "unified"):
        there |= fits(seeds, model, ["fold-1"], [7, 11, 12], draw)
        there |= fits(seeds, model, ["fold-2"], [7], draw)
    there |= fits(seeds, "gat", ["fold-2", "fold-3"], [7, 11], draw)
    found = seeds.statistics.blocks(there, ["gat", "unified"])
    assert [block.name for block in found] == ["fold-1, 3 seeds", "2 splits, 1 seed"]
    assert found[1] == (("fold-1", "fold-2"), (7,))


def test_a_users_value_is_the_mean_over_the_splits_that_count_them(seeds: Any) -> None:
    there = fits(seeds, "gat", ["fold-1", "fold-2"], [7], np.random.default_rng(2))
    first, second = there.values()
    [row] = seeds.statistics.Block(("fold-1", "fold-2"), (7,)).matrix(there, "gat")
    assert row[0] == 0.25
    assert row[1:] == pytest.approx((first[1:] + second[1:]) / 2)


def test_an_interval_holds_the_deviation_of_the_seeds(seeds: Any) -> None:
    """Where all users are alike, its width is that of the mean of five seeds: 2 · 1.96 s / √5."""
    of_seeds = np.array([0.40, 0.41, 0.43, 0.38, 0.42])
    low, high = seeds.statistics.interval(np.repeat(of_seeds[:, None], USERS, axis=1), 7)
    assert high - low == pytest.approx(2 * 1.96 * of_seeds.std(ddof=1) / 5**0.5, rel=0.1)


def test_with_one_seed_an_interval_is_of_the_users_alone(seeds: Any) -> None:
    values = np.random.default_rng(4).random((1, USERS))
    low, high = seeds.statistics.interval(values, 7)
    assert high - low == pytest.approx(2 * 1.96 * values.std() / USERS**0.5, rel=0.1)


def test_a_difference_is_paired_by_user_and_seed(seeds: Any) -> None:
    """A model that is better by .01 for everybody is so with no doubt at all."""
    there = fits(seeds, "gat", ["fold-1"], [7, 11], np.random.default_rng(5))
    there |= {fit._replace(model="unified"): values + 0.01 for fit, values in there.items()}
    found = seeds.statistics.summary(there, [("unified", "gat")], 7)["fold-1, 2 seeds"]
    less = found["less"]["unified - gat"]
    assert [less["mean"], less["low"], less["high"]] == pytest.approx([0.01] * 3)
    assert list(found["models"]) == ["gat", "unified"]
    assert found["users"] == USERS


def test_without_a_choice_on_valid_one_fit_gives_the_same_list(seeds: Any) -> None:
    draw = np.random.default_rng(6)
    users, items = np.nonzero(draw.random((12, 30)) < 0.4)
    rows = pd.DataFrame(
        {"user_row": users, "item_row": items, "rating": draw.integers(1, 6, len(users))}
    ).assign(timestamp=0, nth=-1, history=None)
    at = draw.random(len(rows)) < 0.8
    settings = {"start": "normal-64", "stop": "training-loss", "patience": 2, "epochs": 9}
    params = {"seed": 7, "train": {"gat": settings, "common": {"candidates": 20}}}
    split = SplitRows("fold-1", rows[at], rows[~at], 12, 30, None, None)
    fit = PlannedFit("gat", params, split)
    no = sp.csr_matrix((30, 0), dtype=np.float32)
    shared = ItemSide(Facts(np.zeros((30, 0)), np.zeros(30), no, no), {})
    pd.testing.assert_frame_equal(
        seeds.fits.at_test(fit, shared), made(fit, shared).fitted.candidates
    )
