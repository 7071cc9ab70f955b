"""Whether a run will ask a chat model, and whether that one can be asked.

DVC deletes the outputs of a stage before it runs it, so both are found out before DVC starts.
"""

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import chdir
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Any

from e2ep_cli.checks.code import code_change
from e2ep_cli.project.places import interpolated, items_of, pipeline, planned_stage
from e2ep_cli.project.steps import ASKING_STAGES
from stages.contracts.plan import UNJUDGED
from stages.contracts.splits import NEXT
from stages.core.params import check_section
from stages.llm.params import LlmParams
from stages.llm.servers.ready import NOBODY, require_ready


def require_llm_ready(
    folder: Path, params: dict[str, Any], targets: Iterable[str] = (), force: bool = False
) -> list[str]:
    """Raise an E2epError if a chat model that this run may ask cannot be asked; else notes on it.

    A key, a package, the file of a replay or the server may be missing. A model is looked at only
    if a stage that asks it is out of date; that stage may still find all its answers in the cache,
    which only its questions tell. targets: names of stages, or none for all; force: they alone run,
    and in any case.
    """
    needs, targets = _needs(folder, params), list(targets)
    listed = set(targets if force else _closure(needs, targets or needs))
    models = {stage: asked for stage, asked in _models(folder, params).items() if stage in listed}
    if models and not force:
        stale = _stale(folder, params)
        models = {
            stage: asked
            for stage, asked in models.items()
            if not stale.isdisjoint(_closure(needs, [stage]))
        }
    return _notes(folder, chain.from_iterable(models.values()))


def require_llms_ready(folder: Path, runs: Iterable[dict[str, Any]]) -> list[str]:
    """The same for runs from nothing, each with these parameters."""
    return _notes(
        folder,
        (model for params in runs for asked in _models(folder, params).values() for model in asked),
    )


def _notes(folder: Path, models: Iterable[LlmParams]) -> list[str]:
    with chdir(folder):
        different = {repr(model): model for model in models}.values()
        return [note for model in different for note in require_ready(model)]


def _models(folder: Path, params: dict[str, Any]) -> dict[str, list[LlmParams]]:
    """Planned stage → the models that it asks, without those that are always ready."""
    llm = check_section("llm", params.get("llm") or {}, LlmParams)
    models = {
        planned_stage(stage, item): [
            model for model in _asked(stage, item, llm, params) if model.provider not in NOBODY
        ]
        for stage, entry in pipeline(folder).items()
        if stage in ASKING_STAGES
        for item in items_of(entry, params)
    }
    return {stage: needed for stage, needed in models.items() if needed}


def _asked(
    stage: str, item: dict[str, str], llm: LlmParams, params: dict[str, Any]
) -> Iterator[LlmParams]:
    """The models that a stage asks for one item of its matrix."""
    if not stage.startswith("rerank"):
        yield llm if stage == "profile-items" else llm.about_users
        return
    strategy, reasons = item.get("strategy"), (params.get("rerank") or {}).get("reasons") or {}
    if strategy not in UNJUDGED:
        yield llm.judging
    if item.get("split") == NEXT or strategy in (reasons.get("strategies") or ()):
        yield llm.about_users


def _closure(needs: dict[str, set[str]], stages: Iterable[str]) -> set[str]:
    """These stages and all that they need."""
    closed, todo = set[str](), list(stages)
    while todo:
        stage = todo.pop()
        if stage not in closed:
            closed.add(stage)
            todo.extend(needs[stage])
    return closed


def _needs(folder: Path, params: dict[str, Any]) -> dict[str, set[str]]:
    """Planned stage → the stages whose outputs it reads, by the paths in dvc.yaml."""
    reads: dict[str, list[PurePosixPath]] = {}
    makers: dict[PurePosixPath, set[str]] = defaultdict(set)
    within: dict[PurePosixPath, set[str]] = defaultdict(set)
    for stage, entry in pipeline(folder).items():
        for item in items_of(entry, params):
            name = planned_stage(stage, item)
            reads[name] = [_path(dep, item) for dep in entry["deps"]]
            for made in (_path(out, item) for out in entry["outs"]):
                makers[made].add(name)
                for above in made.parents:
                    within[above].add(name)
    return {
        name: set().union(
            *(makers[at] for path in paths for at in (path, *path.parents) if at in makers),
            *(within[path] for path in paths if path in within),
        )
        for name, paths in reads.items()
    }


def _path(entry: str | dict[str, Any], item: dict[str, str]) -> PurePosixPath:
    text = entry if isinstance(entry, str) else next(iter(entry))
    return PurePosixPath(interpolated(text, {"item": item}))


def _stale(folder: Path, params: dict[str, Any]) -> set[str]:
    """The planned stages that differ from dvc.lock; all of them if DVC cannot tell.

    What an edit of the sources makes stale is told by the hashes that the stage `code` will write.
    """
    command = [sys.executable, "-m", "dvc", "status", "--json"]
    scripts = str(Path(sys.executable).parent)
    environment = os.environ | {"PATH": f"{scripts}{os.pathsep}{os.environ.get('PATH', '')}"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        return set(_needs(folder, params))
    differs = set(json.loads(done.stdout)) - {"code"}
    return differs | set(code_change(folder, params).stages)
