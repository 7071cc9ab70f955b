"""`e2ep study` from the sheet to the result, with answers whose truth is known."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from e2ep_cli.studying.key import KeyPair
from tests.cli.studying.conftest import PEOPLE, TITLES, answered, made_sheet, typed

NUMBERS = [str(number) for number in range(1, 13)]
KEY = Path("study.key.json")


def result(*words: str | Path) -> dict[str, Any]:
    done = typed("result", "answers.csv", "--key", KEY, "--json", *words)
    assert done.exit_code == 0, done.stderr
    return dict(json.loads(done.stdout))


@pytest.mark.usefixtures("study")
def test_who_always_prefers_a_side_is_understood_wherever_it_stands() -> None:
    answered(made_sheet(), NUMBERS, lambda *_: "second")
    (question,) = result()["questions"]
    assert (question["share"], question["high"]) == (0, pytest.approx(1 - 0.025 ** (1 / 12)))
    assert (question["first"], question["second"], question["neither"]) == (0, 144, 0)
    assert question["on_left"] == 0.5


@pytest.mark.usefixtures("study")
def test_shares_ties_and_skips_are_counted() -> None:
    """Six say the first, three the second, three see no difference; each leaves a pair open."""

    def said(person: str, pair: KeyPair) -> str:
        if pair == asked[0]:
            return ""
        return "first" if int(person) <= 6 else "second" if int(person) <= 9 else "none"

    key = made_sheet()
    asked = key.asked
    answered(key, NUMBERS, lambda person, pair: "first" if pair.check else said(person, pair))
    (question,) = result()["questions"]
    assert question["share"] == pytest.approx((6 + 1.5) / 12)
    assert [question[name] for name in ("first", "second", "neither")] == [66, 33, 33]
    assert question["unanswered"] == 12
    assert question["alike"] == pytest.approx(1)
    assert question["alpha"] < 0
    assert question["pairs"][1] | {"user_id": "", "sheet": ""} == {
        "sheet": "",
        "pair": asked[1].pair,
        "user_id": "",
        "first": 6,
        "second": 3,
        "neither": 3,
    }


@pytest.mark.usefixtures("study")
def test_who_fails_a_check_is_left_out_and_counted() -> None:
    """One always takes A, one always sees no difference, one leaves a check open."""
    key = made_sheet()
    careless = {"1": "A", "2": "none"}

    def said(person: str, pair: KeyPair) -> str:
        if person == "3" and pair.check:
            return ""
        return careless.get(person, "first")

    answered(key, NUMBERS, said)
    outcome = result()
    assert (outcome["people"], outcome["failed"], outcome["counted"]) == (12, 3, 9)
    assert outcome["questions"][0]["share"] == 1
    said_so = typed("result", "answers.csv", "--key", KEY).stdout
    assert "12 people answered; 3 failed an attention check and are left out" in said_so
    answered(key, NUMBERS[:2], said)
    none = typed("result", "answers.csv", "--key", KEY)
    assert (none.exit_code, none.stderr.count("\n")) == (1, 1)
    assert "none of 2 people passed the attention checks" in none.stderr


@pytest.mark.usefixtures("study")
def test_a_known_preference_is_inside_the_interval_and_more_people_are_asked_for_less() -> None:
    key, rng = made_sheet(), np.random.default_rng(2)
    leaning = dict(zip(NUMBERS, rng.beta(6, 4, len(NUMBERS)), strict=True))
    answered(
        key, NUMBERS, lambda person, _: "first" if rng.random() < leaning[person] else "second"
    )
    (question,) = result()["questions"]
    assert 0 < question["low"] < 0.6 < question["high"] < 1
    (finer,) = result("--difference", "0.1")["questions"]
    assert finer["needed"] > 3 * question["needed"] > 0


@pytest.mark.usefixtures("study")
def test_answers_to_two_sheets_are_read_together() -> None:
    first = made_sheet("--pairs", "4")
    one = answered(first, NUMBERS[:3], lambda *_: "first").read_text()
    KEY.rename("one.key.json")
    second = made_sheet("--pairs", "4", "--seed", "8")
    assert second.sheet != first.sheet
    answered(second, NUMBERS[2:], lambda *_: "first")
    Path("one.csv").write_text(one)
    outcome = result("one.csv", "--key", "one.key.json")
    assert (outcome["people"], len(outcome["questions"][0]["pairs"])) == (12, 8)
    assert "pair" in typed("result", "one.csv", "--key", "one.key.json").stdout


@pytest.mark.usefixtures("study")
def test_the_same_words_make_the_same_sheet_and_a_key_is_not_lost() -> None:
    key = made_sheet()
    page = Path("study.html").read_bytes()
    assert made_sheet() == key
    assert Path("study.html").read_bytes() == page
    done = typed("sheet", "up", "down", "--seed", "8")
    assert done.exit_code == 1
    assert "is the key of another sheet" in done.stderr
    assert Path("study.html").read_bytes() == page


@pytest.mark.usefixtures("study")
def test_each_side_stands_left_in_half_of_the_pairs_and_checks_stand_among_them() -> None:
    key = made_sheet("--checks", "4")
    assert [pair.left for pair in key.asked].count("first") == 6
    assert (
        sorted(pair.check for pair in key.pairs if pair.check)
        == ["identical"] * 2 + ["instructed"] * 2
    )
    assert not key.pairs[0].check
    users = [pair.user_id for pair in key.pairs]
    assert len(set(users)) == len(users) == 16
    assert users != sorted(users, key=PEOPLE.index)


@pytest.mark.usefixtures("study")
def test_the_sheet_tells_no_side() -> None:
    """Neither ranking, user nor seed is in it, and nothing but the lists differs by side."""
    key = made_sheet()
    page = Path("study.html").read_text(encoding="utf-8")
    assert not re.search(r"\bup\b|\bdown\b|\bu\d+\b|fold-1|tiny|identical|instructed", page)
    assert key.sheet in page
    assert page.count("This task checks that it is read: choose") == 1


@pytest.mark.usefixtures("study")
def test_the_sheet_leads_nowhere_and_a_title_is_no_markup() -> None:
    made_sheet()
    page = Path("study.html").read_text(encoding="utf-8")
    assert not re.search(r"https?:|//cdn|@import|url\(|\ssrc=", page)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|\beval\(|\son\w+=\"", page)
    assert TITLES[3] not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; red (1990)" in page


@pytest.mark.usefixtures("study")
def test_what_is_compared_is_what_is_asked_about() -> None:
    sides = ("up+scored", "up")
    key = made_sheet("--show", "explained", "-k", "3", sides=sides)
    page = Path("study.html").read_text(encoding="utf-8")
    assert list(key.questions) == ["list", "reasons"]
    assert "Which reasons help you more to choose a film?" in page
    assert key.sources == ("scored", "none")
    assert "scored says 11." in page
    answered(key, NUMBERS, lambda *_: "first")
    assert [each["share"] for each in result()["questions"]] == [1, 1]


@pytest.mark.usefixtures("study")
def test_two_sets_of_reasons_stand_below_one_list() -> None:
    made_sheet("--show", "reasons", "-k", "3", "--pairs", "2", sides=("up+scored", "up"))
    page = Path("study.html").read_text(encoding="utf-8")
    assert page.count("none says 11.") + page.count("scored says 11.") == 2 * 4
    assert "says 4." not in page


@pytest.mark.usefixtures("study")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("up", "up"), "both sides are up; name two that differ"),
        (("up", "up+scored+fitted"), "'up+scored+fitted' is no ranking"),
        (("up", "sideways"), "there is no model 'sideways'"),
        (("up", "down", "--pairs", "40"), "40 pairs and 2 checks need 42 users, but of 30 only 30"),
        (("up", "up+scored", "--show", "explained", "-k", "9"), "only 0 have 3 likes"),
        (("up", "down", "--key", "study.html"), "--key study.html is the sheet itself"),
    ],
)
def test_a_sheet_that_cannot_be_made_is_refused_in_a_sentence(
    words: tuple[str, ...], said: str
) -> None:
    done = typed("sheet", *words)
    assert (done.exit_code, done.stderr.count("\n")) == (1, 1)
    assert said in done.stderr
    assert not KEY.exists()


@pytest.mark.usefixtures("study")
def test_who_gets_the_same_from_both_sides_is_counted() -> None:
    """`scored` as turned round by the judge is `down`'s order."""
    done = typed("sheet", "up+scored", "down")
    assert done.exit_code == 1
    assert "30 get the same from both sides" in done.stderr


@pytest.mark.usefixtures("study")
def test_the_key_is_looked_for_where_a_sheet_puts_it() -> None:
    answered(made_sheet(), NUMBERS, lambda *_: "second")
    named, found = (
        typed("result", "answers.csv", "--json", *words) for words in (("--key", KEY), ())
    )
    assert found.exit_code == 0
    assert found.stdout == named.stdout
    KEY.unlink()
    lost = typed("result", "answers.csv")
    assert (lost.exit_code, lost.stderr.count("\n")) == (1, 1)
    assert "study.key.json" in lost.stderr
