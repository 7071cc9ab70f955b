"""The judge's answers: their types with the labels of the question, and what makes them usable.

Labels are read in any spelling. Unknown ones are dropped, and of repeated ones the first counts.
"""

import re
from functools import cache
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, create_model

from stages.llm.answers.labels import Labels
from stages.llm.answers.schema import list_of, one_of

_PLAIN_NUMBER = re.compile(r"\s*\d{1,3}(\.\d+)?\s*")


def plain_number(value: Any) -> Any:
    """A number, or a text that is plainly one; a boolean is none."""
    if isinstance(value, bool):
        raise ValueError("true and false are no numbers")
    if isinstance(value, str) and not _PLAIN_NUMBER.fullmatch(value):
        raise ValueError("this text is not a number, such as 72.5")
    return value


class Order(BaseModel):
    """Labels, best first."""

    order: list[str]


class Score(BaseModel):
    """One label's score."""

    label: str
    score: Annotated[float, BeforeValidator(plain_number), Field(ge=0, le=100)]


class Scores(BaseModel):
    """A score for each label."""

    scores: list[Score]


class Pick(BaseModel):
    """The label of the best one."""

    best: str


@cache
def order_type(labels: tuple[str, ...]) -> type[Order]:
    """Order, with the labels and their number in its schema."""
    label, _ = one_of(labels)
    return create_model("Order", __base__=Order, order=list_of(label, len(labels), len(labels)))


@cache
def scores_type(labels: tuple[str, ...]) -> type[Scores]:
    """Scores, with the labels and their number in its schema."""
    score = create_model("Score", __base__=Score, label=one_of(labels))
    return create_model("Scores", __base__=Scores, scores=list_of(score, len(labels), len(labels)))


@cache
def pick_type(labels: tuple[str, ...]) -> type[Pick]:
    """Pick, with the labels in its schema."""
    return create_model("Pick", __base__=Pick, best=one_of(labels))


def accepted_order(labels: Labels, value: Order) -> Order:
    """The order without unknown and repeated labels; a ValueError if it names too few."""
    known = labels.known(value.order)
    labels.require(known, "order")
    return Order(order=known)


def accepted_scores(labels: Labels, value: Scores) -> Scores:
    """One score per label; one that has two different ones has none. A ValueError if few are left.

    Nobody can tell which of the two was meant, perhaps for another label.
    """
    given: dict[str, set[float]] = {}
    for one in value.scores:
        if label := labels.meant(one.label):
            given.setdefault(label, set()).add(one.score)
    clear = {label: scores.pop() for label, scores in given.items() if len(scores) == 1}
    labels.require(list(clear), "scores")
    return Scores(scores=[Score(label=label, score=score) for label, score in clear.items()])


def accepted_pick(labels: Labels, value: Pick) -> Pick:
    """The label as it was shown; a ValueError if it was not."""
    if label := labels.meant(value.best):
        return Pick(best=label)
    raise ValueError(f"best is none of the labels {', '.join(labels.shown)}")
