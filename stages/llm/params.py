"""The section `llm:` of params.yaml."""

from typing import Literal

from stages.core.params import Section


class LlmParams(Section):
    """Which chat model answers tasks."""

    provider: Literal["offline"] = "offline"
    """`offline`: each task's own rule, no key, no network."""
