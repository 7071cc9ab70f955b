"""A rehearsal's profiles have the length of published ones, whatever is known of an item."""

import pytest

from stages.profile.movie import likely_movie, movie_rule
from stages.profile.user import likely_user, user_rule
from tests.profile.test_rules import FILM, film

BARE = film(year=None, genres=[], overview=None, tagline=None, keywords=[], directors=[], cast=[])
RICH = film(overview="A thief. " + "He hides from his past in New York. " * 30, tagline=None)


@pytest.mark.parametrize("payload", [FILM, BARE], ids=["short", "only a title"])
def test_an_item_of_which_little_is_known_gets_texts_and_lists_of_the_usual_length(
    payload: dict[str, object],
) -> None:
    made, rule = likely_movie(payload), movie_rule(payload)
    assert made.overview.startswith(rule.overview)
    assert made.description.startswith(rule.description)
    assert (len(made.overview), len(made.description)) == pytest.approx((240, 480), abs=2)
    assert (len({*made.tags}), len({*made.dislikes})) == (6, 5)
    assert made.tags[:6] == (*rule.tags, *made.tags[len(rule.tags) :])[:6]


def test_a_long_text_stays_as_it_is() -> None:
    assert likely_movie(RICH).description == movie_rule(RICH).description


def test_a_user_gets_longer_texts_and_more_words() -> None:
    shown = {"liked": True, "genres": [], "tags": [f"tag {number}" for number in range(60)]}
    payload = {"profile": None, "films": [shown | {"title": "The Night Vault"}]}
    made, rule = likely_user(payload), user_rule(payload)
    assert (len(made.overview), len(made.description)) == pytest.approx((540, 780), abs=2)
    assert made.tags[:20] == rule.tags
    assert len(made.tags) == 42
