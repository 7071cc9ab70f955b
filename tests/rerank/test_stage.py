"""The stage on disk: whose lists are judged, and what is written."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from stages.contracts.calls import Asked
from stages.contracts.plan import UNJUDGED
from stages.contracts.reasons import RawReasons
from stages.contracts.rows import ENRICHED, JUDGED, RATINGS, TRAINING, Judgement
from stages.core.tables import read_arrow, read_jsonl, read_model, write_table
from stages.llm.providers.offline import LABEL
from stages.rerank.__main__ import main
from tests.llm.rules_server import answer
from tests.llm.server import Act, Server, chat
from tests.llm.server import Asked as Request
from tests.rerank.conftest import DEPTH, FOLDERS, N_USERS


def run(
    strategy: str,
    concurrency: int = 8,
    llm: dict[str, Any] | None = None,
    split: str = "fold-1",
    **rerank: Any,
) -> tuple[pd.DataFrame, list[Judgement]]:
    llm = {"concurrency": concurrency} | (llm or {})
    Path("params.yaml").write_text(yaml.safe_dump({"seed": 7, "llm": llm, "rerank": rerank}))
    main(strategy, split, *map(Path, (*FOLDERS, "out")))
    return read_arrow(Path("out/judged.parquet"), JUDGED).to_pandas(), list(
        read_jsonl(Path("out/judgements.jsonl"), Judgement)
    )


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("users", "judged"), [("all", [0, 1, 2, 3]), ("test", [1, 3]), (9, [1, 3]), (0, [])]
)
def test_users_with_a_liked_test_film_everybody_or_a_number(users: Any, judged: list[int]) -> None:
    rows, _ = run("prompt", users=users)
    assert sorted(set(rows["user_row"])) == judged


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(("users", "judged"), [("all", [0, 1, 2, 3]), ("test", [0, 2]), (0, [])])
def test_on_next_a_liked_validation_film_says_whose_lists_are_judged(
    users: Any, judged: list[int]
) -> None:
    Path("splits/fold-1").rename("splits/next")
    Path("splits/next/test.parquet").unlink()
    rows, _ = run("prompt", split="next", users=users)
    assert sorted(set(rows["user_row"])) == judged


@pytest.fixture
def asked_with(
    serve: Callable[..., Server], project: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[str, dict[str, Any]]]:
    """The system message and the data of the question about user 1."""
    monkeypatch.setenv("E2EP_CACHE_DIR", str(project / "cache"))

    def ask(**rerank: Any) -> tuple[str, dict[str, Any]]:
        server = serve(lambda asked: chat(answer(asked)))
        where = {"provider": "openai", "model": "m", "base_url": f"{server.url}/v1"}
        run("prompt", 1, where, users="test", reasons={"strategies": ["none"]}, **rerank)
        system, data = server.asked[0].body["messages"]
        return system["content"], json.loads(data["content"])

    return ask


def test_the_judge_sees_people_overviews_and_what_was_liked_last(
    asked_with: Callable[..., Any],
) -> None:
    films = pd.read_parquet("movies.parquet")
    films["directors"] = [[f"Director {row}"] for row in range(len(films))]
    write_table(Path("movies.parquet"), films, ENRICHED)
    train = [(1, 50 + n, 5.0 - n % 4, 99 - n, n) for n in range(8)]
    rows = pd.DataFrame(train, columns=RATINGS.names).assign(history=None)
    write_table(Path("splits/fold-1/train.parquet"), rows, TRAINING)
    _, data = asked_with()
    # Ratings 5 4 3 2 5 4 3 2 in this order: the latest that count as liked, latest first.
    assert data["user"]["recent_films"] == ["Title 55", "Title 54", "Title 51", "Title 50"]
    for film in data["candidates"]:
        row = int(film["title"].removeprefix("Title "))
        assert film["people"] == [f"Director {row}"]
        assert film["overview"] == "Likes the sea."
        assert "description" not in film
    _, bare = asked_with(details=[], recent=0)
    assert set(bare["candidates"][0]) == {"label", "title", "year", "genres", "tags"}
    assert "recent_films" not in bare["user"]
    _, one = asked_with(recent=1)
    assert one["user"]["recent_films"] == ["Title 55"]


def test_diversity_is_asked_for_where_it_is_set(asked_with: Callable[..., Any]) -> None:
    said = [asked_with(strategies={"prompt": {"diverse": on}})[0] for on in (False, True)]
    assert ["least like" in instructions for instructions in said] == [False, True]


@pytest.mark.usefixtures("project")
def test_a_rehearsal_counts_what_is_shown() -> None:
    tokens = []
    for details in ([], ["overview"]):
        run("prompt", llm={"provider": "rehearsal"}, details=details)
        calls = read_model(Path("out/asked.json"), Asked).calls
        tokens.append(sum(row.input_tokens for row in calls if row.task == "rank"))
    # "overview": "Likes the sea." for each of 20 candidates of 4 users, at 1 token a word at least
    assert tokens[1] - tokens[0] > 4 * 20 * 4


@pytest.mark.usefixtures("project")
def test_a_number_draws_the_same_users_every_time() -> None:
    first, second = (set(run("prompt", users=1)[0]["user_row"]) for _ in range(2))
    assert first == second
    assert len(first & {1, 3}) == 1


@pytest.mark.usefixtures("project")
def test_test_ratings_say_whose_lists_are_judged_and_change_no_value() -> None:
    before, _ = run("scored", users="all")
    Path("splits/fold-1/test.parquet").unlink()
    after, _ = run("scored", users="all")
    pd.testing.assert_frame_equal(before, after)


@pytest.mark.usefixtures("project")
def test_every_judgement_is_kept_and_labelled() -> None:
    rows, judgements = run("scored", strategies={"scored": {"pool": 10, "batch": 5, "rounds": 2}})
    assert (len(rows), len(judgements)) == (N_USERS * 10, N_USERS * 4)
    assert {one.model for one in judgements} == {LABEL}


@pytest.mark.usefixtures("project")
def test_none_asks_nobody() -> None:
    assert run("none")[1] == []


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("strategy", UNJUDGED)
def test_a_strategy_that_asks_nobody_needs_no_key(
    strategy: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    far = {"provider": "openai", "model": "gpt-6-luna"}
    reasons = {"strategies": ["prompt"]}
    assert len(run(strategy, llm=far, reasons=reasons)[0])
    with pytest.raises(SystemExit):
        run("prompt", llm=far, reasons=reasons)
    assert "OPENAI_API_KEY is not set" in capsys.readouterr().err


def judged_files() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Path("out").iterdir()}


@pytest.mark.usefixtures("project")
def test_validation_lists_are_judged_only_where_a_weight_is_fitted_and_change_nothing_else() -> (
    None
):
    run("prompt")
    before = judged_files()
    run("prompt", fit_weight=True)
    after = judged_files()
    assert set(before) == {"judged.parquet", "judgements.jsonl", "asked.json"}
    assert set(after) == {*before, "valid.parquet", "valid-judgements.jsonl"}
    assert all(before[name] == after[name] for name in ("judged.parquet", "judgements.jsonl"))


@pytest.mark.usefixtures("project")
def test_validation_pools_are_those_of_users_with_a_liked_validation_film() -> None:
    run("prompt", fit_weight=True)
    rows = read_arrow(Path("out/valid.parquet"), JUDGED).to_pandas()
    assert sorted(set(rows["user_row"])) == [0, 2]
    assert rows.loc[rows["user_row"] == 0, "item_row"].tolist() == list(
        range(DEPTH - 1, DEPTH - 21, -1)
    )
    assert len(list(read_jsonl(Path("out/valid-judgements.jsonl"), Judgement))) == 2


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("strategy", ["scored", "pairwise", "tournament"])
def test_how_many_users_are_judged_at_once_changes_no_byte(strategy: str) -> None:
    run(strategy, concurrency=1)
    before = judged_files()
    run(strategy, concurrency=32)
    assert judged_files() == before


@pytest.mark.usefixtures("project")
def test_reasons_are_asked_only_for_lists_that_are_explained_and_never_for_validation_lists() -> (
    None
):
    run("scored", fit_weight=True)
    reasons = list(read_jsonl(Path("out/reasons.jsonl"), RawReasons))
    assert [one.user_id for one in reasons] == [f"userid{row}" for row in range(N_USERS)]
    Path("out/reasons.jsonl").unlink()
    run("prompt", fit_weight=True)
    assert not Path("out/reasons.jsonl").exists()


@pytest.mark.usefixtures("project")
def test_what_was_asked_counts_reasons_apart_from_judgements() -> None:
    run("scored", strategies={"scored": {"pool": 10, "batch": 5, "rounds": 2}})
    took = read_model(Path("out/asked.json"), Asked)
    assert {one.task: one.calls for one in took.calls} == {"explain": N_USERS, "score": N_USERS * 4}


def test_a_reranker_judges_and_the_chat_model_gives_the_reasons(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("E2EP_CACHE_DIR", str(project / "cache"))

    def relevance(asked: Request) -> Act:
        scores = [len(text) % 7 / 7 for text in asked.body["documents"]]
        return Act({"results": [{"index": n, "relevance_score": s} for n, s in enumerate(scores)]})

    judging, chatting = Server(relevance), Server(lambda asked: chat(answer(asked)))
    llm: dict[str, Any] = {"provider": "openai", "model": "chat"}
    llm["base_url"] = f"{chatting.url}/v1"
    llm["judge"] = {"model": "reranker", "base_url": f"{judging.url}/v1"}
    _, judgements = run("scored", llm=llm, reasons={"strategies": ["scored"]})
    for server in (judging, chatting):
        server.shutdown()
        server.server_close()
    assert {asked.path for asked in judging.asked} == {"/v1/rerank"}
    assert len(judging.asked) == len(judgements) == N_USERS * 18
    assert {one.model for one in judgements} == {"reranker"}
    texts = [asked.body["messages"][-1]["content"] for asked in chatting.asked]
    assert len(texts) == N_USERS
    assert all("evidence" in text for text in texts)
    rows = read_model(Path("out/asked.json"), Asked).calls
    calls = {(row.task, row.model): row.calls for row in rows}
    assert calls == {("score", "reranker"): N_USERS * 18, ("explain", "served-1"): N_USERS}


@pytest.mark.usefixtures("project")
def test_a_judge_is_named_where_one_was_asked(capsys: pytest.CaptureFixture[str]) -> None:
    run("scored")
    assert "judge offline rules" in capsys.readouterr().out
    run("none")
    assert "judge" not in capsys.readouterr().out
