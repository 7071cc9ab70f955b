"""What a person says their items are called, and what people do with them."""

import re
from typing import get_args

from stages.contracts.words import DomainWords, Verb
from stages.core.errors import InputError
from stages.core.spelling import suggestion

ITEMS = DomainWords(item="item", items="items")
"""The words of an imported set of which nothing is said."""
_NAME = re.compile(r"[^\W\d_](?:[\w '-]{0,28}\w)?")


def parse_words(name: str | None, verb: str | None, implicit: bool) -> DomainWords:
    """--item-name ONE[/MANY] and --verb as words; without ratings, items are used by default."""
    item, slash, items = (
        part.strip() for part in (ITEMS.item if name is None else name).partition("/")
    )
    items = items if slash else f"{item}s"
    if not all(_NAME.fullmatch(part) for part in (item, items)):
        raise InputError(
            f"--item-name {name!r} is not a word of at most 30 letters; "
            "write it like book, or foot/feet where the plural has no s"
        )
    verbs = get_args(Verb)
    if verb is not None and verb not in verbs:
        raise InputError(f"there is no --verb {verb!r}; {suggestion(verb, verbs)}")
    if implicit and verb == "rate":
        raise InputError(
            "--implicit means that nobody rated anything; "
            f"take a --verb of {', '.join(verbs[1:])}, or leave it out"
        )
    done: Verb = next((each for each in verbs if each == verb), "use" if implicit else "rate")
    return DomainWords(item=item, items=items, verb=done, implicit=implicit)
