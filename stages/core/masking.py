"""Keys that the environment holds, struck out of what a server says before anything keeps it."""

import os
import re

from stages.core.characters import CONTROL, INVISIBLE

_VARIABLE = re.compile(r"(OPENAI|OPENAI_ADMIN|GEMINI|GOOGLE|TMDB|E2EP(_[A-Z]+)*)_(API_)?KEY")
_SHORTEST = 8
"""Characters; a shorter key is a word such as `none` or `EMPTY`, which an answer may contain."""
_UNSEEN = rf"{CONTROL}{INVISIBLE}\xa0\u200c\u200d\u2028\u2029"
"""What may stand between two characters of a key and is not seen, or is removed later."""
_BETWEEN = (
    rf"(?:[{_UNSEEN}]"
    r"|\\{1,4}u(?:00[01][0-9a-f]|00ad|180[b-f]|20[0-6][0-9a-f]|fe0[0-9a-f]|feff))*"
)
_HIDES = re.compile(rf"[%{_UNSEEN}]|\\u")
STRUCK = "[key]"
"""What stands in place of a key."""


class Mask:
    """Strikes keys out of texts: also with JSON's or a URL's escapes, or split unseen."""

    def __init__(self, keys: list[str]) -> None:
        self.keys = sorted({key for key in keys if len(key) >= _SHORTEST}, key=len, reverse=True)
        parts = [_BETWEEN.join(map(_written, key)) for key in self.keys]
        self._has_plain_keys = all(re.fullmatch(r"[\w.~+=-]+", key) for key in self.keys)
        self._pattern = re.compile("|".join(parts), re.IGNORECASE) if parts else None

    @classmethod
    def of_environment(cls) -> "Mask":
        """The mask for every key that a variable holds."""
        named = [value for name, value in os.environ.items() if _VARIABLE.fullmatch(name)]
        return cls([value.strip() for value in named])

    def text(self, said: str) -> str:
        """The text without a key."""
        if self._pattern is None or (self._is_plain(said) and not any(map(said.count, self.keys))):
            return said
        return self._pattern.sub(STRUCK, said)

    def file(self, content: bytes) -> bytes:
        """The content of a file, which may be large, without a key as it is written."""
        for key in self.keys:
            content = content.replace(key.encode(), STRUCK.encode())
        return content

    def _is_plain(self, said: str) -> bool:
        """Whether a key could stand in a text only as it is; any other takes far longer to find."""
        return self._has_plain_keys and not _HIDES.search(said)


def _written(character: str) -> str:
    """A character, itself or escaped."""
    code, plain = f"{ord(character):02x}", re.escape(character)
    plain = plain if character.isalnum() else rf"\\{{0,4}}{plain}"
    return rf"(?:{plain}|\\{{1,4}}u00{code}|%{code}|%25{code})"
