"""The client against a server that misbehaves: what it waits, what it asks again, what it keeps."""

import re
from collections.abc import Callable
from email.utils import formatdate
from time import time as seconds_now

import pytest

from stages.core.errors import InputError
from stages.core.http import BusyError
from stages.enrich.tmdb.client import Tmdb
from stages.enrich.tmdb.web import TmdbError
from tests.enrich.tmdb.conftest import CANARY, Said, Server, Time

Make = Callable[..., Tmdb]
FILM = {"id": 5, "title": "Dusk", "release_date": "1999-01-01"}


def test_a_search_carries_title_year_and_language(server: Server, tmdb: Make) -> None:
    server.says("/search/movie?Dusk & Dawn&1999", Said({"results": [FILM]}))
    assert [film.id for film in tmdb().search("Dusk & Dawn", 1999)] == [5]
    query = {
        "query": "Dusk & Dawn",
        "year": "1999",
        "language": "en-US",
        "include_adult": "false",
        "api_key": CANARY,
    }
    assert server.asked == [("/search/movie", query)]


def test_details_bring_keywords_and_credits_in_one_request(server: Server, tmdb: Make) -> None:
    server.says("/movie/5", Said({**FILM, "keywords": {"keywords": [{"id": 1, "name": "sea"}]}}))
    details = tmdb().details(5)
    assert details is not None
    assert details.keywords.keywords[0].name == "sea"
    assert server.asked[0][1]["append_to_response"] == "keywords,credits"


def test_a_film_that_tmdb_does_not_have_is_none_and_asked_once(server: Server, tmdb: Make) -> None:
    assert (tmdb().details(5), tmdb().details(5), tmdb().find("tt1")) == (None, None, None)
    assert [path for path, _ in server.asked] == ["/movie/5", "/find/tt1"]


@pytest.mark.parametrize(
    "bad",
    [
        Said({}, 500),
        Said("", 503),
        Said({}, 429),
        Said("<html>busy</html>"),
        Said("[1]"),
        Said({"id": 5, "title": "Dusk"}, cut=True),
        Said("\ud800".encode("utf-8", "surrogatepass").decode("latin-1") + "{"),
    ],
    ids=["500", "503", "429", "html", "list", "cut", "garbage"],
)
def test_a_bad_answer_is_asked_again_and_never_kept(
    server: Server, tmdb: Make, time: Time, bad: Said
) -> None:
    server.says("/movie/5", bad, bad, Said(FILM))
    assert [tmdb().details(5).title, tmdb().details(5).title] == ["Dusk", "Dusk"]  # type: ignore[union-attr]
    assert len(server.asked) == 3
    assert len(time.slept) == 2


def test_pauses_grow_with_full_jitter(server: Server, tmdb: Make, time: Time) -> None:
    server.says("/movie/5", Said({}, 500))
    with pytest.raises(
        TmdbError, match=r"^TMDB did not answer /movie/5 after 5 attempts: HTTP 500$"
    ):
        tmdb().details(5)
    assert len(server.asked) == 5
    assert all(0 <= pause <= 0.5 * 2**turn for turn, pause in enumerate(time.slept, 1))


def test_the_server_says_how_long_to_wait_in_seconds_or_as_a_date(
    server: Server, tmdb: Make, time: Time
) -> None:
    date = formatdate(seconds_now() + 30, usegmt=True)
    server.says(
        "/movie/5",
        Said({}, 429, {"Retry-After": "7"}),
        Said({}, 429, {"Retry-After": date}),
        Said({}, 429, {"Retry-After": "1.5"}),
        Said({}, 429, {"Retry-After": "99"}),
        Said(FILM),
    )
    assert tmdb().details(5)
    assert time.slept[0] == 7
    assert 25 < time.slept[1] <= 30
    assert time.slept[2:] == [1.5, 99]


def test_a_long_wait_is_reported(
    server: Server, tmdb: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    busy = [Said({}, 429, {"Retry-After": seconds}) for seconds in ("4", "42")]
    server.says("/movie/5", *busy, Said(FILM))
    assert tmdb().details(5)
    said = capsys.readouterr().err
    assert re.fullmatch(r"waiting for TMDB \(HTTP 429\) until \d\d:\d\d:\d\d \(42 s\)\n", said)


def test_a_wait_that_is_too_long_ends_the_run_instead_of_being_cut_short(
    server: Server, tmdb: Make, time: Time
) -> None:
    server.says("/movie/5", Said({}, 429, {"Retry-After": "9999"}))
    with pytest.raises(BusyError, match=r"^TMDB asks to wait 9,999 s \(HTTP 429\)"):
        tmdb().details(5)
    assert (len(server.asked), time.slept) == (1, [])


def test_a_fault_that_time_does_not_cure_is_not_asked_again(server: Server, tmdb: Make) -> None:
    server.says("/movie/5", Said({}, 400))
    with pytest.raises(TmdbError, match=r"after 1 attempt: HTTP 400$"):
        tmdb().details(5)


def test_another_form_of_json_is_a_named_fault_and_not_kept(server: Server, tmdb: Make) -> None:
    server.says("/movie/5", Said({"id": "five"}), Said(FILM))
    with pytest.raises(
        TmdbError, match=r"^TMDB's answer to /movie/5 has another form than expected at id$"
    ):
        tmdb().details(5)
    assert tmdb().details(5)


def test_a_refused_key_ends_the_run_with_both_ways_out(server: Server, tmdb: Make) -> None:
    server.says("/movie/5", Said({"status_message": f"Invalid API key: {CANARY}"}, 401))
    with pytest.raises(
        InputError, match=r"key in E2EP_TMDB_API_KEY .*enrich\.source to none"
    ) as error:
        tmdb().details(5)
    assert CANARY not in repr(error.value)
    assert len(server.asked) == 1


def test_a_server_that_is_not_there_is_named_by_the_kind_of_fault(
    server: Server, tmdb: Make
) -> None:
    client = tmdb(attempts=2)
    server.says("/movie/5", Said(FILM))
    object.__setattr__(client.web.params, "base_url", "http://127.0.0.1:9")
    with pytest.raises(TmdbError, match=r"after 2 attempts: the connection failed \(\w+\)$"):
        client.details(5)


@pytest.mark.usefixtures("server")
def test_no_more_than_forty_calls_in_any_ten_seconds(tmdb: Make, time: Time) -> None:
    client, started = tmdb(), []
    for number in range(100):
        client.details(number)
        started.append(time.now)
    assert all(later - sooner >= 10 for sooner, later in zip(started, started[40:], strict=False))
    assert started[-1] == 20


def test_an_old_answer_is_asked_for_again(server: Server, tmdb: Make) -> None:
    server.says("/movie/5", Said(FILM))
    client = tmdb()
    client.details(5)
    client.cache._database.execute("UPDATE answers SET day = date('now', '-181 days')")
    client.details(5)
    assert len(server.asked) == 2


def test_an_answer_that_never_ends_is_given_up(server: Server, tmdb: Callable[..., Tmdb]) -> None:
    server.says("/movie/7", Said({"id": 7, "title": "Dusk" * 30}, trickle=0.02))
    with pytest.raises(TmdbError, match=r"the connection failed \(TimeoutError\)"):
        tmdb(attempts=1, timeout=0.5).details(7)


def test_a_request_says_nothing_about_this_machine(
    server: Server, tmdb: Callable[..., Tmdb]
) -> None:
    tmdb().search("Dusk", 1999)
    [headers] = server.headers
    assert {name.lower(): value for name, value in headers.items() if name.lower() != "host"} == {
        "accept": "application/json",
        "accept-encoding": "identity",
        "connection": "close",
        "user-agent": "e2ep",
    }
