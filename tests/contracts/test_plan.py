"""The run plan: what is trained on which split, where it lies, and which lists are refused."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from stages.contracts.plan import (
    ReasonsParams,
    RunPlan,
    load_fusion_weight,
    load_plan,
    load_reasons,
    run_plan,
    weight_of,
)
from stages.core.errors import ParamError

PARAMS: dict[str, Any] = {
    "splits": ["fold-1", "temporal"],
    "models": ["e2ep", "ease"],
    "strategies": ["none", "scored", "prompt"],
    "seed": 7,
    "further": {"splits": ["fold-2"], "models": ["ease", "ials"]},
    "rerank": {
        "bases": ["e2ep"],
        "fit_weight": True,
        "fusion_weight": 0.6,
        "reasons": {"strategies": ["scored"]},
    },
    "compare": {"pairs": ["scored-prompt"]},
}


@pytest.fixture
def plan() -> RunPlan:
    return run_plan(PARAMS)


def test_the_lists_keep_their_order(plan: RunPlan) -> None:
    assert plan.splits == ("fold-1", "temporal")
    assert plan.bases == ("e2ep",)
    assert plan.explained == ("scored",)
    assert plan.compared == ("scored-prompt",)
    assert (plan.seed, plan.fit_weight, plan.fusion_weight) == (7, True, 0.6)


def test_none_asks_no_judge(plan: RunPlan) -> None:
    assert plan.judges == ("scored", "prompt")


def test_further_splits_and_models_come_after_and_none_twice(plan: RunPlan) -> None:
    assert plan.every_split == ("fold-1", "temporal", "fold-2")
    assert plan.every_model == ("e2ep", "ease", "ials")


@pytest.mark.parametrize(
    ("split", "models", "bases"),
    [
        ("fold-1", ("e2ep", "ease"), ("e2ep",)),
        ("temporal", ("e2ep", "ease"), ("e2ep",)),
        ("fold-2", ("ease", "ials"), ()),
    ],
)
def test_a_further_split_has_its_own_models_and_nothing_judged(
    plan: RunPlan, split: str, models: tuple[str, ...], bases: tuple[str, ...]
) -> None:
    assert plan.models_on(split) == models
    assert plan.bases_on(split) == bases


def test_what_is_shown_is_reranked_and_neither_measured_nor_trained_with_all_models() -> None:
    plan = run_plan(PARAMS | {"shown": {"splits": ["next"], "strategies": ["none", "learned"]}})
    assert list(plan.reranked) == ["fold-1", "temporal", "next"]
    assert (plan.judges_on("fold-1"), plan.judges_on("next")) == (plan.judges, ("learned",))
    assert "next" not in plan.every_split
    assert plan.trained("next", "e2ep") is None


@pytest.mark.parametrize(
    ("split", "model", "folder"),
    [
        ("fold-1", "e2ep", Path("fold-1/e2ep")),
        ("temporal", "ease", Path("temporal/ease")),
        ("fold-1", "ials", None),
        ("fold-2", "ials", Path("further/ials/fold-2")),
        ("fold-2", "e2ep", None),
    ],
)
def test_a_model_lies_where_it_is_trained(
    plan: RunPlan, split: str, model: str, folder: Path | None
) -> None:
    assert plan.trained(split, model) == folder


def test_what_is_left_out_is_empty_and_weighs_as_in_the_paper() -> None:
    plan = run_plan({name: PARAMS[name] for name in ("splits", "models", "strategies")})
    assert (plan.bases, plan.explained, plan.compared, plan.further.splits) == ((), (), (), ())
    assert (plan.seed, plan.fit_weight, plan.fusion_weight) == (0, False, 0.8)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            {"rerank": {"bases": ["e2ep", "ials"]}},
            r"^rerank.bases in params.yaml names 'ials', which is not in models; add it there$",
        ),
        ({"models": []}, r"^params.models in params.yaml is \(\): .* at least 1 item"),
        ({"splits": None}, r"^params.splits in params.yaml is \(\): .* at least 1 item"),
        ({"seed": "seven"}, r"^params.seed in params.yaml is 'seven': "),
        ({"further": {"splits": ["fold-1"], "models": ["ease"]}}, r"names 'fold-1', .* already"),
    ],
)
def test_a_plan_that_cannot_be_run_is_refused(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ParamError, match=message):
        run_plan(PARAMS | changed)


def test_the_plan_and_its_parts_are_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "params.yaml"
    path.write_text(yaml.safe_dump(PARAMS), encoding="utf-8")
    assert load_plan(path) == run_plan(PARAMS)
    assert load_reasons(path) == ReasonsParams(strategies=("scored",))
    assert load_fusion_weight("scored", path) == 0.6


def test_a_computed_order_is_final_whatever_the_weight_of_a_judge() -> None:
    assert (weight_of("learned", 0.6), weight_of("scored", 0.6)) == (1.0, 0.6)


def test_without_a_section_reasons_are_asked_for_scored_and_the_weight_is_the_papers(
    tmp_path: Path,
) -> None:
    path = tmp_path / "params.yaml"
    path.write_text("seed: 7\n", encoding="utf-8")
    assert load_reasons(path) == ReasonsParams(strategies=("scored",), k=10, claims=3)
    assert load_fusion_weight("scored", path) == 0.8
