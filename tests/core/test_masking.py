"""A key is found however it is written."""

import unicodedata

from stages.core.masking import STRUCK, Mask
from stages.llm.task import harmless

KEY = "sk-canary-1234567890"


def test_a_key_that_would_be_whole_once_a_text_is_cleaned_is_struck_out_before() -> None:
    mask = Mask([KEY])
    unseen = (c for c in map(chr, range(0x110000)) if unicodedata.category(c) in ("Cf", "Mn"))
    removed = [c for c in unseen if harmless(f"a{c}b") == "ab"]
    assert len(removed) > 100
    split = [f"{KEY[:5]}{character}{KEY[5:]}" for character in removed]
    assert {mask.text(said) for said in split} == {STRUCK}
