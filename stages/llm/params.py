"""The section `llm:` of params.yaml."""

from pathlib import Path
from typing import Literal

from pydantic import Field, PositiveFloat, PositiveInt

from stages.core.params import Section
from stages.llm.budget import Budgets
from stages.llm.prices import Price

Provider = Literal["offline", "openai", "gemini", "replay"]
Mode = Literal["online", "batch"]
EVERYTHING = 100_000


class LlmParams(Section):
    """Which chat model answers tasks, and how far it may go."""

    provider: Provider = "offline"
    """`offline`: each task's own rule, no key, no network. `openai`: also any server that speaks Chat Completions.
    `gemini`: Google's. `replay`: recorded answers from a file."""

    model: str = Field("gpt-4o-mini", min_length=1)
    """A preset of stages/llm/presets.py, or any name that the server knows."""

    base_url: str | None = None
    """Another server, such as http://127.0.0.1:8000/v1; a local one needs no key."""

    temperature: float | None = Field(0.0, ge=0, le=2)
    """Not sent to reasoning models; null leaves it to the server."""

    max_tokens: PositiveInt = 4096
    """The longest answer, reasoning included."""

    concurrency: PositiveInt = 8
    """Attempts under way at the same time."""

    timeout: PositiveFloat = 120.0
    """Seconds that one attempt may take."""

    attempts: PositiveInt = 8
    """Attempts at one question, as long as the reason for failing may pass."""

    breaker: PositiveInt = 5
    """After so many failed questions in a row the run ends."""

    mode: Mode = "online"
    """`online`: each question by itself. `batch`: all questions at once by the batch interface of `openai` or
    `gemini`, at half the price; answers may take a day."""

    poll: PositiveFloat = 30.0
    """In mode `batch`: seconds between looks at a batch."""

    replay: Path | None = None
    """For the provider `replay`: a file of recorded answers, a JSON object a line."""

    budgets: Budgets = Budgets()
    """What may be spent."""

    prices: dict[str, Price] = Field({})
    """One's own prices by model, in dollars per million tokens."""

    @property
    def width(self) -> int:
        """Rows that a stage works on at the same time: a batch needs all of them at once."""
        return self.concurrency if self.mode == "online" else EVERYTHING
