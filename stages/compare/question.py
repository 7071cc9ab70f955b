"""The question which of two lists explains better, its answer type, and the offline rule that answers it."""

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel

from stages.contracts.rows import Explanation, UserProfile
from stages.llm.prompt import read_prompt
from stages.llm.task import Task

PROMPT = Path(__file__).parent / "prompts" / "compare.md"

Film = dict[str, Any]


class Verdict(BaseModel):
    """The label of the list that explains better."""

    better: Literal["A", "B", "tie"]


def compare_task(
    user: dict[str, Any], shown_first: list[Film], shown_second: list[Film]
) -> Task[Verdict]:
    """The lists' films: {title, reason, attributes}. Nothing says which strategy made which list."""
    lists = [{"label": "A", "films": shown_first}, {"label": "B", "films": shown_second}]
    return Task(
        "compare", read_prompt(PROMPT).text, {"user": user, "lists": lists}, Verdict, compare_rule
    )


def compare_rule(payload: dict[str, Any]) -> Verdict:
    """The list whose reasons rest on more different attributes of the person's profile."""
    wanted = {word.casefold() for word in (*payload["user"]["genres"], *payload["user"]["tags"])}
    a, b = (len(wanted & _attributes(one["films"])) for one in payload["lists"])
    return Verdict(better="tie" if a == b else "A" if a > b else "B")


def shown_user(user: UserProfile, titles: dict[str, str]) -> dict[str, Any]:
    """The profile and the titles of liked films, without an id or a rating; titles: by item id."""
    return {
        **user.profile.model_dump(mode="json"),
        "liked_films": [titles[item] for item in user.liked],
    }


def shown_films(explanation: Explanation) -> list[Film]:
    """What a person reads of each film, and what its reason rests on."""
    return [
        {
            "title": film.title,
            "reason": film.reason,
            "attributes": [claim.attribute for claim in film.claims],
        }
        for film in explanation.items
    ]


def _attributes(films: list[Film]) -> set[str]:
    return {word.casefold() for film in films for word in film["attributes"]}
