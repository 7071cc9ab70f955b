"""Every kind of chart is drawn: as SVG whose shapes stay inside, and in a browser."""

import html
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from stages.contracts.plan import RunPlan
from stages.report.page import render
from stages.report.sources import ReportSources
from tests.patience import patient

KINDS = {"lines", "bars", "intervals", "shares", "matrix"}
TITLES = (
    "ratings kept",
    "questions per user",
    "dollars per user",
    "Citations rated in training",
    "Each model against each",
)
CHROMIUM = shutil.which("chromium")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync "
    "--disable-background-networking --disable-component-update --virtual-time-budget=10000 "
    "--window-size=1200,900 --dump-dom"
)
PHONE = 390
MEASURE = """<script>addEventListener("load", () => {
  const page = document.querySelector("iframe").contentDocument, root = page.documentElement;
  const charts = [...page.querySelectorAll("svg.chart")];
  const empty = charts.filter(
    chart => chart.getBBox().width < 50 || chart.getBoundingClientRect().width < 200);
  const cut = root.scrollWidth > root.clientWidth;
  document.body.innerHTML = `charts ${charts.length} empty ${empty.length} cut ${cut}`;
})</script>"""


@pytest.fixture
def whole(tmp_path: Path, run_of: Callable[..., ReportSources], plan: RunPlan) -> str:
    """A page on which every kind of chart stands."""
    splits = ("fold-1", "cold-users-1")
    return render(run_of(tmp_path, splits), plan.model_copy(update={"splits": splits}), 2)


def charts(page: str) -> list[ElementTree.Element]:
    return [
        ElementTree.fromstring(svg)
        for svg in re.findall(r'<svg class="chart.*?</svg>', page, re.DOTALL)
    ]


def test_every_kind_of_chart_is_on_the_page(whole: str) -> None:
    assert {chart.get("class", "").split()[1] for chart in charts(whole)} == KINDS
    for title in TITLES:
        assert any(title in chart.get("aria-label", "") for chart in charts(whole))


def test_every_chart_says_what_it_shows_and_draws_shapes(whole: str) -> None:
    for chart in charts(whole):
        assert chart.get("role") == "img"
        assert re.search(r"\d", chart.get("aria-label", ""))
        assert any(
            path.get("class", "").startswith(("line", "mark", "bar")) for path in chart.iter("path")
        )


def test_no_shape_or_text_starts_outside_its_chart(whole: str) -> None:
    for chart in charts(whole):
        width, height = (float(side) for side in chart.get("viewBox", "").split()[2:])
        for place in places(chart):
            assert 0 <= place[0] <= width
            assert 0 <= place[1] <= height


def places(chart: ElementTree.Element) -> list[tuple[float, float]]:
    moves = [
        re.match(r"translate\(([\d.-]+) ([\d.-]+)\)", path.get("transform", ""))
        for path in chart.iter("path")
    ]
    texts = [
        (float(text.get("x", "nan")), float(text.get("y", "nan"))) for text in chart.iter("text")
    ]
    return texts + [(float(found[1]), float(found[2])) for found in moves if found]


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")
def test_a_browser_draws_every_chart_on_a_phones_width(whole: str, tmp_path: Path) -> None:
    style = f"width:{PHONE}px;height:800px;border:0"
    frame = f'<iframe style="{style}" srcdoc="{html.escape(whole)}"></iframe>'
    page = tmp_path / "phone.html"
    page.write_text(f"<!DOCTYPE html><body>{frame}{MEASURE}</body>", encoding="utf-8")
    command = [
        str(CHROMIUM),
        *FLAGS.split(),
        f"--user-data-dir={tmp_path / 'browser'}",
        page.as_uri(),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=patient(60), check=True)
    # The script draws one chart over k in the place of those that the file holds.
    lengths = re.findall(r'<div class="lengths".*?</details>', whole, re.DOTALL)
    drawn = len(charts(whole)) - sum(len(charts(part)) for part in lengths) + len(lengths)
    assert f"charts {drawn} empty 0 cut false" in done.stdout
