"""`e2ep gate`: whether the numbers are still the committed ones."""

import json
from typing import Annotated

import typer

from e2ep_cli.gating.alike import record_differences
from e2ep_cli.gating.changes import changes_between
from e2ep_cli.gating.limits import LIMITS_FILE, load_limits
from e2ep_cli.gating.numbers import moved_sets, numbers_at, numbers_here
from e2ep_cli.options import DatasetOption, RunOption
from e2ep_cli.project.datasets import known_dataset
from e2ep_cli.project.places import root
from e2ep_cli.runs.run import main_run, named_run
from e2ep_cli.views.moves import moves_as_json, show_moves
from stages.core.errors import InputError, one_sentence


@one_sentence
def gate_command(
    dataset: DatasetOption = None,
    against: Annotated[
        str, typer.Option(metavar="REVISION", help="Git revision to compare with.")
    ] = "HEAD",
    as_json: Annotated[bool, typer.Option("--json", help="Print every change as JSON.")] = False,
    allow_unlike: Annotated[
        bool, typer.Option("--allow-unlike", help="Compare even if data or settings differ.")
    ] = False,
    run: RunOption = None,
) -> None:
    """Compare the metrics with the committed ones; fail if any is worse.

    The exit code is 1 if a number is missing, or worse than metrics/gate.yaml allows. With --run,
    the numbers of that run are compared.
    """
    folder = root()
    made = named_run(folder, run) if run else main_run(folder)
    name = known_dataset(folder, dataset) if dataset else made.dataset
    limits = load_limits(folder / LIMITS_FILE)
    before, after = numbers_at(folder, name, against), numbers_here(made.folder, name, made.command)
    where = f"runs/{made.name}/metrics/{name}" if run else f"metrics/{name}"
    unlike = []
    if before.record and after.record:
        unlike = record_differences(before.record, after.record)
    if unlike and not allow_unlike:
        raise InputError(
            f"{where} and the numbers at {against} come from unlike runs, which differ in "
            f"{'; '.join(unlike)}; compare with a revision of the same, "
            "or all the same with --allow-unlike"
        )
    moved = changes_between(before.files, after.files, limits)
    if as_json:
        shown = moves_as_json(name, against, unlike, moved)
        print(json.dumps(shown, ensure_ascii=False, indent=1))
    else:
        show_moves(f"{where} against {against}", unlike, moved)
    others = [] if dataset or run else moved_sets(folder, against, name)
    if others:
        raise InputError(
            f"metrics/{others[0]} differs from {against} too; "
            f"see `e2ep gate --dataset {others[0]}`, or restore it with `git checkout metrics`"
        )
    if any(change.fails for change in moved):
        raise SystemExit(1)
