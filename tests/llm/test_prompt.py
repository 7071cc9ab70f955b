"""Prompts are files that begin with their version."""

from pathlib import Path

import pytest

from stages.core.errors import InputError
from stages.llm.prompt import Prompt, read_prompt


def test_version_and_text_are_parted(tmp_path: Path) -> None:
    file = tmp_path / "user.md"
    file.write_text("version: user-3\n\nDescribe.\n\n- One.\n")
    assert read_prompt(file) == Prompt("user-3", "Describe.\n\n- One.")


@pytest.mark.parametrize(
    "content", ["Describe.\n", "version:\nDescribe.", "version: user-1\n\n", ""]
)
def test_a_file_without_version_or_text_is_named(tmp_path: Path, content: str) -> None:
    file = tmp_path / "user.md"
    file.write_text(content)
    with pytest.raises(
        InputError, match=r"user\.md must begin with a line such as `version: user-1`"
    ):
        read_prompt(file)


def test_a_file_in_another_encoding_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "judge.md").write_bytes(b"version: judge-1\ncaf\xe9\n")
    with pytest.raises(InputError, match=r"judge\.md, line 2: byte 20 is not UTF-8"):
        read_prompt(tmp_path / "judge.md")
