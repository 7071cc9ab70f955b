"""Outside ids in their natural order."""

from hypothesis import given
from hypothesis import strategies as st

from stages.core.ids import id_range, natural_order, row_of


def test_whole_numbers_are_ordered_by_value() -> None:
    assert natural_order(["10", "9", "2", "10"]) == ["2", "9", "10"]


def test_one_id_that_is_no_whole_number_orders_all_by_text() -> None:
    assert natural_order(["10", "9", "x"]) == ["10", "9", "x"]


def test_ids_of_equal_value_stay_apart_in_a_fixed_order() -> None:
    assert natural_order(["7", "007"]) == natural_order(["007", "7"]) == ["007", "7"]


def test_superscript_digits_are_text() -> None:
    assert natural_order(["²", "10", "9"]) == ["10", "9", "²"]


def test_rows_count_from_nought_in_that_order() -> None:
    assert row_of(["10", "9"]) == {"9": 0, "10": 1}


def test_the_range_names_first_last_and_count() -> None:
    assert id_range(["943", "1", "20"]) == "1 … 943 (3 in all)"


def test_the_range_of_nothing_is_none() -> None:
    assert id_range([]) == "none"


@given(st.lists(st.text() | st.integers(0).map(str)))
def test_rows_are_a_numbering_that_ignores_order_and_repeats(ids: list[str]) -> None:
    assert sorted(row_of(ids).values()) == list(range(len(set(ids))))
    assert row_of(ids) == row_of([*reversed(ids), *ids])
