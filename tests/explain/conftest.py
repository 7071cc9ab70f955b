"""Six films, users who liked some of them, and a double that claims what a test says."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from stages.core.schema import ItemProfile, Profile, UserProfile
from stages.explain.params import ExplainParams
from stages.explain.question import RawClaim, Reason, Reasons
from stages.explain.reasons import Explainer, Films
from stages.llm.chat import Reply
from stages.llm.task import Task

FILMS = {
    "heat": ("Vault at Noon", ("Crime", "Drama"), ("heist", "1990s", "Ada Marsh")),
    "sea": ("The Grey Harbour", ("Drama",), ("sea", "heist", "1950s")),
    "war": ("Mud", ("War", "Drama"), ("sea", "Ada Marsh")),
    "toy": ("Tin Parade", ("Comedy",), ("toys", "1990s")),
    "job": ("The Last Job", ("Crime", "Comedy"), ("heist", "sea", "1990s", "Ada Marsh")),
    "ice": ("White Silence", ("Horror",), ("ice",)),
}
ROWS = {item: row for row, item in enumerate(FILMS)}


@dataclass
class Claiming:
    """Claims the same of every film, or what it is told of each label, or talks."""

    claims: dict[str, list[tuple[str, list[str]]]] | str
    tasks: list[Task[Any]] = field(default_factory=list)
    provider: str = "claiming"
    model: str = "claiming"
    settings: dict[str, str | float | int] = field(default_factory=dict)

    async def reply(self, task: Task[Any]) -> Reply:
        self.tasks.append(task)
        if isinstance(self.claims, str):
            return Reply(text=self.claims, model=self.model)
        reasons = [
            Reason(label=label, claims=[RawClaim(attribute=word, evidence=cited) for word, cited in claims])
            for label, claims in self.claims.items()
        ]
        return Reply(text=Reasons(reasons=reasons).model_dump_json(), model=self.model)


@pytest.fixture
def claiming() -> type[Claiming]:
    return Claiming


@pytest.fixture
def row_of() -> dict[str, int]:
    return ROWS


@pytest.fixture
def explainer() -> Callable[..., Explainer]:
    """Build an explainer over the six films; Ada Marsh is a person."""
    profiles = [
        ItemProfile(
            item_id=item,
            profile=Profile(overview="", genres=genres, tags=tags, description="", dislikes=()),
            integrated="",
            source="made up",
        )
        for item, (_, genres, tags) in FILMS.items()
    ]
    films = Films([title for title, *_ in FILMS.values()], [frozenset({"ada marsh"})] * len(FILMS), profiles, ROWS)

    def build(model: Any, **params: Any) -> Explainer:
        return Explainer(model, films, ExplainParams(**params), "gat", "scored")

    return build


@pytest.fixture
def user() -> Callable[..., UserProfile]:
    """Build a user who liked these films, with the genres and tags of a profile."""

    def build(*liked: str, genres: tuple[str, ...] = ("Crime", "Drama"), tags: tuple[str, ...] = ()) -> UserProfile:
        taste = Profile(
            overview="", genres=genres, tags=tags or ("heist", "sea", "1990s", "Ada Marsh"), description="", dislikes=()
        )
        return UserProfile(
            user_id="anna", profile=taste, integrated="", source="made up", liked=liked, disliked=("toy",)
        )

    return build
