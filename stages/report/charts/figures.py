"""Small multiples with one legend: metrics against k, and learning by epoch."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from statistics import fmean

from markupsafe import Markup

from stages.contracts.plan import RunPlan
from stages.contracts.rankings import Ranking
from stages.report.charts.palette import style_of
from stages.report.charts.svg import Series, drawn, line_chart, swatch
from stages.report.sections import Section
from stages.report.sources import Points, Sources

PANELS = {
    "ndcg": "NDCG@k",
    "precision": "Precision@k",
    "recall": "Recall@k",
    "map": "MAP@k",
    "hit": "Hit rate@k",
    "mrr": "MRR@k",
}
LEARNED = {"loss": "Training loss", "valid_ndcg@10": "Validation NDCG@10"}

Curves = dict[tuple[str, str, str, str], Points]


@dataclass(frozen=True)
class Figure:
    """Charts over one legend of (name, sample of its line)."""

    caption: str
    legend: tuple[tuple[str, Markup], ...]
    panels: tuple[Markup, ...]


def metric_figures(
    curves: Curves, section: Section, protocol: str, rankings: Sequence[Ranking]
) -> Iterator[Figure]:
    """Each metric against k: of all models, then of each reranked base with what was made of it."""
    drawable = {name for name, split, _, _ in curves if split in section.members}
    models = [ranking.name for ranking in rankings if ranking.kind == "model"]
    yield _metrics(curves, section, protocol, "models", models)
    for base in models:
        made = [
            one.name
            for one in rankings
            if one.base == base and one.kind == "reranking" and one.name in drawable
        ]
        if made:
            yield _metrics(curves, section, protocol, f"{base} reranked", [base, *made])


def _metrics(
    curves: Curves, section: Section, protocol: str, what: str, names: Sequence[str]
) -> Figure:
    """A family's point is the mean over its splits."""
    panels, seen = [], set()
    for metric, title in PANELS.items():
        points = [
            mean_points([curves.get((n, s, protocol, metric), {}) for s in section.members])
            for n in names
        ]
        lines = drawn(series(names, points))
        seen |= {line.name for line in lines}
        panels += [line_chart(title, "k", lines)] if lines else []
    return Figure(
        f"{section.name}, {protocol} protocol, {what}", legend(names, seen), tuple(panels)
    )


def learning_figures(sources: Sources, sections: Iterable[Section], asked: RunPlan) -> list[Figure]:
    """For each model that has epochs, its loss and validation curve, a line a split."""
    tops = [section for section in sections if not section.folded]
    inside = {split for section in tops if section.family for split in section.members}
    figures = []
    for model, section in product(asked.every_model, tops):
        told_by_family = section.name in inside and model in asked.further.models
        figure = _learning(model, {} if told_by_family else _runs(sources, section, model, asked))
        figures += [figure] if figure.panels else []
    return figures


def mean_points(rows: Sequence[Points]) -> Points:
    """The mean at each x that every row has."""
    shared = sorted(set.intersection(*(set(row) for row in rows))) if rows else []
    return {x: fmean(row[x] for row in rows) for x in shared}


def series(names: Sequence[str], points: Sequence[Points]) -> list[Series]:
    """A line a name, whose look goes by its place."""
    pairs = enumerate(zip(names, points, strict=True))
    return [
        Series(name, tuple(sorted(found.items())), style_of(number))
        for number, (name, found) in pairs
    ]


def legend(names: Sequence[str], seen: set[str]) -> tuple[tuple[str, Markup], ...]:
    """The names that were drawn, with a sample of their lines."""
    return tuple(
        (name, swatch(style_of(number))) for number, name in enumerate(names) if name in seen
    )


def _runs(
    sources: Sources, section: Section, model: str, asked: RunPlan
) -> dict[str, dict[str, Points]]:
    """Split → its learning curves, where the model was trained on it."""
    folders = ((split, asked.trained(split, model)) for split in section.members)
    return {split: sources.learning(folder) for split, folder in folders if folder}


def _learning(model: str, runs: dict[str, dict[str, Points]]) -> Figure:
    names, panels, seen = list(runs), [], set()
    for column, title in LEARNED.items():
        lines = drawn(series(names, [run.get(column, {}) for run in runs.values()]))
        seen |= {line.name for line in lines}
        panels += [line_chart(title, "epoch", lines, from_zero=False)] if lines else []
    return Figure(f"{model}: {_peaks(runs)}", legend(names, seen), tuple(panels))


def _peaks(runs: dict[str, dict[str, Points]]) -> str:
    found = []
    for split, run in runs.items():
        valid = run.get("valid_ndcg@10", {})
        for epoch in (at for at, chosen in run.get("chosen", {}).items() if chosen):
            found.append(f"epoch {epoch:g} chosen on valid, NDCG@10 {valid[epoch]:.3f} ({split})")
    return "; ".join(found) or "no validation curve"
