"""A made-up run: two models, one judge, two users, three items, one with a hostile title."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from stages.contracts.plan import RunPlan
from stages.contracts.probing import Probe, Probed
from stages.contracts.rows import ENRICHED, USERS, Explained, Explanation, Profile, UserProfile
from stages.core.files import write_json, write_text
from stages.core.tables import write_jsonl, write_model, write_table
from stages.report.page import render
from stages.report.sources import ReportSources

OFFLINE = "offline rules, not a language model"
HOSTILE = "<script>alert(1)</script>\x1b[31m\u202e\u2066"
NDCG = {
    "popularity": 0.2,
    "graph": 0.4,
    "graph+scored": 0.3,
    "graph+oracle": 0.9,
    "graph+shuffle": 0.1,
}
RERANKED = {
    "fused": {"users": 2, "tau": 0.5, "unchanged": 0.25, "weight": 0.8},
    "alone": {"users": 2, "tau": -0.125, "unchanged": 0.0},
    "fitted": {
        "users": 2,
        "tau": 0.9,
        "unchanged": 0.5,
        "weight": 0.15,
        "valid_ndcg@10": {"0.00": 0.1, "0.80": 0.2},
    },
    "both": {"pairs": 8, "disagreed": 3},
    "questions": {"answered": 5, "invalid": 1},
}
METRICS = ("ndcg", "precision", "recall", "map", "mrr", "hit")
PLAN = RunPlan(
    splits=("fold-1",),
    models=("popularity", "graph"),
    strategies=("scored",),
    bases=("graph",),
    explained=("scored",),
)


def summary(splits: tuple[str, ...] = ("fold-1",)) -> dict[str, Any]:
    """summary.json in which all metrics of a ranking have one value; low gini is the better one."""

    def row(value: float) -> dict[str, float]:
        return {f"{name}@10": value for name in METRICS} | {"users": 2}

    def protocols(value: float) -> dict[str, Any]:
        full = row(value) | {"coverage@10": value, "gini@10": value}
        return {
            "full": full,
            "condensed": row(value),
            "full/train<10": row(value),
            "condensed/train<10": row(value),
        }

    def kept(split: str, value: float) -> dict[str, Any]:
        return {
            f"full/n={n}": row(value + n / 100)
            for n in (0, 1, 10)
            if split.startswith("cold-users")
        }

    models = {
        name: {split: protocols(v) | kept(split, v) for split in splits} for name, v in NDCG.items()
    }
    return {"dataset": "toy", "models": models, "protocol": {}}


def tested(against: str, difference: float, p_holm: float) -> dict[str, Any]:
    """One comparison of intervals.json."""
    return {"against": against} | difference_of(difference, p_holm)


def difference_of(difference: float, p_holm: float) -> dict[str, float]:
    """A difference with its interval and p values."""
    ends = {"low": difference - 0.02, "high": difference + 0.02}
    return {"difference": difference, **ends, "p": 0.01, "p_holm": p_holm, "detectable": 0.015}


def intervals(splits: tuple[str, ...]) -> dict[str, Any]:
    """intervals.json: graph is better than popularity, its reranking may be worse by chance."""
    rows = {
        "popularity": {"mean": 0.2},
        "graph": {"mean": 0.4, "to_baseline": tested("popularity", 0.2, 0.004)},
        "graph+scored": {"mean": 0.3, "to_base": tested("graph", -0.01, 0.5)},
    }
    between = {"popularity": {"graph": difference_of(-0.2, 0.004)}}
    table = {
        "baseline": "popularity",
        "users": 2,
        "ndcg@10": rows,
        "recall@10": rows,
        "between": between,
    }
    return {"dataset": "toy", "how": {"resamples": 4999}, "splits": dict.fromkeys(splits, table)}


def groups(splits: tuple[str, ...]) -> dict[str, Any]:
    """groups.json: older users are served worse, women perhaps better."""

    def cell(users: int, difference: float, low: float, high: float) -> dict[str, float]:
        sizes = {"users": users, "users_outside": 12 - users}
        means = {"mean": 0.3 + difference, "others": 0.3}
        return sizes | means | {"difference": difference, "low": low, "high": high}

    cells = {
        "age=45+": cell(3, -0.1, -0.15, -0.05),
        "age=<25": cell(4, 0.08, 0.01, 0.15),
        "gender=F": cell(6, 0.03, -0.01, 0.07),
    }
    rows = {"graph": cells, "popularity": cells}
    return {"dataset": "toy", "how": {"metric": "ndcg@10"}, "splits": dict.fromkeys(splits, rows)}


def card(splits: tuple[str, ...], simulated: bool) -> dict[str, Any]:
    """A data card."""
    part = {"rows": 4, "users": 2, "movies": 3, "positives": 2}
    split = {"train": part, "valid": part, "test": part, "test_older_than_train": 0.25}
    return {
        "name": "toy",
        "kind": "own",
        "checksums": {},
        "description": "Made up",
        "simulated": simulated,
        "users": 2,
        "movies": 3,
        "ratings": 5,
        "density": 0.83333,
        "positive_share": 0.6,
        "mean_rating": 3.6,
        "scale": [1.0, 5.0],
        "positive_at": 4.0,
        "implicit": False,
        "histogram": {"10": 1, "2": 1, "5": 3},
        "timestamps": True,
        "splits": dict.fromkeys(splits, split),
    }


def write_run(
    folder: Path, splits: tuple[str, ...] = ("fold-1",), simulated: bool = True
) -> ReportSources:
    """Everything that report reads."""
    metrics, artifacts = folder / "metrics", folder / "artifacts"
    counts = {
        "users": 2,
        "unanswered": 0,
        "items": 2,
        "dropped_share": 0.0,
        "titles": 4,
        "faults": {},
        "probe_skipped": 0,
        "raw_claims": 3,
        "claims": 3,
        "attributes": 2,
        "without_reason": 0,
    }
    shares = {"grounded_share": None, "citations": 4, "citation_validity": 0.75}
    shares |= dict.fromkeys(
        ("polarity", "leak_rate", "title_grounding", "fmr", "fcr", "div", "usr"), 0.5
    )
    shares |= {
        "faithfulness": 0.0362,
        "faithfulness_low": 0.0244,
        "faithfulness_high": 0.049,
        "probe_applies": True,
    }
    shares |= {"faithfulness_liked": 0.03, "faithful_share": 0.6, "probed": 2}
    write_json(metrics / "summary.json", summary(splits))
    write_json(metrics / "intervals.json", intervals(splits))
    write_json(metrics / "groups.json", groups(splits))
    write_json(
        metrics / "explanations.json",
        {split: {"graph": {"scored": counts | shares}} for split in splits},
    )
    tokens = {"input": 1234, "cached": 0, "output": 56}
    took = {
        "calls": 6,
        "outcomes": {"answered": 5, "refused": 1},
        "tokens": tokens,
        "dollars": 0.25,
        "seconds": 7.0,
    }
    write_json(metrics / "llm.json", {"rerank-scored": {"score": {OFFLINE: took}}})
    write_json(
        metrics / "rerank.json", {split: {"graph": {"scored": RERANKED}} for split in splits}
    )
    write_json(
        metrics / "record.json",
        {"seed": 7, "params": {"train": "a" * 64}, "data": {}, "versions": {"x": "1"}},
    )
    write_curves(metrics / "curves.csv", splits)
    write_trade_offs(metrics / "trade_offs.csv")
    write_json(artifacts / "prepare" / "card.json", card(splits, simulated))
    write_items(artifacts)
    for split in splits:
        write_split(artifacts, split)
    return ReportSources(metrics, artifacts)


def write_curves(path: Path, splits: tuple[str, ...]) -> None:
    """curves.csv with a point at k = 1 and 10 for each metric."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("model", "split", "protocol", "k", "metric", "value"))
        for name, value in NDCG.items():
            for split in splits:
                for protocol in ("full", "condensed"):
                    rows.writerows(
                        (name, split, protocol, k, metric, value)
                        for k in (1, 10)
                        for metric in METRICS
                    )


def write_trade_offs(path: Path) -> None:
    """trade_offs.csv with two knobs of one strategy on fold-1."""
    rows = [
        f"graph,fold-1,diverse,{knob:g},{metric}@10,{value:.5f}\n"
        for knob, values in ((0, (0.2, 0.5, 0.4)), (0.5, (0.1, 0.6, 0.3)))
        for metric, value in zip(("gender-gap", "ild", "ndcg"), values, strict=True)
    ]
    write_text(path, "base,split,strategy,knob,metric,value\n" + "".join(rows))


def write_items(artifacts: Path) -> None:
    """Users u2 and u1, in this order, and three items."""
    users = pd.DataFrame({"user_row": [0, 1], "user_id": ["u2", "u1"], "age": [30, 40]})
    write_table(
        artifacts / "prepare" / "users.parquet", users.assign(gender=None, occupation=None), USERS
    )
    blank = dict.fromkeys(ENRICHED.names)
    titles = {"a": "Dusk", "b": HOSTILE, "c": "Dawn"}
    rows = [
        blank | {"item_row": row, "item_id": i, "title": titles[i]} for row, i in enumerate(titles)
    ]
    write_table(artifacts / "enrich" / "movies.parquet", pd.DataFrame(rows), ENRICHED)


def write_split(artifacts: Path, split: str) -> None:
    """Learning curves, profiles and explanations of one split."""
    write_text(
        artifacts / "train" / split / "popularity" / "curve.csv",
        "epoch,loss,valid_ndcg@10,chosen\n",
    )
    write_text(
        artifacts / "train" / split / "graph" / "curve.csv",
        "epoch,loss,valid_ndcg@10,chosen\n5,2.0,0.1,0\n10,1.0,0.3,1\n15,0.9,0.2,0\n",
    )
    empty = Profile(overview="Likes light.", genres=(), tags=(), description="", dislikes=())
    write_jsonl(
        artifacts / "profile" / split / "users.jsonl",
        [
            UserProfile(
                user_id=u,
                profile=empty,
                integrated="",
                source=OFFLINE,
                liked=("a", "b"),
                disliked=(),
            )
            for u in ("u1", "u2")
        ],
    )
    lists = [
        Explanation(
            user_id=user,
            base="graph",
            strategy="scored",
            source=OFFLINE,
            items=(item("Dawn", 4, 0),),
        )
        for user in ("u1", "u2")
    ]
    probed = Probed(user_id="u1", item_id="c", removed=1, evidence=0.1, random=0.4, liked=0.2)
    write_model(
        artifacts / "probe" / split / "graph" / "scored.json", Probe(applies=True, items=(probed,))
    )
    write_jsonl(artifacts / "explain" / split / "graph" / "scored" / "explanations.jsonl", lists)


def item(title: str, before: int, after: int) -> Explained:
    """A recommended item."""
    return Explained(
        item_id="c",
        title=title,
        graph_score=1.5,
        graph_place=before,
        judge_value=0.25,
        place=after,
        claims=(),
        dropped=0,
        reason=f"Because of {HOSTILE}.",
    )


@pytest.fixture
def sources(tmp_path: Path) -> ReportSources:
    """The made-up run with one split."""
    return write_run(tmp_path)


@pytest.fixture
def run_of() -> Callable[..., ReportSources]:
    """A maker of runs with other splits or a real data set."""
    return write_run


@pytest.fixture
def plan() -> RunPlan:
    """What params.yaml would list for the run."""
    return PLAN


@pytest.fixture
def page(sources: ReportSources) -> str:
    """The rendered run."""
    return render(sources, PLAN, 10)
