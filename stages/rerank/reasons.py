"""The question for reasons, claims that cite evidence, and the offline rule that answers it."""

import re
from functools import cache, partial
from pathlib import Path
from typing import Any

from pydantic import BaseModel, create_model

from stages.contracts.words import FILMS, DomainWords, worded
from stages.llm.answers.labels import Labels
from stages.llm.answers.schema import list_of, one_of
from stages.llm.prompt import read_prompt
from stages.llm.task import Task

REASONS = "explain"
"""The kind of task."""
_PROMPT = Path(__file__).parent / "prompts" / "explain.md"

_MOST_CITED = 2
_MOST_PARTS = 20
"""Claims for a film, and labels cited for one, that are read: no list is longer in earnest."""
_LONGEST_ATTRIBUTE = 100
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
    user: dict[str, Any],
    evidence: list[dict[str, Any]],
    items: list[dict[str, Any]],
    claims: int,
    words: DomainWords = FILMS,
) -> Task[Reasons]:
    """The question; evidence and items are {label, title, year, genres, tags, people}."""
    payload = {"user": user, "evidence": evidence, words.key: items, "claims": claims}
    cited, shown = (tuple(item["label"] for item in part) for part in (evidence, items))
    return Task(
        REASONS,
        worded(read_prompt(_PROMPT).text, words),
        payload,
        reasons_type(shown, cited, claims),
        partial(reasons_rule, words=words),
        accept=partial(accepted_reasons, Labels(shown), Labels((*cited, *shown)), words.items),
    )


@cache
def reasons_type(films: tuple[str, ...], evidence: tuple[str, ...], claims: int) -> type[Reasons]:
    """Reasons, with the labels of both kinds and the numbers of films and claims in its schema."""
    cited: Any = one_of(evidence)[0]
    claimed = create_model("Claimed", __base__=Claimed, evidence=(list[cited], ...))
    own = list_of(claimed, claims)
    reason = create_model("Reason", __base__=Reason, label=one_of(films), claims=own)
    every = list_of(reason, len(films), len(films))
    return create_model("Reasons", __base__=Reasons, reasons=every)


def accepted_reasons(due: Labels, known: Labels, items: str, value: Reasons) -> Reasons:
    """The claims for the `items` shown, with labels as shown; a ValueError if they are for none.

    Without evidence there is nothing to claim, so that no reasons are an answer too. Claims are
    unchecked: labels that were not shown stay in them, to be counted as foreign.
    """
    claims_of = {
        label: [
            Claimed(
                attribute=claim.attribute[:_LONGEST_ATTRIBUTE],
                evidence=[
                    known.meant(label) or label[:_LONGEST_ATTRIBUTE]
                    for label in claim.evidence[:_MOST_PARTS]
                ],
            )
            for claim in reason.claims[:_MOST_PARTS]
        ]
        for reason in value.reasons
        if (label := due.meant(reason.label))
    }
    nothing_to_claim = not value.reasons and len(known.shown) == len(due.shown)
    if due.shown and not claims_of and not nothing_to_claim:
        raise ValueError(
            f"reasons is for none of the {items} {due.shown[0]} … {due.shown[-1]}; each is due"
        )
    return Reasons(
        reasons=[Reason(label=label, claims=claims) for label, claims in claims_of.items()]
    )


def reasons_rule(payload: dict[str, Any], words: DomainWords = FILMS) -> Reasons:
    """Tags and people first, then genres, then decades; of each, those that fewest films share.

    A genre or tag is the user's if their profile has it, a person if an evidence film has them.
    """
    wanted = {word.casefold() for word in (*payload["user"]["genres"], *payload["user"]["tags"])}
    holders: dict[str, list[str]] = {}
    for film in payload["evidence"]:
        people = {name.casefold() for name in film.get("people", ())}
        wanted |= people
        for word in people | {word.casefold() for word in (*film["genres"], *film["tags"])}:
            holders.setdefault(word, []).append(film["label"])
    return Reasons(
        reasons=[
            Reason(label=film["label"], claims=_claims(film, wanted, holders)[: payload["claims"]])
            for film in payload[words.key]
        ]
    )


def _claims(film: dict[str, Any], wanted: set[str], holders: dict[str, list[str]]) -> list[Claimed]:
    """All claims about a film; holders: the labels of the evidence films that have each word."""
    shared = [
        (2 if _DECADE.fullmatch(word) else kind, len(holders[word.casefold()]), place, word)
        for kind, words in enumerate(([*film["tags"], *film.get("people", ())], film["genres"]))
        for place, word in enumerate(words)
        if word.casefold() in wanted and word.casefold() in holders
    ]
    once: dict[str, str] = {}
    for *_, word in sorted(shared):
        once.setdefault(word.casefold(), word)
    return [
        Claimed(attribute=word, evidence=holders[folded][:_MOST_CITED])
        for folded, word in once.items()
    ]
