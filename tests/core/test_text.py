"""Text files that a person wrote."""

from pathlib import Path

import pytest

from stages.core.errors import InputError
from stages.core.text import read_text


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"one\ntwo\ncaf\xe9\n", "line 3: byte 11 is not UTF-8; convert the file to UTF-8"),
        ("one\n".encode("utf-16"), "line 1: byte 0 is not UTF-8"),
        (b"whole\n" * 5_000 + b"caf\xe9", "line 5001: byte 30003 is not UTF-8"),
    ],
)
def test_another_encoding_is_refused_with_line_and_byte(
    tmp_path: Path, content: bytes, fault: str
) -> None:
    (tmp_path / "notes.yaml").write_bytes(content)
    with pytest.raises(InputError, match=rf"notes\.yaml, {fault}"):
        read_text(tmp_path / "notes.yaml")


def test_line_ends_become_those_of_unix_unless_they_are_to_stay(tmp_path: Path) -> None:
    (tmp_path / "notes.yaml").write_bytes(b"a\r\nb\r\n")
    assert read_text(tmp_path / "notes.yaml") == "a\nb\n"
    assert read_text(tmp_path / "notes.yaml", newline="") == "a\r\nb\r\n"
