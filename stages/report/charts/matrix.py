"""Which of two rankings is better, for every pair: a mark whose shape alone says it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import SubElement

from markupsafe import Markup

from stages.report.charts.canvas import WIDTH, canvas, markup, put_text
from stages.report.charts.palette import MARKERS
from stages.report.words import signed

LEFT, TOP, ROW, WIDEST = 104, 46, 24, 44
UP, DOWN, DOT = MARKERS[2], MARKERS[4], MARKERS[0]


@dataclass(frozen=True)
class PairDifference:
    """The row's mean less the column's; `shown` where it is more than chance."""

    difference: float
    shown: bool

    @property
    def says(self) -> str:
        """In words, between the names of row and column."""
        way = "better" if self.difference > 0 else "worse"
        return f"{signed(self.difference)} {way if self.shown else 'perhaps by chance'} against"


def matrix_chart(
    title: str, names: Sequence[str], pairs: Mapping[tuple[str, str], PairDifference]
) -> Markup:
    """Names × names.

    A triangle up where the row is better, down where it is worse, a hollow dot for chance.
    """
    words = "; ".join(f"{row} {pair.says} {column}" for (row, column), pair in pairs.items())
    chart = canvas("chart matrix", title, f"{title}: {words}", TOP + ROW * len(names))
    slot = min(WIDEST, (WIDTH - LEFT) / len(names))
    for number, name in enumerate(names):
        put_text(chart, 4, TOP + ROW * number + 16, f"{number + 1} {name}", "tick row")
        put_text(chart, LEFT + slot * (number + 0.5), TOP - 8, f"{number + 1}", "tick middle")
        line = f"M4 {TOP + ROW * number}H{LEFT + slot * len(names):.1f}"
        SubElement(chart, "path", {"class": "grid", "d": line})
    for (row, column), pair in pairs.items():
        x, y = LEFT + slot * (names.index(column) + 0.5), TOP + ROW * (names.index(row) + 0.5)
        shape, look = (UP, "s0") if pair.difference > 0 else (DOWN, "s1")
        if not pair.shown:
            shape, look = DOT, "s4 hollow"
        place = f"translate({x:.1f} {y:.1f}) scale({1.5 if pair.shown else 1.1})"
        box = {"class": f"mark {look}", "d": shape, "transform": place}
        SubElement(SubElement(chart, "path", box), "title").text = f"{row} {pair.says} {column}"
    return markup(chart)
