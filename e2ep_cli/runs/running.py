"""Run stages through DVC: in the project itself, or in the folder of a run."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from e2ep_cli.project.checking import check_changed, check_params
from e2ep_cli.project.datasets import known_dataset
from e2ep_cli.project.llm_ready import require_llm_ready
from e2ep_cli.project.overrides import changed_params, parsed_settings
from e2ep_cli.project.places import planned_stages, root
from e2ep_cli.project.ready import fetch_sample
from e2ep_cli.runs.ahead import fit_ahead, is_spread
from e2ep_cli.runs.alone import working_alone
from e2ep_cli.runs.folder import make_folder
from e2ep_cli.runs.lock import Lock, read_lock
from e2ep_cli.runs.repro import Done, reproduce
from e2ep_cli.runs.run import Run, new_run, run_for
from stages.code.links import keep_links_empty
from stages.contracts.plan import run_plan
from stages.core.errors import E2epError, InputError, ParamError
from stages.core.log import aside
from stages.core.spread import is_on_cluster, slots
from stages.data.splittable import require_times
from stages.data.unchanged import require_unchanged
from stages.train.params import common_params

_MEASURING = ("evaluate", "report")
"""The last stages, whose outputs are in Git or show those."""


def asked_run(dataset: str | None, settings: list[str], name: str | None = None) -> Run:
    """The run that these options ask for, made before or not."""
    changes = parsed_settings(settings)
    if dataset and changes.get("dataset", dataset) != dataset:
        raise InputError(
            f"--dataset {dataset} and --set dataset={changes['dataset']} contradict each other; "
            "give one of them"
        )
    if dataset:
        changes |= {"dataset": known_dataset(root(), dataset)}
    return new_run(root(), name, changes) if name else run_for(root(), changes)


def run_stages(stages: list[str], run: Run, force: bool = False) -> None:
    """Reproduce these stages of a run, or all if none is named.

    A run that fails ends the program with DVC's exit code. Whatever can be refused is refused
    before anything is written.
    """
    params = changed_params(run.project, run.settings)
    _check(run, params, stages)
    if is_on_cluster():
        slots(common_params(params).threads)
    names = planned_stages(run.project, params)
    # The word before the axes: `profile-users@sample-fold-1` belongs to `profile`.
    targets = [name for name in names if name.partition("@")[0].partition("-")[0] in stages]
    was = read_lock(run.folder, run.project)
    with working_alone(run):
        with _undone_if_refused(run):
            make_folder(run)
            for note in require_llm_ready(run.folder, run.params, targets, force):
                aside(f"note: {note}")
        keep_links_empty(run.folder)
        _say_what_changed(run, params, was)
        if not force and is_spread(params, stages):
            _require_done(fit_ahead(run.folder, run.params, names))
        if run.is_main and not stages and not (run.folder / "report.html").exists():
            done = _all_measured(run.folder, names)
        else:
            done = reproduce(run.folder, targets, len(names), force)
    _require_done(done)


def _require_done(done: Done) -> None:
    if done.code:
        raise SystemExit(done.code if done.code > 0 else 1)


def _say_what_changed(run: Run, params: dict[str, Any], was: Lock | None) -> None:
    """Name what params.yaml has come to say since a run was made, as that is made again with it."""
    changed = was.changed(planned_stages(run.folder, params), run.params) if was else {}
    if changed and not run.is_main:
        moved = ", ".join(f"{key} {old} → {new}" for key, (old, new) in changed.items())
        aside(f"run {run.name} is made again, as params.yaml has changed since: {moved}")


def _all_measured(folder: Path, names: list[str]) -> Done:
    """All stages, the last ones in any case.

    A fresh clone has the committed metrics, so DVC would see nothing to measure.
    """
    last = [name for name in names if name.partition("@")[0] in _MEASURING]
    done = reproduce(folder, [name for name in names if name not in last], len(names))
    if done.code:
        return done
    return reproduce(folder, last, len(names), force=True, before=len(names) - len(last))


@contextmanager
def _undone_if_refused(run: Run) -> Iterator[None]:
    """Delete the folder of a run that has nothing in it yet and that cannot start."""
    try:
        yield
    except E2epError:
        if not run.is_main and not (run.folder / "dvc.lock").exists():
            shutil.rmtree(run.folder)
        raise


def _check(run: Run, params: dict[str, Any], stages: list[str]) -> None:
    with _own_words(run):
        check_params(params)
        lock = read_lock(run.folder, run.project)
        planned = planned_stages(run.project, params)
        check_changed(params, [*run.settings, *(lock.changed(planned, params) if lock else ())])
    if "compare" in stages and not params["compare"]["pairs"]:
        raise ParamError(
            "compare.pairs in params.yaml is empty, so there is nothing to compare; list a "
            "pair of explained strategies there, or for this run only: "
            "--set 'compare.pairs=[scored-none]'"
        )
    fetch_sample(run.project, str(params["dataset"]))
    data = run.project / "data" / str(params["dataset"])
    require_unchanged(data)
    with _own_words(run):
        plan = run_plan(params)
        require_times(data, plan.every_split, plan.every_model)


@contextmanager
def _own_words(run: Run) -> Iterator[None]:
    """Say nothing of params.yaml where a run has parameters of its own."""
    try:
        yield
    except ParamError as error:
        if run.is_main:
            raise
        raise ParamError(str(error).replace(" in params.yaml", "")) from error
