"""One user's two lists before the judge, in both orders."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from stages.compare.question import ComparedItem, Verdict, compare_task
from stages.contracts.rows import Row
from stages.contracts.words import FILMS, DomainWords
from stages.llm.answers.structured import Answer, ask
from stages.llm.chat import ChatModel
from stages.llm.concurrently import together

Said = Literal["first", "second", "tie"]
Result = Literal["win", "loss", "tie", "contradiction", "unanswered"]

AS_SHOWN: Mapping[str, Said] = {"A": "first", "B": "second", "tie": "tie"}
TURNED: Mapping[str, Said] = {"A": "second", "B": "first", "tie": "tie"}
RESULTS: Mapping[Said, Result] = {"first": "win", "second": "loss", "tie": "tie"}


class JudgedLists(Row):
    """What the judge said of one user's lists, the first strategy's shown first and then second."""

    user_id: str
    said: tuple[Said | None, Said | None]
    """None if there was no answer."""
    outcomes: tuple[str, str]
    models: tuple[str, str]

    @property
    def result(self) -> Result:
        """From the first strategy's side: a list is better only if both orders say so."""
        as_shown, turned = self.said
        if as_shown is None or turned is None:
            return "unanswered"
        if as_shown == turned:
            return RESULTS[as_shown]
        return "tie" if "tie" in self.said else "contradiction"


@dataclass(frozen=True)
class Case:
    """A user as shown, and the items of both lists."""

    user_id: str
    user: dict[str, Any]
    first: list[ComparedItem]
    second: list[ComparedItem]
    words: DomainWords = FILMS


async def judge_lists(model: ChatModel, case: Case) -> JudgedLists:
    """Ask about one user's lists in both orders at once."""
    orders = ((case.first, case.second), (case.second, case.first))
    as_shown, turned = await together(
        ask(model, compare_task(case.user, *shown, case.words)) for shown in orders
    )
    return JudgedLists(
        user_id=case.user_id,
        said=(_meant(as_shown, AS_SHOWN), _meant(turned, TURNED)),
        outcomes=(as_shown.outcome, turned.outcome),
        models=(as_shown.reply.model, turned.reply.model),
    )


def _meant(answer: Answer[Verdict], labels: Mapping[str, Said]) -> Said | None:
    return labels[answer.value.better] if answer.value else None
