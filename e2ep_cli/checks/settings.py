"""params.yaml: that it reads, and that every stage takes its section."""

from pathlib import Path
from typing import Any

from e2ep_cli.checking import check_params, sections
from e2ep_cli.checks.diagnosis import Diagnosis
from e2ep_cli.project import looked_up
from stages.core.errors import E2epError, ParamError
from stages.core.params import load_params

WHAT = "params.yaml"
LISTS = ("dataset", "splits", "models", "strategies", "seed")


def check(folder: Path) -> list[Diagnosis]:
    """One row; a fault is in the stage's own words."""
    try:
        params = load_params(folder / "params.yaml")
        _check_names(params)
        check_params(params)
    except E2epError as error:
        return [Diagnosis("fault", WHAT, str(error).replace(f"{folder}/", ""), "git diff params.yaml")]
    return [Diagnosis("fine", WHAT, f"{_asked(params)}; a model's own section is checked when it is trained")]


def _check_names(params: dict[str, Any]) -> None:
    """Refuse a name at the top level that nothing reads, one that is not there, and a section without names in it."""
    stages = list(dict.fromkeys(name.partition(".")[0] for name in sections()))
    known = [*LISTS, *stages]
    unknown = [name for name in params if name not in known]
    if unknown:
        raise ParamError(f"{unknown[0]} in params.yaml is not a known section; there are {', '.join(known)}")
    values = {name: looked_up(params, name) for name in known}
    flat = [name for name in stages if not isinstance(values[name], dict | None)]
    if flat:
        raise ParamError(f"{flat[0]} in params.yaml is {values[flat[0]]!r}; it must hold named values")


def _asked(params: dict[str, Any]) -> str:
    return "; ".join(f"{name}: {', '.join(params[name])}" for name in ("splits", "models", "strategies"))
