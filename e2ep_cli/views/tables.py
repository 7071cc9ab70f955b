"""Tables that split no name: every word is whole, at any width.

A table whose words do not fit next to each other is printed as a block per row instead.
"""

from typing import Any

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.measure import Measurement
from rich.style import StyleType
from rich.table import Column, Table
from rich.text import Text

from e2ep_cli.console import PlainConsole

_ANY = 10_000
"""A width at which everything fits."""
_INDENT = "  "


class WholeTable(Table):
    """A table of plain cells; a column of names or numbers has one line a cell."""

    def __init__(self, *columns: Column | str, title: str = "", **style: Any) -> None:
        super().__init__(*columns, **style)
        self.above = title

    def add_row(
        self,
        *cells: RenderableType | None,
        style: StyleType | None = None,
        end_section: bool = False,
    ) -> None:
        """Add a row; what looks like markup in a string is text, as titles have brackets."""
        plain = (Text(cell) if isinstance(cell, str) else cell for cell in cells)
        super().add_row(*plain, style=style, end_section=end_section)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The title, then the table or, if it is too narrow for its words, blocks."""
        if self.above:
            yield from _whole_lines(console, Text(self.above, "italic"), options.max_width)
        widths = self._fitting(console, options)
        if widths is None:
            yield from self._blocks(console, options)
            return
        for column, width in zip(self.columns, widths, strict=True):
            column.width = width
        yield from super().__rich_console__(console, options)

    def _fitting(self, console: Console, options: ConsoleOptions) -> list[int] | None:
        """The width of each column, the widest made narrower first; None if words do not fit."""
        spans = [self._span(console, options, column) for column in self.columns]
        widths, least = [span.maximum for span in spans], [span.minimum for span in spans]
        padding = sum(self._get_padding_width(column) for column in range(len(spans)))
        room = options.max_width - padding - self._extra_width
        if sum(least) > room:
            return None
        while sum(widths) > room:
            yields = (column for column, width in enumerate(widths) if width > least[column])
            widths[max(yields, key=lambda column: widths[column])] -= 1
        return widths

    def _span(self, console: Console, options: ConsoleOptions, column: Column) -> Measurement:
        """The least and greatest width that a column can use."""
        cells = [Text(str(column.header)), *column.cells]
        wide = options.update(width=_ANY)
        spans = [Measurement.get(console, wide, cell) for cell in cells]
        most = max(span.maximum for span in spans)
        least = most if column.no_wrap else max(span.minimum for span in spans)
        cap = column.max_width or most
        return Measurement(min(least, cap), min(most, cap))

    def _blocks(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Each row as its first cell, and the others below it after the names of their columns.

        The first column of sentences needs no name.
        """
        room = options.max_width - len(_INDENT)
        sentences = next((column for column in self.columns[1:] if not column.no_wrap), None)
        for first, *others in zip(*(column.cells for column in self.columns), strict=True):
            head = Text("\n").join(_texts(first))
            yield from _whole_lines(console, _bold(head), options.max_width)
            lines, short = list[Text](), list[Text]()
            for column, cell in zip(self.columns[1:], others, strict=True):
                heading = "" if column is sentences else str(column.header)
                parts = _labelled(heading, _texts(cell))
                if column.no_wrap:
                    short += parts
                else:
                    lines, short = [*lines, *_packed(short, room), *parts], []
            for line in (*lines, *_packed(short, room)):
                yield from _whole_lines(console, line, options.max_width, _INDENT)
            yield Text()


def name_column(heading: str) -> Column:
    """A column whose cells have one line each."""
    return Column(heading, no_wrap=True)


def number_column(heading: str) -> Column:
    """A column of numbers."""
    return Column(heading, justify="right", no_wrap=True)


def show_table(table: WholeTable) -> None:
    """Print a table; a name longer than the terminal is left to the terminal to wrap."""
    PlainConsole().print(table, crop=False)


def _bold(text: Text) -> Text:
    return Text.assemble(text, style="bold")


def _texts(cell: RenderableType) -> list[Text]:
    """The texts of a cell that say something; a bar says nothing that no number says."""
    if isinstance(cell, Group):
        return [text for part in cell.renderables for text in _texts(part)]
    return [cell] if isinstance(cell, Text) and cell.plain.strip() else []


def _labelled(heading: str, parts: list[Text]) -> list[Text]:
    """The parts of a cell, the first one after the name of its column."""
    if not heading or not parts:
        return parts
    return [Text.assemble((f"{heading} ", "dim"), parts[0]), *parts[1:]]


def _packed(parts: list[Text], room: int) -> list[Text]:
    """As many parts to a line as fit."""
    lines: list[Text] = []
    for part in parts:
        if lines and cell_len(lines[-1].plain) + 3 + cell_len(part.plain) <= room:
            lines[-1] = Text.assemble(lines[-1], " · ", part)
        else:
            lines.append(part)
    return lines


def _whole_lines(console: Console, text: Text, width: int, indent: str = "") -> RenderResult:
    """Lines of whole words, each after `indent`."""
    longest = max(map(cell_len, text.plain.split()), default=0)
    for line in text.wrap(console, max(width - len(indent), longest)):
        line.rstrip()
        yield Text.assemble(indent, line, overflow="ignore", no_wrap=True)
