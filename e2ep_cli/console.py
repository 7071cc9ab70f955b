"""The console of every command: what is printed is text, whatever it looks like.

Names of models, items, users and runs are not ours. Styles are given as styles, never as markup.
"""

from collections.abc import Iterable
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from stages.core.characters import shown_text


class PlainConsole(Console):
    """Reads no markup, and passes no control character of a text on to the terminal."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(markup=False, highlight=False, emoji=False, **settings)

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """The segments of a renderable, without codes."""
        for segment in super().render(renderable, options):
            text = segment.text if segment.control else shown_text(segment.text)
            yield Segment(text, segment.style, segment.control)
