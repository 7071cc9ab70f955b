"""What benchmarks/text.py says of a way: with settings that the judged users have not chosen."""

from importlib import import_module
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from stages.contracts.rows import Profile
from stages.embed.texts import sections

USERS = 20


@pytest.fixture
def text(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "benchmarks"))
    return import_module("text")


def test_a_setting_that_one_user_alone_likes_is_not_that_users(text: ModuleType) -> None:
    """Each of twenty settings has .1 everywhere and 1 for a user of its own: chance, no skill."""
    lucky = {text.Setting(n): np.where(np.arange(USERS) == n, 1.0, 0.1) for n in range(USERS)}
    assert text.without_own_choice(lucky) == pytest.approx(0.1)


def test_a_setting_that_is_better_for_all_is_everybodys(text: ModuleType) -> None:
    own = np.random.default_rng(1).random(USERS)
    settings = {text.Setting(1): own / 2, text.Setting(2): own, text.Setting(3): own / 3}
    assert np.array_equal(text.without_own_choice(settings), own)
    assert text.best(settings).l2 == 2


def test_a_difference_is_paired(text: ModuleType) -> None:
    """Differences 0, .1, .2, .1: mean .1, standard deviation .0816, interval 1.96 · .0816 / 2."""
    than = np.array([0.5, 0.1, 0.9, 0.3])
    found = text.paired(than + np.array([0, 0.1, 0.2, 0.1]), than)
    assert found == {"difference": 0.1, "interval": 0.08002}


def test_the_sections_of_a_profile_are_all_that_is_embedded_of_it(text: ModuleType) -> None:
    profile = Profile(
        overview="A hunt.", genres=["Drama"], tags=["sea"], description="Slow.", dislikes=["haste"]
    )
    parts = [text.section_of(profile, name) for name in text.SECTIONS]
    assert parts == [["A hunt."], ["Drama. sea"], ["Slow."]]
    assert [piece for part in parts for piece in part] == sections(profile, False)


def test_each_way_beside_ratings_is_tried_and_has_a_way_that_it_is_compared_with(
    text: ModuleType,
) -> None:
    tried = list(text.ways())
    assert {way for way, _ in tried} == {"ratings", *text.AGAINST}
    assert set(text.AGAINST.values()) < {"ratings", *text.AGAINST}
    assert len(set(tried)) == len(tried)
