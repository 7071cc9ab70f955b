"""Whether a chat model can be asked, found out before anything is; no text of an item is sent."""

import asyncio
from typing import Protocol, runtime_checkable

from stages.core.addresses import shown_address
from stages.core.errors import InputError
from stages.core.http import Failure
from stages.llm.chat import ChatModel
from stages.llm.connection import CONNECT_SECONDS
from stages.llm.keys import KEYLESS
from stages.llm.params import WITHOUT_SERVER, LlmParams
from stages.llm.providers import connect

NOBODY = ("offline", "rehearsal")
"""The providers that are always ready."""


@runtime_checkable
class Server(ChatModel, Protocol):
    """A provider whose server can be greeted."""

    address: str

    async def greet(self) -> Failure | None:
        """Send a request without a question: why it failed, or None if any answer came."""

    async def close(self) -> None:
        """Close the connections."""


def require_ready(params: LlmParams) -> None:
    """Raise an E2epError if the key, the package, the recorded answers or the server is missing."""
    asyncio.run(_require_answer(params))


async def _require_answer(params: LlmParams) -> None:
    model = connect(params)
    if params.provider in WITHOUT_SERVER or not isinstance(model, Server):
        return
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            failure = await model.greet()
    except TimeoutError:
        failure = Failure(reason=_silent(model.address), passing=True)
    finally:
        await model.close()
    if failure:
        raise InputError(
            f"{failure.reason}; start that server or check llm.base_url and the network, or set "
            f"{KEYLESS}"
        )


def _silent(address: str) -> str:
    return f"no answer from {shown_address(address)} within {CONNECT_SECONDS:g} s"
