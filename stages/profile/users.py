"""User profiles, refined turn by turn over batches of liked films and then of disliked ones."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stages.contracts.items import ProfiledItems
from stages.contracts.rows import Profile, UserProfile
from stages.contracts.words import FILMS, DomainWords
from stages.llm.answers.structured import ask
from stages.llm.chat import ChatModel
from stages.llm.concurrently import in_order
from stages.llm.prompt import read_prompt
from stages.llm.task import Message
from stages.profile.history import History
from stages.profile.provenance import origin
from stages.profile.user import USER_PROMPT, from_dislikes, integrated_user, user_task
from stages.profile.vocabulary import restricted, words_of

_NOTHING = Profile(overview="", genres=(), tags=(), description="", dislikes=())


@dataclass(frozen=True)
class Refined:
    """A profile, where it comes from, and how many foreign words were dropped from it."""

    profile: Profile
    source: str
    foreign: int = 0


async def user_profiles(
    user_ids: Sequence[str],
    chosen: Mapping[int, History],
    catalogue: ProfiledItems,
    published: Mapping[str, Profile],
    model: ChatModel,
    batch: int,
    width: int = 1,
    dropped: Counter[str] | None = None,
    words: DomainWords = FILMS,
) -> list[UserProfile]:
    """One profile per user, by user row, `width` users at a time and each user's turns in order.

    A user without liked or disliked items gets an empty one. `dropped` counts, by user id, the
    words that no item shown has.
    """
    none, nothing = History((), ()), no_rating(words)

    async def describe(user: tuple[int, str]) -> UserProfile:
        row, user_id = user
        history = chosen.get(row, none)
        liked = [shown_of(catalogue, item, True) for item in history.liked]
        disliked = [shown_of(catalogue, item, False) for item in history.disliked]
        if user_id in published:
            made = Refined(published[user_id], "published")
        else:
            made = await refined([liked, disliked], model, batch, words)
        if dropped is not None:
            dropped[user_id] = made.foreign
        return UserProfile(
            user_id=user_id,
            profile=made.profile,
            integrated=integrated_user([*liked, *disliked], words) or nothing.overview,
            source=made.source,
            liked=tuple(catalogue.items[item].item_id for item in history.liked),
            disliked=tuple(catalogue.items[item].item_id for item in history.disliked),
        )

    return await in_order(describe, list(enumerate(user_ids)), width, "user profiles", model)


def shown_of(catalogue: ProfiledItems, row: int, liked: bool) -> dict[str, Any]:
    """An item as a turn shows it: no id."""
    profile = catalogue.profiles[row].profile
    return {
        "title": catalogue.items[row].title,
        "liked": liked,
        "genres": list(profile.genres),
        "tags": list(profile.tags),
    }


def no_rating(words: DomainWords = FILMS) -> Profile:
    """The profile of somebody of whom nothing is known."""
    return _NOTHING.model_copy(update={"overview": f"No {words.row} to go by yet."})


async def refined(
    kinds: list[list[dict[str, Any]]], model: ChatModel, batch: int, words: DomainWords = FILMS
) -> Refined:
    """Turn by turn, each with the profile so far and one batch; the rule replaces a missing answer.

    kinds: the items liked, then those disliked. The source names everything that answered a turn.
    """
    profile, foreign, shown = None, 0, frozenset[str]()
    sources: dict[str, None] = {}
    turns: tuple[Message, ...] = ()
    for films in (
        kind[start : start + batch] for kind in kinds for start in range(0, len(kind), batch)
    ):
        task = user_task(profile, films, turns, words)
        answer = await ask(model, task)
        shown |= words_of(films)
        profile, unknown = restricted(answer.value or task.rule(task.payload), shown)
        profile = profile if kinds[0] else from_dislikes(profile, words)
        foreign += unknown
        sources[origin(answer, read_prompt(USER_PROMPT))] = None
        turns = (*turns, task.messages()[-1], Message("assistant", profile.model_dump_json()))
    source = " + ".join(sources) or f"no {words.row}"
    return Refined(profile or no_rating(words), source, foreign)
