"""Whether the splits and models that are asked for need times that the data set lacks."""

from pathlib import Path
from typing import Any

from e2ep_cli.checks.diagnosis import Diagnosis
from stages.contracts.plan import run_plan
from stages.data.splittable import require_times


def check(folder: Path, params: dict[str, Any], dataset: str) -> list[Diagnosis]:
    """No row where all is well; otherwise the sentence is raised."""
    place, plan = folder / "data" / dataset, run_plan(params)
    if place.is_dir():
        require_times(place, plan.every_split, plan.every_model)
    return []
