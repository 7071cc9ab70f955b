"""RecBole's atomic files: tables between tabs whose header gives each column's type.

Zhao et al., RecBole, CIKM 2021; https://recbole.io/docs/user_guide/data/atomic_files.html
"""

import re
from collections.abc import Sequence

_TYPED = re.compile(r"(?P<name>.+):(?P<type>token|token_seq|float|float_seq)")
_NAMES = {"class": "genres"}
"""RecBole's name for the genres of MovieLens."""


def is_atomic(names: Sequence[str]) -> bool:
    """Whether every name of a header gives a type."""
    return bool(names) and all(map(_TYPED.fullmatch, names))


def untyped_names(names: Sequence[str]) -> dict[str, str]:
    """Each name of a typed header without its type."""
    plain = {name: name.rpartition(":")[0] for name in names}
    return {name: _NAMES.get(short, short) for name, short in plain.items()}


def sequences(names: Sequence[str]) -> frozenset[str]:
    """The plain names of the columns that hold several values between blanks."""
    untyped = untyped_names(names)
    return frozenset(untyped[name] for name in names if name.endswith("_seq"))
