"""Reasons before a real server: in the conversation that judged, user by user, kept as answered."""

import asyncio
import json
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from stages.contracts.fusion import fused_order
from stages.llm.params import LlmParams
from stages.llm.providers import connected
from stages.llm.providers.offline import Offline
from stages.llm.waiting.waits import Clockwork
from stages.rerank.named import strategy_named
from stages.rerank.params import RerankParams
from stages.rerank.pools import Judged, judged, pools
from stages.rerank.reasoner import Reasoner
from tests.llm.server import Act, Asked, chat

LISTS = pd.DataFrame(
    {
        "user_row": np.repeat(np.arange(3), 20),
        "item_row": np.tile(np.arange(20), 3),
        "place": np.tile(np.arange(20), 3),
    }
)
REASONER = Reasoner(k=5, claims=3, weight=0.8)
Say = Callable[[Asked], Act]


def payload(asked: Asked) -> dict[str, Any]:
    """The data of the last message, the instructions before it left out."""
    found: dict[str, Any] = json.loads(asked.body["messages"][-1]["content"].splitlines()[-1])
    return found


def is_about_reasons(asked: Asked) -> bool:
    return "evidence" in payload(asked)


def honest(asked: Asked) -> Act:
    """The first shown first, all alike, the first picked; one claim per film, in new words."""
    data = payload(asked)
    if is_about_reasons(asked):
        claims = [{"attribute": "tag 1", "evidence": ["E01", "R02", "E99"]}]
        return chat(
            json.dumps(
                {"reasons": [{"label": film["label"], "claims": claims} for film in data["films"]]}
            )
        )
    labels = [film["label"] for film in data["candidates"]]
    scores = [{"label": label, "score": 50} for label in labels]
    answers = {"order": labels, "scores": scores, "best": labels[0]}
    return chat(json.dumps(answers) + f" because of {data['candidates'][0]['title']}")


@pytest.fixture
def reasoned(
    bench: Callable[..., Any], serve: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Any]:
    """Rerank three users before a server, one at a time; what was made, and every request."""
    monkeypatch.setenv("E2EP_CACHE_DIR", str(tmp_path / "cache"))

    async def sleepless(_: float) -> None:
        await asyncio.sleep(0)

    def run(name: str, say: Say = honest, **settings: Any) -> tuple[Judged, list[Asked]]:
        server = serve(say)
        params = LlmParams(
            provider="openai", model="gpt-4o-mini", base_url=f"{server.url}/v1", attempts=2
        )
        way = strategy_named(name, RerankParams(strategies={name: settings}))

        async def all_users() -> Judged:
            async with connected(params, Clockwork(sleep=sleepless)) as model:
                cases = list(pools(LISTS, range(3), way.pool))
                return await judged(way, bench(model), cases, reasoner=REASONER)

        return asyncio.run(all_users()), server.asked

    return run


def user_of(asked: Asked) -> str:
    """The tag that tells the users of these tests apart."""
    first = next(one["content"] for one in asked.body["messages"] if one["role"] == "user")
    return str(json.loads(first.splitlines()[-1])["user"]["tags"])


@pytest.mark.parametrize(
    "name", ["prompt", "scored", "setwise", "tournament", "batched", "insertion", "pairwise"]
)
def test_reasons_go_on_from_a_question_of_the_same_user_and_its_answer(
    reasoned: Any, name: str
) -> None:
    _, asked = reasoned(name)
    questions = [one for one in asked if not is_about_reasons(one)]
    replies = [
        json.loads(json.dumps(honest(one).body))["choices"][0]["message"]["content"]
        for one in questions
    ]
    talks = [
        [*one.body["messages"], {"role": "assistant", "content": reply}]
        for one, reply in zip(questions, replies, strict=True)
    ]
    about = [one.body["messages"] for one in asked if is_about_reasons(one)]
    assert len(about) == 3
    for messages in about:
        assert messages[:-1] in talks
        assert messages[-1]["role"] == "user"


@pytest.mark.parametrize("name", ["prompt", "scored", "tournament"])
def test_each_user_is_asked_for_reasons_after_the_last_question_and_before_the_next_user(
    reasoned: Any, name: str
) -> None:
    _, asked = reasoned(name)
    users = [user_of(one) for one in asked]
    assert len(list(groupby(users))) == 3
    last = [place for place, user in enumerate(users) if users[place + 1 : place + 2] != [user]]
    assert [place for place, one in enumerate(asked) if is_about_reasons(one)] == last


def test_the_question_is_the_one_that_showed_most_of_the_films_to_explain(reasoned: Any) -> None:
    made, asked = reasoned("scored", pool=12, batch=4, rounds=2)
    for number, messages in enumerate(
        one.body["messages"] for one in asked if is_about_reasons(one)
    ):
        mine = made.values[made.values["user_row"] == number]
        order = fused_order(mine["value"].to_numpy(), 0.8)[:5]
        wanted = {f"itemid{row}" for row in mine["item_row"].to_numpy()[order]}
        shown = [set(one.shown) for one in made.judgements if one.user_id == f"userid{number}"]
        most = max(len(one & wanted) for one in shown)
        titles = {film["title"] for film in json.loads(messages[1]["content"])["candidates"]}
        best = [one for one in shown if len(one & wanted) == most][-1]
        assert titles == {f"Title {int(item.removeprefix('itemid')):02d}" for item in best}


def test_none_asks_in_a_conversation_of_its_own(reasoned: Any) -> None:
    made, asked = reasoned("none")
    assert [[one["role"] for one in request.body["messages"]] for request in asked] == [
        ["system", "user"]
    ] * 3
    assert [len(one.items) for one in made.reasons] == [5] * 3


def test_the_first_k_of_the_fused_list_are_explained(reasoned: Any) -> None:
    made, _ = reasoned("prompt")
    for row, reasons in enumerate(made.reasons):
        mine = made.values[made.values["user_row"] == row]
        best = mine["item_row"].to_numpy()[fused_order(mine["value"].to_numpy(), 0.8)[:5]]
        assert [film.item_id for film in reasons.items] == [f"itemid{item}" for item in best]


def test_claims_are_kept_as_answered_with_item_ids_for_labels_shown(reasoned: Any) -> None:
    made, _ = reasoned("prompt")
    second = made.reasons[0].items[1].item_id
    for film in made.reasons[0].items:
        assert [(one.attribute, one.cited, one.foreign) for one in film.claims] == [
            ("tag 1", ("itemid50", second), ("E99",))
        ]


def test_labels_of_reasons_are_no_labels_of_candidates(reasoned: Any) -> None:
    _, asked = reasoned("prompt")
    data = payload(next(one for one in asked if is_about_reasons(one)))
    assert [film["label"] for film in data["films"]] == ["R01", "R02", "R03", "R04", "R05"]
    assert [film["label"] for film in data["evidence"]] == ["E01"]


def test_no_id_is_told(reasoned: Any) -> None:
    _, asked = reasoned("prompt")
    said = json.dumps([one.body for one in asked])
    assert "userid" not in said
    assert "itemid" not in said


@pytest.mark.parametrize(
    ("act", "outcome"),
    [
        (chat(None, refusal="No."), "refused"),
        (chat("Because."), "invalid"),
        (chat('{"reasons": [', end="length"), "truncated"),
        (Act("", 500), "failed"),
    ],
)
def test_without_an_answer_there_is_no_reason_the_outcome_is_told_and_the_ranking_stays(
    reasoned: Any, act: Act, outcome: str
) -> None:
    made, _ = reasoned(
        "prompt", lambda asked: honest(asked) if "candidates" in payload(asked) else act
    )
    answered, _ = reasoned("prompt")
    pd.testing.assert_frame_equal(made.values, answered.values)
    assert made.judgements == answered.judgements
    assert [one.outcome for one in made.reasons] == [outcome] * 3
    assert all(film.claims == () for one in made.reasons for film in one.items)


def test_a_judge_that_said_nothing_usable_leaves_a_conversation_of_its_own(reasoned: Any) -> None:
    _, asked = reasoned(
        "prompt", lambda one: honest(one) if "evidence" in payload(one) else chat('{"order": []}')
    )
    about = [one.body["messages"] for one in asked if is_about_reasons(one)]
    assert [len(messages) for messages in about] == [2] * 3


def test_a_repaired_answer_is_gone_on_from_with_its_repair(reasoned: Any) -> None:
    said: list[str] = []
    order = json.dumps({"order": [f"F{number:02d}" for number in range(1, 21)]})

    def once_wrong(asked: Asked) -> Act:
        if is_about_reasons(asked):
            return honest(asked)
        said.append(asked.body["messages"][-1]["content"])
        return chat("Hm.") if len(said) == 1 else chat(order)

    _, asked = reasoned("prompt", once_wrong)
    first = next(one.body["messages"] for one in asked if is_about_reasons(one))
    assert first[:4] == asked[1].body["messages"]
    assert [one["content"] for one in first[2:5:2]] == ["Hm.", order]


def test_a_user_without_liked_films_is_given_no_reason_by_the_rules(
    bench: Callable[..., Any],
) -> None:
    made = bench(Offline())
    user = made.users[0].model_copy(update={"liked": ()})
    reasons = asyncio.run(
        REASONER.ask(made.judge(0, list(range(20))), user, made.catalogue, np.linspace(1, 0, 20))
    )
    assert [film.claims for film in reasons.items] == [()] * 5
