"""Ablations as DVC experiments: run in a folder of their own or queued, and found again by name."""

import json
import re
import subprocess
import sys
from pathlib import Path

from e2ep_cli.ablating.plan import Plan
from e2ep_cli.project import git
from e2ep_cli.repro import followed

TRAINED = re.compile(r"^train (?P<model>\S+) (?P<split>\S+): .* · (?P<seconds>[\d.]+) s$")
"""The line that the train stage prints at its end."""

Seconds = dict[tuple[str, str], float]
"""Model and split → seconds of training that were seen."""


def finished(folder: Path, plan: Plan) -> str | None:
    """The commit of the plan's experiment, None where it has not come to its end."""
    found = git(folder, "for-each-ref", "--format=%(objectname)", f"refs/exps/*/*/{plan.experiment}")
    return found.decode().partition("\n")[0] or None


def run(folder: Path, plan: Plan) -> tuple[int, Seconds]:
    """Run it in a temporary folder, told stage by stage; its exit code (128 + signal where it was stopped) and seconds."""
    said: list[str] = []
    code = followed(
        folder, [*_command(plan), "--temp", *plan.targets], hear=said.append, unsafe_until="Reproducing experiment"
    )
    return code, trained(said)


def queue(folder: Path, plan: Plan) -> int:
    """Add it to DVC's queue; the exit code."""
    return followed(folder, [*_command(plan), "--queue", *plan.targets], unsafe_until="Queued experiment")


def waiting(folder: Path) -> set[str]:
    """Names of the experiments that are in the queue or run by a worker."""
    from dvc.repo import Repo

    with Repo(str(folder)) as repo:
        tasks = repo.experiments.celery_queue
        return {one.name for one in (*tasks.iter_queued(), *tasks.iter_active())}


def queue_log(folder: Path, plan: Plan) -> list[str]:
    """What a worker's run of it printed; nothing where no worker ran it."""
    command = [sys.executable, "-m", "dvc", "queue", "logs", plan.experiment]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True).stdout.splitlines()


def trained(lines: list[str]) -> Seconds:
    """Seconds of training by model and split, as the stage told them."""
    found = filter(None, map(TRAINED.match, lines))
    return {(one["model"], one["split"]): float(one["seconds"]) for one in found}


def _command(plan: Plan) -> list[str]:
    settings = [part for key, value in plan.changes.items() for part in ("-S", f"{key}={json.dumps(value)}")]
    dataset = str(plan.params["dataset"])
    # the sample comes from data.dvc; others are not tracked, and a temporary folder holds what is tracked alone
    copied = [] if dataset == "sample" else ["--copy-paths", f"data/{dataset}"]
    return ["exp", "run", "--name", plan.experiment, *settings, *copied]
