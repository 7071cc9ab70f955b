"""Every command that README, CONTRIBUTING and docs name exists, with the options it is given."""

import re
import shlex
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
import typer
from dvc.cli.parser import get_main_parser

from e2ep_cli.main import app

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCED = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
Named = tuple[str, list[str]]
"""The page that names a command, and the command's words."""


def in_blocks(program: str) -> list[Named]:
    """Commands on lines that begin with `$`; a backslash at the end continues the line."""
    return [
        (page.name, words)
        for page in PAGES
        for _, block in FENCED.findall(page.read_text(encoding="utf-8"))
        for line in re.findall(r"^\$ (.*)$", re.sub(r"\\\n\s*", "", block), re.MULTILINE)
        for words in commands_of(line, program)
    ]


def in_sentences(program: str) -> list[Named]:
    """Commands within a sentence, which may leave out what they need to run."""
    return [
        (page.name, words)
        for page in PAGES
        for code in re.findall(r"`([^`]+)`", FENCED.sub("", page.read_text(encoding="utf-8")))
        for words in commands_of(code, program)
    ]


def commands_of(line: str, program: str) -> list[list[str]]:
    """The words of each command of `program` in a line, without the comment at its end."""
    if not re.match(rf"{program} |.* && {program} ", line):
        return []
    words = shlex.split(line, comments=True)
    commands = [list(part) for is_end, part in groupby(words, "&&".__eq__) if not is_end]
    return [words for words in commands if words[0] == program]


def chosen(words: list[str]) -> tuple[Any, Any, list[str]]:
    """The command that `e2ep` would run, the context above it, and the words left for it."""
    command: Any = typer.main.get_command(app)
    context, name, left = None, words[0], words[1:]
    while hasattr(command, "resolve_command"):
        context = command.make_context(name, list(left), parent=context)
        name, command, left = command.resolve_command(context, left)
    return command, context, left


def label(named: Named) -> str:
    return f"{named[0]}: {shlex.join(named[1])}"


@pytest.mark.parametrize("named", in_blocks("e2ep"), ids=label)
def test_e2ep_takes_what_a_block_shows(named: Named) -> None:
    """The words are parsed and nothing is run."""
    command, above, left = chosen(named[1])
    assert command.make_context(command.name, left, parent=above).params


@pytest.mark.parametrize("named", in_sentences("e2ep"), ids=label)
def test_e2ep_has_the_options_that_a_sentence_names(named: Named) -> None:
    command, above, left = chosen(named[1])
    # a lazy command knows its options once it has made a context
    real = command.make_context(command.name, [], parent=above, resilient_parsing=True).command
    options = {option for parameter in real.params for option in parameter.opts}
    assert {word for word in left if word.startswith("-")} <= options


@pytest.mark.parametrize("named", in_blocks("dvc"), ids=label)
def test_dvc_takes_what_a_block_shows(named: Named) -> None:
    assert get_main_parser().parse_args(named[1][1:]).func


@pytest.mark.parametrize("named", in_blocks("make") + in_sentences("make"), ids=label)
def test_the_makefile_has_the_target(named: Named) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = [word for word in named[1][1:] if "=" not in word]
    assert all(f"\n{target}:" in makefile for target in targets)


@pytest.mark.parametrize(
    "line", ["e2ep run --datset shop", "e2ep recomend --all", "e2ep data add", "e2ep gate main"]
)
def test_a_command_that_cannot_run_is_seen(line: str) -> None:
    with pytest.raises(Exception, match=r"(?i)no such|missing|unexpected"):
        test_e2ep_takes_what_a_block_shows(("page.md", line.split()))
