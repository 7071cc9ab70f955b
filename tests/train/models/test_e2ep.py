"""The project's own model: its settings, what it learns and chooses, and the parts of its score."""

from collections.abc import Callable
from dataclasses import replace
from itertools import chain, repeat
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from stages.core.errors import ParamError
from stages.core.params import check_section
from stages.linear.regression import linear_weights
from stages.train.fitting.data import TrainingData, grade
from stages.train.fitting.model import Watch
from stages.train.fitting.rescoring import copies_without
from stages.train.fitting.validation import validation_ndcg
from stages.train.models.e2ep.arrivals import not_arrived
from stages.train.models.e2ep.e2ep import E2ep
from stages.train.models.e2ep.linear import linear_part
from stages.train.models.e2ep.parts import Linear, Sequence
from stages.train.models.e2ep.prior import prior_scores
from stages.train.models.e2ep.score import Learned
from stages.train.models.e2ep.settings import Config

EVERYBODY = np.arange(7)
NO_LINEAR = Linear(weight=0.0)


def fitted(data: TrainingData, **settings: Any) -> E2ep:
    model = E2ep(Config(**{"channels": 8, "epochs": 2, "members": 1} | settings), 7)
    model.fit(data, Watch())
    return model


def curve(data: TrainingData, **settings: Any) -> list[tuple[int, float, float]]:
    """Epochs looked at, their loss and an NDCG that never changes."""
    watch = Watch(validate=lambda _score: np.array([0.5]))
    E2ep(Config(**{"channels": 8, "members": 1} | settings), 7).fit(data, watch)
    return watch.curve


def share(data: TrainingData, history: float) -> np.ndarray:
    """n/(n + κ) of each user (users, 1)."""
    known = np.bincount(data.user, minlength=data.n_users)[:, None]
    return known / (known + history)


def spread(model: E2ep, sign: float) -> float:
    """Lower with κ for the sign 1, higher for −1."""
    return sign * float(model.score(EVERYBODY).std())


def test_heads_that_do_not_split_the_channels_are_refused() -> None:
    with pytest.raises(
        ParamError, match=r"train\.e2ep\.heads in params\.yaml is 3: .*128 channels"
    ):
        check_section("train.e2ep", {"channels": 128, "heads": 3}, Config)


def test_a_grade_of_zero_is_refused_as_no_confidence() -> None:
    with pytest.raises(
        ParamError,
        match=r"train\.e2ep\.grades .*the grade 0\.0 is not above 0, as a confidence must be",
    ):
        check_section("train.e2ep", {"grades": {5: 1.0, 1: 0.0}}, Config)


def test_the_linear_part_takes_a_grade_of_zero_and_no_weight_below_it() -> None:
    assert Linear(grades={5: 1.0, 1: 0.0}, weight=0.0).weight == 0
    with pytest.raises(ValidationError):
        Linear(weight=-1.0)


def test_fewer_epochs_than_between_looks_still_give_a_look(tiny: TrainingData) -> None:
    assert [epoch for epoch, *_ in curve(tiny, epochs=3, every=5)] == [3]


def test_validation_is_looked_at_every_few_epochs_and_at_the_last(tiny: TrainingData) -> None:
    assert [epoch for epoch, *_ in curve(tiny, epochs=7, every=3)] == [3, 6, 7]


@pytest.mark.parametrize("members", [1, 2])
def test_training_lowers_the_loss(members: int, tiny: TrainingData) -> None:
    still = {"edge_dropout": 0.3, "cold_items": 0.0, "newcomers": 0.0, "learning_rate": 0.03}
    losses = [
        loss
        for _, loss, _ in curve(tiny, epochs=40, every=1, patience=40, members=members, **still)
    ]
    assert np.mean(losses[-5:]) < np.mean(losses[:5]) - 0.1


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_the_history_chosen_on_valid_is_the_best_of_the_grid(
    sign: float, tiny: TrainingData
) -> None:
    model = fitted(tiny, history=(20.0, 2.0, 500.0, 100.0))
    model.tune(lambda score: np.array([sign * score(EVERYBODY).std()]))
    chosen, found = float(model.weights()["history"][0]), {}
    for history in model.config.history:
        model.restore(model.weights() | {"history": np.array([history])})
        found[history] = spread(model, sign)
    assert found[chosen] == max(found.values()) > min(found.values())


def test_another_fit_adopts_the_chosen_history_and_else_takes_the_first(tiny: TrainingData) -> None:
    first, second = (E2ep(Config(channels=8, epochs=1, history=(2.0, 20.0)), 7) for _ in range(2))
    values = chain([0.1], repeat(0.2))
    first.fit(tiny, Watch())
    assert first.weights()["history"] == 2
    first.tune(lambda _score: np.array([next(values)]))
    second.chosen = first.chosen
    second.fit(tiny, Watch())
    assert second.weights()["history"] == 20


def test_the_linear_part_less_its_popularity_counts_by_the_users_share(tiny: TrainingData) -> None:
    part = Linear(
        weight=0.5, l2=3.0, growth=0.5, features=0.0, turns=0.0, popularity=0.1, balance=0.0
    )
    x = tiny.matrix(grade(tiny.rating, part.grades))
    base = fitted(tiny).weights()["base"]
    wanted = share(tiny, 2.0) * (0.5 * (x @ linear_weights(x, 3.0, 0.5)) - 0.1 * base)
    with_it, without = (
        fitted(tiny, linear=linear).score(EVERYBODY) for linear in (part, NO_LINEAR)
    )
    assert with_it - without == pytest.approx(wanted, abs=1e-5)


def test_features_and_turns_change_the_linear_part_and_give_a_cold_item_weights(
    tiny: TrainingData,
) -> None:
    cold = tiny.n_items - 1
    plain, known, drawn, in_turn = (
        fitted(tiny, linear=Linear(l2=3.0, **parts)).weights()["linear"]
        for parts in (
            {"features": 0.0, "turns": 0.0},
            {"features": 2.0, "turns": 0.0},
            {"features": 0.0, "turns": 0.0, "drawn": 20.0},
            {"features": 0.0, "turns": 1.0},
        )
    )
    assert not plain[:, cold].any()
    assert not in_turn[:, cold].any()
    for with_features in (known, drawn):
        assert np.abs(with_features[:, cold]).max() > 0.01
        assert np.abs(with_features - plain)[:cold, :cold].max() > 0.01
    assert np.abs(in_turn - plain)[:cold, :cold].max() > 0.01


def test_a_balance_changes_the_linear_part(tiny: TrainingData) -> None:
    even, plain = (
        fitted(tiny, linear=Linear(balance=share)).weights()["linear"] for share in (1.0, 0.0)
    )
    assert np.abs(even - plain).max() > 1e-4


def test_with_too_many_items_each_is_regressed_on_its_nearest(tiny: TrainingData) -> None:
    whole, near, without = (
        fitted(tiny, linear=linear)
        for linear in (Linear(most_items=9), Linear(most_items=8), NO_LINEAR)
    )
    assert whole.weights()["linear"].shape == (9, 9)
    assert near.weights()["linear_columns"].shape == near.weights()["linear"].shape != (0, 0)
    assert np.abs(near.score(EVERYBODY) - without.score(EVERYBODY)).max() > 0.1


def test_an_epoch_is_looked_at_with_the_linear_part(tiny: TrainingData) -> None:
    seen: list[np.ndarray] = []

    def validate(score: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
        seen.append(score(EVERYBODY))
        return np.array([0.5])

    model = E2ep(Config(channels=8, epochs=1), 7)
    model.fit(tiny, Watch(validate=validate))
    assert np.array_equal(seen[-1], model.score(EVERYBODY))


def test_the_score_of_two_members_is_the_mean_of_their_personal_parts(tiny: TrainingData) -> None:
    model = fitted(tiny, members=2, temperature=0.5, linear=NO_LINEAR)
    learned, users = Learned.of(model.weights()), model.weights()["refined"]
    halves = [
        (users[:, at] * 2**0.5, learned.items[:, at] * 2**0.5) for at in (slice(0, 8), slice(8, 16))
    ]
    for vectors in (side[:6] for half in halves for side in half):
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(6), abs=1e-5)
    cosines = [of_users @ of_items.T for of_users, of_items in halves]
    assert np.abs(cosines[0] - cosines[1]).max() > 0.1
    prior = prior_scores(learned.base, learned.lift, tiny)
    wanted = prior + share(tiny, 2.0) * (np.mean(cosines, axis=0) / 0.5 + learned.bias)
    assert model.score(EVERYBODY) == pytest.approx(wanted, abs=1e-5)


def test_the_bias_of_two_members_is_their_mean(tiny: TrainingData) -> None:
    """Adam's first step moves each by the learning rate, so their mean is no farther from 0."""
    bare = replace(tiny, facts=None)
    bias = np.abs(
        fitted(bare, members=2, epochs=1, text=False, learning_rate=0.25).weights()["bias"]
    )
    assert bias.max() == pytest.approx(0.25, rel=1e-3)


def test_later_takes_from_items_that_had_not_arrived_in_a_users_own_scores_alone(
    tiny: TrainingData,
) -> None:
    model, plain = (E2ep(Config(channels=8, epochs=1, later=by), 7) for by in (4.0, 0.0))
    model.fit(tiny, Watch())
    plain.data = tiny
    plain.restore(model.weights())
    after = not_arrived(tiny, EVERYBODY)
    assert after.any()
    assert model.score(EVERYBODY) == pytest.approx(plain.score(EVERYBODY) - 4 * after, abs=1e-5)
    nothing = np.array([], dtype=np.int64)
    copies = copies_without(tiny, EVERYBODY.tolist(), [nothing] * len(EVERYBODY))
    assert np.array_equal(model.score_from_ratings(copies), plain.score_from_ratings(copies))


def test_later_changes_what_is_learned(tiny: TrainingData) -> None:
    learned = [fitted(tiny, later=by).weights()["refined"] for by in (0.0, 4.0)]
    assert np.abs(learned[1] - learned[0]).max() > 1e-4


@pytest.mark.parametrize("later", [-1.0, np.inf, np.nan])
def test_what_later_takes_is_a_number_of_0_or_more(later: float) -> None:
    with pytest.raises(ValidationError):
        Config(later=later)


def test_a_user_without_ratings_is_scored_by_the_prior_of_their_traits(tiny: TrainingData) -> None:
    assert tiny.traits is not None
    model = fitted(tiny)
    learned = model.weights()
    assert model.score(np.array([6]))[0] == pytest.approx(
        learned["base"] + tiny.traits[6] @ learned["lift"], abs=1e-6
    )


def test_text_of_neither_side_asks_for_no_form() -> None:
    asked = {
        (text, user_text): E2ep(Config(text=text, user_text=user_text), 7).form
        for text in (True, False)
        for user_text in (True, False)
    }
    assert [pair for pair, form in asked.items() if form is None] == [(False, False)]
    assert set(asked.values()) == {"unified", None}


def changed_by(data: TrainingData, other: TrainingData, **settings: Any) -> bool:
    first, second = (fitted(one, **settings).score(EVERYBODY) for one in (data, other))
    return not np.array_equal(first, second)


def test_profiles_of_users_count_only_where_asked(tiny: TrainingData) -> None:
    bare = replace(tiny, user_text=None)
    assert changed_by(tiny, bare, user_text=True)
    assert not changed_by(tiny, bare)


def test_profiles_of_items_count_unless_left_out(tiny: TrainingData) -> None:
    bare = replace(tiny, item_text=None)
    assert changed_by(tiny, bare)
    assert not changed_by(tiny, bare, text=False)


def test_facts_and_traits_count(tiny: TrainingData) -> None:
    assert changed_by(tiny, replace(tiny, facts=None))
    assert changed_by(tiny, replace(tiny, traits=None))


def test_without_anything_known_but_ratings_it_fits(tiny: TrainingData) -> None:
    bare = TrainingData(tiny.user, tiny.item, tiny.rating, tiny.n_users, tiny.n_items)
    assert np.isfinite(fitted(bare).score(EVERYBODY)).all()


def few_ratings(n_users: int = 60, n_items: int = 40) -> TrainingData:
    """Users who each have rated two items: the first item, as everybody, and one of their own."""
    users = np.arange(n_users)
    return TrainingData(
        np.repeat(users, 2),
        np.column_stack([users * 0, 1 + users % (n_items - 1)]).ravel(),
        np.full(2 * n_users, 5.0),
        n_users,
        n_items,
    )


def test_a_weight_that_is_clearly_better_on_valid_is_chosen_adopted_and_stored() -> None:
    data, settings = few_ratings(), Config(channels=8, epochs=1, members=1, history=(2.0,))
    first, second = E2ep(settings, 7), E2ep(settings, 7)
    first.fit(data, Watch())
    plain = first.score(np.arange(60))
    assert first.weights()["weight"] == 11
    first.tune(lambda score: np.abs(score(np.arange(60)) - plain).mean(axis=1))
    assert first.weights()["weight"] == 330
    second.chosen = first.chosen
    second.fit(data, Watch())
    assert np.array_equal(second.score(np.arange(60)), first.score(np.arange(60)))
    third = E2ep(settings, 7)
    third.read_ratings(data)
    third.restore(second.weights())
    assert np.array_equal(third.score(np.arange(60)), second.score(np.arange(60)))


def test_a_weight_that_is_better_for_one_user_alone_is_not_chosen() -> None:
    data, model = few_ratings(), E2ep(Config(channels=8, epochs=1, members=1), 7)
    model.fit(data, Watch())
    plain, users = model.score(np.arange(60)), np.eye(60)
    gains = users[0] - users[1] / 2
    model.tune(lambda score: np.abs(score(np.arange(60)) - plain).mean(axis=1) * gains)
    assert model.weights()["weight"] == 11


@pytest.mark.parametrize("sign", [1, -1])
def test_the_linear_part_is_drawn_towards_features_where_the_whole_score_is_better(
    tiny: TrainingData, sign: int
) -> None:
    """Judged by the weights themselves: the larger the better, or the smaller."""
    text = np.eye(tiny.n_items, 4, dtype=np.float32)
    data = replace(tiny, item_text=text)
    settings = Config(channels=8, epochs=1, members=1, linear=Linear(l2=3.0, features=0.1))
    model, refit = E2ep(settings, 7), E2ep(settings, 7)
    model.fit(data, Watch())
    before = model.learned["linear"]
    model.tune_draws(lambda _: np.full(4, sign * np.abs(model.learned["linear"]).sum()))
    linear = model.chosen.linear
    assert (linear.features, linear.drawn) == ((0.0, 1000.0) if sign == 1 else (0.1, 0.0))
    assert np.array_equal(model.learned["linear"], before) == (sign == -1)
    refit.chosen = model.chosen
    refit.fit(data, Watch())
    assert np.array_equal(refit.learned["linear"], model.learned["linear"])


def test_features_that_are_noise_leave_the_linear_part_and_stay_out_in_the_refit() -> None:
    """The items come in pairs, each rated by the same users; features pair other items."""
    draw = np.random.default_rng(3)
    pairs = [(user, 2 * int(pair)) for user in range(80) for pair in draw.choice(20, 4, False)]
    user = np.repeat([user for user, _ in pairs], 2)
    item = np.array([[item, item + 1] for _, item in pairs]).ravel()
    text = np.repeat(np.eye(20), 2, axis=0)[draw.permutation(40)].astype(np.float32)
    whole = TrainingData(user, item, np.full(len(user), 5.0), 80, 40, item_text=text)
    held = np.zeros(len(user), dtype=bool)
    held[1::8] = True
    data, wanted = whole.of_ratings(~held), whole.of_ratings(held)
    seen = data.matrix()
    validate = validation_ndcg(wanted.matrix(), seen, np.ones(40, dtype=bool))
    settings = Config(channels=8, epochs=1, members=1, linear=Linear(features=1000.0))
    chosen, refit, plain = (E2ep(settings, 7) for _ in range(3))
    chosen.fit(data, Watch(validate=validate))
    assert (chosen.chosen.linear.features, settings.linear.features) == (0, 1000)
    refit.chosen = chosen.chosen
    refit.fit(whole, Watch())
    plain.fit(whole, Watch())
    assert np.array_equal(
        refit.weights()["linear"], linear_part(whole, np.zeros((40, 0)), chosen.chosen.linear)
    )
    assert not np.array_equal(refit.weights()["linear"], plain.weights()["linear"])


@pytest.mark.parametrize("shuffled", [False, True])
def test_what_follows_counts_where_there_is_an_order(shuffled: bool) -> None:
    """Everybody goes round the items from another one; their next item is on valid."""
    steps = (np.arange(9) + np.arange(80)[:, None]) % 40  # (users, places)
    nth = np.tile(np.arange(8), (80, 1))
    if shuffled:
        nth = np.random.default_rng(3).permuted(nth, axis=1)
    user = np.repeat(np.arange(80), 8)
    rated = np.full(640, 5.0)
    data = TrainingData(user, steps[:, :8].ravel(), rated, 80, 40, order=nth.ravel())
    wanted = TrainingData(np.arange(80), steps[:, 8], np.full(80, 5.0), 80, 40)
    seen = data.matrix()
    validate = validation_ndcg(wanted.matrix(), seen, np.ones(40, dtype=bool))
    settings = Config(channels=8, epochs=1, members=1, sequence=Sequence(history=(0.0,)))
    model = E2ep(settings, 7)
    model.fit(data, Watch(validate=validate))
    assert bool(model.chosen.order) is not shuffled


@pytest.mark.parametrize(
    ("users", "items"),
    [((0, 0, 0), (0, 1, 2)), ((0, 1, 2), (0, 0, 0)), ((0,), (0,)), ((0, 0, 1, 1), (0, 1, 0, 1))],
    ids=["one user", "one item", "one rating", "everybody likes everything"],
)
def test_the_smallest_data_are_fitted_chosen_on_and_scored(
    users: tuple[int, ...], items: tuple[int, ...]
) -> None:
    rated = np.full(len(users), 5.0)
    data = TrainingData(np.array(users), np.array(items), rated, max(users) + 1, max(items) + 1)
    model = E2ep(Config(channels=8, epochs=2), 7)

    def validate(score: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
        return score(np.arange(data.n_users)).mean(axis=1)

    model.fit(data, Watch(validate=validate))
    model.tune(validate)
    assert np.isfinite(model.score(np.arange(data.n_users))).all()
