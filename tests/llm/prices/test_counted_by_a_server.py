"""A rehearsal's tokens against those that a server counts for the same questions."""

import asyncio
import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from tokenizers import Tokenizer

from stages.contracts.calls import Calls
from stages.contracts.items import Item, ProfiledItems
from stages.llm.params import LlmParams
from stages.llm.providers import connected
from stages.profile.history import History
from stages.profile.items import item_profiles
from stages.profile.users import user_profiles
from stages.rerank.named import strategy_named
from stages.rerank.params import RerankParams
from stages.rerank.pools import Bench, judged
from stages.rerank.reasoner import Reasoner
from tests.llm.rules_server import answer, data_of
from tests.llm.server import Act, Asked, Server, chat

CATALOGUE = Path(__file__).parents[3] / "stages" / "data" / "sample" / "catalogue.csv"
USERS = 6
MOVIE = {
    "overview": (
        "A retired thief is drawn back for one last job when an old friend turns up with a "
        "plan that sounds too simple. As the crew comes together, loyalties shift, and he has "
        "to choose between the life that he built and the people who made him."
    ),
    "description": (
        "The film follows its hero from a quiet workshop by the sea into the heart of a city "
        "that has long forgotten him. Its characters are drawn with patience: the friend who "
        "smiles too much, the daughter who wants the truth, the detective who admires the man "
        "that she hunts. Between careful planning and sudden violence it asks what a promise "
        "is worth, and whether anybody can leave the past behind without betraying someone "
        "who still lives in it."
    ),
    "dislikes": ["slapstick", "musical", "fantasy", "family fun", "space opera"],
}
USER = {
    "overview": (
        "This person enjoys films that bring people with something to hide into places that "
        "leave them no way out, and prefers slow tension to noise. They are drawn to moral "
        "dilemmas, to quiet humour and to endings that leave a question open, with a clear "
        "liking for older films and for directors who trust their actors. They tend to avoid "
        "broad comedy, loud adventures and stories in which good and evil are told apart at "
        "first sight, and they lose patience with sentimental endings."
    ),
    "description": (
        "Their favourites share a careful way of telling: families that keep a secret, "
        "strangers who become friends for a single night, and people of principle who pay for "
        "it. They rate courtroom dramas and tales of survival highly, especially where "
        "friendship and loyalty are tested, and they come back to stories set in small towns "
        "and at sea. Comedies please them when they are dry and a little sad. What they rate "
        "low is loud or hurried, and often relies on monsters, magic or chases instead of "
        "character. They seem to care more about who tells the truth than about who wins, and "
        "they forgive a slow beginning if a film repays their attention in the end."
    ),
}


def profile(payload: dict[str, Any]) -> dict[str, Any]:
    """What a model might write: prose of its own, and the words that it was shown."""
    if "films" not in payload:
        tags = [*payload["keywords"], "friendship", "loyalty", "redemption", "betrayal", "courage"]
        return MOVIE | {"genres": payload["genres"], "tags": tags[:6]}
    so_far = payload["profile"] or {"genres": [], "tags": [], "dislikes": []}
    liked, disliked = (
        [word for film in payload["films"] if film["liked"] is side for word in film["tags"]]
        for side in (True, False)
    )
    genres = [word for film in payload["films"] if film["liked"] for word in film["genres"]]
    fresh = {"genres": genres, "tags": liked, "dislikes": disliked}
    return USER | {name: list(dict.fromkeys(so_far[name] + fresh[name])) for name in fresh}


def counting(tokenizer: Tokenizer) -> Callable[[Asked], Act]:
    """A script that answers every question, every other one indented, and counts its tokens."""

    def count(text: str) -> int:
        return len(tokenizer.encode(text).ids)

    def act(asked: Asked) -> Act:
        messages = [message["content"] for message in asked.body["messages"]]
        form = asked.body["response_format"]["json_schema"]
        if form["name"] == "Profile":
            value = profile(data_of(messages[-1]))
        else:
            value = json.loads(answer(asked))
        text = json.dumps(value, ensure_ascii=False, indent=2 if len(messages[-1]) % 2 else None)
        used = {
            "prompt_tokens": sum(count(text) + 4 for text in messages)
            + 3
            + count(json.dumps(form)),
            "completion_tokens": count(text),
        }
        return chat(text, usage=used)

    return act


@pytest.fixture(scope="module")
def films() -> pd.DataFrame:
    with CATALOGUE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))[:40]
    return pd.DataFrame(
        {
            "item_id": row["movie_id"],
            "title": row["title"],
            "year": int(row["year"]),
            "overview": row["overview"],
            "tagline": None,
            "genres": row["genres"].split("|"),
            "keywords": row["themes"].split("|"),
            "directors": row["directors"].split("|"),
            "cast": row["cast"].split("|"),
            "creators": [],
        }
        for row in rows
    )


def asked_with(params: LlmParams, films: pd.DataFrame) -> dict[str, Calls]:
    """What the steps ask with these parameters, by kind of task."""

    async def ask() -> list[Calls]:
        async with connected(params) as model:
            profiles = await item_profiles(films, {}, model, 4)
            titles = zip(films["item_id"], films["title"], films["year"], strict=True)
            catalogue = ProfiledItems([Item(*title) for title in titles], profiles)
            draw = np.random.default_rng(7)
            chosen = [draw.permutation(40).tolist() for _ in range(USERS)]
            histories = {
                user: History(tuple(rows[:10]), tuple(rows[10:14]))
                for user, rows in enumerate(chosen)
            }
            ids = [str(user) for user in range(USERS)]
            users = await user_profiles(ids, histories, catalogue, {}, model, 5, 4)
            cases = [(user, np.array(rows[14:34])) for user, rows in enumerate(chosen)]
            for name in ("prompt", "scored"):
                way, bench = (
                    strategy_named(name, RerankParams()),
                    Bench(model, catalogue, users, 7, 10),
                )
                await judged(way, bench, cases, 4, "test", Reasoner(10, 3, 0.2))
            return list(model.asked().calls)

    return {row.task: row for row in asyncio.run(ask())}


def test_an_estimate_errs_upwards_and_not_far(
    serve: Callable[..., Server], bpe: Tokenizer, films: pd.DataFrame
) -> None:
    server = serve(counting(bpe))
    openai = LlmParams(provider="openai", model="gpt-4o-mini", base_url=f"{server.url}/v1")
    truth = asked_with(openai, films)
    estimate = asked_with(LlmParams(provider="rehearsal"), films)
    ratios = {
        (task, side): getattr(estimate[task], side) / getattr(truth[task], side)
        for task in truth
        for side in ("input_tokens", "output_tokens")
    }
    assert (
        estimate.keys()
        == truth.keys()
        == {"profile-movie", "profile-user", "rank", "score", "explain"}
    )
    assert all(row.calls == estimate[task].calls for task, row in truth.items())
    assert {key: ratio for key, ratio in ratios.items() if not 1.0 <= ratio <= 1.35} == {}
