"""What is refused before a run has a folder."""

import json
import shutil
from pathlib import Path

import pytest

from e2ep_cli.checks import times
from e2ep_cli.runs.run import run_for
from e2ep_cli.runs.running import run_stages
from stages.core.errors import ParamError
from stages.core.params import load_params

ROOT = Path(__file__).parents[3]
ABOUT = {"name": "shop", "scale": [0, 1], "positive_at": 1, "implicit": True, "timestamps": False}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The pipeline, and a data set without times."""
    for name in ("params.yaml", "dvc.yaml"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "data/shop").mkdir(parents=True)
    (tmp_path / "data/shop/dataset.json").write_text(json.dumps(ABOUT))
    return tmp_path


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"models": ["recent", "ease", "e2ep"]}, "^recent needs times"),
        ({"further.splits": ["fold-2"], "further.models": ["recent"]}, "^recent needs times"),
        ({"splits": ["fold-1", "global"]}, "^splits names 'global', but .* times are missing"),
    ],
)
def test_what_needs_times_is_refused_for_a_set_without(
    project: Path, changes: dict[str, list[str]], sentence: str
) -> None:
    with pytest.raises(ParamError, match=sentence):
        run_stages([], run_for(project, {"dataset": "shop"} | changes))
    assert not (project / "runs").exists()


def test_doctor_says_it_too(project: Path) -> None:
    params = load_params(project / "params.yaml")
    assert times.check(project, params, "shop") == []
    with pytest.raises(ParamError, match="recent needs times"):
        times.check(project, params | {"models": ["recent", *params["models"]]}, "shop")
