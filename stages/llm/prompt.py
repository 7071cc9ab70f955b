"""A prompt is a Markdown file whose first line is its version, such as `version: user-1`."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from stages.core.errors import InputError
from stages.core.text import read_text

_MARK = "version:"


@dataclass(frozen=True)
class Prompt:
    """Instructions to a chat model, and their version, which the provenance of an answer names."""

    version: str
    text: str


@cache
def read_prompt(file: Path) -> Prompt:
    """The prompt in a file, read once; an InputError if it lacks a version or a text."""
    first, _, rest = read_text(file).partition("\n")
    version = first.removeprefix(_MARK).strip()
    if not first.startswith(_MARK) or not version or not rest.strip():
        raise InputError(
            f"{file} must begin with a line such as `version: {file.stem}-1`; the prompt follows it"
        )
    return Prompt(version, rest.strip())
