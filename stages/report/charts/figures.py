"""Charts with one legend, and learning by epoch."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from statistics import fmean

from markupsafe import Markup

from stages.contracts.plan import RunPlan
from stages.report.charts.palette import style_of
from stages.report.charts.svg import Series, drawable, line_chart, swatch
from stages.report.sections import PageSection
from stages.report.sources import Points, ReportSources

PANELS = {
    "ndcg": "NDCG@k",
    "precision": "Precision@k",
    "recall": "Recall@k",
    "map": "MAP@k",
    "hit": "Hit rate@k",
    "mrr": "MRR@k",
}
_LEARNING = {"loss": "Training loss", "valid_ndcg@10": "Validation NDCG@10"}


@dataclass(frozen=True)
class Figure:
    """Charts over one legend of (name, sample of its line)."""

    caption: str
    legend: tuple[tuple[str, Markup], ...]
    panels: tuple[Markup, ...]


def learning_figures(
    sources: ReportSources, sections: Iterable[PageSection], plan: RunPlan
) -> list[Figure]:
    """For each model that has epochs, its loss and validation curve, a line a split."""
    open_sections = [section for section in sections if not section.details]
    inside = {split for section in open_sections if section.family for split in section.members}
    figures = []
    for model, section in product(plan.every_model, open_sections):
        if section.name in inside and model in plan.further.models:
            continue  # the family's figure has this line
        folders = {split: plan.trained(split, model) for split in section.members}
        runs = {split: sources.learning(folder) for split, folder in folders.items() if folder}
        figure = _learning(model, runs)
        figures += [figure] if figure.panels else []
    return figures


def mean_points(rows: Sequence[Points]) -> Points:
    """The mean at each x that every row has."""
    shared = sorted(set.intersection(*(set(row) for row in rows))) if rows else []
    return {x: fmean(row[x] for row in rows) for x in shared}


def series(names: Sequence[str], points: Sequence[Points]) -> list[Series]:
    """One line per name, styled by its place."""
    return [
        Series(name, tuple(sorted(curve.items())), style_of(number))
        for number, (name, curve) in enumerate(zip(names, points, strict=True))
    ]


def legend(names: Sequence[str], seen: set[str]) -> tuple[tuple[str, Markup], ...]:
    """The names that were drawn, with a sample of their lines."""
    return tuple(
        (name, swatch(style_of(number))) for number, name in enumerate(names) if name in seen
    )


def _learning(model: str, runs: dict[str, dict[str, Points]]) -> Figure:
    names, panels, seen = list(runs), [], set()
    for column, title in _LEARNING.items():
        lines = drawable(series(names, [run.get(column, {}) for run in runs.values()]))
        seen |= {line.name for line in lines}
        panels += [line_chart(title, "epoch", lines, from_zero=False)] if lines else []
    peaks = []
    for split, run in runs.items():
        for epoch in (at for at, chosen in run.get("chosen", {}).items() if chosen):
            value = run["valid_ndcg@10"][epoch]
            peaks.append(f"epoch {epoch:g} chosen on valid, NDCG@10 {value:.3f} ({split})")
    caption = f"{model}: {'; '.join(peaks) or 'no validation curve'}"
    return Figure(caption, legend(names, seen), tuple(panels))
