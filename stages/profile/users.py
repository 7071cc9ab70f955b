"""User profiles by multi-turn refinement over training ratings: liked films first, then disliked, in batches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stages.core.schema import ItemProfile, Profile, UserProfile
from stages.llm.chat import ChatModel
from stages.llm.concurrently import in_order
from stages.llm.structured import ask
from stages.llm.task import Message
from stages.profile.history import History
from stages.profile.user import integrated_user, user_rule, user_task

EMPTY = Profile(overview="No rating to go by yet.", genres=(), tags=(), description="", dislikes=())


@dataclass(frozen=True)
class Films:
    """Titles and profiles of all movies, by item row."""

    titles: Sequence[str]
    profiles: Sequence[ItemProfile]

    def shown(self, row: int, liked: bool) -> dict[str, Any]:
        """A film as a turn shows it: no id."""
        profile = self.profiles[row].profile
        return {"title": self.titles[row], "liked": liked, "genres": list(profile.genres), "tags": list(profile.tags)}


async def user_profiles(
    user_ids: Sequence[str],
    chosen: Mapping[int, History],
    films: Films,
    published: Mapping[str, Profile],
    model: ChatModel,
    batch: int,
    width: int = 1,
) -> list[UserProfile]:
    """One profile a user, in the order of the rows, `width` users at a time and each user's turns in order.

    A user without liked or disliked films gets an empty one.
    """
    none = History((), ())

    async def one(case: tuple[int, str]) -> UserProfile:
        row, uid = case
        return await _user(uid, chosen.get(row, none), films, published.get(uid), model, batch)

    return await in_order(one, list(enumerate(user_ids)), width, "user profiles")


async def _user(
    user_id: str, history: History, films: Films, published: Profile | None, model: ChatModel, batch: int
) -> UserProfile:
    liked = [films.shown(row, True) for row in history.liked]
    disliked = [films.shown(row, False) for row in history.disliked]
    profile, source = (published, "published") if published else await refined([liked, disliked], model, batch)
    return UserProfile(
        user_id=user_id,
        profile=profile,
        integrated=integrated_user([*liked, *disliked]) or EMPTY.overview,
        source=source,
        liked=tuple(films.profiles[row].item_id for row in history.liked),
        disliked=tuple(films.profiles[row].item_id for row in history.disliked),
    )


async def refined(kinds: list[list[dict[str, Any]]], model: ChatModel, batch: int) -> tuple[Profile, str]:
    """Turn by turn, each with the profile so far and one batch; an answer that is none is made good by the rule.

    The source names whatever answered a turn.
    """
    profile = None
    sources: dict[str, None] = {}
    turns: tuple[Message, ...] = ()
    for films in kinds:
        for start in range(0, len(films), batch):
            task = user_task(profile, films[start : start + batch], turns)
            answer = await ask(model, task)
            profile = answer.value or user_rule(task.payload)
            sources[answer.reply.model if answer.value else f"offline rules after {answer.outcome}"] = None
            turns = (*turns, task.messages()[-1], Message("assistant", profile.model_dump_json()))
    return profile or EMPTY, " + ".join(sources) or "no rating"
