"""The question for reasons, claims that cite evidence, and the offline rule that answers it."""

import re
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from stages.llm.prompt import read_prompt
from stages.llm.task import Task

_PROMPT = Path(__file__).parent / "prompts" / "explain.md"

_MOST_CITED = 2
_DECADE = re.compile(r"\d{3}0s")


class Claimed(BaseModel):
    """An attribute and the labels of the films cited for it."""

    attribute: str
    evidence: list[str]


class Reason(BaseModel):
    """The claims for one recommended film."""

    label: str
    claims: list[Claimed]


class Reasons(BaseModel):
    """The claims for every recommended film."""

    reasons: list[Reason]


def reasons_task(
    user: dict[str, Any], evidence: list[dict[str, Any]], films: list[dict[str, Any]], claims: int
) -> Task[Reasons]:
    """The question; evidence and films are {label, title, year, genres, tags}."""
    payload = {"user": user, "evidence": evidence, "films": films, "claims": claims}
    return Task("explain", read_prompt(_PROMPT).text, payload, Reasons, reasons_rule)


def reasons_rule(payload: dict[str, Any]) -> Reasons:
    """Tags first, then genres, then decades; of each, those that fewest evidence films share."""
    wanted = {word.casefold() for word in (*payload["user"]["genres"], *payload["user"]["tags"])}
    holders: dict[str, list[str]] = {}
    for film in payload["evidence"]:
        for word in {word.casefold() for word in (*film["genres"], *film["tags"])}:
            holders.setdefault(word, []).append(film["label"])
    return Reasons(
        reasons=[
            Reason(label=film["label"], claims=_claims(film, wanted, holders)[: payload["claims"]])
            for film in payload["films"]
        ]
    )


def _claims(film: dict[str, Any], wanted: set[str], holders: dict[str, list[str]]) -> list[Claimed]:
    """All claims about a film; holders: the labels of the evidence films that have each word."""
    shared = [
        (2 if _DECADE.fullmatch(word) else kind, len(holders[word.casefold()]), place, word)
        for kind, words in enumerate((film["tags"], film["genres"]))
        for place, word in enumerate(words)
        if word.casefold() in wanted and word.casefold() in holders
    ]
    return [
        Claimed(attribute=word, evidence=holders[word.casefold()][:_MOST_CITED])
        for *_, word in sorted(shared)
    ]
