"""Publishing a run: its numbers become those of metrics/, which Git versions."""

import json
import re
import shutil
from functools import partial
from pathlib import Path

from e2ep_cli.project.places import planned_stages
from e2ep_cli.runs.lock import read_lock
from e2ep_cli.runs.published import CODE_FILE, code_of
from e2ep_cli.runs.run import Run, main_run
from e2ep_cli.runs.state import state_of
from e2ep_cli.runs.words import in_words
from stages.contracts.metrics.files import read_record
from stages.contracts.metrics.memorised import MEMORISED_FILE
from stages.core.errors import InputError, MissingError
from stages.core.files import write_text, write_whole

_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")


def require_publishable(run: Run, beside: str | None = None) -> None:
    """Refuse a run whose place in metrics/ belongs to params.yaml itself.

    beside: the folder for numbers of a run that lie beside those of the data set's own.
    """
    if beside is not None and not _NAME.fullmatch(beside):
        raise InputError(
            f"--beside {beside!r} cannot name a folder; use lower-case letters, digits and -"
        )
    if beside is None and not run.is_main and run.dataset == main_run(run.project).dataset:
        raise InputError(
            f"metrics/{run.dataset} belongs to params.yaml itself; to publish run "
            f"{run.name}, put its settings there ({in_words(run.settings)}) and run `e2ep run`"
        )


def publish(run: Run, beside: str | None = None) -> str:
    """Copy the numbers of a complete run to metrics/; returns what was done and what comes next.

    What language models recite is there already: a run only has a copy. beside: see
    `require_publishable`.
    """
    place = f"metrics/{run.dataset}"
    if run.is_main and beside is None:
        return f"{place}: the numbers of this run are published already"
    if not state_of(run).is_complete:
        raise MissingError(f"run {run.name} is not complete; `{run.command}` completes it")
    here = run.folder / place
    place = f"{place}/{beside}" if beside else place
    there = run.project / place
    gone = _dropped(here / "record.json", there / "record.json")
    own = Path(MEMORISED_FILE)
    files = [Path(path.name) for path in here.glob("*.*") if path.name != own.name]
    for old in there.glob("*.*"):
        if Path(old.name) not in [*files, own]:
            old.unlink()
    for name in files:
        write_whole(there / name, partial(shutil.copyfile, here / name))
    lock = read_lock(run.folder, run.project)
    code = code_of(lock.entries, planned_stages(run.folder, run.params)) if lock else {}
    if code:
        write_text(there / CODE_FILE, json.dumps(code, indent=1) + "\n")
    compared = "" if beside else f"`e2ep gate --dataset {run.dataset}` compares them, "
    return (
        f"{place}: {len(files)} files published; {compared}`make docs` writes the pages, and a "
        f"commit keeps them{gone}"
    )


def _dropped(new: Path, old: Path) -> str:
    """What the published numbers had and these have not, in words."""
    if not old.is_file():
        return ""
    before, after = read_record(old), read_record(new)
    kinds = {
        "models": (
            (*before.models, *before.further.models),
            (*after.models, *after.further.models),
        ),
        "splits": (
            (*before.splits, *before.further.splits),
            (*after.splits, *after.further.splits),
        ),
        "strategies": (before.strategies, after.strategies),
    }
    lost = {
        kind: [name for name in dict.fromkeys(was) if name not in now]
        for kind, (was, now) in kinds.items()
    }
    words = [f"{kind} {', '.join(names)}" for kind, names in lost.items() if names]
    return f"; no longer there: {'; '.join(words)}" if words else ""
