"""A run: the project itself, or a folder of runs/ for everything that differs from params.yaml.

Its parameters, dvc.lock, artifacts, metrics and report are its own.
"""

import hashlib
import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from e2ep_cli.project.overrides import changed_params
from e2ep_cli.runs.words import as_options, in_words, typed
from stages.core.errors import InputError
from stages.core.params import Section, check_section, load_params

RUNS = "runs"
MAIN = "main"
"""The name of the run that the project's own params.yaml describes."""
NOTE = "run.yaml"
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]*")
_READABLE = 32
"""Characters of settings that a name spells out; longer ones become a hash."""


class RunNote(Section):
    """run.yaml: what the run changes, as dotted keys → values on top of params.yaml."""

    settings: dict[str, Any]


@dataclass(frozen=True)
class Run:
    """A run: its name, its folder, and what it changes in the project's params.yaml."""

    project: Path
    name: str
    settings: dict[str, Any]

    @property
    def is_main(self) -> bool:
        """Whether it is the project itself."""
        return self.name == MAIN

    @property
    def folder(self) -> Path:
        """Where dvc.yaml, params.yaml, artifacts and metrics are."""
        return self.project if self.is_main else self.project / RUNS / self.name

    @property
    def params(self) -> dict[str, Any]:
        """The parameters of its folder."""
        return load_params(self.folder / "params.yaml")

    @property
    def dataset(self) -> str:
        """The name of its data set, also before its folder was made."""
        return str(self.settings.get("dataset") or self.params.get("dataset"))

    @property
    def command(self) -> str:
        """The command that completes it."""
        return "e2ep run" if self.is_main else f"e2ep run --run {self.name}"


def main_run(project: Path) -> Run:
    """The project itself."""
    return Run(project, MAIN, {})


def run_for(project: Path, changes: dict[str, Any]) -> Run:
    """The run with these changes, made before or not; the project's own if they change nothing."""
    params = changed_params(project, changes)
    if params == load_params(project / "params.yaml"):
        return main_run(project)
    settings = _of_one_dataset(params, changes)
    made = {run.name: run for run in all_runs(project)}
    name = _readable_name(settings)
    if name in made:
        name = f"{params['dataset']}-{_digest(settings)}"
    same = (run for run in made.values() if run.settings == settings)
    return next(same, Run(project, name, settings))


def named_run(project: Path, name: str) -> Run:
    """A run that was made, by its name."""
    if name == MAIN:
        return main_run(project)
    note = _note_of(project / RUNS / name)
    if note is None:
        made = ", ".join(run.name for run in all_runs(project))
        raise InputError(f"there is no run {name!r}; choose from {made}, see `e2ep run --list`")
    return Run(project, name, note.settings)


def new_run(project: Path, name: str, changes: dict[str, Any]) -> Run:
    """A run under a name that the person gave; without changes, one that was made."""
    if name == MAIN or not _NAME.fullmatch(name):
        raise InputError(
            f"--run {name!r} cannot name a run; use lower-case letters, digits, dots and -, "
            f"and not {MAIN}"
        )
    note = _note_of(project / RUNS / name)
    if not changes:
        return named_run(project, name)
    settings = _of_one_dataset(changed_params(project, changes), changes)
    if note is not None and note.settings != settings:
        raise InputError(
            f"run {name!r} has other settings ({in_words(note.settings)}); choose another name, "
            f"or remove it with `e2ep run --remove {name}`"
        )
    return Run(project, name, settings)


def all_runs(project: Path) -> list[Run]:
    """The project's own run, and every run that was made, by name."""
    notes = {path.parent.name: _note_of(path.parent) for path in project.glob(f"{RUNS}/*/{NOTE}")}
    made = [Run(project, name, note.settings) for name, note in sorted(notes.items()) if note]
    return [main_run(project), *made]


def remove_run(project: Path, name: str) -> Run:
    """Delete a run's folder; what DVC has cached and language models have answered stays."""
    if name == MAIN:
        raise InputError(f"{MAIN} is the project itself and cannot be removed; name another run")
    run = named_run(project, name)
    shutil.rmtree(run.folder)
    return run


def find_run(project: Path, dataset: str | None, name: str | None, changes: dict[str, Any]) -> Run:
    """The run that a reading command is about: by its name, by its settings, or by its data set.

    Of several runs of a data set, the project's own comes first, then the one without further
    settings, then the latest.
    """
    if name is not None:
        if dataset or changes:
            raise InputError("--run names one run; leave out --dataset and --set")
        return named_run(project, name)
    if changes:
        run = run_for(project, changes | ({"dataset": dataset} if dataset else {}))
        if not run.is_main and _note_of(run.folder) is None:
            raise InputError(
                f"no run with these settings was made; `e2ep run {as_options(run.settings)}` "
                "makes it"
            )
        return run
    main = main_run(project)
    if dataset is None or dataset == main.dataset:
        return main
    made = [run for run in all_runs(project)[1:] if run.dataset == dataset]
    if not made:
        # Imported here, since the formats of data sets load pandas.
        from e2ep_cli.project.datasets import known_dataset

        known_dataset(project, dataset)
        raise InputError(
            f"nothing was made for data set {dataset!r} yet; run `e2ep run --dataset {dataset}`"
        )
    return max(made, key=lambda run: (run.settings == {"dataset": dataset}, _changed_at(run)))


def latest_run(project: Path, dataset: str | None) -> Run:
    """The run of a data set that made something last; default: params.yaml's data set."""
    name = dataset or main_run(project).dataset
    made = [run for run in all_runs(project) if run.dataset == name]
    return max(made, key=_changed_at) if made else find_run(project, name, None, {})


def _changed_at(run: Run) -> float:
    lock = run.folder / "dvc.lock"
    return lock.stat().st_mtime if lock.exists() else 0.0


def _note_of(folder: Path) -> RunNote | None:
    path = folder / NOTE
    if not path.is_file():
        return None
    return check_section("the run", load_params(path), RunNote, path)


def _of_one_dataset(params: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """The changes with the data set named, whatever params.yaml comes to say."""
    return {"dataset": params["dataset"]} | changes


def _readable_name(settings: dict[str, Any]) -> str:
    """Such as `shop`, `sample-e2ep-layers-3`, or `ml-100k-3f2a9c` where that would be long."""
    others = {key: value for key, value in settings.items() if key != "dataset"}
    words = [f"{'-'.join(key.split('.')[-2:])}-{typed(value)}" for key, value in others.items()]
    spelt = "-".join(words).lower().replace("_", "-")
    if len(spelt) > _READABLE or (spelt and not _NAME.fullmatch(spelt)):
        spelt = _digest(settings)
    return "-".join(filter(None, (str(settings["dataset"]), spelt)))


def _digest(settings: dict[str, Any]) -> str:
    text = json.dumps(settings, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:6]
