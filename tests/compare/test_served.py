"""The judge before a real server: blind, in both orders, and at home where llm.users says so."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.llm.server import Act, Asked, Server, chat

Say = Callable[[Asked], Act]


def payload(asked: Asked) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(asked.body["messages"][1]["content"])
    return found


def label_of(asked: Asked, title: str) -> str:
    """The label of the list that begins with a film."""
    return next(
        str(one["label"]) for one in payload(asked)["lists"] if one["films"][0]["title"] == title
    )


def prefers(title: str) -> Say:
    return lambda asked: chat(json.dumps({"better": label_of(asked, title)}))


def served(server: Server, **more: Any) -> dict[str, Any]:
    return {
        "provider": "openai",
        "model": "gpt-4o-mini",
        "base_url": f"{server.url}/v1",
        "attempts": 1,
        "breaker": 99,
        **more,
    }


def test_a_judge_that_keeps_to_one_list_decides(project: Any, serve: Any) -> None:
    assert project.compare(llm=served(serve(prefers("Dune")))).wins == 4
    found = project.compare(llm=served(serve(prefers("Heat")), model="another"))
    assert (found.wins, found.losses, found.judges) == (0, 4, ("served-1",))


@pytest.mark.parametrize("place", ["A", "B"])
def test_a_judge_that_goes_by_the_place_contradicts_itself_and_counts_as_a_tie(
    project: Any, serve: Any, place: str
) -> None:
    found = project.compare(llm=served(serve(lambda _: chat(json.dumps({"better": place})))))
    assert (found.wins, found.ties, found.losses, found.contradictions) == (0, 4, 0, 4)
    assert found.p is None


def test_each_pair_is_shown_in_both_orders(project: Any, serve: Any) -> None:
    server = serve(prefers("Dune"))
    project.compare(llm=served(server))
    assert sorted(label_of(asked, "Dune") for asked in server.asked) == ["A"] * 4 + ["B"] * 4


def test_no_strategy_base_or_id_is_told(project: Any, serve: Any) -> None:
    server = serve(prefers("Dune"))
    project.compare(llm=served(server))
    said = json.dumps([one.body["messages"] for one in server.asked])
    assert not [word for word in ("rich", "poor", "e2ep", "userid", "itemid") if word in said]
    assert payload(server.asked[0])["user"]["liked_films"] == ["Solaris"]


@pytest.mark.parametrize(
    ("act", "outcome"),
    [
        (chat(None, refusal="No."), "refused"),
        (chat("The first."), "invalid"),
        (chat('{"better": "C"}'), "invalid"),
        (chat('{"better": "rich"}'), "invalid"),
        (chat('{"better"', end="length"), "truncated"),
        (chat("", end="content_filter"), "filtered"),
        (Act("", 500), "failed"),
    ],
)
def test_an_answer_that_cannot_be_used_is_typed_and_its_user_counts_for_nobody(
    project: Any, serve: Any, act: Act, outcome: str
) -> None:
    server = serve(lambda asked: prefers("Dune")(asked) if label_of(asked, "Dune") == "A" else act)
    found = project.compare(llm=served(server))
    assert (found.users, found.wins, found.unanswered) == (0, 0, 4)
    assert {row.outcomes for row in project.verdicts()} == {("answered", outcome)}


def test_an_answer_with_prose_around_is_read(project: Any, serve: Any) -> None:
    server = serve(
        lambda asked: chat(f'I say {{"better": "{label_of(asked, "Heat")}"}}, since it is short.')
    )
    assert project.compare(llm=served(server)).losses == 4


def test_a_second_run_asks_nothing_again(project: Any, serve: Any) -> None:
    server = serve(prefers("Dune"))
    first = project.compare(llm=served(server))
    assert project.compare(llm=served(server)) == first
    assert len(server.asked) == 8


def test_what_is_about_users_stays_at_home(project: Any, serve: Any) -> None:
    films, people = serve(prefers("Dune")), serve(prefers("Heat"))
    users = {"provider": "openai", "model": "at-home", "base_url": f"{people.url}/v1"}
    assert project.compare(llm=served(films, users=users)).losses == 4
    assert (len(films.asked), {one.body["model"] for one in people.asked}) == (0, {"at-home"})


def test_a_judge_without_any_usable_answer_ends_the_stage(
    project: Any, serve: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    server = serve(lambda _: chat("The first."))
    with pytest.raises(SystemExit):
        project.compare(llm=served(server))
    assert (
        "compare: none of the 8 such questions had a usable answer (8 invalid); take another"
        in (capsys.readouterr().err)
    )
    assert not (project.root / "out").exists()
