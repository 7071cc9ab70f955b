"""Movie profiles: published where there is one, else asked of the chat model."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from stages.contracts.rows import ItemProfile, Profile
from stages.llm.chat import ChatModel
from stages.llm.concurrently import in_order
from stages.llm.prompt import read_prompt
from stages.llm.structured import ask
from stages.profile.movie import MOVIE_PROMPT, integrated_movie, movie_rule, movie_task
from stages.profile.provenance import origin

_FIELDS = ("title", "overview", "tagline")
_LISTS = ("genres", "keywords", "directors", "cast")


async def item_profiles(
    movies: pd.DataFrame, published: Mapping[str, Profile], model: ChatModel, width: int = 1
) -> list[ItemProfile]:
    """One profile a movie, in the order of the rows, `width` at a time."""

    async def one(row: Mapping[Hashable, Any]) -> ItemProfile:
        return await _item(row, published.get(row["item_id"]), model)

    return await in_order(one, movies.to_dict("records"), width, "movie profiles")


async def _item(
    row: Mapping[Hashable, Any], published: Profile | None, model: ChatModel
) -> ItemProfile:
    payload = movie_payload(row)
    profile, source = (published, "published") if published else (None, model.model)
    if profile is None:
        answer = await ask(model, movie_task(payload))
        profile = answer.value or movie_rule(payload)
        source = origin(answer, read_prompt(MOVIE_PROMPT))
    return ItemProfile(
        item_id=row["item_id"], profile=profile, integrated=integrated_movie(payload), source=source
    )


def movie_payload(row: Mapping[Hashable, Any]) -> dict[str, Any]:
    """What a chat model is told of a movie: no id, no rating."""
    fields = {name: row[name] if isinstance(row[name], str) else None for name in _FIELDS}
    year = None if pd.isna(row["year"]) else int(row["year"])
    return {**fields, "year": year, **{name: list(row[name]) for name in _LISTS}}
