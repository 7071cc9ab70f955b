"""What a person needs who comes to the page without any instruction."""

from typing import Any

from tests.cli.serving.conftest import Answers
from tests.cli.serving.test_page import listed, name, page, until_listed

__all__ = ["page"]


def test_every_item_says_what_it_is_about_and_whose_it_is(page: Any, server: Answers) -> None:
    name(page, "hea")
    items = server.made("/explain", liked=["heat"])["items"]
    until_listed(page, [item["title"] for item in items])
    assert all(item["people"] == ["Ann Bo"] for item in items)
    assert "Ann Bo" in page.locator(".item").first.inner_text()
    plots = [item["overview"] for item in items if item["overview"]]
    assert max(map(len, plots)) <= 600
    assert page.locator(".plot span").evaluate_all("all => all.map(e => e.textContent)") == plots


def test_a_plot_is_two_lines_until_it_is_opened(page: Any) -> None:
    name(page, "hea")
    plot = page.locator(".plot span").first
    closed = plot.bounding_box()["height"]
    page.locator(".plot summary").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_function(
        "low => document.querySelector('.plot span').offsetHeight > 3 * low", arg=closed
    )


def test_a_person_who_was_looked_for_stands_beside_the_title(page: Any) -> None:
    page.locator("#search").focus()
    page.keyboard.type("bo ann")
    page.wait_for_selector("#found [role=option]")
    assert "Ann Bo" in page.locator("#found [role=option]").first.inner_text()


def test_what_is_liked_from_the_list_can_be_taken_back_and_the_focus_stays(
    page: Any, server: Answers
) -> None:
    name(page, "hea")
    before = listed(server, liked=["heat"])
    until_listed(page, before)
    page.locator(".judge .like").nth(1).focus()
    page.keyboard.press("Enter")
    until_listed(page, listed(server, liked=["heat", before[1]]))
    focused = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert focused.startswith(f"Like {page.locator('.item h3').nth(1).inner_text()[:4]}")
    back = page.locator("#back")
    assert back.inner_text().startswith(f"Take back: liked {before[1]}")
    back.click()
    until_listed(page, before)
    assert back.is_hidden()


def test_all_that_was_named_goes_at_once(page: Any) -> None:
    name(page, "hea")
    assert page.locator("#start-over").is_hidden()
    name(page, "dusk", "Shift+Enter")
    page.locator("#start-over").click()
    page.wait_for_selector(".empty")
    assert page.locator(".pick").count() == 0
    assert page.evaluate("document.activeElement.id") == "search"


def test_a_filter_stands_at_the_list_and_moves_nothing_there(page: Any, server: Answers) -> None:
    """A place that a filter changes is not shown as one that a like changes."""
    name(page, "hea")
    name(page, "thing")
    page.locator("#filters summary").click()
    page.get_by_role("button", name="Drama", exact=True).click()
    until_listed(page, listed(server, liked=["heat", "the thing"], genres=["Drama"]))
    assert page.locator(".moves").count() == 0
    page.locator("#as-user").click()
    page.get_by_role("button", name="Remove the filter Drama").click()
    page.wait_for_function("() => !document.querySelector('#only').textContent")
    page.locator("#as-newcomer").click()
    until_listed(page, listed(server, liked=["heat", "the thing"]))


def test_the_names_of_rankings_are_said_in_words(page: Any, server: Answers) -> None:
    said = {one["strategy"]: one["about"] for one in server.get("/about")["rankings"]}
    assert said["scored"] == "Each film gets 0–100 in several batches, and the mean counts."
    page.locator("#as-user").click()
    page.locator("#against").select_option("fold-1/e2ep/scored")
    page.wait_for_function(
        "said => document.querySelector('#against-about').textContent === said", arg=said["scored"]
    )
