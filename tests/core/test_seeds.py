"""Named draws: the same name gives the same draw, another name another one."""

from hypothesis import given
from hypothesis import strategies as st

from stages.core.seeds import derived_seed, generator


def test_the_seed_is_half_the_head_of_the_sha256_of_seed_and_names() -> None:
    assert derived_seed(7, "folds") == 0xD5F33E4872830618 >> 1


def test_the_same_name_draws_the_same() -> None:
    assert generator(7, "fold", 1).random(5).tolist() == generator(7, "fold", 1).random(5).tolist()


def test_seed_name_and_number_each_draw_anew() -> None:
    draws = [
        generator(7, "fold", 1),
        generator(8, "fold", 1),
        generator(7, "folds", 1),
        generator(7, "fold", 2),
    ]
    assert len({draw.random() for draw in draws}) == 4


@given(st.integers(), st.text())
def test_a_seed_fits_a_signed_64_bit_integer(seed: int, name: str) -> None:
    assert 0 <= derived_seed(seed, name) < 2**63
