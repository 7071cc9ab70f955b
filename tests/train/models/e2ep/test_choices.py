"""What e2ep tries on valid, and what is kept of its choice."""

from stages.linear.inverse import DOUBLE
from stages.train.models.e2ep.choices import (
    HELD_LESS,
    Tuned,
    ages_of_items,
    alphas,
    betas,
    draws,
    fadings,
    gammas,
    kappas,
    linear_options,
    popularities,
)
from stages.train.models.e2ep.parts import Linear
from stages.train.models.e2ep.settings import Config


def test_the_linear_part_is_tried_without_features_and_held_less() -> None:
    tried = [(one.features, one.l2) for one in linear_options(Linear(), 300, True)]
    assert tried == [(80, 300), (0, 300), (80, 300 / HELD_LESS), (0, 300 / HELD_LESS)]


def test_it_is_drawn_towards_features_in_the_place_of_features_alone() -> None:
    chosen = Tuned.first(Config(linear=Linear(l2=9.0, draws=(5.0, 7.0))))
    tried = [(one.linear.features, one.linear.drawn, one.linear.l2) for one in draws(chosen, 300)]
    assert tried == [(0, 5, 9), (0, 7, 9)]
    assert not draws(chosen, DOUBLE + 1)
    assert not draws(Tuned.first(Config(linear=Linear(features=0.0))), 300)


def test_where_nothing_is_known_or_items_are_many_fewer_are_tried() -> None:
    assert [one.l2 for one in linear_options(Linear(), 300, False)] == [300, 300 / HELD_LESS]
    assert [one.features for one in linear_options(Linear(), DOUBLE + 1, True)] == [80, 0]
    assert linear_options(Linear(), DOUBLE + 1, False) == [Linear()]


def test_every_step_begins_with_the_first_choice_and_changes_one_thing() -> None:
    config = Config(linear=Linear(weight=6.0, times=(3.0, 10.0)))
    first = Tuned.first(config)
    for step in (kappas, alphas, betas, gammas, fadings, popularities, ages_of_items):
        options = step(first, config)
        assert options[0] == first
        assert len(set(map(str, options))) == len(options)
        fields = {
            name
            for option in options
            for name in vars(first)
            if getattr(option, name) != getattr(first, name)
        }
        assert len(fields) == 1
    assert [option.linear.weight for option in betas(first, config)] == [6, 18, 60]


def test_a_choice_is_restored_from_its_arrays() -> None:
    first = Tuned.first(Config())
    for step in (kappas, alphas, betas, gammas, fadings, ages_of_items):
        for option in step(first, Config()):
            assert first.restored(option.arrays()).arrays() == option.arrays()
