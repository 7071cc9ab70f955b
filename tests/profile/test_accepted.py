"""A profile as models write it, and what of it is read."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from stages.llm.answers.structured import ask, parse
from stages.llm.chat import Reply
from stages.profile.movie import movie_task

PAYLOAD: dict[str, Any] = {
    "title": "Dusk", "year": 1999, "overview": "A town.", "tagline": None, "genres": ["Drama"],
    "keywords": [], "directors": [], "cast": [],
}  # fmt: skip
SAID: dict[str, Any] = {
    "overview": "A quiet story about work.", "genres": ["Drama"], "tags": ["sea"],
    "description": "Slow.", "dislikes": ["gore"],
}  # fmt: skip
TASK = movie_task(PAYLOAD)


def read(text: str) -> Any:
    return parse(Reply(text=text, model="m"), TASK)


@pytest.mark.parametrize(
    "said",
    [
        json.dumps(SAID).replace("quiet story", "quiet\nstory"),
        json.dumps(SAID).replace("]}", "],}"),
        json.dumps(SAID).replace('"sea"]', '"sea",]'),
        str(SAID),
        f"<think>{json.dumps(SAID | {'tags': ['land']})}</think>\n{json.dumps(SAID)}",
    ],
    ids=["a line break", "a comma before }", "a comma before ]", "Python", "a thought"],
)
def test_a_profile_is_read_as_models_write_it_with_one_question(
    scripted: Callable[..., Any], said: str
) -> None:
    answer = asyncio.run(ask(scripted(said), TASK))
    assert (answer.outcome, answer.repaired) == ("answered", False)
    assert answer.value is not None
    assert answer.value.model_dump(mode="json") == SAID


def test_words_too_long_for_a_tag_go_and_lists_and_texts_end() -> None:
    tags = ["x" * 101, "y" * 100, *(f"tag {n}" for n in range(200))]
    value, _ = read(json.dumps(SAID | {"tags": tags, "description": "z" * 9000}))
    assert value.tags[:2] == ("y" * 100, "tag 0")
    assert (len(value.tags), len(value.description)) == (60, 4001)


def test_no_code_and_no_fence_of_a_model_gets_into_a_profile() -> None:
    poison = "a\x1b[31m\u202eb\u200b```c\ud800\x9b\x00"
    value, _ = read(
        json.dumps(
            {key: poison if isinstance(text, str) else [poison] for key, text in SAID.items()}
        )
    )
    for text in (value.overview, value.description, *value.genres, *value.tags, *value.dislikes):
        assert text == "a [31mb c"


def test_an_empty_profile_is_no_answer() -> None:
    nothing = {key: "" if isinstance(text, str) else [" "] for key, text in SAID.items()}
    assert read(json.dumps(nothing)) == (None, "every part of the profile is empty")
