"""Metrics against the length of the list: one chart, and the table of all its values.

The page's script draws the metric that a reader chooses from the table; without it, the first one
is drawn.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stages.contracts.rankings import Ranking
from stages.report.charts.figures import PANELS, Figure, legend, mean_points
from stages.report.charts.palette import style_of
from stages.report.charts.svg import Series, drawable, line_chart
from stages.report.sections import PageSection
from stages.report.sources import Curves, Points

_PROTOCOLS = ("full", "condensed")


@dataclass(frozen=True)
class LengthBlock:
    """One metric under one protocol: (ranking, value at each k as text) each."""

    protocol: str
    metric: str
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Lengths:
    """Every metric of every ranking at each k; `figure` draws the first one."""

    figure: Figure
    lengths: tuple[int, ...]
    blocks: tuple[LengthBlock, ...]


def lengths_of(curves: Curves, section: PageSection, rankings: Sequence[Ranking]) -> Lengths | None:
    """Models and rerankings; None where nothing was measured.

    A family's point is the mean over its splits, without those that have nobody to measure.
    """
    real = [ranking for ranking in rankings if ranking.real]
    measured = {split for _, split, _, _ in curves}
    splits = [split for split in section.members if split in measured]
    values = {
        (ranking.name, protocol, metric): mean_points(
            [curves.get((ranking.name, split, protocol, metric), {}) for split in splits]
        )
        for ranking in real
        for protocol in _PROTOCOLS
        for metric in PANELS
    }
    drawn = [
        ranking
        for ranking in real
        if any(values[ranking.name, p, m] for p in _PROTOCOLS for m in PANELS)
    ]
    lengths = sorted({k for points in values.values() for k in points})
    if not lengths:
        return None
    first = {ranking: values[ranking.name, _PROTOCOLS[0], next(iter(PANELS))] for ranking in drawn}
    blocks = (
        _block(values, protocol, metric, drawn, lengths)
        for protocol in _PROTOCOLS
        for metric in PANELS
    )
    return Lengths(
        _figure(section, first),
        tuple(map(int, lengths)),
        tuple(block for block in blocks if block.rows),
    )


def _block(
    values: dict[tuple[str, str, str], Points],
    protocol: str,
    metric: str,
    rankings: Sequence[Ranking],
    lengths: Sequence[float],
) -> LengthBlock:
    rows = []
    for ranking in rankings:
        if points := values[ranking.name, protocol, metric]:
            texts = (f"{points[k]:.3f}" if k in points else "–" for k in lengths)
            rows.append((ranking.name, tuple(texts)))
    return LengthBlock(protocol, PANELS[metric], tuple(rows))


def _figure(section: PageSection, points: dict[Ranking, Points]) -> Figure:
    """The models, then each base with its rerankings; a ranking looks alike in all of them."""
    styles = {ranking: style_of(number) for number, ranking in enumerate(points)}
    title, panels = next(iter(PANELS.values())), []
    for rankings in _together(list(points)):
        lines = drawable(
            Series(ranking.name, tuple(sorted(points[ranking].items())), styles[ranking])
            for ranking in rankings
        )
        panels += [line_chart(title, "k", lines)] if lines else []
    names = [ranking.name for ranking in points]
    caption = f"{section.name}, {_PROTOCOLS[0]} protocol"
    return Figure(caption, legend(names, set(names)), tuple(panels))


def _together(rankings: Sequence[Ranking]) -> Iterator[list[Ranking]]:
    models = [ranking for ranking in rankings if ranking.kind == "model"]
    yield models
    for base in models:
        made = [r for r in rankings if r.base == base.name and r.kind == "reranking"]
        if made:
            yield [base, *made]
