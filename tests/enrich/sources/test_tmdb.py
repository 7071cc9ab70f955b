"""The source `tmdb`: the whole stage against a local server."""

import logging
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from stages.contracts.rows import ENRICHED, MOVIES
from stages.core.tables import read_arrow, write_table
from stages.enrich.__main__ import main
from tests.enrich.tmdb.conftest import CANARY, Said, Server
from tests.enrich.tmdb.conftest import server as server

Run = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: Server) -> Run:
    """Enrich films of these titles from the server."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("E2EP_TMDB_API_KEY", CANARY)
    monkeypatch.setenv("E2EP_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "data").mkdir()

    def enrich(*titles: str, **params: Any) -> list[dict[str, Any]]:
        rows = [
            {
                "item_row": n,
                "item_id": str(n),
                "title": title,
                "year": None,
                "genres": ["War"],
                "text": "Own.",
                "creators": [],
            }
            for n, title in enumerate(titles)
        ]
        write_table(tmp_path / "movies.parquet", pd.DataFrame(rows), MOVIES)
        tmdb = {"base_url": server.url, "attempts": 2, "calls": 1000} | params
        section = {"enrich": {"source": "tmdb", "tmdb": tmdb}}
        (tmp_path / "params.yaml").write_text(yaml.safe_dump(section))
        main(Path("data"), Path("movies.parquet"), Path("out", "movies.parquet"))
        return read_arrow(tmp_path / "out" / "movies.parquet", ENRICHED).to_pylist()

    return enrich


def refused(run: Run, capsys: pytest.CaptureFixture[str], *titles: str, **params: Any) -> str:
    with pytest.raises(SystemExit, match="1"):
        run(*titles, **params)
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    return said


def test_a_matched_film_has_everything_that_tmdb_knows(server: Server, run: Run) -> None:
    people = {
        "cast": [{"name": f"Actor {n}"} for n in range(12)],
        "crew": [
            {"name": "Ed", "job": "Editor"},
            {"name": "Di", "job": "Director"},
            {"name": "Di", "job": "Director"},
        ],
    }
    more = {
        "tagline": "See &amp; hear.",
        "imdb_id": "tt7",
        "genres": [{"id": 1, "name": "Science Fiction"}, {"id": 2, "name": "War"}],
        "keywords": {"keywords": [{"id": 3, "name": "sea"}]},
        "credits": people,
    }
    server.says(
        "/search/movie?The Cup&1999", Said({"results": [server.film(70, "The Cup", 1999, **more)]})
    )
    (row,) = run("Cup, The (1999)")
    assert row == {
        "item_row": 0,
        "item_id": "0",
        "title": "The Cup",
        "year": 1999,
        "aliases": [],
        "genres": ["War", "Sci-Fi"],
        "overview": "About The Cup.",
        "tagline": "See & hear.",
        "keywords": ["sea"],
        "directors": ["Di"],
        "cast": [f"Actor {n}" for n in range(10)],
        "creators": [],
        "tmdb_id": "70",
        "imdb_id": "tt7",
        "source": "tmdb",
        "unmatched": None,
    }


def test_an_alias_is_a_second_try(server: Server, run: Run) -> None:
    server.says(
        "/search/movie?Die Blechtrommel&1979",
        Said({"results": [server.film(7, "The Tin Drum", 1979)]}),
    )
    (row,) = run("Tin Drum, The (Blechtrommel, Die) (1979)")
    assert row["tmdb_id"] == "7"
    assert [query.get("query") for _, query in server.asked] == [
        "The Tin Drum",
        "Die Blechtrommel",
        None,
    ]


def test_a_film_of_the_next_year_is_found_without_the_year(server: Server, run: Run) -> None:
    server.says("/search/movie?Dusk", Said({"results": [server.film(7, "Dusk", 2000)]}))
    (row,) = run("Dusk (1999)")
    assert (row["tmdb_id"], row["year"]) == ("7", 1999)


def test_a_wrong_film_is_a_named_near_miss_and_its_text_is_not_taken(
    server: Server, run: Run
) -> None:
    server.says(
        "/search/movie?Dusk",
        Said({"results": [server.film(7, "Dusk", 1954), server.film(8, "Mud", 1999)]}),
    )
    (row,) = run("Dusk (1999)")
    assert (row["unmatched"], row["overview"]) == ("best near miss: Dusk (1954), score .60", "Own.")
    assert row["tmdb_id"] is None
    assert run("Dusk (1999)", threshold=0.6)[0]["tmdb_id"] == "7"


def test_without_a_result_that_is_said(run: Run) -> None:
    assert run("Dusk (1999)")[0]["unmatched"] == "TMDB lists no film with this title"


def test_a_row_without_a_name_is_not_searched_for(server: Server, run: Run) -> None:
    assert (
        run("unknown")[0]["unmatched"] == "the data set gives neither title nor year to search by"
    )
    assert server.asked == []


def test_known_ids_come_before_the_search(server: Server, run: Run, tmp_path: Path) -> None:
    (tmp_path / "data" / "links.csv").write_text(
        "movieId,imdbId,tmdbId\n0,0000009,7\n1,0000008,\n2,,404\n"
    )
    server.film(7, "One", 1999)
    server.says("/find/tt0000008", Said({"movie_results": [server.film(8, "Two", 1999)]}))
    server.says("/search/movie?Three&1999", Said({"results": [server.film(9, "Three", 1999)]}))
    assert [row["tmdb_id"] for row in run("A (1999)", "B (1999)", "Three (1999)")] == [
        "7",
        "8",
        "9",
    ]


def test_nothing_but_titles_years_and_ids_of_films_goes_out(server: Server, run: Run) -> None:
    server.says("/search/movie?Dusk&1999", Said({"results": [server.film(7, "Dusk", 1999)]}))
    run("Dusk (1999)")
    sent = {name: value for _, query in server.asked for name, value in query.items()}
    ours = {"api_key": CANARY, "language": "en-US", "include_adult": "false"}
    assert sent == ours | {
        "query": "Dusk",
        "year": "1999",
        "append_to_response": "keywords,credits",
    }


def test_a_second_run_asks_nothing_and_writes_the_same(
    server: Server, run: Run, tmp_path: Path
) -> None:
    server.says("/search/movie?Dusk&1999", Said({"results": [server.film(7, "Dusk", 1999)]}))
    run("Dusk (1999)", "Mud (1998)")
    first, asked = (tmp_path / "out" / "movies.parquet").read_bytes(), len(server.asked)
    run("Dusk (1999)", "Mud (1998)")
    assert asked > 0
    assert len(server.asked) == asked
    assert (tmp_path / "out" / "movies.parquet").read_bytes() == first


def test_a_film_that_tmdb_fails_on_says_so_and_the_others_are_enriched(
    server: Server, run: Run
) -> None:
    server.says("/search/movie?Dusk&1999", Said("<html>", headers={"Retry-After": "0"}))
    server.says("/search/movie?Mud&1998", Said({"results": [server.film(8, "Mud", 1998)]}))
    one, two = run("Dusk (1999)", "Mud (1998)", attempts=1)
    why = "TMDB did not answer /search/movie after 1 attempt: the answer is not a JSON object"
    assert (one["unmatched"], two["tmdb_id"]) == (why, "8")


def test_a_server_that_is_down_ends_the_stage_and_what_was_answered_is_kept(
    server: Server, run: Run, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    server.says("/search/movie?Mud&1998", Said({"results": [server.film(8, "Mud", 1998)]}))
    for title in "ABCD":
        server.says(f"/search/movie?{title}&1999", Said({}, 503, {"Retry-After": "0"}))
    films = ["Mud (1998)", *(f"{title} (1999)" for title in "ABCD")]
    said = refused(run, capsys, *films)
    assert said.startswith(
        "error: TMDB did not answer /search/movie after 2 attempts: HTTP 503; every answer so far "
    )
    assert not (tmp_path / "out").exists()
    assert "D" not in [query.get("query") for _, query in server.asked]
    before = len(server.asked)
    for title in "ABCD":
        server.says(f"/search/movie?{title}&1999", Said({"results": [server.film(9, title, 1999)]}))
    run(*films)
    assert "Mud" not in [query.get("query") for _, query in server.asked[before:]]


def test_without_a_key_one_sentence_names_the_variable_and_the_keyless_way(
    run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMDB_API_KEY", " ")
    said = refused(run, capsys, "Dusk (1999)", base_url="https://api.themoviedb.org/3")
    assert "the environment variable TMDB_API_KEY; set it" in said
    assert "set enrich.source to auto or none, which need no key" in said


def test_tmdbs_key_goes_to_no_other_address(
    server: Server,
    run: Run,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TMDB_API_KEY", "the-key-of-tmdb")
    monkeypatch.delenv("E2EP_TMDB_API_KEY")
    run("Dusk (1999)")
    assert {"api_key"}.isdisjoint(name for _, query in server.asked for name in query)
    for url in ("https://mirror.example.org/3", "http://api.themoviedb.org/3"):
        said = refused(run, capsys, "Dusk (1999)", base_url=url)
        assert "variable E2EP_TMDB_API_KEY (TMDB_API_KEY goes to TMDB's address alone); set" in said


def test_a_local_mirror_is_asked_without_a_proxy_and_leads_nowhere_else(
    server: Server, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("no_proxy")
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    server.says("/search/movie?Dusk&1999", Said({"results": [server.film(7, "Dusk", 1999)]}))
    assert run("Dusk (1999)")[0]["tmdb_id"] == "7"
    server.says("/search/movie?Mud&1999", Said("", 302, {"Location": f"{server.url}/movie/7"}))
    assert "HTTP 302" in run("Mud (1999)")[0]["unmatched"]


def test_a_mirror_that_is_not_local_is_sent_nothing(
    run: Run,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *args, **more: real("203.0.113.7" if host == "evil" else host, *args, **more),
    )
    said = refused(run, capsys, "Dusk (1999)", base_url="http://evil:1/3")
    assert said.startswith("error: http://evil:1/3 is not local: evil is at 203.0.113.7, which is")


def test_auto_asks_nobody_even_with_a_key(server: Server, run: Run, tmp_path: Path) -> None:
    run("Dusk (1999)")
    before = len(server.asked)
    (tmp_path / "params.yaml").write_text(
        yaml.safe_dump({"enrich": {"tmdb": {"base_url": server.url}}})
    )
    main(Path("data"), Path("movies.parquet"), Path("out", "movies.parquet"))
    assert len(server.asked) == before


def test_an_address_of_another_kind_is_refused(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        run("Dusk (1999)", base_url="file:///etc")
    assert capsys.readouterr().err.startswith(
        "error: enrich.tmdb.base_url in params.yaml is 'file:///etc': "
    )


def test_the_key_is_in_no_file_log_or_message(
    server: Server,
    run: Run,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    echo = f"asked with {CANARY}"
    server.says(
        "/search/movie?Dusk&1999", Said({"results": [server.film(7, "Dusk", 1999, tagline=echo)]})
    )
    server.says("/search/movie?A&1999", Said(echo, 500, {"Retry-After": "0"}))
    server.says("/search/movie?B&1999", Said({"results": []}, cut=True))
    server.says("/search/movie?C&1999", Said({"results": echo}))
    with pytest.raises(SystemExit):
        run("Dusk (1999)", "A (1999)", "B (1999)", "C (1999)")
    run("Dusk (1999)", "A (1999)", "B (1999)")
    said = capfd.readouterr()
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert len(server.asked) > 4
    assert CANARY not in caplog.text + said.out + said.err
    assert not any(CANARY.encode() in content for content in files)
