"""What reranking did to the lists, and what every step asked of a chat model."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from stages.contracts.metrics.calls import CallTotals
from stages.contracts.metrics.memorised import (
    RECITED_KINDS,
    RecitedKind,
    RecitedShare,
    language_models,
    recited_lines,
)
from stages.contracts.metrics.rerankings import RerankingEffect
from stages.report.sources import ReportSources


@dataclass(frozen=True)
class Reranked:
    """rerank.json for one strategy of one base and split."""

    split: str
    ranking: str
    effect: RerankingEffect

    @property
    def questions(self) -> str:
        """Outcomes of the questions, such as "6 answered, 1 refused"."""
        return outcome_words(self.effect.questions)

    @property
    def disagreed(self) -> float | None:
        """The share of pairs asked in both orders that got two winners."""
        both = self.effect.both
        return both.disagreed / both.pairs if both else None


@dataclass(frozen=True)
class Answers:
    """llm.json for one task of one step and one model."""

    step: str
    task: str
    model: str
    calls: CallTotals

    @property
    def outcomes(self) -> str:
        """Such as "6 answered, 1 refused"."""
        return outcome_words(self.calls.outcomes)


@dataclass(frozen=True)
class RecitedModel:
    """A language model of the run, the sentence beside its results, and memorised.json for it."""

    model: str
    line: str
    shares: tuple[tuple[RecitedKind, RecitedShare], ...]


def recited_models(sources: ReportSources) -> list[RecitedModel]:
    """Every language model that answered in the run, whether or not it was measured."""
    models, memorised = language_models(sources.calls()), sources.memorised()
    return [
        RecitedModel(
            model, line, tuple((kind, shares[kind]) for kind in RECITED_KINDS if kind in shares)
        )
        for model, line in zip(models, recited_lines(models, memorised), strict=True)
        for shares in [memorised.get(model, {})]
    ]


def reranking_rows(sources: ReportSources, splits: Collection[str]) -> Iterator[Reranked]:
    """A row for each reranking of these splits, in the file's order."""
    for split, bases in sources.rerankings().items():
        for base, strategies in bases.items():
            for strategy, effect in strategies.items() if split in splits else ():
                yield Reranked(split, f"{base}+{strategy}", effect)


def answer_rows(sources: ReportSources) -> list[Answers]:
    """A row for each step, task and model."""
    return [
        Answers(step, task, model, calls)
        for step, tasks in sources.calls().items()
        for task, models in tasks.items()
        for model, calls in models.items()
    ]


def dollars_per_user(sources: ReportSources, strategy: str) -> float:
    """What judging by a strategy cost per user, over all splits and bases.

    0 where it is free or the price is unknown; the reasons are not counted.
    """
    tasks = sources.calls().get(f"rerank-{strategy}", {})
    judging = [models for task, models in tasks.items() if task != "explain"]
    dollars = sum(calls.dollars or 0.0 for models in judging for calls in models.values())
    bases = [effects for split in sources.rerankings().values() for effects in split.values()]
    users = sum(effects[strategy].fused.users for effects in bases if strategy in effects)
    return dollars / users if users else 0.0


def outcome_words(outcomes: dict[str, int]) -> str:
    """Counts with their names."""
    return ", ".join(f"{count:,} {outcome}" for outcome, count in outcomes.items())
