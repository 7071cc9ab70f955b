"""asked.json, next to a step's output: what it asked a chat model, by task and model."""

from collections import defaultdict
from collections.abc import Iterable

from stages.contracts.rows import Row


class Calls(Row):
    """The answers to one kind of task by one model, in this run or an earlier one that was kept."""

    task: str
    model: str
    calls: int
    outcomes: dict[str, int]
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    dollars: float | None
    """None if the price is unknown."""
    seconds: float
    """The sum over the answers, even if some were awaited at the same time."""


class Asked(Row):
    """Every question that a step asked."""

    calls: tuple[Calls, ...]
    keys: tuple[str, ...] = ()
    """Of the answers in the cache; offline and recorded answers have none."""


def combined(*every: Asked) -> Asked:
    """What several chat models were asked in one step."""
    return Asked(
        calls=tuple(summed(row for asked in every for row in asked.calls)),
        keys=tuple(sorted({key for asked in every for key in asked.keys})),
    )


def summed(rows: Iterable[Calls]) -> list[Calls]:
    """One row for each task and model, in their order."""
    groups: defaultdict[tuple[str, str], list[Calls]] = defaultdict(list)
    for row in rows:
        groups[row.task, row.model].append(row)
    return [_sum(groups[pair]) for pair in sorted(groups)]


def _sum(rows: list[Calls]) -> Calls:
    outcomes: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        for outcome, count in row.outcomes.items():
            outcomes[outcome] += count
    known = [row.dollars for row in rows if row.dollars is not None]
    return Calls(
        task=rows[0].task,
        model=rows[0].model,
        calls=sum(row.calls for row in rows),
        outcomes=dict(sorted(outcomes.items())),
        input_tokens=sum(row.input_tokens for row in rows),
        cached_tokens=sum(row.cached_tokens for row in rows),
        output_tokens=sum(row.output_tokens for row in rows),
        dollars=round(sum(known), 6) if known else None,
        seconds=round(sum(row.seconds for row in rows), 3),
    )
