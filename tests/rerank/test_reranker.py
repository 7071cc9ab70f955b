"""A reranker as the judge, before a real local server with /v1/rerank."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stages.core.errors import E2epError, InputError, ParamError
from stages.llm.params import LlmParams
from stages.llm.providers import connected
from stages.llm.servers.ready import require_ready
from tests.llm.server import Act, Asked, Server, nowhere


def ranked(scores: list[Any]) -> Act:
    """What vLLM answers: the best first."""
    results = [{"index": place, "relevance_score": score} for place, score in enumerate(scores)]
    return Act({"model": "served-1", "results": results[::-1], "usage": {"prompt_tokens": 9}})


def by_place(asked: Asked) -> Act:
    """The later a document stands, the more relevant it is."""
    count = len(asked.body["documents"])
    return ranked([(place + 1) / count for place in range(count)])


@pytest.fixture
def reranker(
    serve: Callable[..., Server], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Any]:
    """Start a server; give it and the parameters that name it."""
    monkeypatch.setenv("E2EP_CACHE_DIR", str(tmp_path / "cache"))
    for name in ("OPENAI_API_KEY", "E2EP_JUDGE_API_KEY"):
        monkeypatch.delenv(name, raising=False)

    def start(script: Any, attempts: int = 1, **judge: Any) -> tuple[Server, LlmParams]:
        server = serve(script)
        named = {"model": "reranker", "base_url": f"{server.url}/v1"} | judge
        return server, LlmParams(judge=named, attempts=attempts)

    return start


def judge(
    bench: Callable[..., Any], params: LlmParams, ask: Callable[[Any], Any]
) -> tuple[Any, Any]:
    """What `ask` gets from the judge of the first user over eight films, and the judge."""

    async def work() -> tuple[Any, Any]:
        async with connected(params.judging) as model:
            made = bench(model).judge(0, list(range(8)))
            return await ask(made), made

    return asyncio.run(work())


def test_the_films_are_ordered_by_their_scores(bench: Any, reranker: Any) -> None:
    server, params = reranker(by_place)
    order, made = judge(bench, params, lambda one: one.order(range(8)))
    (said,) = made.judgements
    assert [made.item_ids[place] for place in order] == list(said.shown)[::-1]
    assert (said.outcome, said.model) == ("answered", "served-1")
    assert len(server.asked) == 1


def test_scores_are_per_cent_and_a_pick_is_the_highest(bench: Any, reranker: Any) -> None:
    _, params = reranker(by_place)
    scores, made = judge(bench, params, lambda one: one.scores(range(4)))
    shown = [made.item_ids.index(item) for item in made.judgements[0].shown]
    assert [scores[place] for place in shown] == [25, 50, 75, 100]
    best, made = judge(bench, params, lambda one: one.best([range(4)]))
    assert made.item_ids[best[0]] == made.judgements[0].shown[-1]


def test_the_request_has_a_query_and_documents_and_no_id(bench: Any, reranker: Any) -> None:
    server, params = reranker(by_place)
    _, made = judge(bench, params, lambda one: one.order(range(8)))
    (asked,) = server.asked
    assert asked.path == "/v1/rerank"
    assert asked.body.keys() == {"model", "query", "documents"}
    assert asked.body["model"] == "reranker"
    shown = [made.candidates[made.item_ids.index(item)] for item in made.judgements[0].shown]
    for document, film in zip(asked.body["documents"], shown, strict=True):
        assert document.startswith(f"{film['title']} ({film['year']})\nGenres: ")
        assert "label" not in document
    assert asked.body["query"].startswith("A film for somebody who likes: ")
    assert made.user["liked_films"][0] in asked.body["query"]


@pytest.mark.parametrize(
    "act",
    [
        ranked([0.5] * 7),
        ranked([0.5] * 9),
        ranked([True] * 8),
        ranked(["0.5"] * 8),
        ranked([None] * 8),
        ranked([10**400] * 8),
        Act(
            {
                "results": [
                    {"index": bool(n) if n < 2 else n, "relevance_score": 0.5} for n in range(8)
                ]
            }
        ),
        Act({"results": [{"index": 0, "relevance_score": 0.5}] * 8}),
        Act({"results": {}}),
        Act({}),
    ],
)
def test_scores_that_do_not_fit_the_films_are_no_answer(
    act: Act, bench: Any, reranker: Any
) -> None:
    server, params = reranker(act)
    order, made = judge(bench, params, lambda one: one.order(range(8)))
    assert (order, made.judgements[0].outcome) == (list(range(8)), "invalid")
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "act", [Act("<html></html>"), Act({"error": {"code": 503, "message": "busy"}})]
)
def test_what_is_no_answer_at_all_is_a_failure(act: Act, bench: Any, reranker: Any) -> None:
    _, params = reranker(act)
    _, made = judge(bench, params, lambda one: one.order(range(8)))
    assert made.judgements[0].outcome == "failed"


def test_an_error_in_a_full_answer_ends_the_run_as_any_other(bench: Any, reranker: Any) -> None:
    _, params = reranker(Act({"error": {"code": 402, "message": "no credit"}}))
    with pytest.raises(InputError, match="the account of E2EP_JUDGE_API_KEY has no credit"):
        judge(bench, params, lambda one: one.order(range(8)))


def test_headers_of_an_answer_may_be_anything(bench: Any, reranker: Any) -> None:
    _, params = reranker(Act(ranked([0.5] * 8).body, headers={"x-who": "caf\u00e9"}))
    _, made = judge(bench, params, lambda one: one.order(range(8)))
    assert made.judgements[0].outcome == "answered"


def test_logits_become_probabilities_and_are_refused_unless_named(
    bench: Any, reranker: Any
) -> None:
    act = ranked([-800.0, 0.0, 4.0])
    _, params = reranker(act)
    with pytest.raises(InputError, match=r"relevance -800, which is no probability; set llm.judge"):
        judge(bench, params, lambda one: one.scores(range(3)))
    _, params = reranker(act, scores="logits")
    scores, made = judge(bench, params, lambda one: one.scores(range(3)))
    shown = [made.item_ids.index(item) for item in made.judgements[0].shown]
    assert [scores[place] for place in shown] == [0, 50, 98.201]


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (Act({"error": {"message": "not supported"}}, 501), "serves no reranker .HTTP 501."),
        (Act({}, 404), "serves no reranker .HTTP 404."),
        # vLLM's words for a model that it does not serve
        (Act({"error": {"param": "model"}}, 404), "does not know the reranker reranker .HTTP 404."),
        (Act({}, 401), "put it in E2EP_JUDGE_API_KEY"),
    ],
)
def test_a_server_without_a_reranker_or_with_another_key_ends_the_run(
    act: Act, said: str, bench: Any, reranker: Any
) -> None:
    server, params = reranker(act)
    with pytest.raises(E2epError, match=said):
        judge(bench, params, lambda one: one.order(range(8)))
    assert len(server.asked) == 1


def test_a_question_too_long_for_the_reranker_is_asked_once_and_explained(
    bench: Any, reranker: Any
) -> None:
    words = "input (700 tokens) is too large to process. increase the physical batch size"
    server, params = reranker(Act({"error": {"code": 500, "message": words}}, 500), attempts=8)
    order, made = judge(bench, params, lambda one: one.order(range(8)))
    assert (order, made.judgements[0].outcome) == (list(range(8)), "failed")
    assert len(server.asked) == 1


def test_the_judge_has_its_own_key(
    bench: Any, reranker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-other")
    server, params = reranker(by_place)
    judge(bench, params, lambda one: one.order(range(4)))
    monkeypatch.setenv("E2EP_JUDGE_API_KEY", "sk-judge")
    judge(bench, params, lambda one: one.order(range(5)))
    headers = [asked.headers.get("authorization") for asked in server.asked]
    assert headers == [None, "Bearer sk-judge"]


def test_its_server_is_looked_for_before_a_run() -> None:
    url = nowhere()
    params = LlmParams(judge={"model": "reranker", "base_url": url})
    assert [section.provider for section in params.sections] == ["offline", "rerank"]
    with pytest.raises(InputError, match=f"no server at {url}"):
        require_ready(params.judging)


def test_a_reranker_can_only_judge_and_stays_at_home_with_the_users() -> None:
    with pytest.raises(ParamError, match=r"give its model and base_url under llm\.judge"):
        LlmParams(provider="rerank", model="reranker")
    away = {"model": "reranker", "base_url": "https://api.example.org/v1"}
    assert LlmParams(judge=away).judging.provider == "rerank"
    with pytest.raises(ParamError, match=r"llm.judge.base_url https://api.example.org/v1 is not"):
        LlmParams(provider="openai", model="m", users="offline", judge=away)


def test_recorded_answers_and_a_rehearsal_ask_no_reranker(tmp_path: Path) -> None:
    away = {"model": "reranker", "base_url": "https://api.example.org/v1"}
    replay = LlmParams(provider="replay", replay=tmp_path / "answers.jsonl", judge=away)
    assert replay.judging is replay
    assert LlmParams(provider="rehearsal", judge=away).judging.provider == "rehearsal"
