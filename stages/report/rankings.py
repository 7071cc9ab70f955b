"""The order of rankings on the page."""

from collections.abc import Iterable, Sequence

from stages.contracts.plan import RunPlan
from stages.contracts.rankings import CONTROLS, Kind, Ranking


def ordered(names: Iterable[str], plan: RunPlan) -> tuple[Ranking, ...]:
    """Models, rerankings, controls, each in the order of the run plan; any others come last."""
    kinds: tuple[Kind, ...] = ("model", "reranking", "control")
    steps = (*plan.strategies, *CONTROLS)

    def place(name: str, names: Sequence[str]) -> int:
        return names.index(name) if name in names else len(names)

    def rank(ranking: Ranking) -> tuple[int, int, int, str]:
        step = ranking.steps[0] if ranking.steps else ""
        model = place(ranking.base, plan.every_model)
        return kinds.index(ranking.kind), model, place(step, steps), ranking.name

    return tuple(sorted(map(Ranking, names), key=rank))
