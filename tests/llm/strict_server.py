"""A local server that refuses what the documentation of each family says is refused.

Its rules are written down here a second time, from the documentation alone, so that they can
contradict stages/llm/families.py.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.llm.server import Act, Asked, chat, gemini

GOOD = '{"label": "a", "score": 1}'
OPENAI_FIELDS = {
    "model",
    "messages",
    "response_format",
    "reasoning_effort",
    "temperature",
    "max_tokens",
    "max_completion_tokens",
}
"""Of the parameters of Chat Completions those that concern us; a server of OpenAI's refuses any
other name that it does not know."""
GEMINI_FIELDS = {"model", "contents", "systemInstruction", "generationConfig"}
GENERATION_FIELDS = {
    "maxOutputTokens",
    "temperature",
    "thinkingConfig",
    "responseMimeType",
    "responseJsonSchema",
}


@dataclass(frozen=True)
class Rules:
    """What models whose names match take: effort words, and when a temperature."""

    models: str
    efforts: str = ""
    takes_temperature: bool = False
    temperature_with_none: bool = False
    wants_completion_tokens: bool = False


RULES = (
    Rules(
        r"gpt-6-luna|gpt-6-sol|gpt-6\.1-terra", "none low medium high xhigh max", False, True, True
    ),
    Rules(r"gpt-6", "low medium high xhigh max", wants_completion_tokens=True),
    Rules(r"gpt-5\.6", "none low medium high xhigh max", wants_completion_tokens=True),
    Rules(r"gpt-5\.1", "none low medium high", False, True, True),
    Rules(r"gpt-5\.", "none low medium high xhigh", False, True, True),
    Rules(r"gpt-5", "minimal low medium high", wants_completion_tokens=True),
    Rules(r"o[134]", "low medium high", wants_completion_tokens=True),
    Rules(r"gpt-4", takes_temperature=True),
    Rules(r"gemma4:", "none low medium high", takes_temperature=True),
    Rules(r"gemma3:", takes_temperature=True),
)
LEVELS = (
    (r"gemini-3(\.[0-6])?-flash", ("MINIMAL", "LOW", "MEDIUM", "HIGH")),
    (r"gemini-3", ("LOW", "MEDIUM", "HIGH")),
)


def strict(asked: Asked) -> Act:
    """A good answer of either protocol, or an error that names the parameter."""
    if ":generateContent" in asked.path:
        name = asked.path.rpartition("/")[2].partition(":")[0]
        fault = next(gemini_faults(name, asked.body), None)
        if fault:
            return Act(
                {"error": {"code": 400, "message": fault, "status": "INVALID_ARGUMENT"}}, 400
            )
        return gemini(GOOD)
    fault = next(openai_faults(asked.body), None)
    if fault:
        error = {"message": fault, "type": "invalid_request_error", "code": "unsupported_value"}
        return Act({"error": error | {"param": fault.split("'")[1]}}, 400)
    return chat(GOOD)


def openai_faults(body: dict[str, Any]) -> Iterator[str]:
    """What OpenAI, or Ollama with a Gemma, refuses in this body."""
    yield from (f"Unknown parameter: '{name}'." for name in sorted(body.keys() - OPENAI_FIELDS))
    rules = next(rule for rule in RULES if re.match(rule.models, body["model"]))
    effort = body.get("reasoning_effort")
    if effort is not None and effort not in rules.efforts.split():
        yield f"Unsupported value: 'reasoning_effort' does not support {effort} with this model."
    if "temperature" in body and not (
        rules.takes_temperature or (rules.temperature_with_none and effort == "none")
    ):
        yield "Unsupported parameter: 'temperature' is not supported with this model."
    if rules.wants_completion_tokens and "max_tokens" in body:
        yield "Unsupported parameter: 'max_tokens' is not supported with this model."
    form = body.get("response_format", {})
    if form.get("type") == "json_schema" and not form["json_schema"].get("strict"):
        yield "Missing required parameter: 'response_format.json_schema.strict'."


def gemini_faults(model: str, body: dict[str, Any]) -> Iterator[str]:
    """What Google refuses, or no longer reads, in this body."""
    generation = body.get("generationConfig", {})
    unknown = (body.keys() - GEMINI_FIELDS) | (generation.keys() - GENERATION_FIELDS)
    yield from (f"Unknown name '{name}': Cannot find field." for name in sorted(unknown))
    # The client writes the names within it as protocol buffers spell them, which Google reads too.
    thinking = generation.get("thinkingConfig", {})
    levels = next((levels for name, levels in LEVELS if re.match(name, model)), None)
    if levels is None:
        if "thinking_level" in thinking:
            yield "Thinking level is not supported for this model: 'thinking_level'."
        return
    if "thinking_budget" in thinking:
        yield "Thinking budget is not supported for this model: 'thinking_budget'."
    if thinking.get("thinking_level", levels[0]).upper() not in levels:
        yield "Thinking level is not supported for this model: 'thinking_level'."
    if "temperature" in generation:
        yield "A custom value is not supported for this model: 'temperature'."
