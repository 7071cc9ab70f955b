"""The judge before a server: whatever it answers, orders are permutations and outcomes typed."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stages.llm.params import LlmParams
from stages.llm.providers import connected
from stages.llm.waiting.waits import Clockwork
from stages.rerank.named import strategy_named
from stages.rerank.params import RerankParams
from tests.llm.rules_server import answer
from tests.llm.server import Act, Asked, Server, chat

Say = Callable[[list[str]], Act]


def orders(make: Callable[[list[str]], list[str]]) -> Say:
    return lambda labels: chat(json.dumps({"order": make(labels)}))


@pytest.fixture
def ordered(
    bench: Callable[..., Any], serve: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Any]:
    """Places in the order of the server's answer, the outcome on record, the shown places."""
    monkeypatch.setenv("E2EP_CACHE_DIR", str(tmp_path / "cache"))

    def labels(asked: Asked) -> list[str]:
        payload = next(one for one in asked.body["messages"] if one["role"] == "user")["content"]
        return [film["label"] for film in json.loads(payload)["candidates"]]

    async def sleepless(_: float) -> None:
        await asyncio.sleep(0)

    def run(say: Say) -> tuple[list[int], str, list[int]]:
        server = serve(lambda asked: say(labels(asked)))
        params = LlmParams(
            provider="openai", model="gpt-4o-mini", base_url=f"{server.url}/v1", attempts=2
        )

        async def judge() -> tuple[list[int], str, list[int]]:
            async with connected(params, Clockwork(sleep=sleepless)) as model:
                one = bench(model).judge(0, list(range(8)))
                order = await one.order(range(8))
                (record,) = one.judgements
                return order, record.outcome, [one.item_ids.index(item) for item in record.shown]

        return asyncio.run(judge())

    return run


def test_a_full_answer_is_the_order(ordered: Any) -> None:
    order, outcome, shown = ordered(orders(lambda labels: labels[::-1]))
    assert (order, outcome) == (shown[::-1], "answered")


def test_a_draft_before_the_answer_does_not_count(ordered: Any) -> None:
    def thinks_aloud(labels: list[str]) -> Act:
        draft, answer = (json.dumps({"order": order}) for order in (labels, labels[::-1]))
        return chat(f"At first: {draft}\nNo, upside down. My answer:\n```json\n{answer}\n```")

    order, outcome, shown = ordered(thinks_aloud)
    assert (order, outcome) == (shown[::-1], "answered")


def test_labels_in_small_letters_in_brackets_or_full_width_are_labels(ordered: Any) -> None:
    wide = str.maketrans({"F": "\uff26"} | {str(n): chr(0xFF10 + n) for n in range(10)})

    def check(spell: Callable[[str], str]) -> None:
        order, outcome, shown = ordered(orders(lambda labels: [*map(spell, labels[::-1])]))
        assert (order, outcome) == (shown[::-1], "answered")

    check(str.lower)
    check("[{}]".format)
    check(" '{}'".format)
    check(lambda label: label.translate(wide))


def test_repeated_labels_count_once(ordered: Any) -> None:
    order, outcome, shown = ordered(orders(lambda labels: labels[:1] * 3 + labels))
    assert (order, outcome) == (shown, "answered")


def test_foreign_labels_are_dropped(ordered: Any) -> None:
    order, outcome, shown = ordered(orders(lambda labels: ["F99", "Title 03", *labels]))
    assert (order, outcome) == (shown, "answered")


def test_missing_labels_follow_in_the_base_order(ordered: Any) -> None:
    order, outcome, shown = ordered(orders(lambda labels: labels[4:]))
    assert (order[:4], outcome) == (shown[4:], "answered")
    assert order[4:] == sorted(shown[:4])


@pytest.mark.parametrize(
    ("act", "outcome"),
    [
        (chat('{"order": ["F99"]}'), "invalid"),
        (chat('{"order": ["F01", "F01", "F01", "F01", "F01", "F01", "F01", "F01"]}'), "invalid"),
        (chat('<think>{"order": ["F01", "F02", "F03", "F04", "F05"]}'), "invalid"),
        (chat('{"scores": []}'), "invalid"),
        (chat('{"order": [3, 1]}'), "invalid"),
        (chat("F01, F02"), "invalid"),
        (chat(None, refusal="No."), "refused"),
        (chat('{"order": ["F01"', end="length"), "truncated"),
        (chat("", end="content_filter"), "filtered"),
        (Act("", 500), "failed"),
        (Act("<html></html>"), "failed"),
        (Act({"choices": []}), "failed"),
    ],
)
def test_without_a_usable_answer_the_base_order_stays_and_the_outcome_is_typed(
    ordered: Any, act: Act, outcome: str
) -> None:
    order, said, _ = ordered(lambda _labels: act)
    assert (order, said) == (list(range(8)), outcome)


@pytest.mark.parametrize(
    ("name", "at_once"), [("pairwise", 19), ("scored", 18), ("tournament", 8), ("batched", 10)]
)
def test_one_users_independent_questions_are_under_way_together(
    name: str,
    at_once: int,
    bench: Callable[..., Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A tree's root is compared with the 19 others at once; other strategies ask all at once."""
    monkeypatch.setenv("E2EP_CACHE_DIR", str(tmp_path / "cache"))
    server = Server(lambda asked: Act(chat(answer(asked)).body, delay=0.1))
    server.crowd = at_once
    params = LlmParams(
        provider="openai", model="gpt-4o-mini", base_url=f"{server.url}/v1", concurrency=64
    )
    strategy = strategy_named(name, RerankParams())

    async def judge() -> None:
        async with connected(params) as model:
            await strategy.values(strategy.pool, bench(model).judge(0, list(range(strategy.pool))))

    asyncio.run(judge())
    server.shutdown()
    server.server_close()
    assert server.most_under_way == at_once
