"""What text adds: a model with profiles against the same one with less, on every split or family that is not folded away and where both were run."""

from collections.abc import Iterable
from typing import Any

from markupsafe import Markup

from stages.report.charts.svg import Range, interval_chart
from stages.report.parts.differences import significant
from stages.report.sections import Section

PAIRS = {
    ("e2ep", "e2epfacts"): "e2ep: profiles over facts alone",
    ("e2ep", "e2epraw"): "e2ep: profiles over raw overviews",
    ("unified", "gat"): "unified: profiles over no text",
    ("unified", "integrated"): "unified: profiles over free text",
}


def text_charts(tested: dict[str, Any], sections: Iterable[Section], label: str) -> list[Markup]:
    """A chart for each pair of models that intervals.json compares in a section that is not folded away."""
    places = [
        section.name
        for section in sections
        if not section.folded and section.name in tested["splits"]
    ]
    found = {
        title: [
            _range(place, test)
            for place in places
            if (test := _test(tested["splits"][place], *pair))
        ]
        for pair, title in PAIRS.items()
    }
    return [
        interval_chart(title, f"difference in {label}", ranges)
        for title, ranges in found.items()
        if ranges
    ]


def _test(table: dict[str, Any], one: str, other: str) -> dict[str, Any] | None:
    """The first less the second, whichever way round the file has them."""
    between = table.get("between", {})
    if test := between.get(one, {}).get(other):
        return dict(test)
    if test := between.get(other, {}).get(one):
        return {
            **test,
            "difference": -test["difference"],
            "low": -test["high"],
            "high": -test["low"],
        }
    return None


def _range(place: str, test: dict[str, Any]) -> Range:
    return Range(place, test["difference"], test["low"], test["high"], significant(test))
