"""Which of two lists explains better: the question, its answer type and its offline rule."""

from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator

from stages.contracts.rows import Explanation
from stages.contracts.words import FILMS, DomainWords, worded
from stages.llm.answers.labels import Labels
from stages.llm.prompt import read_prompt
from stages.llm.task import Task

_PROMPT = Path(__file__).parent / "prompts" / "compare.md"

ComparedItem = dict[str, Any]
"""An item as {title, reason, attributes}."""


_LABELS = Labels(("A", "B", "tie"))


def as_shown(said: Any) -> Any:
    """The label that is meant, if it is one of the three, in any spelling."""
    return _LABELS.meant(said) or said if isinstance(said, str) else said


class Verdict(BaseModel):
    """The label of the list that explains better."""

    better: Annotated[Literal["A", "B", "tie"], BeforeValidator(as_shown)]


def compare_task(
    user: dict[str, Any],
    shown_first: list[ComparedItem],
    shown_second: list[ComparedItem],
    words: DomainWords = FILMS,
) -> Task[Verdict]:
    """The question about two lists; nothing says which strategy made which."""
    lists = [{"label": "A", words.key: shown_first}, {"label": "B", words.key: shown_second}]
    return Task(
        "compare",
        worded(read_prompt(_PROMPT).text, words),
        {"user": user, "lists": lists},
        Verdict,
        partial(compare_rule, words=words),
    )


def compare_rule(payload: dict[str, Any], words: DomainWords = FILMS) -> Verdict:
    """The list whose reasons rest on more different attributes of the person's profile."""
    wanted = {word.casefold() for word in (*payload["user"]["genres"], *payload["user"]["tags"])}
    a, b = (
        len(wanted & {part.casefold() for item in shown[words.key] for part in item["attributes"]})
        for shown in payload["lists"]
    )
    return Verdict(better="tie" if a == b else "A" if a > b else "B")


def compared_items(explanation: Explanation) -> list[ComparedItem]:
    """What a person reads of each item, and what its reason rests on."""
    return [
        {
            "title": item.title,
            "reason": item.reason,
            "attributes": [claim.attribute for claim in item.claims],
        }
        for item in explanation.items
    ]
