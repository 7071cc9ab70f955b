"""A row of `e2ep doctor`, and the guard that turns a failing check into one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from stages.core.errors import E2epError


@dataclass(frozen=True)
class Diagnosis:
    """What was checked, what was found, and the command that fixes it, if anything is wrong.

    `fine` needs nothing, a `note` is worth knowing, a `fault` must be fixed.
    """

    state: Literal["fine", "note", "fault"]
    what: str
    finding: str
    cure: str = ""


def safely(what: str, check: Callable[[], list[Diagnosis]]) -> list[Diagnosis]:
    """The rows of a check, or a fault that says in one sentence what stopped it."""
    try:
        return check()
    except E2epError as error:
        return [Diagnosis("fault", what, str(error))]
    except Exception as error:
        reason = " ".join(str(error).split())
        return [Diagnosis("fault", what, f"cannot be checked: {type(error).__name__}: {reason}")]
