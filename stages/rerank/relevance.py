"""The questions to the judge as a reranker takes them: the user is the query, items documents."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from stages.contracts.words import FILMS, DomainWords
from stages.llm.task import Relevance, harmless

A = TypeVar("A")


def by_relevance(
    answer: Callable[[list[str], Sequence[float]], A], words: DomainWords = FILMS
) -> Callable[[dict[str, Any]], Relevance[Any]]:
    """A task's `relevance`; answer: from the labels and a score of 0 … 1 for each."""

    def relevance(payload: dict[str, Any]) -> Relevance[Any]:
        clean = harmless(payload)
        labels = [film["label"] for film in clean["candidates"]]
        return Relevance(
            query=_query(clean["user"], words),
            documents=tuple(map(_document, clean["candidates"])),
            answer=lambda scores: answer(labels, scores),
        )

    return relevance


def _query(user: dict[str, Any], words: DomainWords) -> str:
    """What the user likes, in a few lines: rerankers have short memories."""
    return _lines(
        (f"{words.an_item.capitalize()} for somebody who likes", [*user["genres"], *user["tags"]]),
        (f"{words.items.capitalize()} that they {words.liked}", user[f"liked_{words.key}"]),
        (f"{words.items.capitalize()} that they {words.liked} last", _recent(user, words)),
        ("They avoid", user["dislikes"]),
    )


def _document(film: dict[str, Any]) -> str:
    named = f"{film['title']} ({film['year']})" if film["year"] else film["title"]
    tags = {tag.casefold() for tag in film["tags"]}
    others = [name for name in film.get("people", ()) if name.casefold() not in tags]
    lines = _lines(("Genres", film["genres"]), ("Themes and people", [*film["tags"], *others]))
    texts = (film.get(name, "") for name in ("overview", "description"))
    return "\n".join(filter(None, (named, lines, *texts)))


def _recent(user: dict[str, Any], words: DomainWords) -> list[str]:
    """The titles liked last, without those that stand among the best liked."""
    best = user[f"liked_{words.key}"]
    return [title for title in user.get(f"recent_{words.key}", ()) if title not in best]


def _lines(*parts: tuple[str, list[str]]) -> str:
    return "\n".join(f"{name}: {', '.join(words)}." for name, words in parts if words)
