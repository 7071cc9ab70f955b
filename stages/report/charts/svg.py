"""Small charts as inline SVG; colours and text come from style.css, so that they follow light, dark and print."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

from markupsafe import Markup

from stages.report.charts.canvas import HEIGHT, WIDTH, canvas, markup, write
from stages.report.charts.palette import MARKERS, Style
from stages.report.charts.scale import Scale, x_scale, y_scale
from stages.report.words import signed

LEFT, RIGHT, TOP, BOTTOM = 40, 310, 32, 182
MARKED = 12
ROW = 30


@dataclass(frozen=True)
class Series:
    """One line: its name, its points in order of x, its look."""

    name: str
    points: tuple[tuple[float, float], ...]
    style: Style


@dataclass(frozen=True)
class Range:
    """A difference with its interval; `shown` where it is more than chance."""

    name: str
    value: float
    low: float
    high: float
    shown: bool


def line_chart(
    title: str, x_label: str, series: Sequence[Series], from_zero: bool = True
) -> Markup:
    """Lines over shared axes; each point tells its value to a pointer that rests on it."""
    xs = x_scale((x for line in series for x, _ in line.points), LEFT + 8, RIGHT - 6)
    ys = y_scale((y for line in series for _, y in line.points), BOTTOM, TOP, from_zero)
    ends = "; ".join(
        f"{line.name} {line.points[-1][1]:.3f} at {line.points[-1][0]:g}" for line in series
    )
    chart = canvas("chart lines", title, f"{title} against {x_label}: {ends}")
    _grid(chart, ys)
    for tick in xs.ticks:
        write(chart, xs(tick), BOTTOM + 15, f"{tick:g}", "tick middle")
    write(chart, (LEFT + RIGHT) / 2, BOTTOM + 32, x_label, "tick middle")
    for line in reversed(series):
        _line(chart, line, xs, ys, x_label)
    return markup(chart)


def bar_chart(title: str, x_label: str, bars: Sequence[tuple[str, int, bool]]) -> Markup:
    """A bar a category: (label, count, stressed)."""
    chart = canvas(
        "chart bars",
        title,
        f"{title}: " + "; ".join(f"{label}: {count:,}" for label, count, _ in bars),
    )
    ys = y_scale([count for _, count, _ in bars], BOTTOM, TOP + 14, from_zero=True)
    slot = (RIGHT - 10) / len(bars)
    for number, (label, count, stressed) in enumerate(bars):
        middle, top = round(10 + slot * (number + 0.5), 1), ys(count)
        shape = f"M{middle - slot * 0.38:.1f} {BOTTOM}V{top}H{middle + slot * 0.38:.1f}V{BOTTOM}Z"
        bar = SubElement(
            chart, "path", {"class": "bar stressed" if stressed else "bar", "d": shape}
        )
        SubElement(bar, "title").text = f"{label}: {count:,}"
        if len(bars) <= MARKED:
            write(chart, middle, top - 5, short(count), "tick middle")
            write(chart, middle, BOTTOM + 15, label, "tick middle")
    write(chart, WIDTH / 2, BOTTOM + 32, x_label, "tick middle")
    return markup(chart)


def interval_chart(title: str, x_label: str, ranges: Sequence[Range]) -> Markup:
    """A dot and its interval a row, the name above it, over a line at nought; hollow where nothing is shown."""
    bottom = TOP + ROW * len(ranges)
    told = "; ".join(f"{one.name} {_told(one)}" for one in ranges)
    chart = canvas(
        "chart intervals", title, f"{title}, {x_label}: {told}", bottom + HEIGHT - BOTTOM
    )
    xs = y_scale(
        [0.0, *(end for one in ranges for end in (one.low, one.high))],
        14,
        RIGHT - 4,
        from_zero=False,
    )
    for tick in xs.ticks:
        SubElement(
            chart,
            "path",
            {"class": "grid" if tick else "grid nought", "d": f"M{xs(tick)} {TOP - 6}V{bottom}"},
        )
        write(chart, xs(tick), bottom + 15, f"{tick:g}", "tick middle")
    write(chart, WIDTH / 2, bottom + 32, x_label, "tick middle")
    for number, one in enumerate(ranges):
        _range(chart, one, xs, TOP + ROW * number)
    return markup(chart)


def swatch(style: Style) -> Markup:
    """A legend's sample of one line."""
    picture = Element("svg", {"class": "swatch", "viewBox": "0 0 34 12", "aria-hidden": "true"})
    SubElement(picture, "path", _stroke(style, "M1 6H33"))
    SubElement(
        picture,
        "path",
        {"class": f"mark {style.colour}", "d": style.marker, "transform": "translate(17 6)"},
    )
    return markup(picture)


def short(count: int) -> str:
    """34174 as 34.2k, to fit above a bar."""
    return f"{count:,}" if count < 10_000 else f"{count / 1000:.1f}k"


def _grid(chart: Element, ys: Scale) -> None:
    for tick in ys.ticks:
        SubElement(chart, "path", {"class": "grid", "d": f"M{LEFT} {ys(tick)}H{RIGHT}"})
        write(chart, LEFT - 6, ys(tick) + 4, f"{tick:g}", "tick end")


def _line(chart: Element, line: Series, xs: Scale, ys: Scale, x_label: str) -> None:
    places = [(xs(x), ys(y)) for x, y in line.points]
    SubElement(chart, "path", _stroke(line.style, "M" + "L".join(f"{x} {y}" for x, y in places)))
    if len(places) > MARKED:
        return
    for (x, y), (at_x, at_y) in zip(line.points, places, strict=True):
        look = {
            "class": f"mark {line.style.colour}",
            "d": line.style.marker,
            "transform": f"translate({at_x} {at_y})",
        }
        SubElement(
            SubElement(chart, "path", look), "title"
        ).text = f"{line.name}, {x_label} {x:g}: {y:.3f}"


def _range(chart: Element, one: Range, xs: Scale, top: int) -> None:
    write(chart, 4, top + 9, one.name, "tick row")
    SubElement(
        chart, "path", {"class": "line s0", "d": f"M{xs(one.low)} {top + 16}H{xs(one.high)}"}
    )
    look = {"class": "mark s0" if one.shown else "mark s0 hollow", "d": MARKERS[0]}
    dot = SubElement(chart, "path", {**look, "transform": f"translate({xs(one.value)} {top + 16})"})
    SubElement(dot, "title").text = f"{one.name}: {_told(one)}"


def _told(one: Range) -> str:
    return f"{signed(one.value)}, {signed(one.low)} to {signed(one.high)}"


def _stroke(style: Style, shape: str) -> dict[str, str]:
    dashed = {"stroke-dasharray": style.dash} if style.dash else {}
    return {"class": f"line {style.colour}", "d": shape, **dashed}


def drawn(series: Iterable[Series]) -> list[Series]:
    """The lines that have a point."""
    return [line for line in series if line.points]
