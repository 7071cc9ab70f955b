"""The report as somebody reads it, in headless Chromium: with its script, and without."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stages.report.page import render
from tests.patience import patient
from tests.report.conftest import HOSTILE, PLAN, write_run

DESK, PHONE = 1280, 390
FULL = "table:has(caption:text-is('Full protocol, fold-1, top 10'))"
WIDE = """() => [...document.querySelectorAll(".scroll")]
  .filter(part => part.scrollWidth > part.clientWidth + 1)
  .map(part => part.getAttribute("aria-label"))"""
CUT = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    path = folder / "report.html"
    path.write_text(render(write_run(folder), PLAN, 10), encoding="utf-8")
    return path


def opened(browser: Any, file: Path, width: int, scripts: bool = True) -> Any:
    """The page, without a network."""
    context = browser.new_context(
        viewport={"width": width, "height": 844}, java_script_enabled=scripts, offline=True
    )
    page = context.new_page()
    page.set_default_timeout(1000 * patient(20))
    page.goto(file.as_uri())
    return page


@pytest.fixture
def page(browser: Any, file: Path) -> Iterator[Any]:
    """The open page at a desk, on which nothing fails and nothing is asked for."""
    faults: list[str] = []
    page = opened(browser, file, DESK)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda asked: faults.append(asked.url))
    page.reload()
    yield page
    page.context.close()
    assert [fault for fault in faults if not fault.startswith(("file:", "blob:"))] == []


def names(page: Any, kind: str = "model") -> list[str]:
    """The rankings of one kind that the first table shows, from top to bottom."""
    rows = page.locator(f"{FULL} tbody.{kind} tr:not(.block):visible th")
    return [text.strip() for text in rows.all_inner_texts()]


def test_a_heading_sorts_the_better_end_first_then_the_other_then_as_it_was(page: Any) -> None:
    button = page.locator(f"{FULL} thead button", has_text="NDCG@10")
    assert names(page) == ["popularity", "graph"]
    button.focus()
    seen = []
    for _ in range(3):
        page.keyboard.press("Enter")
        seen.append((names(page), page.locator(f"{FULL} th[aria-sort]").count()))
    assert seen == [
        (["graph", "popularity"], 1),
        (["popularity", "graph"], 1),
        (["popularity", "graph"], 0),
    ]


def test_a_filter_leaves_the_rows_that_have_every_word(page: Any) -> None:
    page.locator("details.values summary").click()
    page.get_by_label("Filter Values by length").fill("scored hit")
    rows = page.locator(".values tbody tr:not(.block):visible")
    assert [text.split("\t")[0] for text in rows.all_inner_texts()] == ["graph+scored"] * 2
    assert page.locator(".values .count").inner_text() == "2 of 36 rows"


def test_a_model_that_is_switched_off_leaves_tables_and_chart(page: Any) -> None:
    page.get_by_label("graph", exact=True).first.uncheck()
    assert (names(page), names(page, "reranking"), names(page, "control")) == (
        ["popularity"],
        [],
        [],
    )
    assert page.locator(".drawn path.line").count() == 1
    page.get_by_label("graph", exact=True).first.check()
    page.get_by_label("rerankings and controls").uncheck()
    assert (names(page), names(page, "reranking")) == (["popularity", "graph"], [])
    assert page.locator(".drawn path.line").count() == 2


def test_one_chart_shows_the_metric_that_is_chosen_and_its_values_by_keyboard(page: Any) -> None:
    assert page.locator(".lengths svg.chart").count() == 1
    metric, protocol = page.locator(".choose select").all()
    metric.select_option("Recall@k")
    protocol.select_option("condensed")
    slider = page.get_by_label("k, the length of the list")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    assert slider.get_attribute("aria-valuetext") == "k = 1"
    said = page.locator(".drawn svg").get_attribute("aria-label")
    assert said.startswith("Recall@k, condensed protocol, at k = 1: popularity 0.2; graph 0.4")
    assert page.locator(".lengths .value").all_inner_texts() == ["0.200", "0.400", "0.300"]


def test_a_mark_is_read_by_touch_and_by_the_arrow_keys(page: Any) -> None:
    chart = page.locator("#headline svg.chart")
    said = page.locator("#headline output.reading")
    chart.locator("path.mark").first.click()
    assert said.inner_text().startswith("How much better: graph against popularity: +0.200")
    page.keyboard.press("Tab")
    chart.focus()
    page.keyboard.press("ArrowRight")
    assert "graph+scored against graph: −0.010" in said.inner_text()
    assert "graph+scored against graph" in chart.get_attribute("aria-valuetext")


def test_an_exported_table_has_the_cells_of_the_table(page: Any) -> None:
    place = page.locator(f".tools:has(+ .scroll {FULL})")
    with page.expect_download() as download:
        place.get_by_text("CSV").click()
    saved = Path(download.value.path()).read_text(encoding="utf-8-sig")
    head, *rows = csv.reader(saved.splitlines())
    assert download.value.suggested_filename == "toy-full-protocol-fold-1-top-10.csv"
    assert head == ["Kind", "Ranking", "NDCG@10", "P@10", "R@10", "MAP@10", "MRR@10", *head[7:]]
    table = page.locator(f"{FULL} tbody tr:not(.block)").all_inner_texts()
    assert [row[1:] for row in rows] == [
        [cell.strip() for cell in line.split("\t")] for line in table
    ]
    assert [row[0] for row in rows] == ["Models"] * 2 + ["Rerankings"] + ["Controls"] * 2


def test_the_search_finds_a_user_by_number_and_by_what_they_like(page: Any) -> None:
    field = page.get_by_label("Find")
    people = page.locator("details.person:visible summary h3")
    field.fill("light dawn")
    assert people.all_inner_texts() == ["User u2", "User u1"]
    field.fill("user u1")
    assert people.all_inner_texts() == ["User u1"]
    assert page.locator("details.person[open]:visible").count() == 1
    field.fill("nobody")
    assert "None of the 2 users here" in page.locator(".find output").inner_text()


def test_markup_in_titles_stays_text_whatever_the_script_does(page: Any) -> None:
    assert HOSTILE[:25] in page.locator("#users").inner_text()


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_nothing_is_wider_than_the_page(browser: Any, file: Path, width: int) -> None:
    page = opened(browser, file, width)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    assert not page.evaluate(CUT)
    assert page.evaluate(WIDE) == []
    page.context.close()


def test_without_scripts_everything_can_be_read_and_nothing_dead_is_shown(
    browser: Any, file: Path
) -> None:
    page = opened(browser, file, PHONE, scripts=False)
    assert page.locator("button, input, select").count() == 0
    assert page.locator(".lengths svg.chart:visible").count() == 2
    assert page.locator("main table:visible").count() >= 8
    page.locator("details.values summary").click()
    assert page.locator(".values tbody tr:visible").count() == 48
    assert names(page) == ["popularity", "graph"]
    page.context.close()
