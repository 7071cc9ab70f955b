"""llm.json: how many questions the judge was asked, and what became of them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from stages.core.schema import Judgement


@dataclass
class Calls:
    """Running counts of one strategy, over its splits and bases."""

    outcomes: Counter[str] = field(default_factory=Counter)
    models: Counter[str] = field(default_factory=Counter)

    def add(self, judgements: Iterable[Judgement]) -> None:
        """Count these too."""
        for judgement in judgements:
            self.outcomes[judgement.outcome] += 1
            self.models[judgement.model] += 1

    def values(self) -> dict[str, object]:
        """calls, and how they divide into outcomes and models."""
        return {"calls": self.outcomes.total(), "outcomes": dict(self.outcomes), "models": dict(self.models)}
