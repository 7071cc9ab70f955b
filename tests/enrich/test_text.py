"""Text from outside becomes plain text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.enrich.text import clean_list, clean_text

MARKUP = st.text(st.sampled_from("<>/b!&;lt#x3cgampqAÃÂ©\u0303\u0085\u00ad \n"))


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("cafe\u0301", "café"),
        ("Tom &amp; Jerry", "Tom & Jerry"),
        ("Tom &amp;amp; Jerry", "Tom & Jerry"),
        ("Tom &amp;amp;amp;amp; Jerry", "Tom & Jerry"),
        ("&quot;Yes&quot;, said M&eacute;", '"Yes", said Mé'),
        ("<p>One<br/>two</p>", "One two"),
        ("&lt;b&gt;bold&lt;/b&gt;", "bold"),
        ("&amp;lt;b&amp;gt;bold", "bold"),
        ("<!-- note -->text", "text"),
        ("5 < 6 and 8 > 7", "5 < 6 and 8 > 7"),
        ("I <3 you > me", "I <3 you > me"),
        ("AmÃ©lie", "Amélie"),
        ("Ã\u0089t\u00c3\u00a9", "Été"),
        ("SÃO PAULO Â", "SÃO PAULO Â"),
        ("one\x00two\tthree\r\nfour", "one two three four"),
        ("co\u00adoper\u200bate\ufeff", "cooperate"),
        ("  many   blanks\u00a0", "many blanks"),
        ("日本語 🎬", "日本語 🎬"),
    ],
)
def test_a_text_is_cleaned(raw: str, plain: str) -> None:
    assert clean_text(raw) == plain


@pytest.mark.parametrize("nothing", ["", " \n", "<p></p>", "\x00", "&nbsp;", None, float("nan"), 5])
def test_where_nothing_is_left_there_is_none(nothing: object) -> None:
    assert clean_text(nothing) is None


@given(st.text() | MARKUP)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean_text(text)
    assert clean_text(once) == once


@given(st.text() | MARKUP)
def test_what_is_left_is_nfc_on_one_line_without_control_characters(text: str) -> None:
    plain = clean_text(text) or "x"
    assert unicodedata.is_normalized("NFC", plain)
    assert plain == " ".join(plain.split())
    assert not any(unicodedata.category(c)[0] == "C" for c in plain)


@given(st.text(st.characters(categories=["L", "N"], max_codepoint=0x2FF), min_size=1))
def test_utf_8_that_was_read_as_latin_1_is_undone_for_western_letters(word: str) -> None:
    if "Ã" in word or "Â" in word or not any("\u0080" <= c <= "\u00ff" for c in word):
        return
    assert clean_text(word.encode().decode("latin-1")) == unicodedata.normalize("NFC", word)


def test_a_list_is_split_cleaned_and_holds_each_part_once() -> None:
    assert clean_list("War| Drama |War||Tom &amp; Jerry") == ["War", "Drama", "Tom & Jerry"]


@pytest.mark.parametrize("nothing", ["", "|", None, float("nan")])
def test_a_list_of_nothing_is_empty(nothing: object) -> None:
    assert clean_list(nothing) == []
