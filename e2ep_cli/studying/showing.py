"""What `e2ep study result` prints."""

from dataclasses import asdict
from typing import Any

from rich.text import Text

from e2ep_cli.console import PlainConsole
from e2ep_cli.studying.outcome import QuestionOutcome, StudyOutcome
from e2ep_cli.views.tables import WholeTable, name_column, number_column, show_table
from stages.evaluate.statistics.resampling import LEVEL, POWER

_SURE, _FINDS = f"{100 * LEVEL:.0f} %", f"{100 * POWER:.0f} %"
_INTERVAL = (
    f"{_SURE} interval: Student's t over people, each with the mean of their answers, as the "
    "answers of one person are alike; it speaks of other people and these pairs"
)


def outcome_as_json(outcome: StudyOutcome, difference: float) -> dict[str, Any]:
    """All of it, with what was asked and how the interval is made; people are codes."""
    facts = asdict(outcome)
    facts["failed"] = len(outcome.failed)
    return facts | {
        "counted": outcome.people - len(outcome.failed),
        "interval": _INTERVAL,
        "difference": difference,
        "power": POWER,
    }


def show_outcome(outcome: StudyOutcome, difference: float) -> None:
    """Print who counts, then each question and its pairs."""
    console = PlainConsole()
    first, second = outcome.first, outcome.second
    failed = len(outcome.failed)
    console.print(Text(f"{first} against {second}", style="bold"))
    left_out = f"; {failed} failed an attention check and {_is(failed)} left out" if failed else ""
    console.print(f"{_counted(outcome.people, 'person', 'people')} answered{left_out}")
    if any(outcome.sources):
        console.print(f"reasons: {_written(outcome)}")
    for question in outcome.questions:
        console.print()
        console.print(Text(question.text, style="bold"))
        for line in _lines(question, first, second, difference):
            console.print(line)
        console.print()
        show_table(_pairs(question, first, second))
    console.print(_INTERVAL, style="dim")


def _written(outcome: StudyOutcome) -> str:
    """Who wrote the reasons, as the sheet may not say."""
    by = dict(zip((outcome.first, outcome.second), outcome.sources, strict=True))
    given = {side: source for side, source in by.items() if source}
    if len(set(given.values())) == 1:
        return next(iter(given.values()))
    return "; ".join(f"of {side}: {source}" for side, source in given.items())


def _lines(question: QuestionOutcome, first: str, second: str, difference: float) -> list[str]:
    interval = (
        "no interval: "
        + ("one person" if question.people == 1 else "all people are of one mind in between")
        if question.low is None or question.high is None
        else f"{_SURE} interval {100 * question.low:.1f} to {100 * question.high:.1f}"
    )
    open_ones = f", {question.unanswered} left open" if question.unanswered else ""
    lines = [
        f"{100 * question.share:.1f} % for {first} ({interval}), no difference as half; "
        "50 % is no preference",
        f"{question.answers} answers of {_counted(question.people, 'person', 'people')}: "
        f"{question.first} for {first}, {question.second} for {second}, "
        f"{question.neither} no difference{open_ones}",
        "agreement: "
        + (
            "not defined, as all answers are the same or no two people answered the same pair"
            if question.alpha is None
            else f"Krippendorff's alpha {question.alpha:.2f} (1 is full, 0 is chance)"
        ),
    ]
    if question.alike is not None:
        lines.append(
            f"answers of one person: intraclass correlation {question.alike:.2f}, so that they say "
            f"as much as {question.independent} answers of as many people"
        )
    if question.on_left is not None:
        lines.append(f"A was taken in {100 * question.on_left:.0f} % of the answers A or B")
    lines.append(_needed(question, difference))
    return lines


def _needed(question: QuestionOutcome, difference: float) -> str:
    share = 50 + 50 * difference
    stated = f"a difference of {difference:g} ({share:g} to {100 - share:g})"
    if question.needed is None:
        return f"people needed to find {stated}: not known, as people do not vary"
    return f"people needed to find {stated} with a power of {_FINDS}: {question.needed}"


def _pairs(question: QuestionOutcome, first: str, second: str) -> WholeTable:
    sheets = len({pair.sheet for pair in question.pairs}) > 1
    table = WholeTable(
        *([name_column("sheet")] if sheets else []),
        number_column("pair"),
        name_column("user"),
        number_column(first),
        number_column(second),
        number_column("no difference"),
    )
    for pair in question.pairs:
        counts = (str(pair.first), str(pair.second), str(pair.neither))
        table.add_row(*([pair.sheet] if sheets else []), str(pair.pair), pair.user_id, *counts)
    return table


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"
