"""Posters: asked of a server that plays TMDB, kept, and served from here alone."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import yaml

from tests.cli.serving.conftest import Answers, serving
from tests.enrich.tmdb.conftest import CANARY, Said, Server
from tests.enrich.tmdb.conftest import server as tmdb
from tests.patience import patient

__all__ = ["tmdb"]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(50)
JPEG_TYPE = {"Content-Type": "image/jpeg"}
PNG_TYPE = {"Content-Type": "image/png"}


@pytest.fixture
def posters(
    run_folder: Path, tmdb: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Answers]:
    """A server with a key, of which Heat has a poster at the server that plays TMDB."""
    monkeypatch.setenv("E2EP_TMDB_API_KEY", CANARY)
    monkeypatch.setenv("E2EP_CACHE_DIR", str(tmp_path / "cache"))
    asks(run_folder, tmdb.url)
    has_poster(tmdb, 11, "Heat", 1990, "/heat.png")
    tmdb.says("/t/p/w185/heat.png", Said(PNG, headers=PNG_TYPE))
    with serving() as answers:
        yield answers


def asks(run_folder: Path, address: str) -> None:
    params = yaml.safe_load((run_folder / "params.yaml").read_text())
    params["enrich"] = {"tmdb": {"base_url": address}}
    (run_folder / "params.yaml").write_text(yaml.safe_dump(params))


def has_poster(tmdb: Server, number: int, title: str, year: int, path: str | None) -> None:
    film = tmdb.film(number, title, year, poster_path=path)
    tmdb.says(f"/search/movie?{title}&{year}", Said({"results": [film]}))


def asked_for(server: Answers, item: str) -> httpx2.Response:
    return httpx2.get(f"{server.address}/posters/{item}", timeout=patient(20))


def test_a_poster_is_found_served_and_kept(posters: Answers, tmdb: Server) -> None:
    answer = asked_for(posters, "m0")
    assert (answer.status_code, answer.content) == (200, PNG)
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["x-content-type-options"] == "nosniff"
    asked = len(tmdb.asked)
    assert asked_for(posters, "m0").content == PNG
    assert len(tmdb.asked) == asked


def test_the_key_goes_to_the_interface_and_nowhere_else(
    posters: Answers, tmdb: Server, capfd: pytest.CaptureFixture[str]
) -> None:
    assert asked_for(posters, "m0").status_code == 200
    keys = {path: query.get("api_key") for path, query in tmdb.asked}
    assert keys.pop("/t/p/w185/heat.png") is None
    assert set(keys.values()) == {CANARY}
    tmdb.says("/search/movie?Dusk&1992", Said(f"no {CANARY}", 500))
    assert asked_for(posters, "m2").status_code == 204
    assert CANARY not in capfd.readouterr().err
    assert CANARY not in posters.served.about.model_dump_json()


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (None, None),
        ("/../../secret.png", None),
        ("//evil.example/x.png", None),
        ("/x.svg", None),
        ("/x.png", Said(b"<svg/>", headers={"Content-Type": "image/svg+xml"})),
        ("/x.png", Said(PNG, headers={"Content-Type": "text/html"})),
        ("/x.png", Said(b"<html>", headers=PNG_TYPE)),
        ("/x.png", Said(PNG + bytes(600_000), headers=PNG_TYPE)),
        ("/x.png", Said(PNG, 302, {"Location": "/t/p/w185/heat.png"} | PNG_TYPE)),
        ("/x.png", Said(PNG, headers=JPEG_TYPE, cut=True)),
    ],
)
def test_what_is_no_poster_is_not_served(
    posters: Answers, tmdb: Server, path: str | None, said: Said | None
) -> None:
    has_poster(tmdb, 12, "Dusk", 1992, path)
    if said:
        tmdb.says("/t/p/w185/x.png", said)
    answer = asked_for(posters, "m2")
    assert (answer.status_code, answer.content) == (204, b"")


def test_a_film_that_tmdb_does_not_know_has_none_and_is_not_asked_for_again(
    posters: Answers, tmdb: Server
) -> None:
    assert asked_for(posters, "m3").status_code == 204
    asked = len(tmdb.asked)
    assert asked_for(posters, "m3").status_code == 204
    assert len(tmdb.asked) == asked
    assert asked_for(posters, "m0").status_code == 200


def test_where_tmdb_fails_it_is_left_alone_and_lists_are_answered(
    posters: Answers, tmdb: Server
) -> None:
    tmdb.says("/search/movie?Dusk&1992", Said({}, 500))
    assert asked_for(posters, "m2").status_code == 204
    asked = len(tmdb.asked)
    assert asked_for(posters, "m0").status_code == 204
    assert len(tmdb.asked) == asked
    assert posters.get("/recommend", user="u1")["items"]


def test_a_slow_tmdb_holds_no_list_up(posters: Answers, tmdb: Server) -> None:
    tmdb.says("/search/movie?Dusk&1992", Said({"results": []}, trickle=0.2))
    start = time.monotonic()
    with httpx2.Client() as client, pytest.raises(httpx2.ReadTimeout):
        client.get(f"{posters.address}/posters/m2", timeout=0.3)
    assert posters.get("/recommend", user="u1")["items"]
    assert time.monotonic() - start < patient(2)


def test_without_a_key_nothing_is_said_of_posters(
    run_folder: Path, tmdb: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("E2EP_TMDB_API_KEY", raising=False)
    asks(run_folder, tmdb.url)
    with serving() as server:
        assert asked_for(server, "m0").status_code == 404
        said = server.get("/about")
        assert not said["posters"]
        assert "TMDB" not in str(said)
    assert tmdb.asked == []


def test_the_page_shows_posters_and_asks_this_server_alone(posters: Answers, browser: Any) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{posters.address}#likes=m1")
    page.wait_for_selector(".poster")
    assert page.locator(".item").filter(has=page.locator(".poster")).count() == 1
    here = (posters.address, f"blob:{posters.address}")
    assert [url for url in asked if not url.startswith(here)] == []
    assert "not endorsed or certified by TMDB" in page.locator("#facts").inner_text()
    page.close()


def test_nobody_gets_a_poster_of_an_item_that_is_not_there(posters: Answers) -> None:
    assert asked_for(posters, "nothing").status_code == 404
    assert asked_for(posters, "..%2f..%2fetc").status_code == 404
