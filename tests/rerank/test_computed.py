"""Strategies that compute an order: what they are given, what is written, and what it counts."""

from importlib import import_module
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from stages.contracts.items import read_profiled
from stages.contracts.plan import COMPUTED_STRATEGIES
from stages.contracts.rows import JUDGED, RATINGS, Judgement, UserProfile
from stages.core.tables import read_jsonl, read_table, write_arrays
from stages.core.variants import variants
from stages.rerank.__main__ import main
from stages.rerank.computed import ComputedStrategy, PoolValues, computed, order_values
from stages.rerank.known import Known, KnownPaths, Pools
from stages.rerank.strategy import PoolConfig
from tests.rerank.conftest import DEPTH, FOLDERS, N_USERS

POOLS = Pools(
    user=np.array([2, 2, 2, 5, 5]),
    item=np.array([7, 8, 9, 7, 3]),
    place=np.array([0, 1, 2, 0, 1]),
    score=np.array([3.0, 2.0, 1.0, 5.0, 4.0]),
    parts={},
    rated=pd.DataFrame({name: [] for name in RATINGS.names}),
)


def known(size: int = 10, refit: bool = True) -> Known:
    profiles = list(read_jsonl(Path("users.jsonl"), UserProfile))
    catalogue = read_profiled(Path("movies.parquet"), Path("items.jsonl"))
    paths = KnownPaths(Path("base"), Path("splits/fold-1"), Path("embed/items"), refit)
    return paths.read(size, profiles, catalogue, 7)


class Reversed(ComputedStrategy):
    """The base's order from its end."""

    def values(self, known: Known) -> PoolValues:
        return PoolValues(
            *(order_values(pools, -pools.score) for pools in (known.valid, known.test))
        )


def test_values_fall_evenly_along_the_order_and_ties_keep_the_bases() -> None:
    values = order_values(POOLS, np.array([1.0, 4.0, 1.0, 0.0, 0.5]))
    assert values.tolist() == [0.5, 1.0, 0.0, 0.0, 1.0]


def test_the_folder_computed_holds_all_that_the_contract_names_and_no_other() -> None:
    modules = variants("stages.rerank.strategies", "STRATEGY")
    computing = {
        name
        for name, module in modules.items()
        if issubclass(import_module(module).STRATEGY, ComputedStrategy)
    }
    in_folder = variants("stages.rerank.strategies.computed", "STRATEGY")
    assert sorted(COMPUTED_STRATEGIES) == sorted(computing) == sorted(in_folder)


@pytest.mark.usefixtures("project")
def test_what_is_known_is_train_on_valid_and_train_and_valid_at_test() -> None:
    made = known()
    assert len(made.valid.user) == len(made.test.user) == N_USERS * 10
    assert made.test.item[:3].tolist() == [0, 1, 2]
    assert made.valid.item[:3].tolist() == [DEPTH - 1, DEPTH - 2, DEPTH - 3]
    assert len(made.test.rated) == len(made.valid.rated) + len(made.labels)
    assert made.test.rated["fitted"].all()
    assert known(refit=False).test.rated["fitted"].sum() == len(made.valid.rated)
    assert made.valid.parts == {}


@pytest.mark.usefixtures("project")
def test_published_profiles_of_users_are_told_to_what_learns_on_valid(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for users, told in (("llm", 0), ("published", 1)):
        params = {"seed": 7, "rerank": {"users": "all"}, "profile": {"users": users}}
        Path("params.yaml").write_text(yaml.safe_dump(params))
        main("learned", "fold-1", *map(Path, (*FOLDERS, "out")))
        assert capsys.readouterr().err.count("have seen the validation rows") == told


def test_the_stage_depends_on_no_vectors_but_the_items() -> None:
    root = Path(__file__).parents[2]
    stages = yaml.safe_load((root / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
    for name in ("rerank", "rerank-shown"):
        read = [dep for dep in stages[name]["deps"] if "/embed" in dep]
        assert read == ["artifacts/${item.dataset}/embed/items"]
        assert f"--embedded {read[0]} " in stages[name]["cmd"]


@pytest.mark.usefixtures("project")
def test_parts_are_those_of_the_pools_own_rows() -> None:
    rows = N_USERS * DEPTH
    write_arrays(Path("base/parts.safetensors"), {"graph": np.arange(rows, dtype=np.float32)})
    part = known(3).test.parts["graph"]
    assert part.tolist() == [u * DEPTH + p for u in range(N_USERS) for p in range(3)]


@pytest.mark.usefixtures("project")
def test_a_strategy_gives_each_user_their_own_values() -> None:
    made = known(3)
    for lookup in computed(Reversed(PoolConfig(pool=3)), made):
        assert {name: list(v) for name, v in lookup.values_of.items()} == {
            f"userid{row}": [0.0, 0.5, 1.0] for row in range(N_USERS)
        }


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("name", COMPUTED_STRATEGIES)
def test_a_computed_strategy_asks_nobody_and_has_valid_values(name: str) -> None:
    Path("params.yaml").write_text(yaml.safe_dump({"seed": 7, "rerank": {"users": "all"}}))
    main(name, "fold-1", *map(Path, (*FOLDERS, "out")))
    assert list(read_jsonl(Path("out/judgements.jsonl"), Judgement)) == []
    test, valid = (read_table(Path(f"out/{part}.parquet"), JUDGED) for part in ("judged", "valid"))
    assert sorted(set(test["user_row"])) == [0, 1, 2, 3]
    assert sorted(set(valid["user_row"])) == [0, 2]
    for _, rows in [*test.groupby("user_row"), *valid.groupby("user_row")]:
        assert rows["value"].between(0, 1).all()
