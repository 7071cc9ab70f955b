"""Hard budgets, checked before every attempt.

Calls, tokens and dollars are those of the ledger, minutes those of this run.
"""

import asyncio
import math
import os
from collections.abc import Callable, Iterator

from pydantic import Field, PositiveFloat, PositiveInt

from stages.core.errors import E2epError, ParamError
from stages.core.params import Section
from stages.llm.chat import ChatModel, Reply, Usage
from stages.llm.prices.prices import FINITE, Price
from stages.llm.prices.tokens import estimated
from stages.llm.store.ledger import Ledger
from stages.llm.task import Task
from stages.llm.wrappers.cooldown import Clockwork
from stages.llm.wrappers.wrapper import Wrapper


class BudgetError(E2epError):
    """The next attempt might exceed a budget."""


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

    Attempts under way count as the most that they may cost. While they leave too little for another
    one, it waits until they return and their real cost is known. `now` is the ledger's clock.
    """

    def __init__(
        self,
        inner: ChatModel,
        budgets: Budgets,
        ledger: Ledger,
        price: Price | None,
        output_tokens: int,
        now: Callable[[], float],
    ) -> None:
        super().__init__(inner)
        self.budgets, self.ledger, self.price = budgets, ledger, price
        self.output_tokens, self.now, self.begun = output_tokens, now, now()
        self._turn, self._returned, self._under_way = asyncio.Lock(), asyncio.Event(), 0

    async def reply(self, task: Task) -> Reply:
        most = estimated(task, self.output_tokens)
        async with self._turn:
            while excess := self._excess(most):
                if not self._under_way:
                    raise BudgetError(excess)
                self._returned.clear()
                await self._returned.wait()
        self._under_way += 1
        try:
            return await self.inner.reply(task)
        finally:
            self._under_way -= 1
            self._returned.set()

    def _excess(self, most: Usage) -> str | None:
        """Which budget the next attempt might exceed, as a sentence."""
        for name, spent, next_one, limit in self._counts(most):
            if limit is None or spent + next_one <= limit:
                continue
            digits = {"dollars": ".4f", "minutes": ".1f"}.get(name, ",.0f")
            hours = f"in the last {self.budgets.hours:g} hours"
            period = "in this stage" if name == "minutes" else hours
            more = f" and the next call may take {next_one:{digits}}" if next_one else ""
            command = command_to_continue(name, max(limit, spent + next_one) * 2)
            return (
                f"llm.budgets.{name} is {limit:g}: {spent:{digits}} {name} are spent or under way "
                f"{period}{more}; every answer so far is kept, so go on with {command}"
            )
        return None

    def _counts(self, most: Usage) -> Iterator[tuple[str, float, float, float | None]]:
        """Each budget's name, what has been spent, the most the next attempt may add, the limit."""
        yield "minutes", (self.now() - self.begun) / 60, 0, self.budgets.minutes
        if not (self.budgets.calls or self.budgets.tokens or self.budgets.dollars):
            return
        spent = self.ledger.spent(self.now() - self.budgets.hours * 3600)
        tokens = most.input_tokens + most.output_tokens
        dollars = self.price.dollars(most) if self.price else 0.0
        yield "calls", spent.calls, 1, self.budgets.calls
        yield "tokens", spent.tokens, tokens, self.budgets.tokens
        yield "dollars", spent.dollars, dollars, self.budgets.dollars


def command_to_continue(name: str, value: float) -> str:
    """The command that continues with a higher budget.

    It is the one that was typed, which `e2ep` leaves in E2EP_COMMAND, with an option added.
    """
    typed = os.environ.get("E2EP_COMMAND")
    value = math.ceil(value * 100) / 100 if name == "dollars" else math.ceil(value)
    if typed:
        return f"`{typed} --set llm.budgets.{name}={value}`"
    return f"llm.budgets.{name}: {value} in params.yaml"


def ending(clock: Clockwork, minutes: float | None) -> Clockwork:
    """The same clock, except that no sleep exceeds the minutes of this run, counted from now."""
    if minutes is None:
        return clock
    end, sleep = clock.now() + minutes * 60, clock.sleep

    async def sleep_until_the_end(seconds: float) -> None:
        if clock.now() + seconds > end:
            raise BudgetError(
                f"llm.budgets.minutes is {minutes:g}, which will be over before the server can "
                "be asked again; every answer so far is kept, so continue with "
                f"{command_to_continue('minutes', minutes * 2)}"
            )
        await sleep(seconds)

    return Clockwork(clock.now, sleep_until_the_end, clock.draw)
