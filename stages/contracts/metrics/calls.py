"""llm.json: what every step asked of a chat model."""

from stages.contracts.rows import Row


class Tokens(Row):
    """Tokens of prompts, those of them that a provider had cached, and tokens of answers."""

    input: int
    cached: int
    output: int


class CallTotals(Row):
    """What one model was asked in one task; dollars are None where a price is unknown."""

    calls: int
    outcomes: dict[str, int]
    tokens: Tokens
    dollars: float | None
    seconds: float


StepCalls = dict[str, dict[str, CallTotals]]
"""Task → model → its calls."""
LlmCalls = dict[str, StepCalls]
"""llm.json: step, such as `rerank-prompt` → task → model → its calls."""
