"""When a line counts as known, and what the count is worth."""

import pytest

from stages.memorised.lines import Excerpt, KindLines
from stages.memorised.scoring import is_close, said_rest, shuffled_share, similarity, wilson

ITEM = Excerpt("318::", "Shawshank Redemption, The (1994)")


@pytest.mark.parametrize(
    "text",
    [
        "Shawshank Redemption, The (1994)",
        "  shawshank  REDEMPTION, the (1994)\n",
        "318::Shawshank Redemption, The (1994)",
        "318:: Shawshank Redemption, The (1994)::Drama",
    ],
)
def test_case_spaces_an_echo_and_what_follows_do_not_matter(text: str) -> None:
    assert said_rest(text, ITEM, "::") == "shawshank redemption, the (1994)"


def test_another_year_is_another_title_but_close() -> None:
    said = said_rest("Shawshank Redemption, The (1995)", ITEM, "::")
    assert said != "shawshank redemption, the (1994)"
    assert is_close(said, "shawshank redemption, the (1994)", kind("items", "::"))
    assert not is_close("unknown", "shawshank redemption, the (1994)", kind("items", "::"))


def test_of_an_interaction_the_right_item_is_close_and_a_similar_one_is_not() -> None:
    rated = kind("interactions", "::")
    assert is_close("1193::4", "1193::5", rated)
    assert not is_close("1194::5", "1193::5", rated)


def test_a_timestamp_is_left_out_and_so_is_the_echoed_user() -> None:
    asked = Excerpt("196 ", "242 3")
    assert said_rest("242 3 881250949", asked, " ") == "242 3"
    assert said_rest("196\t242\t3\t881250949", asked, " ") == "242 3"


def test_an_item_with_the_number_of_its_user_is_no_echo() -> None:
    assert said_rest("50 3", Excerpt("50 ", "50 3"), " ") == "50 3"
    assert said_rest("1967 3", Excerpt("196 ", "1967 3"), " ") == "1967 3"
    assert said_rest("1967 3", Excerpt("196 ", "242 3"), " ") == "1967 3"


def test_similarity_counts_the_longest_common_subsequence() -> None:
    # "abcd" and "bxd" share "bd": 2 · 2 / 7
    assert similarity("abcd", "bxd") == similarity("bxd", "abcd") == pytest.approx(4 / 7)
    assert (similarity("same", "same"), similarity("", "x"), similarity("", "")) == (1, 0, 1)


def test_wilson_by_hand() -> None:
    # 10 of 10: low = 1 / (1 + z² / 10) = 1 / 1.384146
    assert wilson(10, 10) == pytest.approx((0.722467, 1.0), abs=1e-6)
    # 20 of 40: 1/2 ± z · √(1/160 + z²/6400) / (1 + z²/40)
    assert wilson(20, 40) == pytest.approx((0.352, 0.648), abs=1e-4)
    assert wilson(0, 10)[0] == 0


def test_whoever_always_says_the_same_knows_no_more_than_when_shuffled() -> None:
    true = ["m 25", "m 25", "f 18", "f 30"]
    said = ["m 25"] * 4
    assert sum(a == b for a, b in zip(said, true, strict=True)) / 4 == 0.5
    # Each of the two right answers fits 1 of 3 other lines, each wrong one 2 of 3.
    assert shuffled_share(said, true) == pytest.approx((1 + 1 + 2 + 2) / 12)


def test_whoever_knows_every_distinct_line_scores_nothing_when_shuffled() -> None:
    assert shuffled_share(["a", "b", "c"], ["a", "b", "c"]) == 0
    assert shuffled_share(["a"], ["a"]) == 0


def kind(name: str, separator: str) -> KindLines:
    return KindLines(name, "x", "x", separator, ())  # type: ignore[arg-type]
