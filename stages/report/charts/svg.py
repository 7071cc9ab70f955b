"""Small charts as inline SVG; style.css colours them, for light, dark and print."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

from markupsafe import Markup

from stages.report.charts.canvas import HEIGHT, WIDTH, canvas, markup, put_text
from stages.report.charts.palette import MARKERS, Style
from stages.report.charts.scale import Axis, x_scale, y_scale
from stages.report.words import signed

LEFT, RIGHT, TOP, BOTTOM = 40, 310, 32, 182
MARKED = 12
ROW = 30


@dataclass(frozen=True)
class Series:
    """One line: its name, its points in the order in which it visits them, its look.

    notes: a word on each point, such as a setting, or nothing.
    """

    name: str
    points: tuple[tuple[float, float], ...]
    style: Style
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class DrawnInterval:
    """A difference with its interval; `shown` where it is more than chance."""

    name: str
    value: float
    low: float
    high: float
    shown: bool

    @property
    def says(self) -> str:
        """In numbers."""
        return f"{signed(self.value)}, {signed(self.low)} to {signed(self.high)}"


def line_chart(
    title: str, x_label: str, series: Sequence[Series], from_zero: bool = True
) -> Markup:
    """Lines over shared axes; each point shows its value on hover."""
    xs = x_scale((x for line in series for x, _ in line.points), LEFT + 8, RIGHT - 6)
    ys = y_scale((y for line in series for _, y in line.points), BOTTOM, TOP, from_zero)
    ends = "; ".join(
        f"{line.name} {line.points[-1][1]:.3f} at {line.points[-1][0]:g}" for line in series
    )
    chart = canvas("chart lines", title, f"{title} against {x_label}: {ends}")
    for tick in ys.ticks:
        SubElement(chart, "path", {"class": "grid", "d": f"M{LEFT} {ys(tick)}H{RIGHT}"})
        put_text(chart, LEFT - 6, ys(tick) + 4, f"{tick:g}", "tick end")
    for tick in xs.ticks:
        put_text(chart, xs(tick), BOTTOM + 15, f"{tick:g}", "tick middle")
    put_text(chart, (LEFT + RIGHT) / 2, BOTTOM + 32, x_label, "tick middle")
    for line in reversed(series):
        _line(chart, line, xs, ys, x_label)
    return markup(chart)


def bar_chart(title: str, x_label: str, bars: Sequence[tuple[str, int, bool]]) -> Markup:
    """A bar a category: (label, count, stressed)."""
    counts = "; ".join(f"{label}: {count:,}" for label, count, _ in bars)
    chart = canvas("chart bars", title, f"{title}: {counts}")
    ys = y_scale([count for _, count, _ in bars], BOTTOM, TOP + 14, from_zero=True)
    slot = (RIGHT - 10) / len(bars)
    for number, (label, count, stressed) in enumerate(bars):
        middle, top = round(10 + slot * (number + 0.5), 1), ys(count)
        shape = f"M{middle - slot * 0.38:.1f} {BOTTOM}V{top}H{middle + slot * 0.38:.1f}V{BOTTOM}Z"
        box = {"class": "bar stressed" if stressed else "bar", "d": shape}
        SubElement(SubElement(chart, "path", box), "title").text = f"{label}: {count:,}"
        if len(bars) <= MARKED:
            put_text(chart, middle, top - 5, short(count), "tick middle")
            put_text(chart, middle, BOTTOM + 15, label, "tick middle")
    put_text(chart, WIDTH / 2, BOTTOM + 32, x_label, "tick middle")
    return markup(chart)


def interval_chart(title: str, x_label: str, intervals: Sequence[DrawnInterval]) -> Markup:
    """A row per interval: its name above a dot and a bar, hollow if it may be chance."""
    bottom = TOP + ROW * len(intervals)
    words = "; ".join(f"{interval.name} {interval.says}" for interval in intervals)
    description = f"{title}, {x_label}: {words}"
    chart = canvas("chart intervals", title, description, bottom + HEIGHT - BOTTOM)
    ends = [0.0, *(end for interval in intervals for end in (interval.low, interval.high))]
    xs = y_scale(ends, 14, RIGHT - 4, from_zero=False)
    for tick in xs.ticks:
        look = "grid" if tick else "grid nought"
        SubElement(chart, "path", {"class": look, "d": f"M{xs(tick)} {TOP - 6}V{bottom}"})
        put_text(chart, xs(tick), bottom + 15, f"{tick:g}", "tick middle")
    put_text(chart, WIDTH / 2, bottom + 32, x_label, "tick middle")
    for number, interval in enumerate(intervals):
        _interval(chart, interval, xs, TOP + ROW * number)
    return markup(chart)


def swatch(style: Style) -> Markup:
    """A legend's sample of one line."""
    picture = Element("svg", {"class": "swatch", "viewBox": "0 0 34 12", "aria-hidden": "true"})
    SubElement(picture, "path", _stroke(style, "M1 6H33"))
    SubElement(picture, "path", _mark(style, "translate(17 6)"))
    return markup(picture)


def short(count: int) -> str:
    """34174 as 34.2k, to fit above a bar."""
    return f"{count:,}" if count < 10_000 else f"{count / 1000:.1f}k"


def drawable(series: Iterable[Series]) -> list[Series]:
    """The lines that have a point."""
    return [line for line in series if line.points]


def _line(chart: Element, line: Series, xs: Axis, ys: Axis, x_label: str) -> None:
    places = [(xs(x), ys(y)) for x, y in line.points]
    SubElement(chart, "path", _stroke(line.style, "M" + "L".join(f"{x} {y}" for x, y in places)))
    if len(places) > MARKED:
        return
    notes = [f", {note}" for note in line.notes] or [""] * len(places)
    for (x, y), (at_x, at_y), note in zip(line.points, places, notes, strict=True):
        mark = SubElement(chart, "path", _mark(line.style, f"translate({at_x} {at_y})"))
        SubElement(mark, "title").text = f"{line.name}{note}, {x_label} {x:g}: {y:.3f}"


def _interval(chart: Element, interval: DrawnInterval, xs: Axis, top: int) -> None:
    put_text(chart, 4, top + 9, interval.name, "tick row")
    line = f"M{xs(interval.low)} {top + 16}H{xs(interval.high)}"
    SubElement(chart, "path", {"class": "line s0", "d": line})
    look = {"class": "mark s0" if interval.shown else "mark s0 hollow", "d": MARKERS[0]}
    place = f"translate({xs(interval.value)} {top + 16})"
    dot = SubElement(chart, "path", {**look, "transform": place})
    SubElement(dot, "title").text = f"{interval.name}: {interval.says}"


def _mark(style: Style, place: str) -> dict[str, str]:
    return {"class": f"mark {style.colour}", "d": style.marker, "transform": place}


def _stroke(style: Style, shape: str) -> dict[str, str]:
    dashed = {"stroke-dasharray": style.dash} if style.dash else {}
    return {"class": f"line {style.colour}", "d": shape, **dashed}
