"""An item's profile if it is not a film: the question, and the offline rule that answers it."""

from functools import partial
from pathlib import Path
from typing import Any

from stages.contracts.rows import Profile
from stages.contracts.words import DomainWords, worded
from stages.llm.prompt import read_prompt
from stages.llm.task import Task
from stages.profile.accepted import accepted_profile
from stages.profile.keywords import KeywordWeights
from stages.profile.likely import DESCRIPTION, DISLIKES, OVERVIEW, TAGS, lengthened, padded
from stages.profile.movie import MOST_TAGS, SENTENCE

ITEM_PROMPT = Path(__file__).parent / "prompts" / "item.md"
_MOST_CREATORS = 3


def item_task(
    payload: dict[str, Any], words: DomainWords, keywords: KeywordWeights
) -> Task[Profile]:
    """payload: title, and what is known of year, genres, overview, keywords, creators and so on."""
    return Task(
        "profile-item",
        worded(read_prompt(ITEM_PROMPT).text, words),
        payload,
        Profile,
        partial(item_rule, words=words, keywords=keywords),
        likely=partial(_likely_item, words=words, keywords=keywords),
        accept=accepted_profile,
    )


def item_rule(payload: dict[str, Any], words: DomainWords, keywords: KeywordWeights) -> Profile:
    """Genres as given; tags from the keywords, the words of its own text, and its creators."""
    genres, people = tuple(payload.get("genres", ())), creators_of(payload)[:_MOST_CREATORS]
    text = payload.get("overview") or ""
    kinds = " ".join(genres).casefold()
    own = (*payload.get("keywords", ()), *keywords.of(text))
    tags = [word for word in dict.fromkeys(own) if word.casefold() not in kinds]
    first, *rest = SENTENCE.split(text)
    credits = f"{words.creator_word.capitalize()}: {', '.join(people)}." if people else ""
    return Profile(
        overview=" ".join(filter(None, (first or _bare(payload, words), payload.get("tagline")))),
        genres=genres,
        tags=(*tags[:MOST_TAGS], *people),
        description=" ".join(filter(None, (*rest, credits))) or _bare(payload, words),
        dislikes=(),
    )


def creators_of(payload: dict[str, Any]) -> tuple[str, ...]:
    """Everybody who is named as its maker, directors and cast included."""
    named = (name for key in ("creators", "directors", "cast") for name in payload.get(key, ()))
    return tuple(dict.fromkeys(named))


def _likely_item(payload: dict[str, Any], words: DomainWords, keywords: KeywordWeights) -> Profile:
    """The rule's profile at the length of a model's."""
    made = lengthened(item_rule(payload, words, keywords), OVERVIEW, DESCRIPTION)
    lists = {"tags": padded(made.tags, TAGS), "dislikes": padded(made.dislikes, DISLIKES)}
    return made.model_copy(update=lists)


def _bare(payload: dict[str, Any], words: DomainWords) -> str:
    """Title, kinds and year, such as Emma: book in Romance, 1815."""
    kinds = " and ".join(payload.get("genres", ())[:2])
    within = f"{words.item} in {kinds}" if kinds else words.item
    return f"{payload['title']}: {within}{f', {year}' if (year := payload.get('year')) else ''}."
