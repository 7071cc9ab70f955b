"""Which texts stand for a profile, and the windows of a long one."""

from hypothesis import given
from hypothesis import strategies as st

from stages.contracts.rows import ItemProfile, Profile
from stages.embed.params import EmbedParams
from stages.embed.texts import longer_than, profile_texts, sections, windows

PROFILE = Profile(
    overview="Two sisters.",
    genres=("Drama", "War"),
    tags=("sea",),
    description="",
    dislikes=("gore",),
)
ITEM = ItemProfile(item_id="1", profile=PROFILE, integrated="Light drama", source="made up")


def word_count(text: str) -> int:
    return len(text.split())


def test_empty_sections_are_left_out_and_dislikes_join_only_when_asked() -> None:
    assert sections(PROFILE, dislikes=False) == ["Two sisters.", "Drama, War. sea"]
    assert sections(PROFILE, dislikes=True) == ["Two sisters.", "Drama, War. sea", "gore"]


def test_an_empty_profile_still_has_a_text() -> None:
    empty = Profile(overview="", genres=(), tags=(), description="", dislikes=("gore",))
    assert sections(empty, dislikes=False) == ["No rating to go by yet."]


def test_whole_is_the_sections_in_one_text() -> None:
    assert profile_texts(ITEM, "unified", EmbedParams(pooling="whole")) == [
        "Two sisters. Drama, War. sea"
    ]


def test_integrated_is_the_free_form_text() -> None:
    assert profile_texts(ITEM, "integrated", EmbedParams()) == ["Light drama"]


def test_a_text_that_fits_is_one_window_as_it_is() -> None:
    assert windows("a  b", word_count, 2) == ["a  b"]


@given(st.lists(st.text("abc", min_size=1, max_size=5), min_size=1, max_size=60), st.integers(1, 9))
def test_windows_fit_and_keep_every_word_in_order(words: list[str], most: int) -> None:
    parts = windows(" ".join(words), word_count, most)
    assert max(map(word_count, parts)) <= most
    assert " ".join(parts).split() == words


@given(st.text("電影!", min_size=1, max_size=60), st.integers(1, 9))
def test_a_text_without_white_space_is_cut_into_windows_that_keep_every_character(
    text: str, most: int
) -> None:
    parts = windows(text, len, most)
    assert max(map(len, parts)) <= most
    assert "".join(parts) == text


def test_longer_than_counts_texts_beyond_the_window() -> None:
    assert longer_than(["a b c", "a b", "a b c d"], word_count, 2) == 2
