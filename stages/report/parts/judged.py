"""What reranking did to the lists, and what every step asked of a chat model."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from stages.report.sources import Sources


@dataclass(frozen=True)
class Reranked:
    """rerank.json for one strategy of one base and split."""

    split: str
    ranking: str
    questions: str
    fused: dict[str, Any]
    alone: dict[str, Any]
    fitted: dict[str, Any] | None
    both: dict[str, int] | None

    @property
    def disagreed(self) -> float | None:
        """The share of pairs asked in both orders that got two winners."""
        return self.both["disagreed"] / self.both["pairs"] if self.both else None


@dataclass(frozen=True)
class Answers:
    """llm.json for one task of one step and one model."""

    step: str
    task: str
    model: str
    values: dict[str, Any]

    @property
    def outcomes(self) -> str:
        """Such as "6 answered, 1 refused"."""
        return outcome_words(self.values["outcomes"])


def reranked(sources: Sources) -> Iterator[Reranked]:
    """A row for each reranking, in the file's order."""
    for split, bases in sources.number_file("rerank").items():
        for base, strategies in bases.items():
            for strategy, entry in strategies.items():
                yield Reranked(
                    split,
                    f"{base}+{strategy}",
                    outcome_words(entry.get("questions", {})),
                    entry["fused"],
                    entry["alone"],
                    entry.get("fitted"),
                    entry.get("both"),
                )


def answers(sources: Sources) -> list[Answers]:
    """A row for each step, task and model."""
    return [
        Answers(step, task, model, values)
        for step, tasks in sources.number_file("llm").items()
        for task, models in tasks.items()
        for model, values in models.items()
    ]


def dollars_a_user(sources: Sources, strategy: str) -> float:
    """What the judging of a strategy took for each user, over all splits and bases; 0 where it is free or unknown."""
    tasks = sources.number_file("llm").get(f"rerank-{strategy}", {})
    dollars = [
        row["dollars"] or 0.0
        for task, rows in tasks.items()
        if task != "explain"
        for row in rows.values()
    ]
    entries = (
        entry for bases in sources.number_file("rerank").values() for entry in bases.values()
    )
    users = sum(entry[strategy]["fused"]["users"] for entry in entries if strategy in entry)
    return sum(dollars) / users if users else 0.0


def outcome_words(outcomes: dict[str, int]) -> str:
    """Counts with their names."""
    return ", ".join(f"{count:,} {outcome}" for outcome, count in outcomes.items())
