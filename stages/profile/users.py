"""User profiles by multi-turn refinement over training ratings: liked films first, then disliked, in batches."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stages.contracts.rows import ItemProfile, Profile, UserProfile
from stages.llm.chat import ChatModel
from stages.llm.concurrently import in_order
from stages.llm.prompt import read_prompt
from stages.llm.structured import ask
from stages.llm.task import Message
from stages.profile.history import History
from stages.profile.provenance import origin
from stages.profile.user import PROMPT, from_dislikes, integrated_user, user_rule, user_task
from stages.profile.vocabulary import restricted, words_of

EMPTY = Profile(overview="No rating to go by yet.", genres=(), tags=(), description="", dislikes=())


@dataclass(frozen=True)
class Refined:
    """A profile, where it comes from, and how many foreign words were dropped on the way."""

    profile: Profile
    source: str
    foreign: int = 0


@dataclass(frozen=True)
class Films:
    """Titles and profiles of all movies, by item row."""

    titles: Sequence[str]
    profiles: Sequence[ItemProfile]

    def shown(self, row: int, liked: bool) -> dict[str, Any]:
        """A film as a turn shows it: no id."""
        profile = self.profiles[row].profile
        return {
            "title": self.titles[row],
            "liked": liked,
            "genres": list(profile.genres),
            "tags": list(profile.tags),
        }


async def user_profiles(
    user_ids: Sequence[str],
    chosen: Mapping[int, History],
    films: Films,
    published: Mapping[str, Profile],
    model: ChatModel,
    batch: int,
    width: int = 1,
    dropped: Counter[str] | None = None,
) -> list[UserProfile]:
    """One profile a user, in the order of the rows, `width` users at a time and each user's turns in order.

    A user without liked or disliked films gets an empty one. `dropped` counts by user id the words that no film shown has.
    """
    none = History((), ())

    async def one(case: tuple[int, str]) -> tuple[UserProfile, int]:
        row, uid = case
        return await _user(uid, chosen.get(row, none), films, published.get(uid), model, batch)

    told = await in_order(one, list(enumerate(user_ids)), width, "user profiles")
    if dropped is not None:
        dropped.update({profile.user_id: foreign for profile, foreign in told})
    return [profile for profile, _ in told]


async def _user(
    user_id: str,
    history: History,
    films: Films,
    published: Profile | None,
    model: ChatModel,
    batch: int,
) -> tuple[UserProfile, int]:
    liked = [films.shown(row, True) for row in history.liked]
    disliked = [films.shown(row, False) for row in history.disliked]
    told = (
        Refined(published, "published")
        if published
        else await refined([liked, disliked], model, batch)
    )
    row = UserProfile(
        user_id=user_id,
        profile=told.profile,
        integrated=integrated_user([*liked, *disliked]) or EMPTY.overview,
        source=told.source,
        liked=tuple(films.profiles[row].item_id for row in history.liked),
        disliked=tuple(films.profiles[row].item_id for row in history.disliked),
    )
    return row, told.foreign


async def refined(kinds: list[list[dict[str, Any]]], model: ChatModel, batch: int) -> Refined:
    """Turn by turn, each with the profile so far and one batch; an answer that is none is made good by the rule.

    The source names whatever answered a turn.
    """
    profile, foreign, shown = None, 0, frozenset[str]()
    sources: dict[str, None] = {}
    turns: tuple[Message, ...] = ()
    for films in (
        kind[start : start + batch] for kind in kinds for start in range(0, len(kind), batch)
    ):
        task = user_task(profile, films, turns)
        answer = await ask(model, task)
        shown |= words_of(films)
        profile, unknown = restricted(answer.value or user_rule(task.payload), shown)
        profile = profile if kinds[0] else from_dislikes(profile)
        foreign += unknown
        sources[origin(answer, read_prompt(PROMPT))] = None
        turns = (*turns, task.messages()[-1], Message("assistant", profile.model_dump_json()))
    return Refined(profile or EMPTY, " + ".join(sources) or "no rating", foreign)
