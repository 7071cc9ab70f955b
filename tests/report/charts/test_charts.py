"""Ticks enclose the data, marks are where the numbers say, lines differ in more than colour."""

import math
from itertools import pairwise
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from stages.report.charts.palette import style_of
from stages.report.charts.scale import nice_ticks, y_scale
from stages.report.charts.svg import BOTTOM, TOP, Series, bar_chart, line_chart, short


@given(st.floats(-1e6, 1e6), st.floats(1e-4, 1e6))
def test_ticks_enclose_the_range_at_even_steps(low: float, width: float) -> None:
    ticks = nice_ticks(low, low + width)
    steps = [after - before for before, after in pairwise(ticks)]
    slack = steps[0] * 1e-6 + 1e-8
    assert ticks[0] <= low + slack
    assert ticks[-1] >= low + width - slack
    assert all(math.isclose(step, steps[0], rel_tol=1e-3) for step in steps)
    assert 2 <= len(ticks) <= 8


def test_a_scale_from_zero_starts_there_and_grows_upwards() -> None:
    scale = y_scale([0.31, 0.58], BOTTOM, TOP, from_zero=True)
    assert (scale(0.0), scale(scale.high)) == (BOTTOM, TOP)
    assert scale.ticks == (0.0, 0.2, 0.4, 0.6)


def test_values_that_are_all_alike_can_be_drawn() -> None:
    assert "<path" in line_chart("flat", "k", [Series("a", ((1.0, 0.0), (1.0, 0.0)), style_of(0))])


def test_the_higher_value_stands_higher() -> None:
    chart = ElementTree.fromstring(
        line_chart("t", "k", [Series("a", ((1.0, 0.1), (2.0, 0.4)), style_of(0))])
    )
    shape = next(
        path.get("d", "") for path in chart.iter("path") if path.get("class", "").startswith("line")
    )
    left, right = (tuple(map(float, point.split())) for point in shape.removeprefix("M").split("L"))
    assert left[0] < right[0]
    assert left[1] > right[1]


def test_every_point_tells_its_value() -> None:
    chart = ElementTree.fromstring(
        line_chart("t", "k", [Series("ease", ((5.0, 0.125),), style_of(0))])
    )
    assert [title.text for title in chart.iter("title")] == ["ease, k 5: 0.125"]


def test_names_in_a_chart_are_escaped() -> None:
    chart = line_chart("t", "k", [Series('<b>"x"</b>', ((1.0, 1.0),), style_of(0))])
    assert "<b>" not in chart


def test_twenty_lines_differ_and_neighbours_do_so_without_colour() -> None:
    styles = [style_of(number) for number in range(20)]
    assert len(set(styles)) == 20
    for one, next_one in pairwise(styles):
        assert one.marker != next_one.marker
        assert one.dash != next_one.dash


def test_a_bar_is_as_high_as_its_count() -> None:
    chart = ElementTree.fromstring(bar_chart("t", "rating", [("1", 10, False), ("2", 20, True)]))
    tops = [float(path.get("d", "").split("V")[1].split("H")[0]) for path in chart.iter("path")]
    low, high = (BOTTOM - top for top in tops)
    assert math.isclose(high, 2 * low, rel_tol=0.01)


def test_a_count_above_a_bar_is_short() -> None:
    assert (short(6110), short(34174)) == ("6,110", "34.2k")
