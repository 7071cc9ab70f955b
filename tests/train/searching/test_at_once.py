"""Several trials at once: the order in which they end changes nothing, and a stop loses nothing."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from stages.core.parcels import LATER
from stages.train.searching.attempt import Attempt
from stages.train.searching.sampling import next_drawn
from stages.train.searching.search import Course
from stages.train.searching.space import Range
from stages.train.searching.trials import Trial, as_csv, from_csv
from tests.train.searching.test_search import clock, ran, search

WHERE = ["here", pytest.param("cluster", marks=pytest.mark.ray)]


def settled(trials: list[Trial]) -> list[tuple[int, object, float]]:
    """Trials by number, without their seconds."""
    return sorted((trial.trial, str(trial.parameters), trial.ndcg) for trial in trials)


@pytest.mark.parametrize("where", WHERE)
def test_at_once_gives_the_trials_of_one_after_the_other_with_the_same_delay(
    where: str, request: pytest.FixtureRequest
) -> None:
    if where == "cluster":
        request.getfixturevalue("cluster")
    one = search()
    first = list(one.run_at_once([], 14, at_once=2))
    assert settled(first) == settled(by_hand(14, at_once=2, last_first=False))


def by_hand(budget: int, at_once: int, last_first: bool) -> list[Trial]:
    """Trials of which always the newest, or the oldest, that runs ends first."""
    one, ticks = search(), clock()
    course = Course(one, {}, budget, None, at_once)
    running: list[Attempt] = []
    trials: list[Trial] = []

    def end() -> None:
        attempt = running.pop(-1 if last_first else 0)
        course.trials[attempt.number] = attempt.made(one.rows(None), lambda: next(ticks))
        trials.append(course.trials[attempt.number])

    for step in course.steps():
        if step is LATER:
            end()
        elif isinstance(step, Trial):
            trials.append(step)
        else:
            running.append(step)
            if len(running) == at_once:
                end()
    while running:
        end()
    return trials


def test_whichever_ends_first_the_same_settings_are_drawn() -> None:
    assert settled(by_hand(16, 3, last_first=True)) == settled(by_hand(16, 3, last_first=False))


def test_one_at_once_is_the_search_as_it_always_was() -> None:
    assert settled(by_hand(13, 1, last_first=False)) == settled(ran(search(), [], 13))


def test_a_search_that_was_stopped_continues_with_the_same_trials() -> None:
    whole = by_hand(14, 2, last_first=False)
    kept = from_csv(as_csv(whole[:6]), Path("record.csv"))
    rest = list(search().run_at_once(kept, 14, at_once=2))
    assert settled([*kept, *rest]) == settled(whole)


def test_trials_that_run_keep_others_away_from_the_same_setting() -> None:
    """After its random trials TPE goes where the good ones are; a liar there makes it go apart."""
    wide = {"l2": Range(low=0, high=1)}
    before = [
        Trial(number, {"l2": value}, 1 - abs(value - 0.5), None, 1.0)
        for number, value in enumerate(itertools.islice(spaced(), 20))
    ]
    alone = next_drawn(wide, before, 3)["l2"]
    beside = next_drawn(wide, before, 3, [{"l2": alone}] * 8)["l2"]
    assert beside != alone


def spaced() -> Iterator[float]:
    return (number / 20 for number in itertools.count())
