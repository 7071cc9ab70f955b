"""Two trees of numbers, committed and now, become a list of what moved. No disk, no terminal."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from e2ep_cli.gating.limits import Limits

State = Literal["missing", "worse", "changed", "better", "new"]
FAILURES = ("missing", "worse", "changed")
ORDER: tuple[State, ...] = ("missing", "worse", "changed", "better", "new")


@dataclass(frozen=True)
class Change:
    """A metric that moved further than its limit, or a file, model, split or metric that went or came.

    `changed` moved where neither way is better. times: how many times its limit it moved, infinite where none is given.
    """

    key: str
    state: State
    before: Any = None
    after: Any = None
    times: float = math.inf

    @property
    def fails(self) -> bool:
        """Whether this is a failure and not only worth committing."""
        return self.state in FAILURES


def changes(before: Mapping[str, Any], after: Mapping[str, Any], limits: Limits) -> list[Change]:
    """What moved, worst first; a branch that went or came is named once, at its root."""
    return sorted(
        _walk(before, after, limits, ""),
        key=lambda one: (ORDER.index(one.state), -one.times, one.key),
    )


def _walk(
    before: Mapping[str, Any], after: Mapping[str, Any], limits: Limits, root: str
) -> Iterator[Change]:
    for name in sorted(before.keys() | after.keys()):
        key, old, new = f"{root}{name}", before.get(name), after.get(name)
        if isinstance(old, dict) and isinstance(new, dict):
            yield from _walk(old, new, limits, f"{key}/")
        elif old != new or (name in before) != (name in after):
            yield from _changed(key, name in before, name in after, old, new, limits)


def _changed(
    key: str, was: bool, stands: bool, old: Any, new: Any, limits: Limits
) -> Iterator[Change]:
    if limits.of(key).direction == "ignore":
        return
    if not was or not stands:
        yield Change(key, "missing" if was else "new")
    elif _is_number(old) and _is_number(new):
        yield from _moved(key, old, new, limits)
    else:
        yield Change(key, "changed", _leaf(old), _leaf(new))


def _moved(key: str, old: float, new: float, limits: Limits) -> Iterator[Change]:
    limit = limits.of(key)
    difference, allowed = abs(new - old), limit.allowed(old)
    # five decimals are written, so that a difference of exactly the limit may come out a hair larger
    if difference <= allowed + 1e-9:
        return
    state: State = "changed"
    if limit.direction != "equal":
        state = "better" if (new > old) == (limit.direction == "higher") else "worse"
    yield Change(key, state, old, new, difference / allowed if allowed else math.inf)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _leaf(value: Any) -> Any:
    return "{…}" if isinstance(value, dict) else value
