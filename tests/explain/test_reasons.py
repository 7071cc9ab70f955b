"""Explanations cite what the user liked and nothing else, whatever a model claims."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stages.core.schema import Explained, Explanation
from stages.explain.lists import Place
from stages.llm.providers.offline import LABEL, Offline

Build = Callable[..., Any]


@pytest.fixture
def explained(explainer: Build, row_of: dict[str, int]) -> Callable[..., Explanation]:
    """Explain these films to a user."""

    def explain(model: Any, user: Any, *films: str, **params: Any) -> Explanation:
        places = [Place(row_of[film], 2.0 - n, n, 0.5) for n, film in enumerate(films)]
        return asyncio.run(explainer(model, **params).explain(user, places))

    return explain


@pytest.fixture
def told(explained: Build, claiming: Build, user: Build) -> Callable[..., Explained]:
    """What becomes of claims about `job` for a user who liked heat (E01) and sea (E02)."""

    def tell(*claims: tuple[str, list[str]], **params: Any) -> Explained:
        return explained(claiming({"R01": list(claims)}), user("heat", "sea"), "job", **params).items[0]

    return tell


def test_offline_claims_cite_liked_films_that_share_the_attribute(explained: Build, user: Build) -> None:
    item = explained(Offline(), user("heat", "sea"), "job", claims=9).items[0]
    cited = {claim.attribute: (claim.kind, claim.cited) for claim in item.claims}
    assert cited == {
        "sea": ("tag", ("sea",)),
        "Ada Marsh": ("person", ("heat",)),
        "heist": ("tag", ("heat", "sea")),
        "Crime": ("genre", ("heat",)),
        "1990s": ("tag", ("heat",)),
    }
    assert item.dropped == 0


def test_a_grounded_claim_is_kept_with_item_ids(told: Build) -> None:
    item = told(("heist", ["E01", "E02"]))
    assert [(claim.attribute, claim.kind, claim.cited) for claim in item.claims] == [("heist", "tag", ("heat", "sea"))]


@pytest.mark.parametrize(
    ("attribute", "evidence"),
    [
        ("toys", ["E01"]),
        ("Drama", ["E01"]),
        ("Comedy", ["E01"]),
        ("sea", ["E01"]),
        ("sea", ["E01", "E02"]),
        ("heist", []),
        ("heist", ["E09"]),
        ("heist", ["E01", "R01"]),
        ("heist", ["heat"]),
        ("", ["E01"]),
    ],
)
def test_a_lie_is_dropped_and_counted(told: Build, attribute: str, evidence: list[str]) -> None:
    """Not the film's, not the user's, not the evidence's, or no liked film behind it."""
    item = told((attribute, evidence), ("heist", ["E01"]))
    assert ([claim.attribute for claim in item.claims], item.dropped) == (["heist"], 1)


def test_what_two_films_share_is_no_reason_where_the_users_profile_lacks_it(
    explained: Build, claiming: Build, user: Build
) -> None:
    model = claiming({"R01": [("1990s", ["E01"]), ("sea", ["E02"])]})
    item = explained(model, user("heat", "sea", tags=("sea",)), "job").items[0]
    assert ([claim.attribute for claim in item.claims], item.dropped) == (["sea"], 1)


def test_a_claim_made_twice_is_told_once_and_a_film_cited_twice_once(told: Build) -> None:
    item = told(("heist", ["E01", "E01"]), ("Heist", ["E02"]), ("sea", ["E02"]))
    assert [(claim.attribute, claim.cited) for claim in item.claims] == [("heist", ("heat",)), ("sea", ("sea",))]
    assert item.dropped == 0


def test_only_so_many_claims_are_told(told: Build) -> None:
    item = told(("heist", ["E01"]), ("sea", ["E02"]), ("Crime", ["E01"]), claims=2)
    assert ([claim.attribute for claim in item.claims], item.dropped) == (["heist", "sea"], 0)


def test_claims_stay_with_their_film(explained: Build, claiming: Build, user: Build) -> None:
    model = claiming({"R02": [("heist", ["E01"])], "R07": [("heist", ["E01"])]})
    first, second = explained(model, user("heat"), "war", "job").items
    assert (first.claims, first.reason, first.dropped) == ((), "", 0)
    assert [claim.attribute for claim in second.claims] == ["heist"]


@pytest.mark.parametrize("said", ["No.", '{"reasons": [{"label": "R01"}]}'])
def test_an_answer_that_is_none_gives_no_reason(explained: Build, claiming: Build, user: Build, said: str) -> None:
    item = explained(claiming(said), user("heat"), "job").items[0]
    assert (item.claims, item.reason, item.title) == ((), "", "The Last Job")


def test_a_user_without_liked_films_gets_no_reason_from_the_rules(explained: Build, user: Build) -> None:
    items = explained(Offline(), user(), "job", "heat").items
    assert [(item.claims, item.reason) for item in items] == [((), "")] * 2


def test_a_user_without_liked_films_gets_no_reason_from_a_liar(explained: Build, claiming: Build, user: Build) -> None:
    lies = [("heist", []), ("heist", ["E01"]), ("heist", ["toy"])]
    item = explained(claiming({"R01": lies}), user(), "job").items[0]
    assert (item.claims, item.reason, item.dropped) == ((), "", 3)


def test_a_disliked_film_is_never_evidence(explained: Build, user: Build) -> None:
    item = explained(Offline(), user("war", genres=("Comedy",), tags=("toys", "1990s")), "job").items[0]
    assert (item.claims, item.reason) == ((), "")


def test_places_scores_and_source_are_recorded(explained: Build, user: Build) -> None:
    row = explained(Offline(), user("heat"), "job", "war")
    assert (row.user_id, row.base, row.strategy, row.source) == ("anna", "gat", "scored", LABEL)
    assert [(item.item_id, item.place, item.graph_place, item.graph_score) for item in row.items] == [
        ("job", 0, 0, 2.0),
        ("war", 1, 1, 1.0),
    ]


def test_the_model_is_told_titles_and_profiles_and_no_id(explained: Build, claiming: Build, user: Build) -> None:
    model = claiming({})
    explained(model, user("heat"), "job")
    payload = json.loads(model.tasks[0].messages()[-1].content)
    assert set(payload) == {"user", "evidence", "films", "claims"}
    assert all(set(film) == {"label", "title", "genres", "tags"} for film in (*payload["evidence"], *payload["films"]))
    assert "anna" not in json.dumps(payload)


CLAIMS = st.lists(
    st.tuples(
        st.sampled_from(["heist", "SEA", "Ada Marsh", "Crime", "Drama", "toys", "1990s", "Tin Parade"]),
        st.lists(st.sampled_from(["E01", "E02", "E03", "E04", "R01", "toy"]), max_size=4),
    ),
    max_size=6,
)


@given(CLAIMS)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_text_holds_no_title_that_is_not_cited(
    explained: Build, claiming: Build, user: Build, claims: list[tuple[str, list[str]]]
) -> None:
    titles = {
        "heat": "Vault at Noon",
        "sea": "The Grey Harbour",
        "war": "Mud",
        "toy": "Tin Parade",
        "ice": "White Silence",
    }
    item = explained(claiming({"R01": claims}), user("heat", "sea", "war"), "job").items[0]
    cited = {film for claim in item.claims for film in claim.cited}
    assert cited <= {"heat", "sea", "war"}
    assert not any(title in item.reason for film, title in titles.items() if film not in cited)
    assert bool(item.reason) == bool(item.claims)
    assert len(item.claims) + item.dropped <= len(claims)
