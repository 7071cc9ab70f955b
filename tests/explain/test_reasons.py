"""Explanations cite what the user liked and nothing else, whatever was claimed."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stages.contracts.rows import Explained

Build = Callable[..., Any]
TITLES = {
    "heat": "Vault at Noon",
    "sea": "The Grey Harbour",
    "war": "Mud",
    "toy": "Tin Parade",
    "ice": "White Silence",
}


@pytest.fixture
def told(explained: Build, user: Build) -> Callable[..., Explained]:
    """What happens to claims about `job` for a user who liked heat and sea."""
    return lambda *claims, most=3: explained(user("heat", "sea"), {"job": claims}, most).items[0]


def test_a_grounded_claim_is_kept_with_its_kind(told: Build) -> None:
    item = told(("heist", ["heat", "sea"]), ("Ada Marsh", ["heat"]), ("crime", ["heat"]))
    assert [(claim.attribute, claim.kind, claim.cited) for claim in item.claims] == [
        ("heist", "tag", ("heat", "sea")),
        ("Ada Marsh", "person", ("heat",)),
        ("crime", "genre", ("heat",)),
    ]


def test_a_person_is_cited_of_whom_no_profile_speaks_but_the_data_of_both_films(
    told: Build,
) -> None:
    item = told(("Bo Lund", ["heat"]), ("Bo Lund", ["sea"]), ("Cy Orr", ["heat"]))
    [claim] = item.claims
    assert (claim.attribute, claim.kind, claim.cited) == ("Bo Lund", "person", ("heat",))
    assert item.dropped == 2
    assert item.reason == "Bo Lund links it to Vault at Noon, which you rated highly."


@pytest.mark.parametrize(
    ("attribute", "evidence"),
    [
        ("toys", ["heat"]),
        ("Drama", ["heat"]),
        ("Comedy", ["heat"]),
        ("sea", ["heat"]),
        ("sea", ["heat", "sea"]),
        ("heist", []),
        ("heist", ["E09"]),
        ("heist", ["heat", "R99"]),
        ("heist", ["job"]),
        ("1990s", ["toy"]),
        ("", ["heat"]),
    ],
)
def test_a_lie_is_dropped_and_counted(told: Build, attribute: str, evidence: list[str]) -> None:
    """Not the film's, not the user's, not the evidence's, or no liked film behind it."""
    item = told((attribute, evidence), ("heist", ["heat"]))
    assert ([claim.attribute for claim in item.claims], item.dropped) == (["heist"], 1)
    assert item.reason == "“heist” links it to Vault at Noon, which you rated highly."


def test_what_two_films_share_is_no_reason_where_the_users_profile_lacks_it(
    explained: Build, user: Build
) -> None:
    claims = [("1990s", ["heat"]), ("sea", ["sea"])]
    item = explained(user("heat", "sea", tags=("sea",)), {"job": claims}).items[0]
    assert ([claim.attribute for claim in item.claims], item.dropped) == (["sea"], 1)


def test_a_claim_made_twice_is_told_once_and_a_film_cited_twice_once(told: Build) -> None:
    item = told(("heist", ["heat", "heat"]), ("Heist", ["sea"]), ("sea", ["sea"]))
    assert [(claim.attribute, claim.cited) for claim in item.claims] == [
        ("heist", ("heat",)),
        ("sea", ("sea",)),
    ]
    assert item.dropped == 0


def test_only_so_many_claims_are_told(told: Build) -> None:
    item = told(("heist", ["heat"]), ("sea", ["sea"]), ("Crime", ["heat"]), most=2)
    assert ([claim.attribute for claim in item.claims], item.dropped) == (["heist", "sea"], 0)


def test_claims_stay_with_their_film(explained: Build, user: Build) -> None:
    first, second = explained(user("heat"), {"war": [], "job": [("heist", ["heat"])]}).items
    assert (first.claims, first.reason, first.dropped) == ((), "", 0)
    assert [claim.attribute for claim in second.claims] == ["heist"]


def test_a_user_without_liked_films_gets_no_reason_from_a_liar(
    explained: Build, user: Build
) -> None:
    lies = [("heist", []), ("heist", ["heat"]), ("heist", ["toy"])]
    item = explained(user(), {"job": lies}).items[0]
    assert (item.claims, item.reason, item.dropped) == ((), "", 3)


def test_places_scores_and_source_are_recorded(explained: Build, user: Build) -> None:
    row = explained(user("heat"), {"job": [], "war": []})
    assert (row.user_id, row.base, row.strategy, row.source) == ("anna", "gat", "scored", "made up")
    assert [
        (item.item_id, item.place, item.graph_place, item.graph_score) for item in row.items
    ] == [
        ("job", 0, 0, 2.0),
        ("war", 1, 1, 1.0),
    ]


CLAIMS = st.lists(
    st.tuples(
        st.sampled_from(
            ["heist", "SEA", "Ada Marsh", "Crime", "Drama", "toys", "1990s", "Tin Parade"]
        ),
        st.lists(st.sampled_from(["heat", "sea", "war", "E04", "job", "toy"]), max_size=4),
    ),
    max_size=6,
)


@given(CLAIMS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_text_holds_no_title_that_is_not_cited(
    explained: Build, user: Build, claims: list[tuple[str, list[str]]]
) -> None:
    item = explained(user("heat", "sea", "war"), {"job": claims}).items[0]
    cited = {film for claim in item.claims for film in claim.cited}
    assert cited <= {"heat", "sea", "war"}
    assert not any(title in item.reason for film, title in TITLES.items() if film not in cited)
    assert bool(item.reason) == bool(item.claims)
    assert len(item.claims) + item.dropped <= len(claims)
