"""params.yaml: whether it can be read, and every stage accepts its section."""

from pathlib import Path
from typing import Any

from e2ep_cli.checks.diagnosis import Diagnosis
from e2ep_cli.project.checking import check_params
from e2ep_cli.project.overrides import changed_params
from stages.core.errors import E2epError
from stages.core.params import load_params

_WHAT = "params.yaml"


def check(folder: Path, changes: dict[str, Any] | None = None) -> list[Diagnosis]:
    """One row for the parameters with `changes`; a fault is in the stage's own words."""
    try:
        params = load_params(folder / "params.yaml")
        if changes:
            params = changed_params(folder, changes)
        check_params(params)
    except E2epError as error:
        return [
            Diagnosis("fault", _WHAT, str(error).replace(f"{folder}/", ""), "git diff params.yaml")
        ]
    return [
        Diagnosis(
            "fine", _WHAT, f"{_asked(params)}; a model's own section is checked when it is trained"
        )
    ]


def _asked(params: dict[str, Any]) -> str:
    return "; ".join(
        f"{name}: {', '.join(params[name])}" for name in ("splits", "models", "strategies")
    )
