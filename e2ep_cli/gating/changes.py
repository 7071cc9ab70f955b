"""Two trees of numbers, committed and now, become a list of what moved. No disk, no terminal."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypeGuard

from e2ep_cli.gating.limits import MetricLimits

Tree: TypeAlias = "dict[str, Tree] | float | str | None"
"""A file's numbers by their keys, level by level."""

ChangeState = Literal["missing", "worse", "changed", "better", "new"]
_FAILURES = ("missing", "worse", "changed")
_ORDER: tuple[ChangeState, ...] = ("missing", "worse", "changed", "better", "new")


@dataclass(frozen=True)
class Change:
    """A number that moved beyond its limit, or a file, model, split or metric added or gone.

    state: `changed` if neither direction is better. before, after: None if there is no such number.
    times: the move in units of its limit, infinite if there is no limit.
    """

    key: str
    state: ChangeState
    before: float | str | None = None
    after: float | str | None = None
    times: float = math.inf

    @property
    def fails(self) -> bool:
        """Whether this is a failure rather than only a change worth committing."""
        return self.state in _FAILURES


def changes_between(
    before: Mapping[str, Tree], after: Mapping[str, Tree], limits: MetricLimits
) -> list[Change]:
    """What moved, worst first; a branch that was added or is gone is named once, at its root."""
    return sorted(
        _walk(before, after, limits, ""),
        key=lambda change: (_ORDER.index(change.state), -change.times, change.key),
    )


def _walk(
    before: Mapping[str, Tree], after: Mapping[str, Tree], limits: MetricLimits, root: str
) -> Iterator[Change]:
    for name in sorted(before.keys() | after.keys()):
        key, old, new = f"{root}{name}", before.get(name), after.get(name)
        if isinstance(old, dict) and isinstance(new, dict):
            yield from _walk(old, new, limits, f"{key}/")
        elif name not in before or name not in after:
            if limits.of(key).direction != "ignore":
                yield Change(key, "missing" if name in before else "new")
        elif old != new and limits.of(key).direction != "ignore":
            yield from _moved(key, old, new, limits)


def _moved(key: str, old: Tree, new: Tree, limits: MetricLimits) -> Iterator[Change]:
    if not _is_number(old) or not _is_number(new):
        before, after = ("{…}" if isinstance(value, dict) else value for value in (old, new))
        yield Change(key, "changed", before, after)
        return
    limit = limits.of(key)
    difference, allowed = abs(new - old), limit.allowed(old)
    # five decimals are written, so a difference of exactly the limit may come out slightly larger
    if difference <= allowed + 1e-9:
        return
    state: ChangeState = "changed"
    if limit.direction != "equal":
        state = "better" if (new > old) == (limit.direction == "higher") else "worse"
    yield Change(key, state, old, new, difference / allowed if allowed else math.inf)


def _is_number(value: Tree) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
