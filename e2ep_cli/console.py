"""The console of every command: what is printed is text, whatever it looks like.

Names of models, items, users and runs are not ours. Styles are given as styles, never as markup.
"""

import re
from collections.abc import Iterable
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

_CODES = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069]")
"""Control characters but line feed and tab, and those that turn the direction of writing."""


class PlainConsole(Console):
    """Reads no markup, and passes no control character of a text on to the terminal."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(markup=False, highlight=False, emoji=False, **settings)

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """The segments of a renderable, without codes."""
        for segment in super().render(renderable, options):
            text = segment.text if segment.control else _CODES.sub("", segment.text)
            yield Segment(text, segment.style, segment.control)
