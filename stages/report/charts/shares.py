"""Shares of a whole as bars from 0 to 100 %, a row each."""

from collections.abc import Sequence
from xml.etree.ElementTree import SubElement

from markupsafe import Markup

from stages.report.charts.canvas import WIDTH, canvas, markup, write

LEFT, RIGHT, TOP, ROW, BAR = 4, 262, 40, 30, 9


def share_chart(title: str, shares: Sequence[tuple[str, float]]) -> Markup:
    """(name, share) as a filled part of a track, the name above and the value beside it."""
    told = "; ".join(f"{name} {_told(share)}" for name, share in shares)
    chart = canvas("chart shares", title, f"{title}: {told}", TOP + ROW * len(shares))
    for number, (name, share) in enumerate(shares):
        top = TOP + ROW * number
        end = round(LEFT + share * (RIGHT - LEFT), 1)
        write(chart, LEFT, top - 4, name, "tick row")
        SubElement(
            chart, "path", {"class": "track", "d": f"M{LEFT} {top}H{RIGHT}V{top + BAR}H{LEFT}Z"}
        )
        bar = SubElement(
            chart,
            "path",
            {"class": "bar stressed", "d": f"M{LEFT} {top}H{end}V{top + BAR}H{LEFT}Z"},
        )
        SubElement(bar, "title").text = f"{name}: {_told(share)}"
        write(chart, WIDTH - 4, top + BAR, _told(share), "tick end")
    return markup(chart)


def _told(share: float) -> str:
    return f"{share:.1%}".replace("%", " %")
