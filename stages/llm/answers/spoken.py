"""The JSON in what a model says: after its thoughts, amid prose, in fences.

Of several objects the one in the last fence counts, else the last one: earlier ones are drafts.
"""

import re
from collections import deque
from dataclasses import dataclass
from typing import Any

from stages.llm.answers.lenient import JsonError, read_value

_MARK = re.compile(
    r"""(?P<opens> <think(?:ing)?> | <thought> | \[THINK\] | ◁think▷
                 | <\|channel\|?> \s* (?:analysis|commentary|thought) \b
                 | \A analysis (?=(?-i:[A-Z])) )
      | (?P<closes> </think(?:ing)?> | </thought> | \[/THINK\] | ◁/think▷
                 | <\|channel\|> \s* final \b | <channel\|> | assistantfinal )
      | (?P<fence> `{3,} | ~{3,} )
      | (?P<object> \{ (?=\s*["'}\w]) )
      | (?P<list> \[ (?=\s*["'{]) )""",
    re.IGNORECASE | re.VERBOSE,
)
"""Thoughts as DeepSeek, Qwen, Mistral, Kimi, Gemma and gpt-oss mark them, the last one also without
the special tokens; fences; and where an object or a list may begin."""
_MOST = 100
"""How many objects are tried, the last ones: nobody drafts more."""
_AGAIN = 20_000, 3
"""Characters, and times the length of the text, that may be read again after faults."""


@dataclass(frozen=True)
class Spoken:
    """What a text may mean as JSON, the likeliest first, and why there is no more."""

    objects: list[dict[str, Any]]
    lists: list[list[Any]]
    """Read only if no object begins before them, as they are parts of answers that broke off."""
    fault: str
    """What is wrong with the JSON after or around the last object, if anything is."""
    nothing: str
    """The fault of a text that has no object."""


def json_in(text: str) -> Spoken:
    """Every outermost object or list that the text has after its thoughts.

    What is broken is tried again one brace further on; once that has taken too long, only from
    where it broke, so that the work stays linear in the length of the text.
    """
    plain, fenced, lists = (deque[Any](maxlen=_MOST) for _ in range(3))
    thinks = thought = in_fence = begun = False
    fault: JsonError | None = None
    at, room = 0, _AGAIN[0] + _AGAIN[1] * len(text)
    while mark := _MARK.search(text, at):
        start, at = mark.span()
        if mark.lastgroup in ("opens", "closes"):
            thinks, thought = mark.lastgroup == "opens", True
            if not thinks:
                plain, fenced, lists = (deque[Any](maxlen=_MOST) for _ in range(3))
                in_fence, begun, fault = False, False, None
        elif mark.lastgroup == "fence":
            in_fence = not in_fence
        elif not thinks and (mark.lastgroup == "object" or not begun):
            begun = begun or mark.lastgroup == "object"
            try:
                value, at = read_value(text, start)
            except JsonError as error:
                room -= error.at - start
                at = at if room > 0 else max(at, error.at)
                fault = error if fault is None or error.at > fault.at else fault
                continue
            (lists if mark.lastgroup == "list" else fenced if in_fence else plain).append(value)
            fault = None if fault and fault.at < at else fault
    nothing = f"there is no JSON object {'after the thoughts' if thought else 'in the answer'}"
    objects = [*reversed(fenced), *reversed(plain)]
    return Spoken(objects, [*reversed(lists)], fault.located(text) if fault else "", nothing)
