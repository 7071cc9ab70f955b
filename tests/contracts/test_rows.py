"""A profile's paragraphs and words are cleaned once and for all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from stages.contracts.rows import Claim, Profile, one_paragraph, plain_words

MARKED = st.text(st.sampled_from("ab A(),-*•:;.# \n\t")) | st.text()


def profile(**changed: object) -> Profile:
    fields = {"overview": "o", "genres": (), "tags": (), "description": "d", "dislikes": ()}
    return Profile.model_validate(fields | changed)


def test_a_paragraph_stands_on_one_line_without_a_heading_mark() -> None:
    assert profile(overview="## Warm \n\n and slow ").overview == "Warm and slow"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("- **slow burn**:", "slow burn"),
        ("• heist.", "heist"),
        ("Paris, Texas", "Paris; Texas"),
        ("noir (1940s)", "noir (1940s)"),
        ("noir (1940s", "noir 1940s"),
        ("a ( b", "a b"),
        ("a\n b", "a b"),
    ],
)
def test_a_word_loses_bullets_stress_commas_and_lone_brackets(written: str, kept: str) -> None:
    assert profile(tags=(written,)).tags == (kept,)


def test_words_stand_once_in_their_first_spelling_and_none_is_empty() -> None:
    assert profile(genres=("War", "", "- ", "WAR", "Drama")).genres == ("War", "Drama")


def test_an_unknown_section_is_refused() -> None:
    with pytest.raises(ValidationError, match="extra_forbidden"):
        profile(likes=("x",))


def test_a_claim_is_of_a_known_kind() -> None:
    with pytest.raises(ValidationError, match="'genre', 'tag', 'person' or 'together'"):
        Claim.model_validate({"attribute": "x", "kind": "mood", "cited": ()})


@given(MARKED)
def test_cleaning_a_paragraph_twice_changes_nothing(text: str) -> None:
    assert one_paragraph(one_paragraph(text)) == one_paragraph(text)


@given(st.lists(MARKED).map(tuple))
def test_cleaning_words_twice_changes_nothing(words: tuple[str, ...]) -> None:
    assert plain_words(plain_words(words)) == plain_words(words)


@given(MARKED, st.lists(MARKED).map(tuple))
def test_a_profile_reads_back_as_itself(text: str, words: tuple[str, ...]) -> None:
    made = profile(overview=text, description=text, genres=words, tags=words, dislikes=words)
    assert Profile.model_validate_json(made.model_dump_json()) == made
