"""Files of answers that cannot be right: each is refused in one sentence that says what to do."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from e2ep_cli.studying.key import StudyKey
from tests.cli.studying.conftest import answered, made_sheet, typed

Change = Callable[[str, StudyKey], str]


def row(key: StudyKey, person: str = "1", pair: object = 1, question: str = "list") -> str:
    return f"{key.sheet},{person},{pair},{question}"


def refused(*words: str | Path) -> str:
    done = typed("result", *words, "--key", "study.key.json")
    assert (done.exit_code, done.stderr.count("\n"), done.stdout) == (1, 1, "")
    return done.stderr


CHANGES: list[tuple[Change, str]] = [
    (lambda text, key: text.replace(key.sheet, "zzzzzzzz", 1), "line 2: sheet 'zzzzzzzz' has no"),
    (lambda text, key: f"{text}{row(key)},A\n", "twice: answers.csv, line 2 and answers.csv, "),
    (lambda text, key: f"{text}{row(key, '2')},C\n", "the answer is 'C'; write A, B, none"),
    (lambda text, key: f"{text}{row(key, '2', 99)},A\n", "there is no pair '99'"),
    (lambda text, key: f"{text}{row(key, '2', 1, 'lists')},A\n", "did you mean list?"),
    (lambda text, key: f"{text}{row(key, 'Anna')},A\n", "the person is 'Anna', not the code"),
    (lambda text, key: f"{text}{row(key, '')},A\n", "the person is '', not the code"),
    (lambda text, _: text.replace(",person,", ",who,", 1), "no column person; the columns there"),
    (lambda text, _: text.partition("\n")[0] + "\n", "has no rows below its header"),
    (lambda *_: "", "is empty"),
    (lambda *_: "<html><body>answers</body></html>", "answers.csv"),
    (lambda text, _: text.replace(",A\n", ",A,B,C\n", 1), "line "),
]


@pytest.mark.usefixtures("study")
@pytest.mark.parametrize(("change", "said"), CHANGES)
def test_a_file_that_cannot_be_right_is_refused(change: Change, said: str) -> None:
    key = made_sheet("--pairs", "2")
    path = answered(key, ["1"], lambda *_: "first")
    path.write_text(change(path.read_text(), key))
    assert said in refused(path)


@pytest.mark.usefixtures("study")
def test_a_person_twice_in_two_files_and_a_file_that_is_not_there() -> None:
    path = answered(made_sheet("--pairs", "2"), ["1"], lambda *_: "first")
    copy = Path("copy.csv")
    copy.write_text(path.read_text())
    assert "twice: answers.csv, line 2 and copy.csv, line 2" in refused(path, copy)
    assert "nowhere.csv" in refused("nowhere.csv")


@pytest.mark.usefixtures("study")
def test_nobody_answers_anything() -> None:
    path = answered(made_sheet("--pairs", "2"), ["1"], lambda *_: "")
    assert "no question is answered in answers.csv" in refused(path)


@pytest.mark.usefixtures("study")
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_what_a_spreadsheet_makes_of_a_file_is_read(encoding: str, separator: str) -> None:
    path = answered(made_sheet("--pairs", "2"), ["1", "2"], lambda *_: "first")
    text = path.read_text().replace(",", separator).replace("\n", "\r\n")
    path.write_text(text, encoding=encoding, newline="")
    done = typed("result", path, "--key", "study.key.json", "--json")
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["questions"][0]["first"] == 4


@pytest.mark.usefixtures("study")
def test_bytes_that_are_no_utf_8_are_named() -> None:
    path = answered(made_sheet("--pairs", "2"), ["1"], lambda *_: "first")
    path.write_bytes(path.read_bytes().replace(b",1,1,", b",\xff\xfe,1,", 1))
    assert "answers.csv" in refused(path)


@pytest.mark.usefixtures("study")
def test_a_key_that_is_none_or_of_another_comparison_is_refused() -> None:
    path = answered(made_sheet("--pairs", "2"), ["1"], lambda *_: "first")
    Path("broken.json").write_text("{}")
    assert "broken.json is not the key of a sheet" in refused(path, "--key", "broken.json")
    assert "give each key once" in refused(path, "--key", "study.key.json")
    typed("sheet", "up", "up+scored", "--pairs", "2", "--key", "other.json", "--out", "o.html")
    assert "the keys are of different comparisons" in refused(path, "--key", "other.json")
