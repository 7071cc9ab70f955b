"""What a stage tells the terminal."""

import re
import threading
import time

import pytest

from stages.core.log import TERMINAL, logged, progress


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


def test_progress_yields_every_item_and_is_silent_where_it_is_quick(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert list(progress(iter("abc"), "reading")) == ["a", "b", "c"]
    assert capsys.readouterr() == ("", "")


def spoken(capsys: pytest.CaptureFixture[str], line: str) -> list[str]:
    """What has been printed on stderr, once a line matches."""
    lines: list[str] = []
    while not any(re.fullmatch(line, printed) for printed in lines):
        time.sleep(0.01)
        lines += capsys.readouterr().err.splitlines()
    return lines


def test_where_nobody_watches_a_slow_item_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    items = progress(iter("abc"), "reading", 3, every=0.01)
    assert (next(items), next(items)) == ("a", "b")
    assert spoken(capsys, r"reading: 1 of 3 · \d+ s")
    assert list(items) == ["c"]


def test_a_stage_reports_itself_until_something_within_it_does(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with logged("train", every=0.01):
        spoken(capsys, r"train: under way · \d+ s")
        epochs = progress(range(1, 9), "epochs", every=0.01)
        next(epochs)
        inside = spoken(capsys, r"epochs: 0 · \d+ s")
        more = spoken(capsys, r"epochs: 0 · \d+ s")
        assert not any(line.startswith("train") for line in more)
        assert list(epochs) == [*range(2, 9)]
        assert inside
        spoken(capsys, r"train: under way · \d+ s")


def test_nothing_is_reported_after_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    running = threading.active_count()
    with logged("train", every=0.01):
        assert threading.active_count() == running + 1
    assert threading.active_count() == running
    assert "under way" not in capsys.readouterr().out


def test_a_label_that_looks_like_markup_is_no_markup(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(TERMINAL, "1")
    assert list(progress(iter("ab"), "x[/nope]", 2)) == ["a", "b"]
    assert "x[/nope]" in capsys.readouterr().err
