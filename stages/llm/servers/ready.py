"""Whether a chat model can be asked, found out before anything is; no text of an item is sent."""

import asyncio
from datetime import date

from stages.core.addresses import shown_address
from stages.core.errors import InputError
from stages.core.http import Failure
from stages.llm.concurrently import together
from stages.llm.params import WITHOUT_SERVER, LlmParams
from stages.llm.providers import connect
from stages.llm.servers.connection import CONNECT_SECONDS
from stages.llm.servers.keys import reaching
from stages.llm.servers.lifetime import notes_on, require_living
from stages.llm.servers.listed import ListedModel
from stages.llm.servers.server import Server

NOBODY = ("offline", "rehearsal")
"""The providers that are always ready."""


def require_ready(params: LlmParams, today: date | None = None) -> list[str]:
    """What is worth knowing of the model, such as a last day soon, in sentences.

    An E2epError says that the key, the package, the recorded answers or the server is missing, or
    that the model is retired.
    """
    if params.provider in WITHOUT_SERVER:
        connect(params)
        return []
    return asyncio.run(_notes(params, today or date.today()))


async def _notes(params: LlmParams, today: date) -> list[str]:
    """Of several servers, those that do not answer are worth a note; one must."""
    servers = params.by_server
    greeted = await together(_greeted(one, today) for one in servers)
    failures = [one for one in greeted if isinstance(one, Failure)]
    if len(failures) == len(servers):
        require_living(params, [], today)
        reason = " and ".join(failure.reason for failure in failures)
        cure = reaching(params.key.variable)
        raise InputError(f"{reason}; {cure}, or set {params.keyless}")
    notes = [f"{failure.reason}; its questions go to the others" for failure in failures]
    for one, listed in zip(servers, greeted, strict=True):
        if not isinstance(listed, Failure):
            require_living(one, listed, today)
            notes += notes_on(one, listed, today)
    return list(dict.fromkeys(notes))


async def _greeted(params: LlmParams, today: date) -> Failure | list[ListedModel]:
    """The models that a server lists if it can be asked at all, or why it cannot."""
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
            return await model.greet()
    except TimeoutError:
        return Failure(reason=_silent(model.address), passing=True)
    finally:
        await model.close()


def _silent(address: str) -> str:
    return f"no answer from {shown_address(address)} within {CONNECT_SECONDS:g} s"
