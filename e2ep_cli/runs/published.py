"""What lies in metrics/, and which of it this code and these parameters would not make any more.

A run's dvc.lock is too long to be committed for each of them. What is committed instead is the
record of its parameters and data, and code.json: the hash that DVC had of each part of the code.
The settings of metrics/NAME are experiments/NAME.yaml, those of metrics/NAME/BESIDE are
experiments/NAME-BESIDE.yaml.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from e2ep_cli.gating.alike import record_differences
from e2ep_cli.project.overrides import changed_params, parsed_settings
from stages.contracts.metrics.files import read_record
from stages.contracts.metrics.record import RunRecord
from stages.contracts.plan import RunPlan, run_plan
from stages.core.errors import E2epError
from stages.core.params import load_params
from stages.core.tables import read_json
from stages.evaluate.output.record import record

CODE_FILE = "code.json"
_CODE = "artifacts/code/"


@dataclass(frozen=True)
class Published:
    """Numbers in metrics/, and what has changed since a run made them."""

    place: str
    settings: str
    changes: tuple[str, ...]


def code_of(entries: dict[str, Any], stages: list[str]) -> dict[str, str]:
    """Part of the code → its MD5 as these stages had it, from their dvc.lock."""
    read = (dep for name in stages for dep in entries.get(name, {}).get("deps", ()))
    code = {dep["path"]: dep["md5"] for dep in read if dep["path"].startswith(_CODE)}
    return {path.removeprefix(_CODE).removesuffix(".txt"): code[path] for path in sorted(code)}


def code_here() -> dict[str, str]:
    """The same of the code as it is."""
    # Here alone, as it reads every file of stages/.
    from stages.code.closure import closure, digest
    from stages.code.entries import entries

    texts = {name: digest(closure(*modules)) for name, modules in entries().items()}
    return {name: hashlib.md5(text.encode()).hexdigest() for name, text in texts.items()}


def published_numbers(project: Path) -> list[Published]:
    """Everything with a record in metrics/, but for what params.yaml itself makes."""
    code, own = code_here(), load_params(project / "params.yaml")["dataset"]
    numbers = []
    for path in sorted((project / "metrics").glob("**/record.json")):
        place = path.parent.relative_to(project / "metrics")
        if str(place) != own:
            settings = Path("experiments") / f"{'-'.join(place.parts)}.yaml"
            changes = _since(project, path.parent, settings, code)
            numbers.append(Published(place.as_posix(), settings.as_posix(), changes))
    return numbers


def _since(project: Path, folder: Path, settings: Path, code: dict[str, str]) -> tuple[str, ...]:
    """What has changed since the numbers in a folder were made, in a few words each."""
    if not (project / settings).is_file():
        return (f"its settings may have, which are not in {settings}",)
    made = read_record(folder / "record.json")
    try:
        params = changed_params(project, parsed_settings([f"@{project / settings}"]))
        changes = _changed_settings(made, params, run_plan(params))
    except E2epError as error:
        return (str(error),)
    if not (folder / CODE_FILE).is_file():
        return (*changes, "made before code.json was kept")
    was = read_json(folder / CODE_FILE)
    stale = [name for name, md5 in was.items() if code.get(name) != md5]
    return (*changes, *([f"code ({', '.join(stale)})"] if stale else []))


def _changed_settings(made: RunRecord, params: dict[str, Any], plan: RunPlan) -> list[str]:
    # Neither data nor answers are made by parameters.
    now = record(params, plan, made.data, made.answered_by)
    changes = record_differences(made, now)
    for kind, had, asked in (
        ("models", (*made.models, *made.further.models), plan.every_model),
        ("splits", (*made.splits, *made.further.splits), plan.every_split),
        ("strategies", made.strategies, plan.strategies),
    ):
        if lacking := [name for name in asked if name not in had]:
            changes.append(f"{kind} not run ({', '.join(lacking)})")
    return changes
