"""Lists of many users: the same bytes in any blocks, anywhere, and memory of a chunk alone."""

import tracemalloc

import numpy as np
import pytest

from stages.core.parcels import result_or_error
from stages.core.spread import slots
from stages.train import listing as module
from stages.train.fitting import candidates
from stages.train.fitting.candidates import chunked
from stages.train.listing import Listed, Listing, listed, listed_in_blocks
from tests.train.listings import MOST, N_ITEMS, Factors, listing

N_USERS = 130


@pytest.fixture(params=["here", pytest.param("cluster", marks=pytest.mark.ray)])
def anywhere(request: pytest.FixtureRequest) -> None:
    if request.param == "cluster":
        request.getfixturevalue("cluster")


@pytest.fixture(autouse=True)
def _chunks_of_nine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "CELLS", 9 * N_ITEMS)


def in_bytes(made: Listed) -> dict[str, tuple[str, bytes]]:
    columns = made.rows | made.parts
    return {name: (str(column.dtype), column.tobytes()) for name, column in columns.items()}


@pytest.mark.usefixtures("anywhere")
@pytest.mark.parametrize(("size", "placed"), [(1, False), (7, False), (7, True), (N_USERS, False)])
def test_lists_and_parts_have_the_same_bytes_in_blocks_of_any_size(size: int, placed: bool) -> None:
    given = listing(N_USERS, placed)
    chunks = chunked(np.arange(N_USERS), N_ITEMS)
    assert len(chunks) == 15
    spread_out = listed_in_blocks(given, chunks, size)
    assert in_bytes(spread_out) == in_bytes(listed(given))
    assert set(spread_out.parts) == (set() if placed else {"first", "second"})


def test_lists_are_the_best_unseen_items_and_parts_add_up_to_their_scores() -> None:
    given = listing(N_USERS)
    made = listed(given)
    scores = given.model.score(np.arange(N_USERS)).astype(np.float64)
    scores[:, ~given.rankable] = -np.inf
    scores[given.seen.nonzero()] = -np.inf
    best = np.argsort(-scores, axis=1)[:, :MOST]
    assert made.rows["user_row"].tolist() == np.repeat(np.arange(N_USERS), MOST).tolist()
    assert made.rows["item_row"].tolist() == best.ravel().tolist()
    together = made.parts["first"] + made.parts["second"]
    np.testing.assert_allclose(together, made.rows["score"], rtol=1e-5)


def peak_beyond_the_lists(given: Listing) -> int:
    """Bytes held at most beside what is returned."""
    tracemalloc.start()
    try:
        made = listed(given)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    return peak - sum(column.nbytes for column in (made.rows | made.parts).values())


def test_memory_grows_with_the_lists_and_not_with_users_times_items(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MANY", 1000)
    monkeypatch.setattr(candidates, "CELLS", 90 * N_ITEMS)
    few, many = listing(300), listing(3000)
    listed(few)
    growth = peak_beyond_the_lists(many) - peak_beyond_the_lists(few)
    assert isinstance(many.model, Factors)
    assert max(many.model.asked) <= 90
    assert growth < 2700 * N_ITEMS * 2  # half of what their scores would take


@pytest.mark.skipif(slots(1, module.MEMORY) < 2, reason="one core, or little free memory")
@pytest.mark.parametrize("many", [15, 16])
def test_only_many_users_are_spread(many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    given = listing(N_USERS)
    monkeypatch.setattr(module, "MANY", many)
    listed(given)
    assert isinstance(given.model, Factors)
    # What another process has scored is not among what was asked here, but for one user. The
    # model is asked for its scores, and again for what they are made of.
    assert sum(given.model.asked) == (2 if many == 15 else 2 * N_USERS)


def test_each_worker_has_several_blocks_and_none_is_too_large() -> None:
    assert [module.block_size(*case) for case in ((32, 2), (600, 2), (32, 16))] == [4, 8, 1]


def test_within_a_part_nothing_is_spread_further() -> None:
    """A fit that is a part itself lists in its own process, however many its users are."""
    assert result_or_error(at_once, 1, 1, {}) == (True, 1)


def at_once(threads: int) -> int:
    return slots(threads)
