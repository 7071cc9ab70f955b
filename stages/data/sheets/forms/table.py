"""The forms that a text can have, each known by how it begins; the first that fits reads it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from stages.data.sheets.forms.json_rows import is_json, json_sheet
from stages.data.sheets.forms.separated import separated_sheet
from stages.data.sheets.sheet import Sheet


@dataclass(frozen=True)
class TextForm:
    """A way of writing a table as text.

    fits: whether a text is written so. read: the sheet from the file's path, for messages, and its
    text, in which lines end as they do in the file.
    """

    fits: Callable[[str], bool]
    read: Callable[[Path, str], Sheet]


TEXT_FORMS = (
    TextForm(is_json, json_sheet),
    TextForm(lambda _text: True, separated_sheet),
)
"""In the order in which they are tried."""
