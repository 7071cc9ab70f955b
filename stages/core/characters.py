"""Characters that nobody sees or that a terminal obeys, as classes of regular expressions."""

import re

CONTROL = r"\x00-\x08\x0b-\x1f\x7f-\x9f"
"""Unicode's category Cc without tab and line feed."""
SURROGATES = r"\ud800-\udfff"
"""Category Cs: alone they cannot be sent or printed."""
TURNING = r"\u202a-\u202e\u2066-\u2069"
"""Those that turn the direction of writing."""
INVISIBLE = (
    r"\xad\u034f\u061c\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    r"\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Zero width, bidirectional controls, tags, and variation selectors, which can carry any bytes.

The joiners U+200C and U+200D are not among them: some scripts are spelt with them.
"""
_OBEYED = re.compile(f"[{CONTROL}{SURROGATES}{TURNING}]")


def shown_text(text: str) -> str:
    """A text without what a terminal would obey or cannot print."""
    return _OBEYED.sub("", text)
