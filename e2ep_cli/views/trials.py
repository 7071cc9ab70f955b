"""What `e2ep tune` prints at its end: the best trials, and what to do with the winner."""

import shlex
from textwrap import indent
from typing import Any

import typer
import yaml

from e2ep_cli.views.tables import WholeTable, number_column, show_table
from stages.train.searching.trials import CURRENT, Trial, best_first, drawn_trials

_SHOWN = 10


def show_trials(trials: list[Trial], what: str) -> None:
    """The best trials of a search, with the settings that differ from the model's defaults."""
    best = best_first(trials)[:_SHOWN]
    table = WholeTable(
        *map(number_column, ("trial", "NDCG@10", "epochs", "seconds")),
        "parameters",
        title=f"{what}: the best {len(drawn_trials(best))} of {len(drawn_trials(trials))} trials",
    )
    for trial in best:
        settings = ", ".join(f"{name} {_flow(value)}" for name, value in trial.parameters.items())
        if trial.trial == CURRENT:
            settings = "as in params.yaml"
        figures = (f"{trial.ndcg:.4f}", str(trial.epochs or ""), f"{trial.seconds:.0f}")
        table.add_row(trial.name, *figures, settings or "defaults")
    show_table(table)


def show_winner(best: Trial, current: Trial, changes: dict[str, Any], run: list[str]) -> None:
    """Whether the best trial beats the current settings on valid, and how to run and keep it.

    changes: dotted parameters of the best that differ from params.yaml. run: the command without
    them.
    """
    where = "params.yaml" if current.trial == CURRENT else f"params.yaml, trial {current.name}"
    # The record has five decimals.
    gain = round(best.ndcg, 5) - round(current.ndcg, 5)
    if gain <= 0:
        typer.echo(f"no trial beats the settings of {where}: NDCG@10 {current.ndcg:.4f} on valid")
        return
    typer.echo(
        f"trial {best.name} beats the settings of {where}: NDCG@10 {best.ndcg:.4f} "
        f"against {current.ndcg:.4f} on valid"
    )
    words = [part for key, value in changes.items() for part in ("--set", f"{key}={_flow(value)}")]
    typer.echo(f"to try it: {shlex.join([*run, *words])}")
    typer.echo("to keep it, in params.yaml:")
    lines = yaml.safe_dump(_nested(changes), default_flow_style=None, sort_keys=False, width=10_000)
    typer.echo(indent(lines, "  "), nl=False)


def _nested(changes: dict[str, Any]) -> dict[str, Any]:
    """Dotted names as sections in sections."""
    sections: dict[str, Any] = {}
    for key, value in changes.items():
        *path, last = key.split(".")
        section = sections
        for name in path:
            section = section.setdefault(name, {})
        section[last] = value
    return sections


def _flow(value: Any) -> str:
    """A value as YAML in one line."""
    text = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, width=10_000)
    return text.removesuffix("\n").removesuffix("\n...").strip()
