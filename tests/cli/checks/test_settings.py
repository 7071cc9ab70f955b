"""Faults of params.yaml, each in one sentence."""

import shutil
from pathlib import Path

import pytest

from e2ep_cli.checks import settings

ROOT = Path(__file__).parents[3]


def replaced(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def test_a_typo_is_told_in_the_stages_own_sentence(tmp_path: Path) -> None:
    shutil.copy(ROOT / "params.yaml", tmp_path)
    assert settings.check(tmp_path)[0].state == "fine"
    replaced(tmp_path / "params.yaml", "batch_size:", "batchsize:")
    (row,) = settings.check(tmp_path)
    assert (row.state, row.cure) == ("fault", "git diff params.yaml")
    assert "embed.batchsize in params.yaml is not a known parameter" in row.finding


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("probe:", "prope:", "prope in params.yaml is not a known section"),
        (
            "report:\n  users: 10",
            "report: ten",
            "report in params.yaml is 'ten'; it must hold named values",
        ),
        ("seed: 7\n", "", "seed is not in params.yaml"),
        ("- popularity", "- popularty", "models in params.yaml names 'popularty'"),
        ("seed: 7", "seed: [", "params.yaml is not valid YAML"),
        (
            "  users: null",
            "  users: openai",
            "llm.users.provider is openai, but neither llm.users.model nor llm.model names a",
        ),
        (
            "  users: null",
            "  users: {provider: openai, model: gpt-6-luna}",
            "llm.users keeps what is about users on this machine, but gpt-6-luna is not",
        ),
        (
            "  model: null\n  base_url",
            "  model: gemma-3-4b\n  base_url",
            "llm.model=gemma-3-4b is set, but llm.provider is offline, which asks no model",
        ),
        (
            "    dollars: null",
            "    dollars: -1",
            "llm.budgets.dollars in params.yaml is -1: input should be greater than 0",
        ),
    ],
)
def test_other_faults_of_params_are_told(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    shutil.copy(ROOT / "params.yaml", tmp_path)
    replaced(tmp_path / "params.yaml", old, new)
    (row,) = settings.check(tmp_path)
    assert (row.state, row.finding[: len(sentence)]) == ("fault", sentence)
