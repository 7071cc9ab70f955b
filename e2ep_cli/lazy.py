"""A command whose module is imported when it is called, so that `e2ep --help` imports none."""

import inspect
from collections.abc import Callable
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand

Load = Callable[[], Callable[..., None]]
"""Imports a command's module and returns its function."""


class LazyCommand(TyperCommand):
    """A name and one line of help; every call goes to the function that its callback loads.

    Help and shell completion of its options make a context too, so they see the real command.
    """

    def make_context(self, info_name: Any, args: Any, parent: Any = None, **extra: Any) -> Any:
        """The context of the real command."""
        return self._loaded().make_context(info_name, args, parent, **extra)

    def _loaded(self) -> Any:
        assert self.callback is not None
        real = typer.Typer(add_completion=False, rich_markup_mode="rich")
        function = self.callback()
        real.command(self.name, help=_unwrapped(inspect.getdoc(function) or ""))(function)
        return typer.main.get_command(real)


def _unwrapped(text: str) -> str:
    """A docstring with a line per paragraph: Typer would keep the line breaks of the source."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


def add_lazily(app: typer.Typer, name: str, line: str, panel: str | None, load: Load) -> None:
    """Give `app` a command that `load` imports, listed with `line` in `panel` of its help."""
    # A wrapper without parameters or docstring: until the command loads, only `line` is shown.
    app.command(name, cls=LazyCommand, help=line, rich_help_panel=panel)(lambda: load())


def function_of(name: str) -> Load:
    """The loader of a command: ``data add`` is data_add_command in commands/data_add.py."""
    word = name.replace(" ", "_")
    return lambda: getattr(import_module(f"e2ep_cli.commands.{word}"), f"{word}_command")
