"""A provider whose server can be greeted."""

from typing import Protocol, runtime_checkable

from stages.core.http import Failure
from stages.llm.chat import ChatModel
from stages.llm.servers.listed import ListedModel


@runtime_checkable
class Server(ChatModel, Protocol):
    """A chat model with an address."""

    address: str

    async def greet(self) -> Failure | list[ListedModel]:
        """Send a request without a question: why it failed, or the models that the server lists."""

    async def close(self) -> None:
        """Close the connections."""
