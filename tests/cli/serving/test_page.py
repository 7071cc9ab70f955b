"""The page, as it is served and as somebody uses it with the keyboard in headless Chromium."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.cli.serving.conftest import Answers, until, write_candidates
from tests.patience import patient

PAGE = Path(__file__).parents[3] / "e2ep_cli/serving/page"


def test_every_file_of_the_page_is_served_as_what_it_is(server: Answers) -> None:
    kinds = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
    for path in PAGE.iterdir():
        where = "/" if path.name == "index.html" else f"/page/{path.name}"
        answer = httpx2.get(server.address + where, timeout=patient(20))
        assert answer.content == path.read_bytes()
        assert answer.headers["content-type"].startswith(kinds.get(path.suffix, "image/svg+xml"))


def test_nothing_on_the_page_leads_elsewhere() -> None:
    """No script, style or font of another server, and no markup made of what the server says."""
    for path in PAGE.iterdir():
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://|//cdn|@import|url\(", text), path
        assert not re.search(r"innerHTML|outerHTML|insertAdjacent|\beval\(|\son\w+=\"", text), path


@pytest.fixture
def page(browser: Any, server: Answers) -> Iterator[Any]:
    """An open page, on which nothing fails and nothing is asked elsewhere."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    opened, faults = context.new_page(), []
    opened.set_default_timeout(1000 * patient(3))
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda said: faults.append(said.text) if is_fault(said) else None)
    opened.on(
        "request",
        lambda asked: None if asked.url.startswith(server.address) else faults.append(asked.url),
    )
    opened.goto(server.address)
    opened.wait_for_selector("#list[aria-busy=false]")
    yield opened
    context.close()
    assert faults == []


def is_fault(said: Any) -> bool:
    """An error in the console, other than that a request was refused, which the page tells."""
    return said.type == "error" and "Failed to load resource" not in said.text


def name(page: Any, typed: str, key: str = "Enter") -> None:
    """Search by keyboard and take the first suggestion."""
    before = page.locator(".pick").count()
    page.locator("#search").focus()
    page.keyboard.type(typed)
    page.wait_for_selector("#found [aria-selected=true]")
    page.keyboard.press(key)
    page.wait_for_function(f"() => document.querySelectorAll('.pick').length === {before + 1}")


def listed(server: Answers, **asked: Any) -> list[str]:
    return [item["title"] for item in server.made("/explain", **asked)["items"]]


def until_listed(page: Any, expected: list[str]) -> None:
    page.wait_for_function(
        "names => [...document.querySelectorAll('.item h3')].map(e => e.firstChild.data)"
        ".join() === names.join()",
        arg=expected,
    )


def test_a_list_is_made_by_keyboard_alone(page: Any, server: Answers) -> None:
    assert "Name a film that you like" in page.locator("#columns").inner_text()
    name(page, "hea")
    until_listed(page, listed(server, liked=["heat"]))
    name(page, "dusk", "Shift+Enter")
    until_listed(page, listed(server, liked=["heat"], disliked=["dusk"]))
    assert page.locator(".pick .dislike[aria-pressed=true]").count() == 1
    assert page.evaluate("document.activeElement.id") == "search"
    # The remove button of the latest; the focus then goes to the next one.
    page.locator(".remove").first.focus()
    page.keyboard.press("Enter")
    until_listed(page, listed(server, liked=["heat"]))
    assert "Remove Heat" in page.evaluate("document.activeElement.getAttribute('aria-label')")


def test_suggestions_are_told_to_a_screen_reader(page: Any) -> None:
    search = page.locator("#search")
    assert search.get_attribute("aria-expanded") == "false"
    search.focus()
    page.keyboard.type("da")
    page.wait_for_selector("#found [role=option]")
    page.keyboard.press("ArrowDown")
    active = page.locator(f"#{search.get_attribute('aria-activedescendant')}")
    assert (active.get_attribute("role"), active.get_attribute("aria-selected")) == (
        "option",
        "true",
    )
    assert search.get_attribute("aria-expanded") == "true"
    page.keyboard.press("Escape")
    assert search.get_attribute("aria-expanded") == "false"
    unnamed = page.evaluate(
        "[...document.querySelectorAll('button, input, select')].filter(e => e.checkVisibility() &&"
        " !e.ariaLabel && !e.labels?.length && !e.textContent.trim()).map(e => e.outerHTML)"
    )
    assert unnamed == []


def test_reasons_mark_what_was_liked_and_say_what_a_like_brings(page: Any, server: Answers) -> None:
    name(page, "hea")
    name(page, "thing")
    page.wait_for_selector(".brings summary")
    assert set(page.locator("mark").all_inner_texts()) <= {"Heat", "The Thing"}
    assert page.locator("mark").count() > 0
    page.locator(".item").first.hover()
    assert page.locator(".pick.cited").count() > 0
    changes = server.made("/without", liked=["heat", "the thing"])["changes"]
    gone = [item["name"] for item in changes[1]["gone"]]
    page.locator(".brings summary").first.click()
    said = page.locator(".brings").first.inner_text()
    assert all(item in said for item in gone)


def test_filters_and_the_address_keep_what_was_chosen(page: Any, server: Answers) -> None:
    name(page, "hea")
    page.locator("#filters summary").click()
    page.get_by_role("button", name="Horror", exact=True).click()
    expected = listed(server, liked=["heat"], genres=["Horror"])
    until_listed(page, expected)
    page.reload()
    until_listed(page, expected)
    assert "Horror" in page.locator("#filters-set").inner_text()


def test_a_users_list_and_another_beside_it(page: Any, server: Answers) -> None:
    page.locator("#as-user").click()
    page.locator("#user-search").fill("u1")
    page.wait_for_selector("#people [aria-selected=true]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".item")
    assert "Likes the night." in page.locator("#person").inner_text()
    assert "Because of Noon." in page.locator(".item").first.inner_text()
    page.locator("#against").select_option("fold-1/e2ep/scored")
    page.wait_for_selector(".columns-two")
    second = page.locator(".columns-two > section").nth(1)
    firsts = [
        item["title"] for item in server.get("/recommend", user="u1", strategy="scored")["items"]
    ]
    assert second.locator("h3").nth(1).inner_text().startswith(firsts[0])
    assert "3 in the other list" in second.locator(".item").first.inner_text()
    assert "only in this list" not in page.locator("#columns").inner_text()
    page.locator("#ranking").select_option("fold-1/e2ep/scored")
    page.wait_for_function("() => document.querySelector('.moves')?.textContent.includes('▲ 2')")


def test_the_page_fits_the_phone_and_the_desk(page: Any) -> None:
    name(page, "hea")
    for width in (320, 390, 768, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_an_error_is_told_and_goes_away(page: Any) -> None:
    """An address of another data set, with a genre that is unknown here."""
    page.goto(page.url + "#likes=m0&genres=Opera")
    page.reload()
    page.wait_for_selector("#problem:not([hidden])")
    assert "no item has the genre 'Opera'" in page.locator("#problem").inner_text()
    page.goto(page.url.partition("#")[0] + "#likes=m0")
    page.reload()
    page.wait_for_selector(".item")
    assert page.locator("#problem").is_hidden()


def test_a_newer_run_is_shown_at_the_next_choice(
    page: Any, run_folder: Path, server: Answers
) -> None:
    page.goto(page.url + "#user=u1")
    page.reload()
    page.wait_for_selector(".item")
    assert page.locator(".item .value").first.inner_text() == "10.00"
    write_candidates(run_folder, 2.0)
    until(lambda: server.served.reloads == 1)
    page.locator("#length").evaluate("field => field.dispatchEvent(new Event('change'))")
    page.wait_for_function("() => document.querySelector('.item .value').textContent === '20.00'")
