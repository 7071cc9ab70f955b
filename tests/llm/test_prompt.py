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
