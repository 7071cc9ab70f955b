"""A prompt is a Markdown file that begins with its version, such as `version: user-1`; it is read once."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from stages.core.errors import InputError

MARK = "version:"


@dataclass(frozen=True)
class Prompt:
    """Instructions to a chat model, and the version that goes into the provenance of what it answers."""

    version: str
    text: str


@cache
def read_prompt(file: Path) -> Prompt:
    """The prompt in a file; one without a version or a text is an InputError."""
    first, _, rest = file.read_text(encoding="utf-8").partition("\n")
    version = first.removeprefix(MARK).strip()
    if not first.startswith(MARK) or not version or not rest.strip():
        raise InputError(
            f"{file} must begin with a line such as `version: {file.stem}-1` and go on with the prompt"
        )
    return Prompt(version, rest.strip())
