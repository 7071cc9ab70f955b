"""What text adds: a model with profiles minus the same model with less to read."""

from collections.abc import Iterable

from markupsafe import Markup

from stages.contracts.metrics.numbers import Difference, Intervals, SplitTests
from stages.report.charts.svg import interval_chart
from stages.report.parts.differences import drawn_interval
from stages.report.sections import PageSection

PAIRS = {
    ("e2ep", "e2epfacts"): "e2ep: profiles over facts alone",
    ("e2ep", "e2epraw"): "e2ep: profiles over raw overviews",
    ("unified", "gat"): "unified: profiles over no text",
    ("unified", "integrated"): "unified: profiles over free text",
}


def text_charts(tested: Intervals, sections: Iterable[PageSection], label: str) -> list[Markup]:
    """A chart for each pair of models, a row per section that is not details and has both."""
    places = {
        section.name: tested.splits[section.name]
        for section in sections
        if not section.details and section.name in tested.splits
    }
    charts = []
    for pair, title in PAIRS.items():
        tests = {place: _less(tests, *pair) for place, tests in places.items()}
        drawn = [drawn_interval(place, test) for place, test in tests.items() if test]
        charts += [interval_chart(title, f"difference in {label}", drawn)] if drawn else []
    return charts


def _less(tests: SplitTests, model: str, other: str) -> Difference | None:
    """`model` minus `other`, whichever way round they are in the file."""
    if test := tests.between.get(model, {}).get(other):
        return test
    if test := tests.between.get(other, {}).get(model):
        turned = {"difference": -test.difference, "low": -test.high, "high": -test.low}
        return test.model_copy(update=turned)
    return None
