"""The end of a stage's minutes, by a clock that never jumps."""

import math
import os
from collections.abc import Callable

from stages.core.errors import E2epError


class BudgetError(E2epError):
    """The next attempt might exceed a budget, or the minutes are over."""


class Deadline:
    """`minutes` from now on, as `now` counts seconds; None is no end."""

    def __init__(self, minutes: float | None, now: Callable[[], float]) -> None:
        self.minutes, self.now, self.begun = minutes, now, now()

    @property
    def left(self) -> float | None:
        """The seconds left, if there is an end."""
        return None if self.minutes is None else self.begun + self.minutes * 60 - self.now()

    def require(self, seconds: float = 0.0) -> None:
        """Raise a BudgetError if a wait of so many seconds would end too late."""
        left = self.left
        if left is not None and left <= 0:
            raise self.over()
        if left is not None and left < seconds:
            raise self.over("will be over before the server can be asked again")

    def over(self, which: str = "is over") -> BudgetError:
        """The error that ends the stage."""
        return BudgetError(
            f"llm.budgets.minutes is {self.minutes:g}, which {which}; every answer so far is "
            f"kept, so go on with {command_to_continue('minutes', (self.minutes or 0) * 2)}"
        )


def command_to_continue(name: str, value: float) -> str:
    """The command that continues with a higher budget.

    It is the one that was typed, which `e2ep` leaves in E2EP_COMMAND, with an option added.
    """
    typed = os.environ.get("E2EP_COMMAND")
    value = math.ceil(value * 100) / 100 if name == "dollars" else math.ceil(value)
    if typed:
        return f"`{typed} --set llm.budgets.{name}={value}`"
    return f"llm.budgets.{name}: {value} in params.yaml"
