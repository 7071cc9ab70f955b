"""The stage from end to end on a small artifact tree."""

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from stages.contracts.metrics.files import read_trade_offs
from stages.contracts.metrics.numbers import TradeOff
from stages.metrics.registry import ACCURACY, BEYOND
from tests.evaluate.conftest import PARAMS

Tree = Any
MakeTree = Callable[..., Tree]


def summary(tree: Tree) -> dict:
    return json.loads((tree.metrics / "summary.json").read_text())["models"]


def test_every_ranking_stands_under_its_name(make_tree: MakeTree) -> None:
    tree = make_tree()
    tree.evaluate()
    assert set(summary(tree)) == {
        "ease",
        "gat",
        "gat+scores",
        "gat+scores+alone",
        "gat+shuffle",
        "gat+oracle",
    }


def test_protocols_groups_and_metric_keys_are_the_contracts(make_tree: MakeTree) -> None:
    tree = make_tree()
    tree.evaluate()
    found = summary(tree)["gat"]["fold-1"]
    groups = ["", "/train<10", "/train<20", "/activity=Q1", "/gender=F", "/gender=M", "/age=25-34"]
    assert set(found) == {
        protocol + group for protocol in ("full", "condensed") for group in groups
    }
    accuracy = {f"{name}@{k}" for name in ACCURACY for k in (10, 20)}
    assert set(found["full"]) == accuracy | {f"{name}@10" for name in BEYOND} | {
        "gender-gap@10",
        "users",
    }
    assert set(found["condensed"]) <= accuracy | {"users"}


def test_ndcg_of_a_model_equals_a_plain_count_over_its_files(make_tree: MakeTree) -> None:
    tree = make_tree()
    tree.evaluate()
    lists = pd.read_parquet(tree.artifacts / "train" / "fold-1" / "ease" / "candidates.parquet")
    test = pd.read_parquet(tree.artifacts / "prepare" / "splits" / "fold-1" / "test.parquet")
    values = []
    for user, liked in test[test["rating"] >= 4].groupby("user_row")["item_row"]:
        top = lists[(lists["user_row"] == user) & (lists["place"] < 10)].sort_values("place")[
            "item_row"
        ]
        gains = np.isin(top.to_numpy(), liked.to_numpy()) / np.log2(np.arange(2, 12))
        values.append(gains.sum() / (1 / np.log2(np.arange(2, 2 + min(10, len(liked))))).sum())
    full = summary(tree)["ease"]["fold-1"]["full"]
    assert full["users"] == len(values)
    assert full["ndcg@10"] == pytest.approx(np.mean(values), abs=5e-6)


def test_oracle_is_the_best_order_of_the_pool(make_tree: MakeTree) -> None:
    tree = make_tree()
    tree.evaluate()
    ndcg = {name: splits["fold-1"]["full"]["ndcg@10"] for name, splits in summary(tree).items()}
    assert ndcg["gat+oracle"] == max(
        value for name, value in ndcg.items() if name.startswith("gat")
    )


def test_ild_is_left_out_without_embeddings(make_tree: MakeTree) -> None:
    tree = make_tree()
    shutil.rmtree(tree.artifacts / "embed")
    tree.evaluate()
    full = summary(tree)["gat"]["fold-1"]["full"]
    assert "ild@10" not in full
    assert "gini@10" in full


def test_second_run_writes_the_same_bytes(make_tree: MakeTree) -> None:
    tree = make_tree()
    tree.evaluate()
    before = {path.name: path.read_bytes() for path in tree.metrics.iterdir()}
    tree.evaluate()
    assert {path.name: path.read_bytes() for path in tree.metrics.iterdir()} == before
    assert set(before) == {
        "summary.json",
        "intervals.json",
        "groups.json",
        "headline.json",
        "curves.csv",
        "explanations.json",
        "llm.json",
        "record.json",
        "rerank.json",
        "trade_offs.csv",
    }


def test_no_file_names_a_path_of_this_machine(make_tree: MakeTree) -> None:
    tree = make_tree()
    tree.evaluate()
    assert not any(str(tree.root) in path.read_text() for path in tree.metrics.iterdir())


def test_families_are_written_when_all_five_splits_were_run(make_tree: MakeTree) -> None:
    tree = make_tree(splits=[f"fold-{n}" for n in range(1, 6)])
    tree.evaluate()
    splits = summary(tree)["gat"]
    assert splits["fold"]["full"]["recall@20"] == pytest.approx(
        np.mean([splits[f"fold-{n}"]["full"]["recall@20"] for n in range(1, 6)]), abs=1e-5
    )
    assert (
        json.loads((tree.metrics / "headline.json").read_text())["ndcg"]["gat"]
        == splits["fold"]["full"]["ndcg@10"]
    )


def test_curves_agree_with_the_summary(make_tree: MakeTree) -> None:
    tree = make_tree()
    tree.evaluate()
    with (tree.metrics / "curves.csv").open() as lines:
        rows = list(csv.DictReader(lines))
    assert {int(row["k"]) for row in rows} == {1, 5, 10, 15, 20}
    at_ten = {
        (row["protocol"], f"{row['metric']}@{row['k']}"): float(row["value"])
        for row in rows
        if (row["model"], row["split"], row["k"]) == ("gat+scores", "fold-1", "10")
    }
    found = summary(tree)["gat+scores"]["fold-1"]
    assert at_ten
    assert all(found[protocol][metric] == value for (protocol, metric), value in at_ten.items())


def test_a_gap_is_between_the_groups_of_the_summary(make_tree: MakeTree) -> None:
    tree = make_tree()
    tree.evaluate()
    rows = summary(tree)["gat"]["fold-1"]
    women, men = (rows[f"full/gender={gender}"]["ndcg@10"] for gender in "FM")
    assert rows["full"]["gender-gap@10"] == pytest.approx(abs(women - men), abs=1.1e-5)
    assert not any("gap" in key for key in rows["full/gender=F"])


def trade_offs(tree: Tree) -> list[TradeOff]:
    return read_trade_offs(tree.metrics / "trade_offs.csv")


def test_trade_offs_begin_with_the_base_itself(make_tree: MakeTree) -> None:
    tree = make_tree()
    tree.evaluate()
    full = summary(tree)["gat"]["fold-1"]["full"]
    points = [point for point in trade_offs(tree) if point.knob == 0]
    assert {(point.base, point.strategy) for point in points} == {
        ("gat", "diverse"),
        ("gat", "calibrated"),
    }
    assert {point.metric for point in points} >= {"ild@10", "miscalibration@10", "gender-gap@10"}
    assert all(full[point.metric] == pytest.approx(point.value, abs=1e-9) for point in points)


def test_a_full_knob_gives_the_most_diverse_and_the_best_calibrated_lists(
    make_tree: MakeTree,
) -> None:
    tree = make_tree(evaluate={"trade_offs": [0.0, 0.5, 1.0]})
    tree.evaluate()
    at = {(p.strategy, p.metric, p.knob): p.value for p in trade_offs(tree)}
    knobs = sorted({knob for *_, knob in at})
    ild = [at["diverse", "ild@10", knob] for knob in knobs]
    assert max(ild) == ild[-1] > ild[0]
    apart = [at["calibrated", "miscalibration@10", knob] for knob in knobs]
    assert min(apart) == apart[-1] < apart[0]


def test_trade_offs_of_a_family_stand_for_its_splits(make_tree: MakeTree) -> None:
    tree = make_tree(splits=[f"fold-{n}" for n in range(1, 6)])
    tree.evaluate()
    assert {point.split for point in trade_offs(tree)} == {"fold"}


def test_without_knobs_embeddings_or_genres_there_is_less_to_trade(make_tree: MakeTree) -> None:
    tree = make_tree(evaluate={"trade_offs": []})
    tree.evaluate()
    assert trade_offs(tree) == []
    tree = make_tree()
    shutil.rmtree(tree.artifacts / "embed")
    tree.evaluate()
    assert {point.strategy for point in trade_offs(tree)} == {"calibrated"}


def test_differences_are_those_of_the_summary(make_tree: MakeTree) -> None:
    tree = make_tree()
    tree.evaluate()
    table = json.loads((tree.metrics / "intervals.json").read_text())["splits"]["fold-1"]
    ndcg = {name: splits["fold-1"]["full"]["ndcg@10"] for name, splits in summary(tree).items()}
    assert (table["baseline"], table["users"]) == (
        "ease",
        summary(tree)["gat"]["fold-1"]["full"]["users"],
    )
    for name, row in table["ndcg@10"].items():
        for role in {"to_base", "to_baseline"} & set(row):
            assert row[role]["difference"] == pytest.approx(
                ndcg[name] - ndcg[row[role]["against"]], abs=2e-5
            )


def test_groups_are_compared_with_the_summarys_values(make_tree: MakeTree) -> None:
    tree = make_tree()
    tree.evaluate()
    groups = json.loads((tree.metrics / "groups.json").read_text())["splits"]["fold-1"][
        "gat+scores"
    ]
    assert set(groups) == {"gender=F", "gender=M"}
    for group, cell in groups.items():
        full = summary(tree)["gat+scores"]["fold-1"][f"full/{group}"]
        assert (cell["mean"], cell["users"]) == (full["ndcg@10"], full["users"])


def test_a_family_has_the_deviation_over_its_folds(make_tree: MakeTree) -> None:
    tree = make_tree(splits=[f"fold-{n}" for n in range(1, 6)])
    tree.evaluate()
    row = json.loads((tree.metrics / "intervals.json").read_text())["splits"]["fold"]["ndcg@10"][
        "gat"
    ]
    means = [summary(tree)["gat"][f"fold-{n}"]["full"]["ndcg@10"] for n in range(1, 6)]
    assert row["fold_mean"] == pytest.approx(np.mean(means), abs=1e-5)
    assert row["fold_sd"] == pytest.approx(np.std(means, ddof=1), abs=2e-5)
    assert list(json.loads((tree.metrics / "groups.json").read_text())["splits"]) == ["fold"]


def test_half_of_the_citations_lie_in_training(make_tree: MakeTree) -> None:
    tree = make_tree()
    tree.evaluate()
    values = json.loads((tree.metrics / "explanations.json").read_text())["fold-1"]["gat"]["scores"]
    assert (values["citations"], values["citation_validity"]) == (2, 0.5)


def test_faithfulness_comes_from_the_probe(make_tree: MakeTree) -> None:
    tree = make_tree()
    tree.evaluate()
    values = json.loads((tree.metrics / "explanations.json").read_text())["fold-1"]["gat"]["scores"]
    assert (values["faithfulness"], values["faithful_share"], values["probed"]) == (0.3, 1.0, 1)


def test_calls_are_counted_by_step_task_and_model_over_all_splits(make_tree: MakeTree) -> None:
    tree = make_tree(splits=["fold-1", "fold-2"])
    tree.evaluate()
    steps = json.loads((tree.metrics / "llm.json").read_text())
    assert {step: list(tasks) for step, tasks in steps.items()} == {
        "profile-items": ["profile-movie"],
        "profile-users": ["profile-user"],
        "rerank-scores": ["explain", "score"],
    }
    assert steps["profile-items"]["profile-movie"]["rules"]["calls"] == 2
    assert steps["rerank-scores"]["score"] == {
        "rules": {
            "calls": 4,
            "outcomes": {"answered": 2, "refused": 2},
            "tokens": {"input": 180, "cached": 40, "output": 14},
            "dollars": 1.0,
            "seconds": 3.0,
        }
    }


def test_folders_that_are_no_longer_listed_are_deleted_and_files_stay(make_tree: MakeTree) -> None:
    tree = make_tree()
    listed = sorted(path for path in tree.artifacts.rglob("*") if path.is_file())
    leftovers = (
        "train/fold-2/gat",
        "train/fold-1/ials",
        "rerank/fold-1/ease/scores",
        "explain/fold-1/gat/none",
    )
    for leftover in leftovers:
        (tree.artifacts / leftover).mkdir(parents=True)
        (tree.artifacts / leftover / "old.jsonl").write_text("old")
    tree.evaluate()
    assert sorted(path for path in tree.artifacts.rglob("*") if path.is_file()) == listed


def test_cold_item_splits_rank_held_out_movies_alone(make_tree: MakeTree) -> None:
    tree = make_tree(splits=["fold-1", "cold-items-1"])
    folder = tree.artifacts / "prepare" / "splits" / "cold-items-1"
    parts = {
        name: pd.read_parquet(folder / f"{name}.parquet") for name in ("train", "valid", "test")
    }
    seen = set(parts["train"]["item_row"]) | set(parts["valid"]["item_row"])
    held_out = sorted(set(parts["test"]["item_row"]) - seen)
    tree.evaluate()
    covered = summary(tree)["gat"]["cold-items-1"]["full"]["coverage@10"]
    assert covered <= len(held_out) / 40 < summary(tree)["gat"]["fold-1"]["full"]["coverage@10"]


def test_a_missing_artifact_is_one_sentence_that_names_it(
    make_tree: MakeTree, capsys: pytest.CaptureFixture
) -> None:
    tree = make_tree()
    (tree.artifacts / "train" / "fold-1" / "gat" / "candidates.parquet").unlink()
    with pytest.raises(SystemExit, match="1"):
        tree.evaluate()
    assert "gat/candidates.parquet is not there yet" in capsys.readouterr().err
    assert not tree.metrics.exists()


def test_a_base_that_is_no_model_is_refused_by_name(
    make_tree: MakeTree, capsys: pytest.CaptureFixture
) -> None:
    tree = make_tree(rerank={"bases": ["lightgcn"]})
    with pytest.raises(SystemExit, match="1"):
        tree.evaluate()
    assert "rerank.bases in params.yaml names 'lightgcn'" in capsys.readouterr().err


def rerankings(tree: Tree) -> dict:
    return json.loads((tree.metrics / "rerank.json").read_text())["fold-1"]["gat"]["scores"]


def test_how_far_a_reranking_moves_its_base_is_written(make_tree: MakeTree) -> None:
    """The judge of this tree turns the pool round."""
    tree = make_tree()
    tree.evaluate()
    assert rerankings(tree)["alone"] == {"users": 12, "tau": -1.0, "unchanged": 0.0}
    assert rerankings(tree)["fused"] == {"users": 12, "tau": -1.0, "unchanged": 0.0, "weight": 0.8}
    assert rerankings(tree)["questions"] == {"answered": 2}
    assert set(rerankings(tree)) == {"alone", "fused", "questions"}


def test_a_reranking_that_changes_nobody_is_shown_loudly(
    make_tree: MakeTree, capsys: pytest.CaptureFixture[str]
) -> None:
    make_tree(rerank=PARAMS["rerank"] | {"fusion_weight": 0.4}).evaluate()
    assert (
        "WARNING: gat+scores on fold-1 leaves the order of all 12 users as it was"
        in capsys.readouterr().err
    )
    make_tree().evaluate()
    assert "WARNING" not in capsys.readouterr().err


def test_the_fitted_weight_stands_beside_its_ranking(make_tree: MakeTree) -> None:
    tree = make_tree(rerank={"bases": ["gat"], "fit_weight": True})
    tree.evaluate()
    fitted = rerankings(tree)["fitted"]
    assert len(fitted["valid_ndcg@10"]) == 21
    assert fitted["valid_ndcg@10"][f"{fitted['weight']:.2f}"] == max(
        fitted["valid_ndcg@10"].values()
    )
    found = summary(tree)
    assert set(found) == {
        *(
            "ease",
            "gat",
            "gat+scores",
            "gat+scores+alone",
            "gat+scores+fitted",
            "gat+shuffle",
            "gat+oracle",
        )
    }
    assert "gat+scores+fitted" in json.loads((tree.metrics / "headline.json").read_text())["ndcg"]


@pytest.mark.parametrize(("users", "fitted"), [("llm", True), ("published", False)])
def test_nothing_is_fitted_on_rows_that_published_profiles_have_seen(
    users: str, fitted: bool, make_tree: MakeTree
) -> None:
    """Neither a judge's weight nor whether a computed order is better than the base's."""
    rerank = {"bases": ["gat"], "fit_weight": True, "reasons": {"strategies": ["scores"]}}
    strategies = ["none", "scores", "learned"]
    tree = make_tree(strategies=strategies, rerank=rerank, profile={"users": users})
    folder = tree.artifacts / "rerank" / "fold-1" / "gat"
    shutil.copytree(folder / "scores", folder / "learned")
    tree.evaluate()
    effects = json.loads((tree.metrics / "rerank.json").read_text())["fold-1"]["gat"]
    assert {name: "fitted" in effect for name, effect in effects.items()} == {
        "scores": fitted,
        "learned": fitted,
    }


def test_the_fitted_weight_does_not_look_at_test(make_tree: MakeTree) -> None:
    tree = make_tree(rerank={"bases": ["gat"], "fit_weight": True})
    tree.evaluate()
    before = rerankings(tree)["fitted"]
    path = tree.artifacts / "prepare" / "splits" / "fold-1" / "test.parquet"
    rows = pd.read_parquet(path)
    rows.assign(rating=np.where(rows["rating"] >= 4, 1.0, 5.0)).astype(
        {"rating": "float32"}
    ).to_parquet(path)
    tree.evaluate()
    assert rerankings(tree)["fitted"] == before


def test_a_missing_validation_pool_is_one_sentence(
    make_tree: MakeTree, capsys: pytest.CaptureFixture[str]
) -> None:
    tree = make_tree(rerank={"bases": ["gat"], "fit_weight": True})
    (tree.artifacts / "rerank" / "fold-1" / "gat" / "scores" / "valid.parquet").unlink()
    with pytest.raises(SystemExit, match="1"):
        tree.evaluate()
    assert "scores/valid.parquet is not there yet" in capsys.readouterr().err


FURTHER = {"splits": [f"fold-{number}" for number in range(2, 6)], "models": ["ease"]}


def test_further_splits_have_their_models_alone_and_make_the_family(make_tree: MakeTree) -> None:
    tree = make_tree(further=FURTHER)
    tree.evaluate()
    found = summary(tree)
    assert set(found["ease"]) == {"fold", *(f"fold-{number}" for number in range(1, 6))}
    assert set(found["gat"]) == set(found["gat+scores"]) == {"fold-1"}
    tested = json.loads((tree.metrics / "intervals.json").read_text())["splits"]
    assert set(tested["fold"]["ndcg@10"]) == {"ease"}
    assert "gat" in tested["fold-1"]["ndcg@10"]


def test_models_that_are_no_longer_asked_for_are_deleted_from_further_splits(
    make_tree: MakeTree,
) -> None:
    tree = make_tree(further=FURTHER)
    shutil.copytree(
        tree.artifacts / "train" / "further" / "ease", tree.artifacts / "train" / "further" / "old"
    )
    tree.evaluate()
    assert [path.name for path in (tree.artifacts / "train" / "further").iterdir()] == ["ease"]


SHOWN = {"splits": ["next"], "strategies": ["scores"]}


def test_next_is_not_measured_but_its_valid_rows_say_which_strategy_is_better(
    make_tree: MakeTree,
) -> None:
    rerank = PARAMS["rerank"] | {"fit_weight": True}
    plain = make_tree(rerank=rerank)
    plain.evaluate()
    before = {path.name: path.read_text() for path in plain.metrics.iterdir()}
    tree = make_tree(rerank=rerank, shown=SHOWN)
    tree.evaluate()
    after = {path.name: path.read_text() for path in tree.metrics.iterdir()}
    measured = ("summary.json", "intervals.json", "groups.json", "curves.csv", "headline.json")
    assert {name: after[name] for name in measured} == {name: before[name] for name in measured}
    effects = json.loads(after["rerank.json"])
    assert effects["fold-1"] == json.loads(before["rerank.json"])["fold-1"]
    assert effects["next"]["gat"]["scores"]["fitted"]["valid_ndcg@10"]["0.00"] > 0
    assert (tree.artifacts / "train/next/gat").is_dir()


def test_what_is_no_longer_shown_is_deleted(make_tree: MakeTree) -> None:
    tree = make_tree(shown=SHOWN)
    shutil.copytree(tree.artifacts / "train/next/gat", tree.artifacts / "train/next/ease")
    tree.evaluate()
    assert [path.name for path in (tree.artifacts / "train/next").iterdir()] == ["gat"]
    params = yaml.safe_load(Path("params.yaml").read_text()) | {"shown": {}}
    Path("params.yaml").write_text(yaml.safe_dump(params))
    tree.evaluate()
    assert not [*tree.artifacts.glob("*/next/gat"), *tree.artifacts.glob("profile/next")]


@pytest.mark.parametrize("liked", [0, 1])
def test_a_test_with_nobody_to_count_or_one_user_has_its_files_without_differences(
    make_tree: MakeTree, liked: int
) -> None:
    tree = make_tree()
    path = tree.artifacts / "prepare" / "splits" / "fold-1" / "test.parquet"
    rows = pd.read_parquet(path)
    ratings = np.where(np.arange(len(rows)) < liked, 5.0, 1.0).astype("float32")
    rows.assign(rating=ratings).to_parquet(path)
    tree.evaluate()
    found = summary(tree)["gat"]["fold-1"]
    assert found.get("full", {}).get("users", 0) == liked
    assert json.loads((tree.metrics / "intervals.json").read_text())["splits"] == {}
    ndcg = json.loads((tree.metrics / "headline.json").read_text())["ndcg"]
    assert bool(ndcg) == bool(liked)


def test_without_a_refit_all_numbers_stand_under_another_name(make_tree: MakeTree) -> None:
    plain = make_tree(splits=[f"fold-{n}" for n in range(1, 6)])
    plain.evaluate()
    refitted = summary(plain)
    tree = make_tree(splits=[f"fold-{n}" for n in range(1, 6)], train={"common": {"refit": False}})
    tree.evaluate()
    assert summary(tree) == {
        model: {f"{place}/no-refit": values for place, values in places.items()}
        for model, places in refitted.items()
    }
    intervals = json.loads((tree.metrics / "intervals.json").read_text())["splits"]
    assert {"fold-1/no-refit", "fold/no-refit", "fold/no-refit/train<10"} <= set(intervals)
    assert (
        json.loads((tree.metrics / "headline.json").read_text())["ndcg"]["gat"]
        == summary(tree)["gat"]["fold/no-refit"]["full"]["ndcg@10"]
    )
