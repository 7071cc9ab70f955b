"""The offline rules that stand in for a language model."""

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.contracts.rows import Profile
from stages.profile.movie import OPPOSITES, movie_rule
from stages.profile.user import user_rule

FILM: dict[str, Any] = {
    "title": "The Night Vault",
    "year": 1987,
    "genres": ["Crime", "Comedy"],
    "overview": "Two thieves plan a heist. They hide in New York.",
    "tagline": "",
    "keywords": ["safe cracking"],
    "directors": ["Ada Marsh"],
    "cast": ["Bo Finn", "Cy Gale", "Di Hall", "Ed Ince"],
}


def film(**changes: Any) -> dict[str, Any]:
    return FILM | changes


def test_tags_come_from_keywords_the_text_the_decade_and_the_people() -> None:
    tags = movie_rule(FILM).tags
    assert tags == (
        "safe cracking",
        "heist",
        "big city",
        "1980s",
        "Ada Marsh",
        "Bo Finn",
        "Cy Gale",
        "Di Hall",
    )


def test_genres_are_the_films_own_and_dislikes_their_opposites() -> None:
    profile = movie_rule(FILM)
    assert profile.genres == ("Crime", "Comedy")
    assert profile.dislikes == ("fairy tale", "family fun", "tragedy", "horror")


@pytest.mark.parametrize("genres", [*combinations(OPPOSITES, 1), *combinations(OPPOSITES, 2)])
def test_no_film_dislikes_its_own_genres_or_tags(genres: tuple[str, ...]) -> None:
    profile = movie_rule(
        film(
            genres=list(genres),
            overview="A war, a ghost and a western musical.",
            keywords=["horror"],
        )
    )
    own = {word.casefold() for word in (*profile.genres, *profile.tags)}
    assert own.isdisjoint(word.casefold() for word in profile.dislikes)


def test_overview_is_the_first_sentence_and_the_rest_and_the_people_are_the_description() -> None:
    profile = movie_rule(FILM)
    assert profile.overview == "Two thieves plan a heist."
    assert (
        profile.description
        == "They hide in New York. Directed by Ada Marsh. With Bo Finn, Cy Gale, Di Hall."
    )


def test_a_film_of_which_only_the_title_is_known_still_has_a_profile() -> None:
    bare = movie_rule(
        film(year=None, genres=[], overview=None, tagline=None, keywords=[], directors=[], cast=[])
    )
    assert (
        bare.overview == bare.description == "The Night Vault: film of unknown genre, year unknown."
    )
    assert (bare.genres, bare.tags, bare.dislikes) == ((), (), ())


def turn(profile: Profile | None, *films: tuple[str, bool, list[str], list[str]]) -> Profile:
    shown = [
        {"title": t, "liked": liked, "genres": genres, "tags": tags}
        for t, liked, genres, tags in films
    ]
    return user_rule({"profile": profile and profile.model_dump(mode="json"), "films": shown})


def test_the_words_that_most_liked_films_share_come_first() -> None:
    profile = turn(
        None,
        ("A", True, ["Drama"], ["sea"]),
        ("B", True, ["War"], ["mud"]),
        ("C", True, ["War"], ["mud"]),
    )
    assert (profile.genres, profile.tags) == (("War", "Drama"), ("mud", "sea"))
    assert profile.description == "Liked A; B; C."


def test_a_later_turn_keeps_what_is_known_and_adds_to_it() -> None:
    first = turn(None, ("A", True, ["Drama"], ["sea"]))
    second = turn(first, ("B", True, ["War"], ["mud"]))
    assert (second.genres, second.description) == (("Drama", "War"), "Liked A; B.")


def test_a_disliked_film_adds_only_what_is_not_liked() -> None:
    first = turn(None, ("A", True, ["Drama"], ["sea"]))
    assert turn(first, ("B", False, ["drama", "War"], ["Sea", "mud"])).dislikes == ("War", "mud")


WORD = st.sampled_from(["War", "war", "Drama", "sea", "Sea", "mud", "rain", "ice"])
FILMS = st.lists(
    st.tuples(st.just("T"), st.booleans(), st.lists(WORD, max_size=3), st.lists(WORD, max_size=4))
)


@given(st.lists(FILMS, min_size=1, max_size=4))
def test_no_word_is_ever_liked_and_disliked(turns: list[Any]) -> None:
    profile = None
    for films in turns:
        profile = turn(profile, *films)
    assert profile is not None
    liked = {word.casefold() for word in (*profile.genres, *profile.tags)}
    assert liked.isdisjoint(word.casefold() for word in profile.dislikes)
