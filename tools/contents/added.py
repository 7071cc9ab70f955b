"""What text adds to a linear model, from benchmarks/results/text.json."""

from pydantic import BaseModel, Field

from stages.core.tables import read_model
from tools.blocks import Context
from tools.contents.benchmarks import FOLDER

_ROWS = (
    ("facts as rows", "facts", False),
    ("text as rows", "text", False),
    ("both as rows", "facts and text", False),
    ("drawn towards text", "drawn to text", False),
    ("drawn towards text, by section", "drawn to sections", False),
    ("drawn towards both", "drawn to facts and text", False),
    ("both as rows, and drawn towards both", "both", False),
    ("*as rows: facts and text less facts*", "facts and text", True),
    ("*text: drawn less as rows*", "drawn to text", True),
    ("*text: drawn by section less as a whole*", "drawn to sections", True),
    ("*both: drawn less as rows*", "drawn to facts and text", True),
    ("*both: drawn and as rows less as rows*", "both", True),
)
"""Words, the way, and whether it is compared with another way instead of ratings alone."""


class Gain(BaseModel):
    """A paired difference of NDCG@10 and its 95 % interval, ±."""

    difference: float
    interval: float


class WayMeasured(BaseModel):
    """A way to bring facts or text into the model, on one arena."""

    ndcg: float = Field(alias="ndcg@10")
    over_ratings: Gain
    over: Gain


class TextArena(BaseModel):
    """A split of a data set, and the ways by name."""

    users: int
    ways: dict[str, WayMeasured]


class _Arenas(BaseModel):
    arenas: dict[str, TextArena]


def text_added(name: str) -> Context:
    """The ways of text.json, arena by arena."""
    arenas = read_model(FOLDER / f"{name}.json", _Arenas).arenas
    ways = [arena.ways for arena in arenas.values()]
    gains = [
        (words, [each[way].over if relative else each[way].over_ratings for each in ways])
        for words, way, relative in _ROWS
    ]
    return {
        "columns": [f"{name}, {arena.users} users" for name, arena in arenas.items()],
        "ratings": [each["ratings"].ndcg for each in ways],
        "rows": gains,
    }
