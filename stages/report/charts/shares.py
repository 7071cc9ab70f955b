"""Shares of a whole as bars from 0 to 100 %, a row each."""

from collections.abc import Sequence
from xml.etree.ElementTree import SubElement

from markupsafe import Markup

from stages.report.charts.canvas import WIDTH, canvas, markup, put_text
from stages.report.words import percent

LEFT, RIGHT, TOP, ROW, BAR = 4, 262, 40, 30, 9


def share_chart(title: str, shares: Sequence[tuple[str, float]]) -> Markup:
    """A track per (name, share), filled so far, with the name above and the value beside it."""
    values = "; ".join(f"{name} {percent(share)}" for name, share in shares)
    chart = canvas("chart shares", title, f"{title}: {values}", TOP + ROW * len(shares))
    for number, (name, share) in enumerate(shares):
        top = TOP + ROW * number
        end = round(LEFT + share * (RIGHT - LEFT), 1)
        put_text(chart, LEFT, top - 4, name, "tick row")
        track = {"class": "track", "d": f"M{LEFT} {top}H{RIGHT}V{top + BAR}H{LEFT}Z"}
        SubElement(chart, "path", track)
        filled = {"class": "bar stressed", "d": f"M{LEFT} {top}H{end}V{top + BAR}H{LEFT}Z"}
        bar = SubElement(chart, "path", filled)
        SubElement(bar, "title").text = f"{name}: {percent(share)}"
        put_text(chart, WIDTH - 4, top + BAR, percent(share), "tick end")
    return markup(chart)
