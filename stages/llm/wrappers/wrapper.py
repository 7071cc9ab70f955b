"""A chat model around another one, whose name it keeps."""

from stages.llm.chat import ChatModel, Reply, Settings
from stages.llm.task import Task


class Wrapper:
    """Passes everything on; a subclass changes `reply`."""

    def __init__(self, inner: ChatModel) -> None:
        self.inner = inner

    @property
    def provider(self) -> str:
        return self.inner.provider

    @property
    def model(self) -> str:
        return self.inner.model

    @property
    def settings(self) -> Settings:
        return self.inner.settings

    async def reply(self, task: Task) -> Reply:
        return await self.inner.reply(task)
