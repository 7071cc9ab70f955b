"""Titles found in texts."""

from stages.contracts.rows import Claim, Explained
from stages.evaluate.explanations.titles import Titles

TITLES = Titles({"1": "Alien", "2": "Aliens", "3": "Alien Nation", "4": "It", "5": "Heat"})


def explained(reason: str, *cited: str) -> Explained:
    claims = (Claim(attribute="heist", kind="tag", cited=cited),)
    return Explained(
        item_id="5",
        title="Heat",
        graph_score=1,
        graph_place=0,
        judge_value=1,
        place=0,
        claims=claims,
        dropped=0,
        reason=reason,
    )


def test_the_longest_title_at_a_place_is_meant_and_parts_of_words_are_not() -> None:
    assert list(TITLES.named("Alien Nation, Aliens and Heated; Alien.")) == [
        "Alien Nation",
        "Aliens",
        "Alien",
    ]


def test_short_titles_and_other_spellings_are_no_titles() -> None:
    assert list(TITLES.named("It is alien heat.")) == []


def test_a_named_film_is_grounded_where_it_is_cited_or_the_film_itself() -> None:
    assert TITLES.grounded([explained("Heat, like Alien and Aliens.", "1")]) == (3, 2)


def test_a_person_is_no_film() -> None:
    item = explained("Heat Miser links it to Alien.", "1")
    person = Claim(attribute="Heat Miser", kind="person", cited=("1",))
    assert TITLES.grounded([item.model_copy(update={"claims": (person,)})]) == (1, 1)
