"""What README and docs claim in words is so in metrics/, params.yaml and experiments/."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from stages.contracts.metrics.files import read_intervals
from stages.contracts.metrics.numbers import Against, SplitTests
from stages.contracts.plan import COMPUTED_STRATEGIES
from stages.train.models.e2ep.settings import Config
from tools.contents.rankings import only_models, protocol_column, summary_models

ROOT = Path(__file__).parents[2]
NDCG = "ndcg@10"
CLOCKS = "ml-100k/clocks"
NEW_USERS = "ml-100k/new-users"
MODELS = ("e2ep", "recent")
WARM_AND_COLD = ("fold", "cold-users", "cold-items")


def splits(dataset: str = "ml-100k") -> dict[str, SplitTests]:
    return read_intervals(ROOT / "metrics" / dataset / "intervals.json").splits


def to_baseline(place: str, dataset: str = "ml-100k") -> Against:
    """E2ep less the best baseline."""
    test = splits(dataset)[place].metrics[NDCG]["e2ep"].to_baseline
    assert test
    return test


def includes_zero(test: Against) -> bool:
    return test.low <= 0 <= test.high


def temporal_halves_all_but(exception: str) -> bool:
    fold, temporal = (
        splits(dataset)[place].metrics[NDCG]
        for dataset, place in (("ml-100k", "fold"), (CLOCKS, "temporal"))
    )
    models = only_models(fold.keys() & temporal.keys())
    halved = {name for name in models if temporal[name].mean < (fold[name].fold_mean or 0.0) / 2}
    return halved == set(models) - {exception}


def reranking_is_worse_than_the_base_and_better_than_chance() -> bool:
    strategies = yaml.safe_load((ROOT / "params.yaml").read_text())["rerank"]["strategies"]
    column = protocol_column(summary_models("ml-100k"), "fold-1", "full")
    ndcg = {name: values[NDCG] for name, values in column.items()}
    judged = set(strategies) - set(COMPUTED_STRATEGIES)
    made = {name.removeprefix("e2ep+") for name in ndcg} & judged
    pools = {name: strategies[name]["pool"] for name in made}
    controls = {20: "e2ep+shuffle", 30: "e2ep+shuffle+top30"}
    return len(made) == 7 and all(
        ndcg[controls[pool]] < ndcg[f"e2ep+{name}"] < ndcg["e2ep"] for name, pool in pools.items()
    )


def few_ratings_may_be_chance() -> bool:
    seeds = json.loads((ROOT / "benchmarks/results/seeds.json").read_text())["ml-100k fold"]
    between = seeds["tests"]["splits"]["fold/train<20"]["between"]["e2ep"]
    return bool(between["ials"]["p_holm"] > 0.05)


def ahead_of_recent_among_known_and_new() -> bool:
    column = summary_models(CLOCKS)
    groups = ("full/n=0", "full/activity=Q3", "full/activity=Q4")
    ours, recent = ([column[name]["global"][of][NDCG] for of in groups] for name in MODELS)
    return to_baseline("global", CLOCKS).low > 0 and all(
        a > b for a, b in zip(ours, recent, strict=True)
    )


def other_seeds_may_be_level_with_recent() -> bool:
    seeds = json.loads((ROOT / "benchmarks/results/seeds.json").read_text())["ml-100k global"]
    return bool(seeds["tests"]["splits"]["global"]["between"]["e2ep"]["recent"]["low"] < 0)


def learned_finds_nothing_by_time() -> bool:
    gain = splits(CLOCKS)["temporal"].metrics[NDCG]["e2ep+learned"].to_base
    return gain is not None and includes_zero(gain)


def runs_on_splits(count: int) -> bool:
    settings: dict[str, Any] = yaml.safe_load((ROOT / "experiments/ml-100k.yaml").read_text())
    return len(settings["splits"]) + len(settings["further.splits"]) == count


CLAIMS: list[tuple[str, str, Callable[[], bool]]] = [
    (
        "README.md",
        "`e2ep` beats every baseline on the folds, for cold users and for cold items",
        lambda: all(to_baseline(place).low > 0 for place in WARM_AND_COLD),
    ),
    (
        "docs/results.md",
        "its intervals against the best baseline exclude zero",
        lambda: all(to_baseline(place).low > 0 for place in WARM_AND_COLD),
    ),
    (
        "README.md",
        "within a user's time `e2ep` is ahead of every baseline",
        lambda: all(to_baseline(split, CLOCKS).low > 0 for split in ("temporal", "last")),
    ),
    (
        "README.md",
        "after one moment it is ahead of `recent`, what is popular of late, though with other "
        "seeds that may be chance",
        other_seeds_may_be_level_with_recent,
    ),
    (
        "docs/results.md",
        "`e2ep`, whose prior knows what is popular now and who likes it, is ahead of it, among "
        "users with a history and among new ones.",
        ahead_of_recent_among_known_and_new,
    ),
    (
        "docs/results.md",
        "On `temporal`, `learned` finds nothing more in what is known of a candidate",
        learned_finds_nothing_by_time,
    ),
    (
        "docs/results.md",
        "For users whom no model was fitted on, `e2ep` is ahead of `ease`",
        lambda: (
            to_baseline("new-users", NEW_USERS).low > 0
            and to_baseline("new-users", NEW_USERS).against == "ease"
        ),
    ),
    (
        "docs/results.md",
        "every model that is measured on both except `transitions` loses more than half",
        lambda: temporal_halves_all_but("transitions"),
    ),
    (
        "docs/results.md",
        "with 1 and with 3 ratings kept, the interval of `e2ep` against `popularity` includes zero",
        lambda: all(includes_zero(to_baseline(f"cold-users/n={n}")) for n in (1, 3)),
    ),
    (
        "docs/results.md",
        "Among users with few ratings the lead over `ials` may be chance.",
        few_ratings_may_be_chance,
    ),
    ("docs/results.md", "every model on 15 splits", lambda: runs_on_splits(15)),
    (
        "docs/reranking.md",
        "This judge makes the ranking **worse** than the model's own order, though better than a "
        "random order of the same pool.",
        reranking_is_worse_than_the_base_and_better_than_chance,
    ),
    ("docs/scaling.md", "about 4,000,000", lambda: Config().messages == 4_000_000),
    ("docs/scaling.md", "beyond 50,000 items", lambda: Config().catalogue == 50_000),
    ("docs/scaling.md", "a sample of 8,192", lambda: Config().sample == 8_192),
    ("docs/scaling.md", "users per step, 8,192", lambda: Config().batch == 8_192),
    ("docs/scaling.md", "beyond 42,000 items", lambda: Config().linear.most_items == 42_000),
]


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize(("page", "claim", "holds"), CLAIMS, ids=[row[1] for row in CLAIMS])
def test_a_claim_in_words_holds(page: str, claim: str, holds: Callable[[], bool]) -> None:
    assert claim in " ".join((ROOT / page).read_text(encoding="utf-8").split())
    assert holds()
