"""Reading text files that a person wrote: they may be in any encoding, but must be in UTF-8."""

from pathlib import Path

from stages.core.errors import InputError


def read_text(path: Path, encoding: str = "utf-8", newline: str | None = None) -> str:
    """The text of a file; `newline` as in `open`: "" leaves line ends as they are.

    Raises an InputError with the line and the first byte that is not UTF-8.
    """
    try:
        with path.open(encoding=encoding, newline=newline) as file:
            return file.read()
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{path}, line {line}: byte {error.start} is not UTF-8; convert the file to UTF-8"
        ) from error
