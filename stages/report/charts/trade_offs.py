"""What a ranking gains from more ratings, questions or dollars per user."""

from collections.abc import Iterator, Mapping

from stages.contracts.metrics.rerankings import RerankingEffect
from stages.report.charts.figures import PANELS, Figure, legend, series
from stages.report.charts.svg import drawable, line_chart
from stages.report.parts.judged import dollars_per_user
from stages.report.results import PageResults
from stages.report.sections import PageSection
from stages.report.sources import Points, ReportSources
from stages.report.words import user_count

_KEPT = "n="


def cold_figure(results: PageResults, section: PageSection) -> Figure:
    """Each metric against the number of ratings kept per user.

    A split that keeps all ratings, or equally many for every user, has no panels.
    """
    kept = {
        group: int(group.removeprefix(_KEPT))
        for group in results.groups(section.name, "full")
        if group.startswith(_KEPT)
    }
    rankings = [ranking for ranking in results.real() if len(ranking.steps) < 2]
    names, depth = [ranking.name for ranking in rankings], f"@{results.depth}"
    panels, seen = [], set()
    for metric, title in PANELS.items() if len(kept) > 1 else ():
        points: list[Points] = [{} for _ in rankings]
        for group, n in kept.items():
            column = results.column(section.name, f"full/{group}", f"{metric}{depth}")
            for ranking, curve in zip(rankings, points, strict=True):
                if ranking in column:
                    curve[float(n)] = column[ranking]
        lines = drawable(series(names, points))
        seen |= {line.name for line in lines}
        if lines:
            panels.append(
                line_chart(title.replace("@k", depth), f"{results.words.rows} kept", lines)
            )
    users = min((results.users(section.name, f"full/{group}") for group in kept), default=0)
    caption = (
        f"{section.name}, full protocol, at least {user_count(users)} per point" if kept else ""
    )
    return Figure(caption, legend(names, seen), tuple(panels))


def cost_figures(sources: ReportSources, results: PageResults) -> Iterator[Figure]:
    """For each reranked base of a split, NDCG of its rerankings against questions and dollars."""
    title = f"NDCG@{results.depth}"
    for split, bases in sources.rerankings().items():
        column = results.column(split, "full", title.lower())
        ndcg = {ranking.name: value for ranking, value in column.items()}
        for base, effects in bases.items():
            panels, seen = [], set()
            for label, prices in _prices(sources, effects).items():
                at = {base: 0.0} | {f"{base}+{name}": price for name, price in prices.items()}
                names = [base, *(f"{base}+{name}" for name in effects)]
                points: list[Points] = [
                    {at[name]: ndcg[name]} if name in at and name in ndcg else {} for name in names
                ]
                lines = drawable(series(names, points)) if prices else []
                seen |= {line.name for line in lines}
                panels += [line_chart(title, label, lines, from_zero=False)] if lines else []
            caption = f"{split}, {base} and its rerankings"
            if panels:
                yield Figure(caption, legend(names, seen), tuple(panels))


def _prices(
    sources: ReportSources, effects: Mapping[str, RerankingEffect]
) -> dict[str, dict[str, float]]:
    """Label → strategy → what it took per user.

    A strategy is left out where it reranked nobody, and where it cost no dollars.
    """
    dollars = {name: dollars_per_user(sources, name) for name in effects}
    return {
        "questions per user": {
            name: sum(effect.questions.values()) / effect.fused.users
            for name, effect in effects.items()
            if effect.fused.users
        },
        "dollars per user": {name: price for name, price in dollars.items() if price},
    }
