"""The sheet as a person answers it in headless Chromium, with the keyboard, from a file."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from e2ep_cli.studying.answers import read_answers
from e2ep_cli.studying.key import StudyKey
from tests.cli.studying.conftest import made_sheet
from tests.patience import patient


@pytest.fixture
def key(study: Path) -> StudyKey:  # noqa: ARG001
    return made_sheet("--pairs", "2")


@pytest.fixture
def page(browser: Any, key: StudyKey) -> Iterator[Any]:  # noqa: ARG001
    """The open sheet, on which nothing fails and nothing is asked elsewhere."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, offline=True)
    opened, faults = context.new_page(), []
    opened.set_default_timeout(1000 * patient(5))
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    here = Path("study.html").absolute().as_uri()
    opened.on(
        "request",
        lambda asked: (
            None if asked.url.startswith((here, "data:", "blob:")) else faults.append(asked.url)
        ),
    )
    opened.goto(here)
    yield opened
    context.close()
    assert faults == []


def focused(page: Any) -> str:
    return str(page.evaluate("document.activeElement.textContent")).strip()


def reload_with(page: Any, selector: str) -> None:
    """Reload until something is there; Chromium writes what a page keeps a moment later."""
    until = time.monotonic() + patient(5)
    page.reload()
    while not page.locator(selector).count():
        assert time.monotonic() < until, f"no {selector} after a reload"
        page.reload()


def answer_all(page: Any, key: StudyKey) -> dict[int, str]:
    """By keyboard: Enter goes on, Tab leads to the choices, arrows choose among them."""
    page.locator("#next").focus()
    page.keyboard.press("Enter")
    given: dict[int, str] = {}
    for pair in key.pairs:
        assert focused(page).startswith(f"Task {pair.pair}")
        page.keyboard.press("Tab")
        wanted = pair.right or "B"
        page.keyboard.press("Space")
        for _ in range(("A", "none", "B").index(wanted)):
            page.keyboard.press("ArrowRight")
        given[pair.pair] = wanted
        page.keyboard.press("Enter")
    assert focused(page) == "Thank you"
    return given


def saved(page: Any) -> Path:
    with page.expect_download() as download:
        page.locator("#save").click()
    path = Path(download.value.suggested_filename)
    download.value.save_as(path)
    return path


def test_answers_by_keyboard_are_saved_as_the_file_that_the_result_reads(
    page: Any, key: StudyKey
) -> None:
    given = answer_all(page, key)
    path = saved(page)
    answers = read_answers([path], {key.sheet: key})
    assert {each.pair: each.answer for each in answers} == given
    (person,) = {each.person for each in answers}
    assert path.name == f"answers-{key.sheet}-{person}.csv"
    assert page.locator("#lines").input_value() == path.read_text()


def test_answers_outlast_the_page_and_are_cleared_for_the_next_person(
    page: Any, key: StudyKey
) -> None:
    page.locator("#next").click()
    page.locator("#pair-1 input[value=B]").check()
    reload_with(page, "#pair-1 input[value=B]:checked")
    for _ in range(len(key.pairs)):
        page.locator("#next").click()
    assert "You answered 1 of 4 tasks" in page.locator("#given").inner_text()
    page.locator("#open button").first.click()
    assert focused(page).startswith("Task 2")
    for _ in range(len(key.pairs) - 1):
        page.locator("#next").click()
    before = saved(page).read_text()
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("#clear").click()
    assert page.locator("input:checked").count() == 0
    for _ in range(len(key.pairs) + 1):
        page.locator("#next").click()
    after = saved(page).read_text()
    assert before.splitlines()[1].endswith(",B")
    assert after.splitlines()[1].endswith(",")
    assert before.split(",")[5] != after.split(",")[5]


def test_every_task_fits_and_all_of_them_are_printed(page: Any, key: StudyKey) -> None:
    page.locator("#next").click()
    for width in (320, 390, 768, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.locator(".pair:visible").count() == 1
    page.emulate_media(media="print")
    assert page.locator(".pair:visible").count() == len(key.pairs)
    assert page.locator("button:visible").count() == 0
    assert page.get_by_text("a number that you are given, not your name").is_visible()
