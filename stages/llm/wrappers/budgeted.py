"""Hard budgets, checked before every attempt.

Calls, tokens and dollars are those of the ledger, minutes those of this run.
"""

import asyncio
from collections.abc import Iterator

from pydantic import Field, PositiveFloat, PositiveInt

from stages.core.errors import ParamError
from stages.core.params import Section
from stages.llm.chat import ChatModel, Reply, Usage
from stages.llm.prices.prices import FINITE, Price
from stages.llm.prices.tokens import estimated
from stages.llm.store.ledger import Ledger
from stages.llm.task import Task
from stages.llm.waiting.deadline import BudgetError, command_to_continue
from stages.llm.waiting.waits import Waits
from stages.llm.wrappers.wrapper import Wrapper

_UNDER_WAY = "calls under way (llm.budgets allows no more)"


class Budgets(Section):
    """What may be spent; null means no limit."""

    model_config = FINITE

    calls: PositiveInt | None = None
    """Attempts, failed ones too."""

    tokens: PositiveInt | None = None
    """Input and output tokens."""

    dollars: PositiveFloat | None = None
    """Dollars, by the prices of the section or of stages/llm/prices/prices.csv."""

    hours: float = Field(24.0, gt=0)
    """Calls, tokens and dollars count over this many hours, whichever stage or process spent
    them."""

    minutes: PositiveFloat | None = None
    """How long one stage may take."""


def require_room(budgets: Budgets, question: Usage, price: Price | None) -> None:
    """Raise a ParamError if a budget is too small for one question, whatever has been spent."""
    tokens = question.input_tokens + question.output_tokens
    dollars = price.dollars(question) if price else 0.0
    for name, needed, limit, digits in (
        ("tokens", tokens, budgets.tokens, ",.0f"),
        ("dollars", dollars, budgets.dollars, ".4f"),
    ):
        if limit is not None and needed > limit:
            raise ParamError(
                f"llm.budgets.{name} is {limit:g}, but one question may take {needed:{digits}}, as "
                f"llm.max_tokens is {question.output_tokens:,}; raise the first or lower the second"
            )


class Budgeted(Wrapper):
    """Makes an attempt only if no budget can be exceeded, else raises a BudgetError.

    Nobody begins one between the look at the budget and the row in the ledger, which `inner` writes
    before it awaits anything. Attempts under way count as the most that they may cost. While they
    leave too little for another one, it waits until they return and their real cost is known. One
    that is under way when the minutes end is cut off, and stays in the ledger at the most that it
    may cost.
    """

    def __init__(
        self,
        inner: ChatModel,
        budgets: Budgets,
        ledger: Ledger,
        price: Price | None,
        output_tokens: int,
        waits: Waits,
    ) -> None:
        super().__init__(inner)
        self.budgets, self.ledger, self.price = budgets, ledger, price
        self.output_tokens, self.waits = output_tokens, waits
        self._turn, self._returned, self._under_way = asyncio.Lock(), asyncio.Event(), 0

    async def reply(self, task: Task) -> Reply:
        most = estimated(task, self.output_tokens)
        with self.waits.halt:
            async with self._turn:
                await self._room(most)
            self._under_way += 1
            try:
                async with asyncio.timeout(self.waits.deadline.left) as limit:
                    return await self.inner.reply(task)
            except TimeoutError:
                if not limit.expired():
                    raise
                raise self.waits.deadline.over() from None
            finally:
                self.ledger.unlock()
                self._under_way -= 1
                self._returned.set()

    async def _room(self, most: Usage) -> None:
        """Return once the next attempt can exceed no budget."""
        self.waits.halt.check()
        self.waits.deadline.require()
        while excess := self._excess(most):
            if not self._under_way:
                raise BudgetError(excess)
            self._returned.clear()
            await self.waits.until(self._returned.wait(), _UNDER_WAY)

    def _excess(self, most: Usage) -> str | None:
        """Which budget the next attempt might exceed, as a sentence; else the ledger is locked."""
        for name, spent, next_one, limit in self._counts(most):
            if limit is None or spent + next_one <= limit:
                continue
            self.ledger.unlock()
            digits = ".4f" if name == "dollars" else ",.0f"
            command = command_to_continue(name, max(limit, spent + next_one) * 2)
            return (
                f"llm.budgets.{name} is {limit:g}: {spent:{digits}} {name} are spent or under way "
                f"in the last {self.budgets.hours:g} hours and the next call may take "
                f"{next_one:{digits}}; every answer so far is kept, so go on with {command}"
            )
        return None

    def _counts(self, most: Usage) -> Iterator[tuple[str, float, float, float | None]]:
        """Each budget's name, what has been spent, the most the next attempt may add, the limit."""
        if not (self.budgets.calls or self.budgets.tokens or self.budgets.dollars):
            return
        self.ledger.lock()
        spent = self.ledger.spent(self.ledger.now() - self.budgets.hours * 3600)
        tokens = most.input_tokens + most.output_tokens
        dollars = self.price.dollars(most) if self.price else 0.0
        yield "calls", spent.calls, 1, self.budgets.calls
        yield "tokens", spent.tokens, tokens, self.budgets.tokens
        yield "dollars", spent.dollars, dollars, self.budgets.dollars
