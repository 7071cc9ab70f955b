"""Row types of every artifact through which stages meet.

`…_id` is the outside id, a string; `…_row` is the index. Ratings are on the scale of
stages/contracts/scale.py.
"""

import re
from typing import Annotated, Literal

import pyarrow as pa
from pydantic import AfterValidator, BaseModel, ConfigDict

BRACKETED = re.compile(r"[^()]*(\([^()]*\)[^()]*)*")

MOVIES = pa.schema(
    [
        ("item_row", pa.int32()),
        ("item_id", pa.string()),
        ("title", pa.string()),
        ("year", pa.int16()),
        ("genres", pa.list_(pa.string())),
        ("text", pa.string()),
        ("creators", pa.list_(pa.string())),
    ]
)
USERS = pa.schema(
    [
        ("user_row", pa.int32()),
        ("user_id", pa.string()),
        ("gender", pa.string()),
        ("age", pa.int16()),
        ("occupation", pa.string()),
    ]
)
RATINGS = pa.schema(
    [
        ("user_row", pa.int32()),
        ("item_row", pa.int32()),
        ("rating", pa.float32()),
        ("timestamp", pa.int64()),
        ("nth", pa.int32()),
    ]
)
"""nth: the rating's place among its user's by time, from 0, ties in the file's order; −1 where no
order is known."""
TRAINING = pa.schema([*RATINGS, ("history", pa.string())])
"""A split's train.parquet. history: `test` or `valid` where the row is the history of a user who is
held out of the fit and placed by it in that part; null where models are fitted on the row."""
ENRICHED = pa.schema(
    [
        ("item_row", pa.int32()),
        ("item_id", pa.string()),
        ("title", pa.string()),
        ("year", pa.int16()),
        ("aliases", pa.list_(pa.string())),
        ("genres", pa.list_(pa.string())),
        ("overview", pa.string()),
        ("tagline", pa.string()),
        ("keywords", pa.list_(pa.string())),
        ("directors", pa.list_(pa.string())),
        ("cast", pa.list_(pa.string())),
        ("creators", pa.list_(pa.string())),
        ("tmdb_id", pa.string()),
        ("imdb_id", pa.string()),
        ("source", pa.string()),
        ("unmatched", pa.string()),
    ]
)
CANDIDATES = pa.schema(
    [
        ("user_row", pa.int32()),
        ("item_row", pa.int32()),
        ("place", pa.int16()),
        ("score", pa.float32()),
    ]
)
JUDGED = pa.schema(
    [
        ("user_row", pa.int32()),
        ("item_row", pa.int32()),
        ("place", pa.int16()),
        ("value", pa.float32()),
    ]
)


class Row(BaseModel):
    """Base of the rows kept as JSON lines."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def one_paragraph(text: str) -> str:
    """Text on one line, without Markdown's heading mark in front."""
    return " ".join(text.split()).lstrip("# ")


def plain_words(parts: tuple[str, ...]) -> tuple[str, ...]:
    """Each phrase without commas, bullets, stress marks and lone brackets, none empty or twice."""
    words: dict[str, str] = {}
    for part in parts:
        word = " ".join(part.replace(",", ";").split())
        word = word if BRACKETED.fullmatch(word) else " ".join(re.sub("[()]", "", word).split())
        word = word.strip(" -*•:;.")
        words.setdefault(word.casefold(), word)
    words.pop("", None)
    return tuple(words.values())


Paragraph = Annotated[str, AfterValidator(one_paragraph)]
Words = Annotated[tuple[str, ...], AfterValidator(plain_words)]


class Profile(Row):
    """The paper's schema, one for items and users (§3); its Markdown is in profile/markdown.py."""

    overview: Paragraph
    genres: Words
    tags: Words
    description: Paragraph
    dislikes: Words


class ItemProfile(Row):
    """An item's profile, its free-form text for the ablation, and where it came from."""

    item_id: str
    profile: Profile
    integrated: str
    source: str


class UserProfile(Row):
    """A user's profile and the training ratings that it was made from, as item ids."""

    user_id: str
    profile: Profile
    integrated: str
    source: str
    liked: tuple[str, ...]
    disliked: tuple[str, ...]


class Judgement(Row):
    """One question to the judge: the items asked about, in the order shown, and what came back."""

    user_id: str
    shown: tuple[str, ...]
    scores: tuple[float | None, ...] | None
    order: tuple[str, ...] | None
    outcome: str
    model: str


class Claim(Row):
    """Why an item suits the user, and the training items that are evidence.

    An attribute that it shares with them, or `together`: those who used the evidence used it too.
    """

    attribute: str
    kind: Literal["genre", "tag", "person", "together"]
    cited: tuple[str, ...]


class Explained(Row):
    """One recommended item: its places before and after reranking, and its grounded reason."""

    item_id: str
    title: str
    graph_score: float
    graph_place: int
    judge_value: float
    place: int
    claims: tuple[Claim, ...]
    dropped: int
    reason: str

    @property
    def judge_points(self) -> float:
        """The judge's value as it is shown to people: from 0 to 100."""
        return round(100 * self.judge_value, 3)


class Explanation(Row):
    """A user's explained list under one strategy."""

    user_id: str
    base: str
    strategy: str
    source: str
    items: tuple[Explained, ...]
