"""What a stage tells the terminal."""

import re

import pytest

from stages.core.log import logged, progress


def test_one_line_names_the_stage_its_counts_and_the_seconds(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with logged("train") as counts:
        counts |= {"users": 1234, "best": "0.5"}
    assert re.fullmatch(r"train: 1,234 users · best 0\.5 · \d+\.\d s\n", capsys.readouterr().out)


def test_a_stage_that_fails_says_nothing_of_being_done(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(KeyError), logged("train"):
        raise KeyError
    assert capsys.readouterr().out == ""


def test_progress_yields_every_item_and_is_silent_where_no_one_watches(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert list(progress(iter("abc"), "reading")) == ["a", "b", "c"]
    assert capsys.readouterr() == ("", "")
