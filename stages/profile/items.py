"""Item profiles: the published one, else the chat model's."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from stages.contracts.rows import ItemProfile, Profile
from stages.contracts.words import FILMS, DomainWords
from stages.llm.answers.structured import ask
from stages.llm.chat import ChatModel
from stages.llm.concurrently import in_order
from stages.llm.prompt import read_prompt
from stages.profile.item import ITEM_PROMPT, item_task
from stages.profile.keywords import keyword_weights
from stages.profile.movie import MOVIE_PROMPT, integrated_movie, movie_task
from stages.profile.provenance import origin

_FIELDS = ("title", "overview", "tagline")
_LISTS = ("genres", "keywords", "directors", "cast")


async def item_profiles(
    movies: pd.DataFrame,
    published: Mapping[str, Profile],
    model: ChatModel,
    width: int = 1,
    words: DomainWords = FILMS,
) -> list[ItemProfile]:
    """One profile per item, in the order of the rows, `width` at a time."""
    prompt = read_prompt(MOVIE_PROMPT if words.of_films else ITEM_PROMPT)
    keywords = keyword_weights(text for text in movies["overview"] if isinstance(text, str))

    async def describe(row: Mapping[Hashable, Any]) -> ItemProfile:
        item_id, payload = row["item_id"], movie_payload(row)
        if words.of_films:
            task = movie_task(payload)
        else:
            task = item_task(known_payload(payload), words, keywords)
        if item_id in published:
            profile, source = published[item_id], "published"
        else:
            answer = await ask(model, task)
            profile = answer.value or task.rule(task.payload)
            source = origin(answer, prompt)
        integrated = integrated_movie(payload)
        return ItemProfile(item_id=item_id, profile=profile, integrated=integrated, source=source)

    return await in_order(
        describe, movies.to_dict("records"), width, f"{words.item} profiles", model
    )


def movie_payload(row: Mapping[Hashable, Any]) -> dict[str, Any]:
    """What a chat model is shown of a film: no id, no rating."""
    fields = {name: row[name] if isinstance(row[name], str) else None for name in _FIELDS}
    year = None if pd.isna(row["year"]) else int(row["year"])
    creators = {"creators": list(row["creators"])} if len(row["creators"]) else {}
    return {**fields, "year": year, **{name: list(row[name]) for name in _LISTS}, **creators}


def known_payload(payload: dict[str, Any]) -> dict[str, Any]:
    """The title, and all else that is known: a shop's items have no tagline and no cast."""
    return {name: value for name, value in payload.items() if value or name == "title"}
