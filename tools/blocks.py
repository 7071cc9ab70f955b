"""Blocks of a Markdown page that a program writes, each from a Jinja template and numbers.

A block stands between `<!-- begin KIND: ARGUMENTS -->` and `<!-- end KIND -->`. Where the first
mark ends its line, the content gets its own lines; otherwise it is part of a sentence.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from stages.core.errors import InputError

Context = dict[str, object]
"""The names that a template uses."""

_BLOCK = re.compile(
    r"(<!-- begin (?P<kind>\w+): (?P<arguments>.+?) -->)(?P<break>\n?)"
    r".*?(?P<end><!-- end (?P=kind) -->)",
    re.DOTALL,
)


def renewed(text: str, contexts: Mapping[str, Callable[..., Context]]) -> str:
    """The page with every block written again; `contexts` has a function for each kind."""

    def write(block: re.Match[str]) -> str:
        if block["kind"] not in contexts:
            known = ", ".join(sorted(contexts))
            raise InputError(f"{block[1]} is of no known kind; choose from {known}")
        content = rendered(block["kind"], contexts[block["kind"]](*block["arguments"].split()))
        around = ("\n", "\n\n") if block["break"] else ("", "")
        return block[1] + content.join(around) + block["end"]

    return _BLOCK.sub(write, text)


def blocks_of(text: str) -> list[tuple[str, str]]:
    """(kind, arguments) of every block of a page, in its order."""
    return [(block["kind"], block["arguments"]) for block in _BLOCK.finditer(text)]


def rendered(kind: str, context: Context) -> str:
    """The content of a block, without the white space around it."""
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters |= {"decimals": _decimals, "sign": _sign, "share": _share}
    return templates.get_template(f"{kind}.md.jinja").render(context).strip()


def _decimals(value: float | None, digits: int = 3) -> str:
    return "–" if value is None else f"{value:,.{digits}f}"


def _sign(value: float, digits: int = 3) -> str:
    return f"{value:+.{digits}f}"


def _share(value: float) -> str:
    return f"{value:.1%}".replace("%", " %")
