"""Labels as models write them: `f1`, ` [F01]` and `Ｆ０１` all mean F01."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

_LEADING_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")


def plain_label(text: str) -> str:
    """Letters and digits alone, full width or not, in lower case, and numbers as short as can be.

    So case, spaces, invisible characters, brackets and quotes make no difference.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _LEADING_ZEROS.sub("", "".join(filter(str.isalnum, folded)))


def numbered(letter: str, count: int) -> list[str]:
    """F01, F02 and so on."""
    return [f"{letter}{number:02d}" for number in range(1, count + 1)]


class Labels:
    """The labels that a question shows, and which of them an answer means."""

    def __init__(self, shown: Iterable[str]) -> None:
        self.shown = list(shown)
        self._by_plain = {plain_label(label): label for label in self.shown}

    def meant(self, said: str) -> str | None:
        """The label as it was shown, or None if it was not."""
        return self._by_plain.get(plain_label(said))

    def known(self, said: Iterable[str]) -> list[str]:
        """The labels that were shown, each once, in the order in which they are first said."""
        return list(dict.fromkeys(label for label in map(self.meant, said) if label))

    def require(self, named: Sequence[str], field: str) -> None:
        """Raise a ValueError unless half of the labels are named, and two if there are two."""
        count, least = len(self.shown), min(len(self.shown), max(2, -(-len(self.shown) // 2)))
        if len(named) < least:
            those = f"{self.shown[0]} … {self.shown[-1]}" if count > 1 else self.shown[0]
            of = f"only {len(named)} of the {count}" if named else "none of the"
            raise ValueError(f"{field} names {of} labels {those}; each is due once")
