"""What the server is asked and what it answers, with examples: its OpenAPI description."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from e2ep_cli.newcomers.parts import ScorePart

MOST_NAMED = 200
"""Items that a newcomer may like, and as many that they may dislike."""
MOST_LISTED, MOST_EXPLAINED = 100, 30
ItemName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


def _forward(years: str | None) -> str | None:
    if years and years[:4] > years[-4:]:
        raise ValueError("the first year is after the last")
    return years


Years = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}(-[0-9]{4})?$")]
YearSpan = Annotated[
    Years | None,
    AfterValidator(_forward),
    Field(description="A year or a span of years.", examples=["1970-1989"]),
]
Genres = Annotated[
    list[Annotated[str, StringConstraints(min_length=1, max_length=100)]],
    Field(max_length=30, description="Only items that have one of these.", examples=[["Horror"]]),
]


class RequestBody(BaseModel):
    """A request's body: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid")


class NewcomerAsked(RequestBody):
    """A newcomer by the items that they name, by title, title and year, or id, the latest last."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"liked": ["Alien (1979)", "Heat (1995)"], "disliked": ["Vertigo (1958)"], "k": 5}
            ]
        }
    )
    liked: Annotated[list[ItemName], Field(min_length=1, max_length=MOST_NAMED)]
    disliked: Annotated[list[ItemName], Field(max_length=MOST_NAMED)] = []
    age: Annotated[int | None, Field(ge=1, le=120)] = None
    gender: Annotated[
        str | None, Field(max_length=50, description="As the data set writes it.")
    ] = None
    k: Annotated[int, Field(ge=1, le=MOST_LISTED, description="Length of the list.")] = 10
    genres: Genres = []
    years: YearSpan = None
    model: Annotated[
        str | None, Field(max_length=100, description="Default: e2ep.", examples=["e2ep"])
    ] = None


class ExplanationAsked(NewcomerAsked):
    """The same, for a list with reasons."""

    k: Annotated[int, Field(ge=1, le=MOST_EXPLAINED, description="Length of the list.")] = 10


Credited = Annotated[
    list[str], Field(description="First directors, cast and creators.", examples=[["Ridley Scott"]])
]
Overview = Annotated[
    str | None, Field(description="What it is about, cut where it is long; null if unknown.")
]


class ShortItem(BaseModel):
    """An item by its id and name."""

    item_id: Annotated[str, Field(examples=["1"])]
    name: Annotated[str, Field(examples=["Alien (1979)"])]


class FoundItem(ShortItem):
    """An item that was looked for. ratings: how many people of the data set rated it."""

    title: str
    year: int | None
    genres: list[str]
    creators: list[str]
    people: Credited
    ratings: int


class ListedItem(ShortItem):
    """A recommended item. score: the model's own, comparable within one list."""

    rank: Annotated[int, Field(examples=[1])]
    title: str
    year: int | None
    genres: list[str]
    creators: list[str]
    people: Credited
    overview: Overview
    score: float
    parts: Annotated[
        dict[ScorePart, float] | None,
        Field(description="What the score is made of, where the model says so; they add up to it."),
    ] = None


class ShownClaim(BaseModel):
    """Why an item suits: an attribute, and the items liked that have it too."""

    attribute: Annotated[str, Field(examples=["space travel"])]
    kind: Literal["genre", "tag", "person", "together"]
    cited: list[ShortItem]


class ReasonedItem(ListedItem):
    """A recommended item with its reason, empty where the data supports none.

    model_rank: its place in the model's own order. fused_score: by which a reranked list is
    ordered. judge: the judge's value, 0 to 100.
    """

    reason: Annotated[str, Field(examples=["“monsters” links it to Alien, which you like."])]
    claims: list[ShownClaim]
    model_rank: int
    fused_score: float | None = None
    judge: float | None = None


class ListAnswer(BaseModel):
    """A list, and which ranking it is of.

    user_id: null for a newcomer. why: why this ranking, where none was asked for. matching: how
    many items pass the filters; left_out: how many of them are known to the user.
    """

    user_id: str | None
    dataset: str
    split: str
    model: str
    strategy: str
    why: str
    matching: int
    left_out: int
    items: list[ListedItem]


class Person(BaseModel):
    """Who a list is for: their profile, and what it was made from."""

    overview: str
    liked: list[ShortItem]
    disliked: list[ShortItem]


class ExplainedAnswer(BaseModel):
    """A list with reasons. source: who gave them. order: what the order is made of, in words."""

    user_id: str | None
    dataset: str
    split: str
    model: str
    strategy: str
    why: str
    source: str
    order: str
    person: Person
    items: list[ReasonedItem]


class WithoutOne(BaseModel):
    """What becomes of a newcomer's list without one item that they liked."""

    without: ShortItem
    gone: list[ShortItem]
    new: list[ShortItem]


class WithoutAnswer(BaseModel):
    """The list without each liked item in turn."""

    changes: list[WithoutOne]


class ItemsAnswer(BaseModel):
    """The items that were looked for, the best match first."""

    items: list[FoundItem]


class ShownPerson(BaseModel):
    """A user of the data set, and how many ratings they have in training."""

    user_id: str
    ratings: int


class UsersAnswer(BaseModel):
    """The users whose id begins so. total: how many there are."""

    total: int
    users: list[ShownPerson]
