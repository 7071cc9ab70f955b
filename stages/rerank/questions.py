"""The three questions to the judge, and the offline rules that answer them."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from stages.contracts.beyond.diverse import diverse_order
from stages.contracts.words import FILMS, DomainWords, worded
from stages.llm.answers.labels import Labels
from stages.llm.prompt import read_prompt
from stages.llm.task import Task
from stages.rerank.answers import (
    Order,
    Pick,
    Score,
    Scores,
    accepted_order,
    accepted_pick,
    accepted_scores,
    order_type,
    pick_type,
    scores_type,
)
from stages.rerank.relevance import by_relevance

PROMPTS = Path(__file__).parent / "prompts"
_KNOB = 0.5
"""How much variety counts in the rule for a varied order: as much as the match."""


def order_task(
    user: dict[str, Any],
    candidates: list[dict[str, Any]],
    words: DomainWords = FILMS,
    diverse: bool = False,
) -> Task[Order]:
    """The question; candidates are {label, title, year, genres, tags} and further details.

    diverse: whether to ask for a list that is varied too.
    """
    labels = Labels(film["label"] for film in candidates)
    return Task(
        "rank",
        worded(read_prompt(PROMPTS / f"order{'-varied' if diverse else ''}.md").text, words),
        {"user": user, "candidates": candidates},
        order_type(tuple(labels.shown)),
        varied_rule if diverse else order_rule,
        relevance=by_relevance(partial(_varied_of, candidates) if diverse else _order_of, words),
        accept=partial(accepted_order, labels),
    )


def score_task(
    user: dict[str, Any], candidates: list[dict[str, Any]], words: DomainWords = FILMS
) -> Task[Scores]:
    """The question; candidates are as those of `order_task`."""
    labels = Labels(film["label"] for film in candidates)
    return Task(
        "score",
        worded(read_prompt(PROMPTS / "scores.md").text, words),
        {"user": user, "candidates": candidates},
        scores_type(tuple(labels.shown)),
        score_rule,
        relevance=by_relevance(_scores_of, words),
        accept=partial(accepted_scores, labels),
    )


def pick_task(
    user: dict[str, Any], candidates: list[dict[str, Any]], words: DomainWords = FILMS
) -> Task[Pick]:
    """The question; candidates are two or more, as those of `order_task`."""
    labels = Labels(film["label"] for film in candidates)
    return Task(
        "pick",
        worded(read_prompt(PROMPTS / "pick.md").text, words),
        {"user": user, "candidates": candidates},
        pick_type(tuple(labels.shown)),
        pick_rule,
        relevance=by_relevance(_pick_of, words),
        accept=partial(accepted_pick, labels),
    )


def _order_of(labels: list[str], scores: Sequence[float]) -> Order:
    """The labels by score; ties as shown."""
    score_of = dict(zip(labels, scores, strict=True))
    return Order(order=sorted(labels, key=lambda label: -score_of[label]))


def _varied_of(
    candidates: list[dict[str, Any]], labels: list[str], scores: Sequence[float]
) -> Order:
    score_of = dict(zip(labels, scores, strict=True))
    return _varied(candidates, [score_of[film["label"]] for film in candidates])


def _scores_of(labels: list[str], scores: Sequence[float]) -> Scores:
    return Scores(
        scores=[
            Score(label=label, score=round(100 * score, 3))
            for label, score in zip(labels, scores, strict=True)
        ]
    )


def _pick_of(labels: list[str], scores: Sequence[float]) -> Pick:
    return Pick(best=_order_of(labels, scores).order[0])


def order_rule(payload: dict[str, Any]) -> Order:
    """By match, then title, so that the order shown does not matter."""
    matches = [
        (-match(payload["user"], film), film["title"], film["label"])
        for film in payload["candidates"]
    ]
    return Order(order=[label for *_, label in sorted(matches)])


def varied_rule(payload: dict[str, Any]) -> Order:
    """By match, but the first ten are chosen to be unlike each other too."""
    films = payload["candidates"]
    return _varied(films, [match(payload["user"], film) for film in films])


def score_rule(payload: dict[str, Any]) -> Scores:
    """The match of each candidate."""
    return Scores(
        scores=[
            Score(label=film["label"], score=match(payload["user"], film))
            for film in payload["candidates"]
        ]
    )


def pick_rule(payload: dict[str, Any]) -> Pick:
    """The first of the order."""
    return Pick(best=order_rule(payload).order[0])


def match(user: dict[str, Any], film: dict[str, Any]) -> float:
    """50 for nothing in common, up to 100 for shared genres and tags, down to 0 for dislikes."""
    genres, tags = _shared(user["genres"], film["genres"]), _shared(user["tags"], film["tags"])
    disliked = _shared(user["dislikes"], [*film["genres"], *film["tags"]])
    raw = 50 + 30 * genres / max(len(film["genres"]), 1) + 12 * tags - 15 * disliked
    return float(round(min(max(raw, 0), 100), 1))


def _varied(films: list[dict[str, Any]], scores: Sequence[float]) -> Order:
    """Maximal marginal relevance by genres and tags; those chosen stand by score, then title."""
    ranked = sorted(zip(scores, films, strict=True), key=lambda one: (-one[0], one[1]["title"]))
    attributes = [{w.casefold() for w in (*film["genres"], *film["tags"])} for _, film in ranked]
    known = sorted(set[str]().union(*attributes))
    has = np.array([[word in own for word in known] for own in attributes], dtype=float)
    values = np.array([[score for score, _ in ranked]])
    [order] = diverse_order(np.arange(len(ranked))[None], values, has, _KNOB)
    return Order(order=[ranked[place][1]["label"] for place in order])


def _shared(wanted: list[str], present: list[str]) -> float:
    """Sum over shared words of weights that fall from 1, for the first wanted word, to one half."""
    folded = {word.casefold() for word in present}
    return sum(
        1 - place / (2 * len(wanted))
        for place, word in enumerate(wanted)
        if word.casefold() in folded
    )
