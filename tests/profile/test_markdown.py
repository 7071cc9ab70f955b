"""The four-section schema as Markdown, out and in."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stages.contracts.rows import Profile
from stages.core.errors import AnswerError
from stages.profile.markdown import from_markdown, to_markdown

NASTY = st.sampled_from(
    ["#", "## Dislikes", "**", "- ", "•", ",", "(", ")", "(a, b)", ":", "\n", "Genre:", "é", "電影"]
)
TEXT = st.lists(NASTY | st.text(max_size=8), max_size=6).map("".join) | st.text(max_size=40)
WORDS = st.lists(TEXT, max_size=5).map(tuple)


PROFILES = st.builds(
    Profile, overview=TEXT, genres=WORDS, tags=WORDS, description=TEXT, dislikes=WORDS
)
EMPTY = Profile(overview="", genres=(), tags=(), description="", dislikes=())


@given(PROFILES)
@example(EMPTY)
@example(EMPTY.model_copy(update={"tags": ("heist",)}))
@example(EMPTY.model_copy(update={"genres": ("Drama",)}))
@example(EMPTY.model_copy(update={"dislikes": ("Tags: none", "Genre (a; b)")}))
@example(EMPTY.model_copy(update={"description": "**: Genre"}))
@example(Profile.model_validate({**EMPTY.model_dump(), "tags": ("a ( b",)}))
def test_every_profile_comes_back_as_it_was(profile: Profile) -> None:
    assert from_markdown(to_markdown(profile)) == profile


@given(PROFILES)
def test_every_profile_has_the_four_sections_in_the_papers_order(profile: Profile) -> None:
    lines = [line for line in to_markdown(profile).splitlines() if line.startswith("#")]
    assert lines == ["## Overview", "## Attributes", "## Description", "## Dislikes"]


RELEASED = """# Lighthouse Keepers

## Overview
Two sisters keep a light.

## Attributes
- **Genre**: Drama, Sea Story
- **Tags**: Sisters, Storm (at night, twice), Isolation

## Description
A slow film
about duty.

## Dislikes:
"""


@pytest.mark.parametrize(
    "dislikes", ["- Horror  \n- Loud (very, very) Action", "Horror, Loud (very, very) Action"]
)
def test_reads_the_released_style_with_bullets_or_commas(dislikes: str) -> None:
    assert from_markdown(RELEASED + dislikes) == Profile(
        overview="Two sisters keep a light.",
        genres=("Drama", "Sea Story"),
        tags=("Sisters", "Storm (at night; twice)", "Isolation"),
        description="A slow film about duty.",
        dislikes=("Horror", "Loud (very; very) Action"),
    )


@pytest.mark.parametrize(
    "attributes",
    [
        "**Genres**: Drama, Comedy\n**Tags**: Sea",
        "* Genre: Drama, Comedy\n* Tag: Sea",
        "- **Genre:** Drama, Comedy\n- **Tags:** Sea",
        "Genre:\n- Drama\n- Comedy\n\nTags:\n- Sea",
        "Tags: Sea\nGenre: Drama, Comedy",
    ],
)
def test_reads_attributes_in_other_hands(attributes: str) -> None:
    profile = from_markdown(
        f"## Overview\n## Attributes\n{attributes}\n## Description\n## Dislikes"
    )
    assert (profile.genres, profile.tags) == (("Drama", "Comedy"), ("Sea",))


@pytest.mark.parametrize("section", ["Overview", "Attributes", "Description", "Dislikes"])
def test_refuses_a_profile_without_a_section_and_names_it(section: str) -> None:
    with pytest.raises(AnswerError, match=f"no section {section}"):
        from_markdown(RELEASED.replace(f"## {section}", "## Other"))
