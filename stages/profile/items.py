"""Film profiles: the published one, else the chat model's."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from stages.contracts.rows import ItemProfile, Profile
from stages.llm.answers.structured import ask
from stages.llm.chat import ChatModel
from stages.llm.concurrently import in_order
from stages.llm.prompt import read_prompt
from stages.profile.movie import MOVIE_PROMPT, integrated_movie, movie_rule, movie_task
from stages.profile.provenance import origin
from stages.profile.unknown import NOTHING_KNOWN, is_unknown, nothing_of

_FIELDS = ("title", "overview", "tagline")
_LISTS = ("genres", "keywords", "directors", "cast")


async def item_profiles(
    movies: pd.DataFrame, published: Mapping[str, Profile], model: ChatModel, width: int = 1
) -> list[ItemProfile]:
    """One profile per film, in the order of the rows, `width` at a time."""

    async def describe(row: Mapping[Hashable, Any]) -> ItemProfile:
        item_id, payload = row["item_id"], movie_payload(row)
        if item_id in published:
            profile, source = published[item_id], "published"
        elif is_unknown(row, payload):
            profile = nothing_of("this item")
            return ItemProfile(
                item_id=item_id,
                profile=profile,
                integrated=profile.overview,
                source=NOTHING_KNOWN,
            )
        else:
            answer = await ask(model, movie_task(payload))
            profile = answer.value or movie_rule(payload)
            source = origin(answer, read_prompt(MOVIE_PROMPT))
        integrated = integrated_movie(payload)
        return ItemProfile(item_id=item_id, profile=profile, integrated=integrated, source=source)

    return await in_order(describe, movies.to_dict("records"), width, "movie profiles", model)


def movie_payload(row: Mapping[Hashable, Any]) -> dict[str, Any]:
    """What a chat model is shown of a film: no id, no rating."""
    fields = {name: row[name] if isinstance(row[name], str) else None for name in _FIELDS}
    year = None if pd.isna(row["year"]) else int(row["year"])
    return {**fields, "year": year, **{name: list(row[name]) for name in _LISTS}}
