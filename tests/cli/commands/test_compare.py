"""Pairs of strategies to compare: checked, made into steps, reported where there are none."""

import copy
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from e2ep_cli.main import app
from e2ep_cli.project.checking import check_params
from e2ep_cli.project.steps import steps
from stages.core.errors import ParamError

ROOT = Path(__file__).parents[3]
PARAMS = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))


def with_pairs(*pairs: str) -> dict[str, Any]:
    changed: dict[str, Any] = copy.deepcopy(PARAMS)
    changed["compare"]["pairs"] = list(pairs)
    return changed


@pytest.mark.parametrize(
    ("pairs", "sentence"),
    [
        (("scored",), "compare.pairs in params.yaml is 'scored'"),
        (("scored-scored",), "name two explained strategies with a hyphen between"),
        (
            ("scored-setwise",),
            "compare.pairs in params.yaml names 'setwise', "
            "which is not in rerank.reasons.strategies",
        ),
        (
            ("scored-none", "scored-none"),
            "compare.pairs in params.yaml names one twice: scored-none, scored-none",
        ),
    ],
)
def test_a_pair_that_cannot_be_compared_is_refused(pairs: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(ParamError, match=sentence):
        check_params(with_pairs(*pairs))


def test_a_pair_is_a_step_that_asks_for_each_base_and_split(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    check_params(with_pairs("scored-none"))
    found = [step for step in steps(ROOT, with_pairs("scored-none")) if step.stage == "compare"]
    assert [step.name for step in found] == ["compare fold-1 e2ep scored-none"]
    assert found[0].file == ROOT / "artifacts/sample/compare/fold-1/e2ep/scored-none/asked.json"
    assert not [step for step in steps(ROOT, PARAMS) if step.stage == "compare"]


def test_the_command_without_a_pair_runs_nothing_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("dvc.yaml", "params.yaml"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "data" / "sample").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["compare"])
    assert done.exit_code == 1
    assert "compare.pairs in params.yaml is empty" in done.stderr
