"""The root command: what it lists, what it imports, and shell completion."""

import inspect
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from e2ep_cli.commands.stage import stage_command
from e2ep_cli.lazy import function_of
from e2ep_cli.main import app
from e2ep_cli.menu import COMMAND_GROUPS, COMMANDS, STAGES

ROOT = Path(__file__).parents[2]
HEAVY = {"numpy", "pandas", "pyarrow", "scipy", "torch", "dvc", "yaml"}


def python(program: str) -> str:
    environment = os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "100"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def completed(typed: str) -> str:
    """What the shell is offered after these words."""
    environment = {
        "_E2EP_COMPLETE": "complete_bash",
        "COMP_WORDS": typed,
        "COMP_CWORD": str(len(typed.split(" ")) - 1),
    }
    return CliRunner().invoke(app, [], prog_name="e2ep", env=environment).output


@pytest.mark.parametrize("name", COMMANDS)
def test_a_line_of_the_menu_is_the_first_of_its_command(name: str) -> None:
    assert (inspect.getdoc(function_of(name)()) or "").splitlines()[0] == COMMANDS[name][1]


@pytest.mark.parametrize("name", STAGES)
def test_a_line_of_a_stage_is_the_first_of_its_command(name: str) -> None:
    assert (inspect.getdoc(stage_command(name)) or "").splitlines()[0] == STAGES[name]


def test_help_fills_its_lines() -> None:
    """A line break of the source would show as a short line."""
    shown = CliRunner().invoke(app, ["memorised", "--help"], env={"COLUMNS": "80"}).output
    lines = [line.strip() for line in shown.partition("╭")[0].splitlines() if line.strip()]
    assert min(map(len, lines[2:-1])) > 60


def test_every_file_of_commands_is_in_the_menu() -> None:
    files = {path.stem for path in (ROOT / "e2ep_cli" / "commands").glob("[!_]*.py")}
    assert files == {name.replace(" ", "_") for name in COMMANDS} | {"stage"}


@pytest.mark.parametrize("words", [[], ["data"], ["llm"], ["study"]])
def test_help_imports_no_command_and_nothing_heavy(words: list[str]) -> None:
    program = (
        "import sys; from e2ep_cli.main import app\n"
        f"app({[*words, '--help']}, standalone_mode=False)\n"
        "print('imported:', *sorted(name for name in sys.modules if name.partition('.')[0] in "
        f"{HEAVY} or name.startswith(('e2ep_cli.commands.', 'stages.'))))"
    )
    assert python(program).splitlines()[-1] == "imported:"


def test_help_lists_every_command() -> None:
    listed = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "100"}).output
    for name, line in {name: line for name, (_, line) in COMMANDS.items()}.items():
        assert " " in name or f"│ {name} " in listed
        assert " " in name or line in listed
    assert all(f"│ {name} " in listed for name in (*STAGES, *COMMAND_GROUPS))


def test_the_help_of_a_command_is_that_of_its_function() -> None:
    shown = CliRunner().invoke(app, ["data", "import", "--help"], env={"COLUMNS": "100"}).output
    assert "Import your own files as a data set." in shown
    assert "--positive-at" in shown


def test_a_misspelt_command_is_answered_with_the_likeliest() -> None:
    done = CliRunner().invoke(app, ["recomend"], env={"COLUMNS": "100"})
    assert done.exit_code == 2
    assert "Did you mean 'recommend'" in done.stderr


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("e2ep rec", "recommend"),
        ("e2ep data im", "import"),
        ("e2ep gate --allow", "--allow-unlike"),
    ],
)
def test_shells_complete_commands_and_options(typed: str, offered: str) -> None:
    assert completed(typed).split() == [offered]
