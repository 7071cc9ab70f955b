"""The order of rankings on the page."""

from collections.abc import Iterable

from stages.contracts.plan import RunPlan
from stages.contracts.rankings import CONTROLS, Kind, Ranking


def ordered(names: Iterable[str], asked: RunPlan) -> tuple[Ranking, ...]:
    """Models, rerankings, controls, each in the order of params.yaml, strangers last."""
    kinds: tuple[Kind, ...] = ("model", "reranking", "control")
    steps = (*asked.strategies, *CONTROLS)

    def rank(ranking: Ranking) -> tuple[int, int, int, str]:
        step = ranking.steps[0] if ranking.steps else ""
        return (
            kinds.index(ranking.kind),
            _place(ranking.base, asked.every_model),
            _place(step, steps),
            ranking.name,
        )

    return tuple(sorted(map(Ranking, names), key=rank))


def _place(name: str, names: tuple[str, ...]) -> int:
    return names.index(name) if name in names else len(names)
