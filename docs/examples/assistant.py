"""What an assistant asks of `e2ep serve`, with the official client library of MCP.

Run it in the project's folder after `e2ep run`: `python docs/examples/assistant.py`.
"""

import json
import os
import sys
from pathlib import Path
from textwrap import fill
from typing import Any

import anyio
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

SERVER = StdioServerParameters(
    command=str(Path(sys.executable).with_name("e2ep")),
    args=["serve", "--stdio"],
    env=dict(os.environ),
)


async def asked(client: Client, tool: str, **values: Any) -> Any:
    """What a tool answers; the question is printed, and so is an error that it gives."""
    print(f"\n> {tool} {json.dumps(values)}")
    answer = await client.call_tool(tool, values)
    if answer.is_error:
        print(fill(answer.content[0].text, 96))
    return answer.structured_content


async def session() -> None:
    """List the tools, look a title up, recommend for a newcomer, and explain."""
    with open(os.devnull, "w", encoding="utf-8") as log:
        async with Client(stdio_client(SERVER, errlog=log)) as client:
            print("> list tools")
            for tool in (await client.list_tools()).tools:
                print(f"{tool.name}: {tool.description}")

            found = await asked(client, "search_items", query="ridley scott", limit=2)
            names = [item["name"] for item in found["items"]]
            print(", ".join(names))

            liked = [names[0], "Heat (1995)"]
            listed = await asked(client, "recommend", liked=liked, years="1970-1989", k=3)
            for item in listed["items"]:
                print(f"{item['rank']}. {item['name']}")

            explained = await asked(client, "explain", liked=liked, disliked=["Jaws"], k=2)
            for item in explained["items"]:
                reason = item["reason"] or "nothing in words, its score alone"
                print(fill(f"{item['rank']}. {item['name']}: {reason}", 96))
            print(f"(reasons: {explained['source']})")

            await asked(client, "explain", liked=["Hete"])


if __name__ == "__main__":
    anyio.run(session)
