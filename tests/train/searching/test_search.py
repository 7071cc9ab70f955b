"""A search: which settings, in which order, judged by what, and how it continues."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from stages.contracts.rows import RATINGS, TRAINING
from stages.core.errors import InputError, ParamError
from stages.train.fitting.rows import SplitRows
from stages.train.fitting.selection import select
from stages.train.models import ease
from stages.train.searching.sampling import next_drawn
from stages.train.searching.search import Search
from stages.train.searching.space import Holdout, Range, Space
from stages.train.searching.trials import CURRENT, Trial, as_csv, as_recorded, best_first, from_csv

SPACE: dict[str, Any] = {
    "trials": 5,
    "start": {"l2": 300.0},
    "space": {
        "l2": {"low": 10, "high": 1000, "log": True},
        "grades": [{5: 1, 4: 1, 3: 0}, {5: 1, 1: 0}],
    },
}


def split() -> SplitRows:
    draw = np.random.default_rng(0)
    pairs = np.argwhere(draw.random((30, 20)) < 0.5)
    table = pd.DataFrame({"user_row": pairs[:, 0], "item_row": pairs[:, 1], "timestamp": 0})
    table = table.assign(nth=-1, history=None)
    table["rating"] = draw.integers(1, 6, len(table)).astype(float)
    held = draw.random(len(table)) < 0.3
    return SplitRows(
        name="fold-1",
        train=table[~held][TRAINING.names],
        valid=table[held][RATINGS.names],
        n_users=30,
        n_items=20,
        user_text=np.ones((30, 2), np.float32),
        item_text=np.ones((20, 2), np.float32),
    )


def search(seed: int = 7, **changes: Any) -> Search:
    return Search(ease, lambda _form: split(), Space.model_validate(SPACE | changes), seed)


def clock() -> Iterator[float]:
    return itertools.count(0.0, 2.0)


def ran(one: Search, done: list[Trial], budget: int) -> list[Trial]:
    ticks = clock()
    return list(one.run(done, budget, lambda: next(ticks)))


def test_the_first_trial_is_the_start_and_the_others_keep_what_they_do_not_draw() -> None:
    one = search(start={"l2": 300.0}, space={"grades": [{5: 1, 1: 0}]})
    assert one.parameters(0, []) == {"l2": 300.0}
    assert one.parameters(1, []) == {"l2": 300.0, "grades": {5: 1, 1: 0}}


def test_the_same_seed_draws_the_same_trials_and_another_seed_others() -> None:
    first, second, other = (
        [search(seed).parameters(n, []) for n in range(1, 6)] for seed in (7, 7, 8)
    )
    assert first == second != other


@pytest.mark.parametrize(("whole", "log"), [*itertools.product([False, True], repeat=2)])
def test_drawn_numbers_lie_in_their_range_and_are_short(whole: bool, log: bool) -> None:
    wide = {"l2": Range(low=1.0004, high=999.96, log=log, whole=whole)}
    values = [next_drawn(wide, [], seed)["l2"] for seed in range(60)]
    assert all(1.0004 <= value <= 999.96 or value == 1 for value in values)
    assert all(len(f"{value:g}") <= 6 for value in values)
    assert (sum(value < 31.6 for value in values) > 15) == log
    assert all(isinstance(value, int) == whole for value in values)


@pytest.mark.parametrize(
    ("bounds", "message"),
    [({"low": 3, "high": 2}, "low 3 is above high 2"), ({"low": 0, "high": 2, "log": True}, "ten")],
)
def test_bounds_without_a_number_between_them_are_refused(
    bounds: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Range(**bounds)


def peaked(parameters: dict[str, Any]) -> float:
    """Best at 100, with the first of the grades."""
    return -abs(np.log10(parameters["l2"]) - 2) - (parameters["grades"] != {"1": 0, "5": 1})


def test_later_trials_come_closer_to_the_best() -> None:
    """Than the ten random ones, in the mean of four searches."""
    gains = []
    for seed in range(4):
        trials: list[Trial] = []
        for number in range(1, 41):
            setting = as_recorded(search(seed).parameters(number, trials))
            trials.append(Trial(number, setting, peaked(setting), None, 0.0))
        gains.append(mean_ndcg(trials[10:]) / mean_ndcg(trials[:10]))
    assert np.mean(gains) < 0.75


def mean_ndcg(trials: list[Trial]) -> float:
    return float(np.mean([one.ndcg for one in trials]))


def test_a_trial_outside_the_choices_teaches_nothing() -> None:
    choices: dict[str, Any] = {"k": [1, 2, 3]}
    odd = [Trial(n, {"k": 7}, 0.9, None, 0.0) for n in range(20)]
    assert next_drawn(choices, odd, 5) == next_drawn(choices, [], 5)


def test_a_search_that_was_stopped_has_the_trials_that_it_would_have_had() -> None:
    whole = ran(search(), [], 5)
    first = ran(search(), [], 2)
    again = from_csv(as_csv(first), RECORD)
    assert first + ran(search(), again, 5) == whole
    assert ran(search(), again, 2) == []


def test_a_setting_that_is_drawn_again_is_not_fitted_again() -> None:
    """The clock ticks two seconds a fit, so that one without it shows none."""
    few = search(space={"grades": [{5: 1, 1: 0}]})
    start, first, again = ran(few, [], 3)
    assert (start.seconds, first.seconds) == (2.0, 2.0)
    assert again == replace(first, trial=2, seconds=0.0)
    assert ran(few, from_csv(as_csv([start, first]), RECORD), 3)[0].seconds == 0.0


def test_a_trial_is_judged_on_valid_by_what_it_sets() -> None:
    trial = ran(search(), [], 2)[1]
    model = ease.Config(**trial.parameters)
    judged = select(lambda: ease.MODEL(model, 7), split()).valid_ndcg
    assert trial.ndcg == pytest.approx(judged, abs=5e-6)
    assert trial.seconds == 2.0


RECORD = Path("ease.csv")
HOLDOUT = Holdout(users=0.2, ratings=0.5, draws=3)


def drawn(number: int, holdout: Holdout = HOLDOUT) -> SplitRows:
    return holdout.redrawn(split(), number, 7)


def cells(rows: pd.DataFrame) -> list[tuple[int, int]]:
    return sorted(zip(rows["user_row"], rows["item_row"], strict=True))


def test_a_draw_holds_back_a_part_of_the_ratings_of_its_users_alone() -> None:
    given, rows = split(), drawn(0)
    users = set(rows.valid["user_row"])
    both = pd.concat([given.train, given.valid])
    assert len(users) == 6
    assert 0.3 < len(rows.valid) / both["user_row"].isin(users).sum() < 0.7


def test_what_a_draw_does_not_hold_back_stays_in_train() -> None:
    given, rows = split(), drawn(0)
    assert cells(pd.concat([rows.train, rows.valid])) == cells(
        pd.concat([given.train, given.valid])
    )


def test_draws_take_other_users_until_all_were_taken() -> None:
    users = [set(drawn(number).valid["user_row"]) for number in range(6)]
    assert set.union(*users[:5]) == set(range(30))
    assert sum(map(len, users[:5])) == 30
    assert users[5] == users[0]
    assert cells(drawn(5).valid) != cells(drawn(0).valid)


def test_a_draw_is_the_same_each_time() -> None:
    assert drawn(1).valid.equals(drawn(1).valid)


def test_a_draw_is_without_user_profiles_and_keeps_the_rest() -> None:
    rows = drawn(0)
    assert rows.user_text is None
    assert rows.item_text is not None


def test_users_are_drawn_from_the_first_row_on_and_all_of_those() -> None:
    late = Holdout(users=0.5, ratings=0.5, draws=2, first=20)
    assert set().union(*(drawn(number, late).valid["user_row"] for number in range(2))) == set(
        range(20, 30)
    )


def test_there_is_a_user_in_a_draw_however_small_their_share() -> None:
    assert drawn(0, Holdout(users=0.001, ratings=0.99, draws=1)).valid["user_row"].nunique() == 1


def test_with_holdouts_a_trial_is_judged_by_the_mean_over_the_draws_of_all() -> None:
    other = Holdout(users=1.0, ratings=0.2, draws=1)
    (trial,) = ran(search(holdout=[HOLDOUT.model_dump(), other.model_dump()]), [], 1)
    model = ease.MODEL(ease.Config(l2=300.0), 7)
    draws = [*(drawn(number) for number in range(3)), drawn(0, other)]
    each = [select(lambda: model, rows).valid_ndcg for rows in draws]
    assert trial.ndcg == pytest.approx(np.mean(each), abs=5e-6)
    assert len(set(each)) == 4


def test_trials_of_another_space_are_refused() -> None:
    done = ran(search(), [], 2)
    with pytest.raises(
        InputError, match="trial 1 of the recorded search of ease has a setting outside its space"
    ):
        ran(search(space={"l2": [5.0]}), done, 5)


def test_trials_of_another_seed_are_refused() -> None:
    done = from_csv(as_csv(ran(search(), [], 2)), RECORD)
    with pytest.raises(InputError, match=r"trial 0 .* of ease has the seed 7, not 8"):
        ran(search(seed=8), done, 5)


def test_a_search_ends_after_the_seconds_it_is_given_with_those_of_earlier_runs() -> None:
    """Each trial takes two seconds."""
    ticks, one = clock(), search()
    first = list(one.run([], 5, lambda: next(ticks), 3.0))
    assert [trial.trial for trial in first] == [0, 1]
    assert list(one.run(first, 5, lambda: next(ticks), 4.0)) == []
    assert [trial.trial for trial in one.run(first, 5, lambda: next(ticks), 6.0)] == [2]


def test_a_parameter_that_the_model_does_not_know_is_refused_by_file_and_name() -> None:
    with pytest.raises(
        ParamError, match=r"ease\.l3 in experiments/search\.yaml is not a known parameter"
    ):
        ran(search(start={"l3": 1}), [], 1)


def test_the_table_keeps_trials_to_five_decimals() -> None:
    trials = [
        Trial(0, {"heads": [4, 1], "text": True}, 0.25, 30, 1.5),
        Trial(1, {"l2": 1e-05}, 0.123456789, None, 0.0),
    ]
    assert from_csv(as_csv(trials), RECORD)[0] == trials[0]
    assert from_csv(as_csv(trials), RECORD)[1] == Trial(1, {"l2": 1e-05}, 0.12346, None, 0.0)


def test_best_first_and_the_earlier_of_equals() -> None:
    trials = [Trial(n, {}, ndcg, None, 0.0) for n, ndcg in enumerate((0.1, 0.3, 0.3))]
    assert [one.trial for one in best_first(trials)] == [1, 2, 0]


def test_a_search_on_another_holdout_is_refused() -> None:
    other = Holdout(users=1.0, ratings=0.2, draws=1)
    recorded = from_csv(as_csv(ran(search(holdout=[other.model_dump()]), [], 1)), RECORD)
    for holdout in ([], [HOLDOUT.model_dump()]):
        with pytest.raises(InputError, match=r"trial 0 .* of ease was judged on another holdout"):
            ran(search(holdout=holdout), recorded, 2)
    assert len(ran(search(holdout=[other.model_dump()]), recorded, 2)) == 1


def test_a_record_that_does_not_say_its_holdout_can_be_read_and_continued() -> None:
    text = "trial,parameters,valid_ndcg@10,epochs,seconds\n" + '0,"{""l2"": 300.0}",0.25000,,1.5\n'
    recorded = from_csv(text, RECORD)
    assert recorded == [Trial(0, {"l2": 300.0}, 0.25, None, 1.5, None)]
    assert from_csv(as_csv(recorded), RECORD) == recorded
    assert [trial.trial for trial in ran(search(), recorded, 2)] == [1]


@pytest.mark.parametrize("path", sorted(Path("experiments/search").rglob("*.csv")), ids=str)
def test_committed_records_can_be_read(path: Path) -> None:
    trials = from_csv(path.read_text(encoding="utf-8"), path)
    assert trials
    assert all(0 < trial.ndcg < 1 for trial in trials)


def test_the_current_settings_are_a_trial_that_has_them() -> None:
    ticks, one = clock(), search()
    done = from_csv(as_csv(ran(one, [], 3)), RECORD)
    assert one.current(done, {}, lambda: next(ticks)) == done[0]
    assert one.current(done, done[2].parameters, lambda: next(ticks)) == done[2]
    assert next(ticks) == 0.0


def test_other_current_settings_are_fitted_once_and_are_no_drawn_trial() -> None:
    ticks, one = clock(), search()
    done = ran(one, [], 2)
    current = one.current(done, {"l2": 5.0}, lambda: next(ticks))
    assert (current.trial, current.seconds) == (CURRENT, 2.0)
    judged = select(lambda: ease.MODEL(ease.Config(l2=5.0), 7), split()).valid_ndcg
    assert current.ndcg == pytest.approx(judged, abs=5e-6)
    text = as_csv([*done, current])
    assert text.splitlines()[-1].startswith("current,")
    again = from_csv(text, RECORD)
    assert one.current(again, {"l2": 5.0}, lambda: next(ticks)) == again[-1]
    assert [trial.trial for trial in ran(one, again, 3)] == [2]


def test_current_settings_that_were_judged_on_another_holdout_are_fitted_again() -> None:
    ticks = clock()
    current = search().current([], {"l2": 5.0}, lambda: next(ticks))
    one = search(holdout=[HOLDOUT.model_dump()])
    assert one.current([current], {"l2": 5.0}, lambda: next(ticks)).ndcg != current.ndcg


@pytest.mark.parametrize(
    "line", ["1", "one,{},0.2,,1.5,[]", '1,"{",0.2,,1.5,[]', "1,{},a,,1.5,[]", "1,3,0.2,,1.5,[]"]
)
def test_a_line_that_is_no_trial_is_refused_by_file_and_line(line: str) -> None:
    text = as_csv([Trial(0, {}, 0.25, None, 1.5)]) + line + "\n"
    with pytest.raises(InputError, match=r"ease\.csv, line 3 is not a trial; put the file back"):
        from_csv(text, RECORD)
