"""Whether a chat model can be asked, found out before anything is; no text of an item is sent."""

import asyncio
from datetime import date
from typing import Protocol, runtime_checkable

from stages.core.addresses import shown_address
from stages.core.errors import InputError
from stages.core.http import Failure
from stages.llm.chat import ChatModel
from stages.llm.params import WITHOUT_SERVER, LlmParams
from stages.llm.providers import connect
from stages.llm.servers.connection import CONNECT_SECONDS
from stages.llm.servers.keys import reaching
from stages.llm.servers.lifetime import notes_on, require_living
from stages.llm.servers.listed import ListedModel

NOBODY = ("offline", "rehearsal")
"""The providers that are always ready."""


@runtime_checkable
class Server(ChatModel, Protocol):
    """A provider whose server can be greeted."""

    address: str

    async def greet(self) -> Failure | list[ListedModel]:
        """Send a request without a question: why it failed, or the models that the server lists."""

    async def close(self) -> None:
        """Close the connections."""


def require_ready(params: LlmParams, today: date | None = None) -> list[str]:
    """What is worth knowing of the model, such as a last day soon, in sentences.

    An E2epError says that the key, the package, the recorded answers or the server is missing, or
    that the model is retired.
    """
    if params.provider in WITHOUT_SERVER:
        connect(params)
        return []
    today = today or date.today()
    listed = asyncio.run(_greeted(params, today))
    require_living(params, listed, today)
    return list(notes_on(params, listed, today))


async def _greeted(params: LlmParams, today: date) -> list[ListedModel]:
    """The models that the server lists, if it can be asked at all."""
    try:
        model = connect(params)
    except InputError:
        # Of a missing key or network and a retired model, the model is what needs a change.
        require_living(params, [], today)
        raise
    if not isinstance(model, Server):
        return []
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            listed = await model.greet()
    except TimeoutError:
        listed = Failure(reason=_silent(model.address), passing=True)
    finally:
        await model.close()
    if isinstance(listed, Failure):
        require_living(params, [], today)
        cure = reaching(params.key.variable)
        raise InputError(f"{listed.reason}; {cure}, or set {params.keyless}")
    return listed


def _silent(address: str) -> str:
    return f"no answer from {shown_address(address)} within {CONNECT_SECONDS:g} s"
