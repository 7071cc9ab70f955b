"""The same as tools of an assistant, by the Model Context Protocol."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field, ValidationError

from e2ep_cli.serving.answers.about import items_like
from e2ep_cli.serving.answers.lists import (
    list_for_newcomer,
    list_for_user,
)
from e2ep_cli.serving.answers.reasons import explained_for_newcomer, explained_for_user
from e2ep_cli.serving.answers.run_shapes import AboutAnswer
from e2ep_cli.serving.answers.shapes import (
    MOST_EXPLAINED,
    ExplainedAnswer,
    ExplanationAsked,
    ItemsAnswer,
    ListAnswer,
    NewcomerAsked,
)
from e2ep_cli.serving.held.reload import ServedRun
from e2ep_cli.serving.http.problems import problem_of, said_of
from stages.core.errors import E2epError

INSTRUCTIONS = (
    "Recommends items of one data set, with reasons that were checked. Look titles up with "
    "search_items before you name them; pass a person's likes and dislikes to recommend or "
    "explain. Give reasons as they are returned, and add none."
)
_Titles = Annotated[
    list[str], Field(max_length=200, description="By title, title and year, or id; the latest last")
]
_User = Annotated[
    str | None, Field(max_length=200, description="Id of a user of the data set, in place of likes")
]
_Length = Annotated[int, Field(ge=1, le=MOST_EXPLAINED, description="Length of the list")]
_Genres = Annotated[
    list[str], Field(max_length=30, description="Only items that have one of these")
]
_Years = Annotated[str | None, Field(description="A year or a span, such as 1970-1989")]


def tools(served: ServedRun) -> MCPServer:
    """A server of tools over what is served."""
    server = MCPServer("e2ep", instructions=INSTRUCTIONS, log_level="WARNING")

    def search_items(
        query: Annotated[str, Field(max_length=300)], limit: Annotated[int, Field(ge=1, le=50)] = 10
    ) -> ItemsAnswer:
        """Find items of the catalogue by title, people or year."""
        with _said():
            return items_like(served.current, query, limit)

    def recommend(
        liked: _Titles = [],  # noqa: B006
        disliked: _Titles = [],  # noqa: B006
        user: _User = None,
        k: _Length = 10,
        genres: _Genres = [],  # noqa: B006
        years: _Years = None,
    ) -> ListAnswer:
        """List the best items for somebody who names what they like, or for a user."""
        with _said():
            loaded = served.current
            asked = _asked(NewcomerAsked, liked, disliked, user, k, genres, years)
            if user is None:
                return list_for_newcomer(loaded, asked)
            choice = loaded.choose(None, None, None)
            return list_for_user(loaded, choice, user, k, asked.genres, asked.years)

    async def explain(
        liked: _Titles = [],  # noqa: B006
        disliked: _Titles = [],  # noqa: B006
        user: _User = None,
        k: _Length = 10,
        genres: _Genres = [],  # noqa: B006
        years: _Years = None,
    ) -> ExplainedAnswer:
        """List the best items and say why: each with its reason and the evidence cited."""
        with _said():
            loaded = served.current
            asked = _asked(ExplanationAsked, liked, disliked, user, k, genres, years)
            if user is None:
                return await explained_for_newcomer(loaded, asked)
            return explained_for_user(loaded, loaded.choose(None, None, None, "explain"), user, k)

    def about() -> AboutAnswer:
        """Say what is recommended, from which data, and how the lists were made."""
        return served.about

    for tool in (search_items, recommend, explain, about):
        server.add_tool(tool)
    return server


def _asked(
    kind: type[Any],
    liked: list[str],
    disliked: list[str],
    user: str | None,
    k: int,
    genres: list[str],
    years: str | None,
) -> Any:
    """The request, checked; a user needs no likes."""
    if user is not None and (liked or disliked):
        raise ToolError("give a user or what somebody likes, not both")
    return kind(
        liked=liked if user is None else ["-"], disliked=disliked, k=k, genres=genres, years=years
    )


@contextmanager
def _said() -> Iterator[None]:
    """Let an error tell the assistant what to change."""
    try:
        yield
    except ValidationError as error:
        raise ToolError(said_of(error.errors())) from None
    except E2epError as error:
        raise ToolError(problem_of(error)[1]) from None
