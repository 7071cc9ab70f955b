"""Parts of a document that a command writes, between ``<!-- begin KIND: ARGUMENT -->`` and ``<!-- end KIND -->``."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

BLOCK = re.compile(r"(<!-- begin (\w+): (.+?) -->\n).*?(<!-- end \2 -->)", re.DOTALL)


def renewed(text: str, writers: Mapping[str, Callable[[str], str]]) -> str:
    """The document with the blocks of these kinds written anew."""

    def block(found: re.Match[str]) -> str:
        begin, kind, argument, end = found.groups()
        return found[0] if kind not in writers else f"{begin}{writers[kind](argument)}{end}"

    return BLOCK.sub(block, text)


def table(head: Sequence[str], rows: Iterable[Sequence[str]], words: int = 1) -> str:
    """A Markdown table; all but the first `words` columns are numbers."""
    lines = [head, ["---"] * words + ["---:"] * (len(head) - words), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
