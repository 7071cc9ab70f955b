"""The root command, which imports the module of a command when that command is called."""

import io
import sys
from collections.abc import Callable
from functools import partial
from importlib import import_module

import typer

from e2ep_cli.lazy import add_lazily, function_of
from e2ep_cli.menu import COMMAND_GROUPS, COMMANDS, STAGES

HELP = (
    "End-to-end personalization: a graph-attention recommender, "
    "reranked and explained by a language model."
)


def main() -> None:
    """Entry point of `e2ep`; a character that the terminal lacks is printed as a question mark."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    app()


def _stage(name: str) -> Callable[..., None]:
    command: Callable[..., None] = import_module("e2ep_cli.commands.stage").stage_command(name)
    return command


def _root() -> typer.Typer:
    root = typer.Typer(
        no_args_is_help=True,
        rich_markup_mode="rich",
        context_settings={"help_option_names": ["-h", "--help"]},
        help=HELP,
    )
    groups = {
        name: typer.Typer(no_args_is_help=True, help=line)
        for name, (_, line) in COMMAND_GROUPS.items()
    }
    for name, (panel, line) in COMMANDS.items():
        group, _, own = name.rpartition(" ")
        add_lazily(groups[group] if group else root, own, line, panel, function_of(name))
    for name, line in STAGES.items():
        add_lazily(root, name, line, "Stages, each run after those it needs", partial(_stage, name))
    for name, group_app in groups.items():
        root.add_typer(group_app, name=name, rich_help_panel=COMMAND_GROUPS[name][0])
    return root


app = _root()
