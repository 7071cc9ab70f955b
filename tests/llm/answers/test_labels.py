"""Labels as models write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.llm.answers.labels import Labels, numbered, plain_label

LABELS = Labels(numbered("F", 12))


@pytest.mark.parametrize(
    "said",
    ["F01", "f01", "F1", "F001", " F 01\n", "[F01]", '"F01"', "**F01**", "F01.", "(f1)",
     "\uff26\uff10\uff11", "F\u200b01", "\ufeffF01", "F\u00ad01", "\u202eF01"],
)  # fmt: skip
def test_every_spelling_of_a_label_is_the_label(said: str) -> None:
    assert LABELS.meant(said) == "F01"


@pytest.mark.parametrize("said", ["", "F", "F0", "F13", "F01: Dusk", "F01F02", "E01", "1"])
def test_anything_else_is_no_label(said: str) -> None:
    assert LABELS.meant(said) is None


@given(st.integers(1, 100))
def test_labels_of_a_question_stay_apart(count: int) -> None:
    assert len({plain_label(label) for label in numbered("F", count)}) == count


@given(st.lists(st.text(max_size=4) | st.sampled_from(LABELS.shown), max_size=20))
def test_what_is_known_is_shown_and_named_once(said: list[str]) -> None:
    known = LABELS.known(said)
    assert len(set(known)) == len(known)
    assert set(known) <= set(LABELS.shown)


@pytest.mark.parametrize(("count", "least"), [(1, 1), (2, 2), (3, 2), (4, 2), (5, 3), (20, 10)])
def test_half_of_the_labels_and_two_if_there_are_two_are_enough(count: int, least: int) -> None:
    labels = Labels(numbered("F", count))
    labels.require(labels.shown[:least], "order")
    with pytest.raises(ValueError, match=r"^order names (only|none)"):
        labels.require(labels.shown[: least - 1], "order")
