"""Ablations as DVC experiments: run in their own folder or queued, and found again by name."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from e2ep_cli.ablating.plan import Plan
from e2ep_cli.project.places import git
from e2ep_cli.runs.repro import followed

_TRAINED = re.compile(r"^train (?P<model>\S+) (?P<split>\S+): .* · (?P<seconds>[\d.]+) s$")
"""The line that the train stage prints at its end."""

Seconds = dict[tuple[str, str], float]
"""Model and split → seconds of training, if the run printed them."""


def finished(folder: Path, plan: Plan) -> str | None:
    """The commit of the plan's experiment; None if it has not finished."""
    commits = git(
        folder, "for-each-ref", "--format=%(objectname)", f"refs/exps/*/*/{plan.experiment}"
    )
    return commits.decode().partition("\n")[0] or None


def run_experiment(folder: Path, plan: Plan) -> tuple[int, Seconds]:
    """Run it in a temporary folder; returns exit code (128 + signal if stopped) and seconds."""
    said: list[str] = []
    done = followed(
        folder,
        [*_command(plan), "--temp", *plan.targets],
        hear=said.append,
        unsafe_until="Reproducing experiment",
    )
    return done.code, trained(said)


def queue_experiment(folder: Path, plan: Plan) -> int:
    """Add it to DVC's queue; the exit code."""
    queued = [*_command(plan), "--queue", *plan.targets]
    return followed(folder, queued, unsafe_until="Queued experiment").code


@dataclass(frozen=True)
class Queue:
    """DVC's queue by name: waiting or running, failed, and the training seen of finished ones."""

    waiting: frozenset[str]
    failed: frozenset[str]
    seen: dict[str, Seconds]


def queue_of(folder: Path) -> Queue:
    """The current queue."""
    from dvc.repo import Repo

    with Repo(str(folder)) as repo:
        tasks = repo.experiments.celery_queue
        waiting = frozenset(task.name for task in (*tasks.iter_queued(), *tasks.iter_active()))
        failed = frozenset(task.entry.name for task in tasks.iter_failed())
        logs = {
            task.entry.name: Path(tasks.proc[task.entry.stash_rev].stdout)
            for task in tasks.iter_success()
        }
    return Queue(
        waiting,
        failed - waiting,
        {name: trained(log.read_text().splitlines()) for name, log in logs.items()},
    )


def trained(lines: list[str]) -> Seconds:
    """Seconds of training by model and split, as the stage reported them."""
    matches = filter(None, map(_TRAINED.match, lines))
    return {(match["model"], match["split"]): float(match["seconds"]) for match in matches}


def override(value: Any) -> str:
    """A value in the grammar of DVC's overrides, which is Hydra's: JSON, but keys are bare."""
    if isinstance(value, dict):
        return f"{{{','.join(f'{key}:{override(part)}' for key, part in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{','.join(map(override, value))}]"
    return json.dumps(value)


def _command(plan: Plan) -> list[str]:
    settings = [
        part for key, value in plan.changes.items() for part in ("-S", f"{key}={override(value)}")
    ]
    dataset = str(plan.params["dataset"])
    # the sample comes from data.dvc; others are not tracked, and a temporary folder holds only
    # what is tracked
    copied = [] if dataset == "sample" else ["--copy-paths", f"data/{dataset}"]
    return ["exp", "run", "--name", plan.experiment, *settings, *copied]
