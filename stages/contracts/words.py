"""What the items of a data set are called, and what people do with them; prepare writes it."""

from pathlib import Path
from string import Template
from typing import Literal

from stages.contracts.rows import Row
from stages.core.tables import read_model

WORDS_FILE = "words.json"
"""The file's name, in the folder that prepare writes."""
Verb = Literal["rate", "buy", "play", "click", "read", "watch", "use"]
_FORMS: dict[Verb, tuple[str, str, str]] = {
    "rate": ("rated", "Rates", "ratings"),
    "buy": ("bought", "Buys", "purchases"),
    "play": ("played", "Plays", "plays"),
    "click": ("clicked", "Clicks", "clicks"),
    "read": ("read", "Reads", "reads"),
    "watch": ("watched", "Watches", "views"),
    "use": ("used", "Uses", "events"),
}
"""Of each verb: what somebody did, what they do, and what the rows of the data set are."""


class DomainWords(Row):
    """The words of one data set; films that are rated, unless it says otherwise.

    creator: what the people behind an item are called, such as `author`; empty if nothing is known.
    implicit: nobody rated anything, so that what somebody used is all there is.
    """

    item: str = "film"
    items: str = "films"
    verb: Verb = "rate"
    creator: str = ""
    implicit: bool = False

    @property
    def of_films(self) -> bool:
        """Whether rules and prompts made for films fit."""
        return self.item in ("film", "movie")

    @property
    def done(self) -> str:
        """What people did with an item, such as `bought`."""
        return self._forms[0]

    @property
    def rows(self) -> str:
        """What a row says, in the plural, such as `purchases`."""
        return self._forms[2] if self.implicit else "ratings"

    @property
    def row(self) -> str:
        """The same in the singular."""
        return self.rows.removesuffix("s")

    @property
    def liked(self) -> str:
        """What somebody did with an item that counts as liked; without ratings, to use it is it."""
        return self.done if self.implicit else "liked"

    @property
    def highly(self) -> str:
        """The same where ratings are meant: `rated highly`, `bought`."""
        return self.done if self.implicit else "rated highly"

    @property
    def enjoys(self) -> str:
        """What somebody does who likes an item, as a sentence begins."""
        return self._forms[1] if self.implicit else "Enjoys"

    @property
    def an_item(self) -> str:
        """The item with its article."""
        return f"{'an' if self.item[0].casefold() in 'aeiou' else 'a'} {self.item}"

    @property
    def creator_word(self) -> str:
        """What a creator is called, always something."""
        return self.creator or "creator"

    @property
    def key(self) -> str:
        """The name of a list of items in what a model is shown."""
        return "films" if self.of_films else "items"

    @property
    def _forms(self) -> tuple[str, str, str]:
        return _FORMS["use" if self.implicit and self.verb == "rate" else self.verb]

    def placeholders(self) -> dict[str, str]:
        """What a text may leave to the data set, by the name that it writes after a `$`."""
        person = "film lover" if self.of_films else "person"
        own = "choose" if self.verb == "rate" else self.verb
        counts = f" What this person {self.done} counts as liked." if self.implicit else ""
        return {
            "item": self.item,
            "items": self.items,
            "an_item": self.an_item,
            "person": person,
            "try": "watch" if self.of_films else f"{own} it",
            "highly": self.highly,
            "counts": counts,
            "done": self.done,
            "row": self.row,
            "rows": self.rows,
        }


FILMS = DomainWords()
"""MovieLens, the sample, and sets that were made before they could say what they are of."""


def worded(text: str, words: DomainWords) -> str:
    """A text with `$item` and the like filled in."""
    return Template(text).substitute(words.placeholders())


def read_words(prepared: Path) -> DomainWords:
    """The words in the folder that prepare wrote; those of films for one made before."""
    path = prepared / WORDS_FILE
    return read_model(path, DomainWords) if path.exists() else FILMS
