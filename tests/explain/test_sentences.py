"""Claims in words, by hand."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.contracts.rows import Claim
from stages.contracts.words import DomainWords
from stages.explain.sentences import enumeration, reason

TITLES = {"1": "Vault at Noon", "2": "The Grey Harbour", "3": "Mud"}
HEIST = Claim(attribute="heist", kind="tag", cited=("1", "2"))
ADA = Claim(attribute="Ada Marsh", kind="person", cited=("1",))
CRIME = Claim(attribute="Crime", kind="genre", cited=("1", "2"))
DRAMA = Claim(attribute="Drama", kind="genre", cited=("2", "3"))
WAR = Claim(attribute="War", kind="genre", cited=("3",))
SEA, FOG = (Claim(attribute=tag, kind="tag", cited=("3",)) for tag in ("sea", "fog"))
ALL = [HEIST, ADA, CRIME, DRAMA, WAR, SEA, FOG]


@pytest.mark.parametrize(
    ("claims", "text"),
    [
        ([], ""),
        (
            [HEIST],
            "“heist” links it to Vault at Noon and The Grey Harbour, which you rated highly.",
        ),
        ([ADA], "Ada Marsh links it to Vault at Noon, which you rated highly."),
        ([CRIME], "It is Crime, like Vault at Noon and The Grey Harbour, which you rated highly."),
        (
            [CRIME, DRAMA],
            "It is Crime, like Vault at Noon and The Grey Harbour, which you rated highly. "
            "It is also Drama, like The Grey Harbour and Mud.",
        ),
        (
            [CRIME, DRAMA, WAR],
            "It is Crime, like Vault at Noon and The Grey Harbour, which you rated highly. "
            "It is also Drama and War, like Mud.",
        ),
        (
            [ADA, CRIME, WAR],
            "Ada Marsh links it to Vault at Noon, which you rated highly. "
            "It is also Crime, like Vault at Noon and The Grey Harbour; War, like Mud.",
        ),
        (
            [HEIST, SEA, ADA, FOG],
            "“heist” links it to Vault at Noon and The Grey Harbour, which you rated highly. "
            "“sea” links it to Mud. Ada Marsh links it to Vault at Noon; “fog” links it to Mud.",
        ),
        (
            [ADA, CRIME],
            "Ada Marsh links it to Vault at Noon, which you rated highly. "
            "It is also Crime, like Vault at Noon and The Grey Harbour.",
        ),
    ],
)
def test_reasons_by_hand(claims: list[Claim], text: str) -> None:
    assert reason(claims, TITLES) == text


SHOP = DomainWords(item="product", items="products", verb="buy", creator="brand", implicit=True)
TOGETHER = Claim(attribute="bought together by 4 people", kind="together", cited=("1", "2"))


@pytest.mark.parametrize(
    ("claims", "text"),
    [
        (
            [TOGETHER],
            "Often bought together with Vault at Noon and The Grey Harbour, which you bought.",
        ),
        ([ADA], "By the same brand, Ada Marsh, as Vault at Noon, which you bought."),
        (
            [CRIME, WAR],
            "It is in Crime, like Vault at Noon and The Grey Harbour, which you bought. "
            "It is also in War, like Mud.",
        ),
    ],
)
def test_reasons_in_the_words_of_a_shop(claims: list[Claim], text: str) -> None:
    assert reason(claims, TITLES, SHOP, creators=("Ada Marsh",)) == text


def test_where_people_rate_they_like_together() -> None:
    words = DomainWords(item="book", items="books")
    said = reason([TOGETHER], TITLES, words)
    assert said.startswith("Often liked together with ")
    assert said.endswith(", which you rated highly.")


@given(st.lists(st.sampled_from(ALL), min_size=2, unique_by=lambda claim: claim.attribute))
def test_two_claims_or_more_make_two_or_three_sentences_that_tell_all_of_them(
    claims: list[Claim],
) -> None:
    text = reason(claims, TITLES)
    assert text.count(". ") + text.endswith(".") in (2, 3)
    assert all(claim.attribute in text for claim in claims)


@given(st.lists(st.sampled_from(ALL), min_size=1, unique_by=lambda claim: claim.attribute))
def test_no_item_is_named_for_a_genre_that_it_is_not_cited_for(claims: list[Claim]) -> None:
    """What is printed is what was checked."""
    cited = {claim.attribute: {TITLES[item] for item in claim.cited} for claim in claims}
    for clause in re.split(r"[.;] ", reason(claims, TITLES)):
        said, like, films = clause.partition(", like ")
        named = {title for title in TITLES.values() if like and title in films}
        genres = [genre for genre in ("Crime", "Drama", "War") if genre in said]
        assert all(named <= cited[genre] for genre in genres)


@pytest.mark.parametrize(
    ("words", "text"), [(["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_listed(words: list[str], text: str) -> None:
    assert enumeration(words) == text
