"""What a ranking gains from more ratings of a user, and from more questions or dollars spent on him."""

from collections.abc import Iterator
from typing import Any

from stages.report.charts.figures import PANELS, Figure, legend, series
from stages.report.charts.svg import drawn, line_chart
from stages.report.parts.judged import dollars_a_user
from stages.report.results import Results
from stages.report.sections import Section
from stages.report.sources import Points, Sources

KEPT = "n="


def cold_figure(results: Results, section: Section) -> Figure:
    """Each metric against how many ratings a user has, where the split keeps a few of some; no panels elsewhere."""
    kept = {
        g: int(g.removeprefix(KEPT))
        for g in results.groups(section.name, "full")
        if g.startswith(KEPT)
    }
    names = [ranking.name for ranking in results.real() if len(ranking.steps) < 2]
    panels, seen = [], set()
    for metric, title in PANELS.items() if len(kept) > 1 else ():
        key = f"{metric}@{results.depth}"
        columns = {
            n: results.column(section.name, f"full/{group}", key) for group, n in kept.items()
        }
        points = [
            {float(n): v for n, c in columns.items() for r, v in c.items() if r.name == name}
            for name in names
        ]
        lines = drawn(series(names, points))
        seen |= {line.name for line in lines}
        panels += (
            [line_chart(title.replace("@k", f"@{results.depth}"), "ratings kept", lines)]
            if lines
            else []
        )
    users = sorted(results.users(section.name, f"full/{group}") for group in kept)
    caption = f"{section.name}, full protocol, at least {users[0]:,} users a point" if users else ""
    return Figure(caption, legend(names, seen), tuple(panels))


def cost_figures(sources: Sources, results: Results) -> Iterator[Figure]:
    """For each reranked base of a split, NDCG of its rerankings against questions and dollars a user."""
    key = f"ndcg@{results.depth}"
    for split, bases in sources.number_file("rerank").items():
        ndcg = {
            ranking.name: value for ranking, value in results.column(split, "full", key).items()
        }
        for base, entries in bases.items():
            yield _cost(sources, split, base, entries, ndcg, f"NDCG@{results.depth}")


def _cost(
    sources: Sources,
    split: str,
    base: str,
    entries: dict[str, Any],
    ndcg: dict[str, float],
    title: str,
) -> Figure:
    prices = {
        "questions a user": {
            name: sum(e.get("questions", {}).values()) / e["fused"]["users"]
            for name, e in entries.items()
        },
        "dollars a user": {
            name: dollars for name in entries if (dollars := dollars_a_user(sources, name))
        },
    }
    names, panels = [base, *(f"{base}+{name}" for name in entries)], []
    for label, price in prices.items():
        at = {base: 0.0} | {f"{base}+{name}": value for name, value in price.items()}
        points: list[Points] = [
            {at[name]: ndcg[name]} if name in at and name in ndcg else {} for name in names
        ]
        panels += (
            [line_chart(title, label, drawn(series(names, points)), from_zero=False)]
            if price
            else []
        )
    return Figure(f"{split}, {base} and its rerankings", legend(names, set(names)), tuple(panels))
