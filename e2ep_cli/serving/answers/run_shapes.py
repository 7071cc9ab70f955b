"""What the server answers about its run and itself, and how it says what went wrong."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field


class ShownRanking(BaseModel):
    """A ranking that can be asked for.

    about: what makes its order, in words. ndcg: NDCG@10 on test, where it was measured.
    """

    split: str
    model: str
    strategy: str
    about: str
    explained: bool
    ndcg: float | None = None


class AboutAnswer(BaseModel):
    """The run that is served, and how its lists were made.

    items_word, item_word: what the items are called. newcomers: the models that rank for them.
    posters: whether /posters has any.
    """

    dataset: str
    description: str
    simulated: bool
    run: str
    made: str | None
    version: str
    item_word: str
    items_word: str
    liked_word: str
    users: int
    items: int
    ratings: int
    genres: list[str]
    first_year: int | None
    last_year: int | None
    genders: list[str]
    usual: ShownRanking
    why: str
    rankings: list[ShownRanking]
    newcomers: list[str]
    facts: dict[str, str]
    posters: bool = False


class HealthAnswer(BaseModel):
    """Whether lists can be had, and since when those of this run are served."""

    status: Literal["ok"]
    dataset: str
    run: str
    made: str | None
    loaded: str
    reloads: int


class Problem(BaseModel):
    """What was wrong, in one sentence, and the id under which the server's log has the request."""

    error: Annotated[
        str, Field(examples=["no item is called 'Alein'; the nearest are Alien (1979)"])
    ]
    request_id: Annotated[str, Field(examples=["7b0f6c1e5a3d4f21"])]
