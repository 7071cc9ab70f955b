"""The tools of an assistant, asked by the official client library over HTTP and stdio."""

import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import pytest

from tests.cli.serving.conftest import Answers, by_command, serving

ROOT = Path(__file__).parents[3]


def session(address: Any, talk: Callable[[Any], Awaitable[None]]) -> None:
    """Connect, and talk."""
    from mcp import Client

    async def connected() -> None:
        async with Client(address) as client:
            await talk(client)

    anyio.run(connected)


async def called(client: Any, name: str, **asked: Any) -> Any:
    answer = await client.call_tool(name, asked)
    assert not answer.is_error, answer.content
    return answer.structured_content


async def refused(client: Any, name: str, **asked: Any) -> str:
    answer = await client.call_tool(name, asked)
    assert answer.is_error
    return str(answer.content[0].text)


def test_an_assistant_lists_tools_recommends_and_explains(server: Answers) -> None:
    told = by_command("explain", "--liked", "heat", "-k", "3")

    async def talk(client: Any) -> None:
        listed = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(listed) == {"search_items", "recommend", "explain", "about"}
        assert all(tool.description for tool in listed.values())
        (found,) = (await called(client, "search_items", query="heat"))["items"]
        assert found["name"] == "Heat (1990)"
        items = (await called(client, "recommend", liked=[found["name"]], k=3))["items"]
        assert [item["item_id"] for item in items] == [item["item_id"] for item in told["items"]]
        reasons = (await called(client, "explain", liked=[found["name"]], k=3))["items"]
        assert [item["reason"] for item in reasons] == [item["reason"] for item in told["items"]]
        kept = (await called(client, "explain", user="u1", k=2))["items"]
        assert kept[0]["reason"] == "Because of Noon."
        assert (await called(client, "about"))["dataset"] == "tiny"

    session(f"{server.address}/mcp", talk)


def test_an_assistant_is_told_what_to_change(server: Answers) -> None:
    async def talk(client: Any) -> None:
        assert "the nearest are Heat (1990)" in await refused(client, "explain", liked=["haet"])
        assert "at least 1 item" in await refused(client, "recommend")
        assert "not both" in await refused(client, "explain", user="u1", liked=["heat"])
        assert "is not in tiny" in await refused(client, "recommend", user="nobody")
        said = await refused(client, "recommend", liked=["heat"], years="x")
        assert "years" in said

    session(f"{server.address}/mcp", talk)


@pytest.mark.usefixtures("run_folder")
def test_tools_want_the_token_too() -> None:
    from mcp.client.streamable_http import streamable_http_client

    async def talk(client: Any) -> None:
        await client.list_tools()

    with serving(token="a-token-of-more-than-16") as server, pytest.raises(ExceptionGroup):
        session(streamable_http_client(f"{server.address}/mcp"), talk)


def test_an_assistant_can_start_the_server_itself(run_folder: Path) -> None:
    from mcp.client.stdio import StdioServerParameters, stdio_client

    async def talk(client: Any) -> None:
        assert (await called(client, "recommend", liked=["heat"], k=1))["items"]

    command = "import sys; from e2ep_cli.main import app; app(['serve', '--stdio'])"
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    program = StdioServerParameters(
        command=sys.executable, args=["-c", command], cwd=run_folder, env={"PYTHONPATH": path}
    )
    session(stdio_client(program), talk)
