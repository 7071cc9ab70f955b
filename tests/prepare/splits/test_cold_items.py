"""cold-items: no rating of the fifth is in training."""

from collections.abc import Callable

from stages.prepare.rows import Tables
from stages.prepare.splits import SplitSource, cut
from stages.prepare.splits.parts import TEST, TRAIN, VALID

Source = Callable[..., SplitSource]


def movies_in(tables: Tables, name: str, part: int, source: Source) -> set[int]:
    return set(tables.ratings["item_row"][cut(name, source(tables)) == part])


def test_the_parts_share_no_movie(tables: Tables, source: Source) -> None:
    train, valid, test = (
        movies_in(tables, "cold-items-2", part, source) for part in (TRAIN, VALID, TEST)
    )
    assert train.isdisjoint(test)
    assert train.isdisjoint(valid)
    assert valid.isdisjoint(test)


def test_the_five_fifths_are_disjoint_and_cover_the_movies(tables: Tables, source: Source) -> None:
    fifths = [movies_in(tables, f"cold-items-{n}", TEST, source) for n in range(1, 6)]
    assert sum(map(len, fifths)) == len(set.union(*fifths)) == len(tables.movies)
    assert max(map(len, fifths)) - min(map(len, fifths)) <= 1


def test_valid_is_a_tenth_of_the_other_movies(tables: Tables, source: Source) -> None:
    others = len(tables.movies) - len(movies_in(tables, "cold-items-1", TEST, source))
    assert len(movies_in(tables, "cold-items-1", VALID, source)) == round(0.1 * others)
