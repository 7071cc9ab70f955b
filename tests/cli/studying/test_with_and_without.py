"""`e2ep study` of one list with reasons and without, and who wrote them in the result."""

import json
import re
from pathlib import Path

import pytest

from e2ep_cli.studying.key import StudyKey, read_key
from stages.contracts.rows import Explanation
from stages.core.tables import read_jsonl, write_jsonl
from tests.cli.studying.conftest import answered, made_sheet, typed

NUMBERS = [str(number) for number in range(1, 9)]


def one_sided(*words: str) -> StudyKey:
    done = typed("sheet", "up+scored", "--show", "without", "-k", "3", *words)
    assert done.exit_code == 0, done.stderr
    return read_key(Path("study.key.json"))


@pytest.mark.usefixtures("study")
def test_one_list_stands_twice_and_one_side_alone_gives_reasons() -> None:
    key = one_sided("--pairs", "2", "--checks", "0")
    page = Path("study.html").read_text(encoding="utf-8")
    assert (key.first, key.second) == ("up+scored with reasons", "up+scored without reasons")
    assert key.sources == ("scored", "")
    lists = re.findall(r"<ol>(.*?)</ol>", page, re.DOTALL)
    assert len(lists) == 4
    for pair, sides in zip(key.pairs, (lists[:2], lists[2:]), strict=True):
        names = [re.findall(r"<li><b>(.*?)</b>", side) for side in sides]
        assert names[0] == names[1]
        assert len(names[0]) == 3
        said = [side.count("scored says") for side in sides]
        assert said == ([3, 0] if pair.left == "first" else [0, 3])
    assert "No reason is given" not in page
    assert "Which of the two helps you more to choose a film?" in page


@pytest.mark.usefixtures("study")
def test_the_result_says_who_wrote_the_reasons() -> None:
    answered(one_sided(), NUMBERS, lambda *_: "first")
    done = typed("result", "answers.csv", "--json")
    outcome = json.loads(done.stdout)
    assert (outcome["sources"], outcome["questions"][0]["share"]) == (["scored", ""], 1)
    said = typed("result", "answers.csv").stdout
    assert "up+scored with reasons against up+scored without reasons" in said
    assert "\nreasons: scored\n" in said


@pytest.mark.usefixtures("study")
def test_two_writers_are_named_and_none_where_nobody_wrote() -> None:
    answered(made_sheet("--show", "reasons", "-k", "3", sides=("up+scored", "up")), ["1"], first)
    assert "reasons: of up+scored: scored; of up: none\n" in typed("result", "answers.csv").stdout
    Path("study.key.json").unlink()
    answered(made_sheet(), ["1"], first)
    assert "reasons:" not in typed("result", "answers.csv").stdout


@pytest.mark.usefixtures("study")
def test_keys_whose_reasons_others_wrote_are_another_comparison() -> None:
    answered(one_sided("--pairs", "2"), ["1"], first)
    path = Path("artifacts/tiny/explain/fold-1/up/scored/explanations.jsonl")
    rows = [row.model_copy(update={"source": "a model"}) for row in read_jsonl(path, Explanation)]
    write_jsonl(path, rows)
    Path("study.key.json").rename("one.key.json")
    one_sided("--pairs", "2", "--seed", "8")
    done = typed("result", "answers.csv", "--key", "one.key.json", "--key", "study.key.json")
    assert done.exit_code == 1
    assert "reasons by a model and" in done.stderr


@pytest.mark.usefixtures("study")
def test_who_lacks_a_reason_is_not_asked_about() -> None:
    path = Path("artifacts/tiny/explain/fold-1/up/scored/explanations.jsonl")
    rows = list(read_jsonl(path, Explanation))
    silent = rows[0].items[1].model_copy(update={"reason": ""})
    rows[:20] = [
        row.model_copy(update={"items": (row.items[0], silent, *row.items[2:])})
        for row in rows[:20]
    ]
    write_jsonl(path, rows)
    key = one_sided("--pairs", "8")
    assert {pair.user_id for pair in key.pairs} == {row.user_id for row in rows[20:]}


@pytest.mark.usefixtures("study")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("up", "down", "--show", "without"), "compares up with itself; name no second ranking"),
        (("up",), "name a second ranking, which up is compared with"),
    ],
)
def test_sides_that_do_not_fit_are_refused(words: tuple[str, ...], said: str) -> None:
    done = typed("sheet", *words)
    assert (done.exit_code, done.stderr.count("\n")) == (1, 1)
    assert said in done.stderr


def first(*_: object) -> str:
    return "first"
