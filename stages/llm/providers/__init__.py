"""Providers, imported on demand; `connect` stacks the wrappers on one."""

from stages.llm.chat import ChatModel
from stages.llm.params import LlmParams


def connect(params: LlmParams) -> ChatModel:
    """The chat model that params.yaml names. Offline rules are pure functions: they cost nothing and skip the cache."""
    from stages.llm.providers.offline import Offline

    return {"offline": Offline}[params.provider]()
