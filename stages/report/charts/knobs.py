"""NDCG against diversity, calibration and the gaps between groups, as a knob is turned."""

from collections.abc import Iterator, Sequence

from stages.contracts.metrics.numbers import TradeOff
from stages.report.charts.figures import Figure, legend
from stages.report.charts.palette import style_of
from stages.report.charts.svg import Series, line_chart

AXES = {
    "ild": "diversity (ild)",
    "miscalibration": "miscalibration, less is better",
    "gender-gap": "gap by gender, less is better",
    "age-gap": "gap by age, less is better",
    "activity-gap": "gap by activity, less is better",
}
"""Metric → what the axis is called."""


def knob_figures(points: Sequence[TradeOff]) -> Iterator[Figure]:
    """For each split or family and base, a chart per metric of AXES, a line per strategy."""
    for split, base in dict.fromkeys((point.split, point.base) for point in points):
        own = [point for point in points if (point.split, point.base) == (split, base)]
        ndcg = next((p.metric for p in own if p.metric.startswith("ndcg@")), "")
        strategies = sorted({point.strategy for point in own})
        names = [f"{base}+{strategy}" for strategy in strategies]
        values = {(p.strategy, p.knob, p.metric): p.value for p in own}
        depth, panels = ndcg.partition("@")[2], []
        for metric, label in AXES.items():
            lines = []
            for number, (name, strategy) in enumerate(zip(names, strategies, strict=True)):
                knobs = sorted(
                    knob
                    for kind, knob, key in values
                    if (kind, key) == (strategy, f"{metric}@{depth}")
                )
                line = tuple(
                    (values[strategy, k, f"{metric}@{depth}"], values[strategy, k, ndcg])
                    for k in knobs
                )
                notes = tuple(f"knob {knob:g}" for knob in knobs)
                lines += [Series(name, line, style_of(number), notes)] if line else []
            if lines:
                panels.append(line_chart(f"NDCG@{depth}", label, lines, from_zero=False))
        if panels:
            yield Figure(f"{split}, {base}", legend(names, set(names)), tuple(panels))
