"""`python -m stages.prepare`: what it writes, and what it refuses before it writes."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stages.contracts.rows import MOVIES, RATINGS, USERS
from stages.core.tables import read_json, read_table
from stages.data.dataset import Dataset
from stages.data.formats import canonical
from stages.prepare.__main__ import main

Make = Callable[..., Dataset]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made_up: Make) -> Path:
    """A folder with a made-up data set and parameters, in which the test runs."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    canonical.write(tmp_path / "data", made_up(12, 15))
    (tmp_path / "params.yaml").write_text("seed: 7\nsplits: [fold-1, temporal]\n")
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_tables_card_and_three_parts_a_split_are_written(project: Path) -> None:
    main(Path("data"), Path("out"))
    parts = {
        f"splits/{split}/{part}.parquet"
        for split in ("fold-1", "temporal")
        for part in ("train", "valid", "test")
    }
    assert (
        set(contents(project / "out"))
        == {"movies.parquet", "users.parquet", "ratings.parquet", "words.json", "card.json"} | parts
    )


def test_the_card_counts_what_the_files_hold(project: Path) -> None:
    main(Path("data"), Path("out"))
    card = read_json(project / "out" / "card.json")
    tables = {"movies": MOVIES, "users": USERS, "ratings": RATINGS}
    assert {name: card[name] for name in tables} == {
        name: len(read_table(project / "out" / f"{name}.parquet", schema))
        for name, schema in tables.items()
    }
    for name, parts in card["splits"].items():
        for part in ("train", "valid", "test"):
            rows = read_table(project / "out" / "splits" / name / f"{part}.parquet", RATINGS)
            assert parts[part]["rows"] == len(rows)


def test_the_same_data_give_the_same_bytes(project: Path) -> None:
    main(Path("data"), Path("one"))
    main(Path("data"), Path("two"))
    assert contents(project / "one") == contents(project / "two")


def test_an_unknown_split_ends_with_one_line_before_anything_is_written(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "params.yaml").write_text("seed: 7\nsplits: [fold-9]\n")
    with pytest.raises(SystemExit) as end:
        main(Path("data"), Path("out"))
    assert end.value.code == 1
    assert capsys.readouterr().err.startswith(
        "error: splits in params.yaml names 'fold-9', which is not known"
    )
    assert not (project / "out").exists()


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (
            {"scale": (0.0, 10.0), "positive_at": 7.5},
            "no validation rating of fold-1 is 7.5 or more, from where one of made-up counts as "
            "liked, so nothing can be chosen on them; take another split or more data, or import "
            "the data set again with another --positive-at",
        ),
        (
            {"scale": (0.0, 5.0), "positive_at": 5.0, "implicit": True},
            "fold-1 of made-up has no validation row, so nothing can be chosen on them; take "
            "another split or more data",
        ),
    ],
)
def test_a_split_on_which_nothing_can_be_chosen_ends_before_anything_is_written(
    project: Path,
    made_up: Make,
    capsys: pytest.CaptureFixture[str],
    facts: dict[str, Any],
    sentence: str,
) -> None:
    data = replace(made_up(12, 15), **facts)
    low = data.ratings.assign(rating=3.0)
    canonical.write(Path("data"), replace(data, ratings=low))
    with pytest.raises(SystemExit):
        main(Path("data"), Path("out"))
    assert capsys.readouterr().err == f"error: {sentence}\n"
    assert not (project / "out").exists()
