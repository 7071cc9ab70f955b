"""When a server is asked again: the same for every server that is asked."""

from email.message import Message

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.core.http import Backoff, BusyError, Failure, failure_of, retry_after


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "12"}, 12),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after-ms": "250"}, 0.25),
        ({"retry-after": "Thu, 01 Jan 1970 00:02:00 GMT"}, 20),
        ({"retry-after": "Thu, 01 Jan 1970 00:00:00 GMT"}, 0),
        ({"retry-after": "Thu Jan  1 00:02:00 1970"}, 20),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "9" * 400}, None),
        ({}, None),
    ],
)
def test_retry_after_in_each_of_its_forms(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, now=100) == seconds


def test_headers_of_urllib_are_read_in_any_case() -> None:
    headers = Message()
    headers["Retry-After"] = "1.5"
    assert retry_after(headers, now=0) == 1.5


@pytest.mark.parametrize(
    ("status", "passing"),
    [(400, False), (404, False), (408, True), (409, True), (425, True), (429, True), (503, True)],
)
def test_only_a_passing_failure_names_a_wait(status: int, passing: bool) -> None:
    failure = failure_of(status, {"retry-after": "3"})
    assert (failure.passing, failure.retry_after) == (passing, 3 if passing else None)
    assert failure.crowded == (status == 429)


@given(st.integers(1, 50), st.floats(0, 1))
def test_full_jitter_lies_between_nothing_and_a_doubling_bound(attempt: int, draw: float) -> None:
    delay = Backoff(first=1, longest=60).delay(attempt, draw)
    assert 0 <= delay <= min(60, 2 ** (attempt - 1))


def test_the_draw_decides_where_in_between() -> None:
    backoff = Backoff(first=1, longest=60)
    assert [backoff.delay(3, draw) for draw in (0, 0.25, 1)] == [0, 1, 4]


def failure(seconds: float | None) -> Failure:
    return Failure(reason="HTTP 429", passing=True, retry_after=seconds)


def test_what_the_server_asks_for_comes_before_the_draw() -> None:
    backoff = Backoff(first=1, longest=60)
    assert [backoff.pause("it", failure(wait), 3, 0.25) for wait in (None, 0, 1.5, 600)] == [
        1,
        0,
        1.5,
        600,
    ]


def test_a_wait_beyond_all_patience_ends_in_one_sentence() -> None:
    with pytest.raises(BusyError, match=r"^it asks to wait 7,200 s \(HTTP 429\); every answer so"):
        Backoff().pause("it", failure(7200), 1, 0.5)


@pytest.mark.parametrize("asked", [{"retry-after": "0"}, {"retry-after-ms": "0"}])
def test_a_server_that_asks_for_no_wait_at_all_gets_the_usual_one(asked: dict[str, str]) -> None:
    backoff, wish = Backoff(first=1, longest=60), failure_of(429, asked)
    assert wish.retry_after is None
    assert [backoff.pause("it", wish, attempt, 1) for attempt in (1, 2, 3)] == [1, 2, 4]


def test_a_wish_for_less_than_the_first_pause_does_not_shorten_the_usual_one() -> None:
    backoff = Backoff(first=1, longest=60)
    assert [backoff.pause("it", failure(0.2), attempt, 0.5) for attempt in (1, 2, 5)] == [0.5, 1, 8]
    assert backoff.pause("it", failure(0.2), 1, 0) == 0.2
