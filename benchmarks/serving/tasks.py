"""The five tasks that a language model has here, on made-up films and people, and few of each."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pandas as pd
from made_up import case, catalogue, people, profile, title

from stages.core.errors import E2epError
from stages.llm.chat import ChatModel, Reply
from stages.llm.params import LlmParams
from stages.llm.providers import connected
from stages.llm.providers.offline import Offline
from stages.llm.task import Task
from stages.profile.history import History
from stages.profile.items import item_profiles
from stages.profile.users import user_profiles
from stages.rerank.pools import Bench, judged
from stages.rerank.reasoner import Reasoner
from stages.rerank.strategies import pairwise, prompt, scored
from stages.rerank.strategy import Strategy

ITEMS, USERS, POOL, SEED = 6, 4, 8, 7
REASONS = Reasoner(k=4, claims=2, weight=0.8)
Work = Callable[[ChatModel], Awaitable[object]]


async def profiles(model: ChatModel) -> None:
    """Of six films and of four people with liked and disliked films."""
    await item_profiles(_films(), {}, model, width=ITEMS)
    chosen = {
        user: History(tuple(range(10 * user, 10 * user + 10)), tuple(range(100, 105)))
        for user in range(USERS)
    }
    names = [f"user {user}" for user in range(USERS)]
    await user_profiles(names, chosen, catalogue(), {}, model, batch=10, width=USERS)


def _films() -> pd.DataFrame:
    rows = []
    for row in range(ITEMS):
        made = profile(row, 3)
        rows.append(
            {
                "item_id": f"{row}",
                "title": title(row),
                "year": 1930 + row,
                "overview": made.overview,
                "tagline": made.description,
                "genres": list(made.genres),
                "keywords": list(made.tags[:6]),
                "directors": ["Somebody Made Up"],
                "cast": ["An Actor", "Another Actor"],
                "creators": [],
            }
        )
    return pd.DataFrame(rows)


def judging(strategy: Strategy, users: int = USERS, reasoner: Reasoner | None = None) -> Work:
    """All users' candidates judged, with reasons if there is a reasoner."""

    async def work(model: ChatModel) -> None:
        bench = Bench(model, catalogue(), people(users), SEED, 10)
        cases = [case(user, strategy.pool) for user in range(users)]
        await judged(strategy, bench, cases, users, "benchmark", reasoner)

    return work


_PROMPT = prompt.PromptStrategy(prompt.Config(pool=POOL))
TASKS: dict[str, tuple[str, Work]] = {
    "profiles": ("profile-", profiles),
    "prompt": ("rank", judging(_PROMPT)),
    "scored": ("score", judging(scored.Scored(scored.Config(pool=POOL, batch=2, rounds=1)))),
    "pairwise": ("pick", judging(pairwise.Pairwise(pairwise.Config(pool=6)), users=2)),
    "reasons": ("explain", judging(_PROMPT, reasoner=REASONS)),
}
"""The beginning of its questions' kinds, and the work; `reasons` finds the answers of `prompt`."""
JUDGING = ("prompt", "scored", "pairwise")
"""Those that a reranker can do."""


async def done(params: LlmParams, task: str) -> dict[str, Any]:
    """What came of a task's questions: those answered at once, those repaired, the others."""
    kinds, work = TASKS[task]
    start, ended = time.perf_counter(), None
    async with connected(params) as model:
        model.fallbacks = None  # every question is asked and counted, however many fail
        try:
            await work(model)
        except E2epError as error:
            ended = str(error)
        calls = [call for call in model.asked().calls if call.task.startswith(kinds)]
    outcomes: dict[str, int] = {}
    for call in calls:
        repair = call.task.endswith("-repair")
        for outcome, times in call.outcomes.items():
            name = "repaired" if repair and outcome == "answered" else outcome
            outcomes[name] = outcomes.get(name, 0) + times
            if repair:  # its question counted as invalid before
                outcomes["invalid"] -= times
    return {
        "questions": sum(outcomes.values()),
        "outcomes": {name: times for name, times in sorted(outcomes.items()) if times},
        "seconds": round(time.perf_counter() - start, 1),
        "input_tokens": sum(call.input_tokens for call in calls),
        "output_tokens": sum(call.output_tokens for call in calls),
    } | ({"ended": ended} if ended else {})


class _Overheard(Offline):
    """The offline rules; keeps every question and answer."""

    def __init__(self) -> None:
        self.questions: list[str] = []
        self.answers: list[str] = []

    async def reply(self, task: Task) -> Reply:
        reply = await super().reply(task)
        self.questions += [message.content for message in task.messages()]
        self.answers.append(reply.text)
        return reply


def texts() -> str:
    """What the tasks ask and what an answer looks like, as JSON, for a vocabulary of its own."""

    async def listened() -> _Overheard:
        model = _Overheard()
        for _, work in TASKS.values():
            await work(model)
        return model

    heard = asyncio.run(listened())
    return json.dumps({"questions": heard.questions, "answers": heard.answers})
