"""What is fitted under which name: a file of settings, alone or with one change on top."""

from pathlib import Path
from typing import Any, NamedTuple

from e2ep_cli.ablating.entries import chosen, load
from e2ep_cli.project.overrides import changed_params, parsed_settings
from e2ep_cli.runs.run import run_for
from stages.core.errors import InputError

MODELS = ("gat", "integrated", "unified")


class SeedPlan(NamedTuple):
    """Fits of these models, from these artifacts.

    is_own: whether the artifacts are of the run with all these settings, lists and all. base: the
    name of the settings without the change; compare: model with it → model without it, empty where
    nothing is changed.
    """

    name: str
    params: dict[str, Any]
    models: list[str]
    artifacts: Path
    is_own: bool
    base: str
    compare: dict[str, str]


class Change(NamedTuple):
    """Dotted key → value, and model with it → model that it is compared with."""

    name: str
    set: dict[str, Any]
    compare: dict[str, str]


def named_change(
    ablation: str | None, also: list[str], name: str | None, models: list[str]
) -> Change | None:
    """An ablation by its name, or settings under a name of their own."""
    if ablation:
        [known] = chosen(load(Path()), [ablation])
        return Change(ablation, known.entry.set, known.entry.compare)
    if not also:
        return None
    if not name or not models:
        raise InputError("--also needs --name, what it is called, and --models")
    return Change(name, parsed_settings(also), {model: model for model in models})


def seed_plan(
    settings: str, change: Change | None, models: list[str], artifacts: Path | None
) -> SeedPlan:
    """Of a file of settings (@FILE) and a change."""
    base, changes = Path(settings.removeprefix("@")).stem, parsed_settings([settings])
    if change is None:
        params = changed_params(Path(), changes)
        made = artifacts or _artifacts(changes, params)
        return SeedPlan(base, params, models or [*MODELS], made, artifacts is None, base, {})
    params = changed_params(Path(), changes | change.set)
    # A change of training alone reads the texts of the run without it.
    of_texts = {key: value for key, value in change.set.items() if not key.startswith("train.")}
    made = artifacts or _artifacts(changes | of_texts, params)
    names = models or list(change.compare)
    compare = {model: change.compare[model] for model in names}
    return SeedPlan(f"{base} {change.name}", params, names, made, False, base, compare)


def _artifacts(changes: dict[str, Any], params: dict[str, Any]) -> Path:
    return run_for(Path(), changes).folder / "artifacts" / str(params["dataset"])
