"""Which of two rankings is better, for each two of them: a mark a cell, whose shape says it without its colour."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

from markupsafe import Markup

from stages.report.charts.canvas import WIDTH, canvas, markup, write
from stages.report.charts.palette import MARKERS
from stages.report.words import signed

LEFT, TOP, ROW, WIDEST = 104, 46, 24, 44
UP, DOWN, DOT = MARKERS[2], MARKERS[4], MARKERS[0]


@dataclass(frozen=True)
class Cell:
    """The row's mean less the column's; `shown` where it is more than chance."""

    difference: float
    shown: bool


def matrix_chart(title: str, names: Sequence[str], cells: Mapping[tuple[str, str], Cell]) -> Markup:
    """Names × names: a triangle up where the row is better, down where it is worse, a hollow dot where it may be chance."""
    told = "; ".join(f"{row} {_told(cell)} {column}" for (row, column), cell in cells.items())
    chart = canvas("chart matrix", title, f"{title}: {told}", TOP + ROW * len(names))
    slot = min(WIDEST, (WIDTH - LEFT) / len(names))
    for number, name in enumerate(names):
        write(chart, 4, TOP + ROW * number + 16, f"{number + 1} {name}", "tick row")
        write(chart, LEFT + slot * (number + 0.5), TOP - 8, f"{number + 1}", "tick middle")
        SubElement(
            chart,
            "path",
            {"class": "grid", "d": f"M4 {TOP + ROW * number}H{LEFT + slot * len(names):.1f}"},
        )
    for (row, column), cell in cells.items():
        x, y = LEFT + slot * (names.index(column) + 0.5), TOP + ROW * (names.index(row) + 0.5)
        _mark(chart, cell, f"translate({x:.1f} {y:.1f})", f"{row} {_told(cell)} {column}")
    return markup(chart)


def _mark(chart: Element, cell: Cell, place: str, told: str) -> None:
    shape, look = (
        (DOT, "s4 hollow")
        if not cell.shown
        else (UP, "s0")
        if cell.difference > 0
        else (DOWN, "s1")
    )
    mark = SubElement(
        chart,
        "path",
        {
            "class": f"mark {look}",
            "d": shape,
            "transform": f"{place} scale({1.5 if cell.shown else 1.1})",
        },
    )
    SubElement(mark, "title").text = told


def _told(cell: Cell) -> str:
    way = "perhaps by chance" if not cell.shown else "better" if cell.difference > 0 else "worse"
    return f"{signed(cell.difference)} {way} against"
