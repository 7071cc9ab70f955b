"""The provider `gemini`: generateContent of Google's Gemini API, by the official client."""

import re
from collections.abc import Mapping
from typing import Any

from google.genai import Client, errors
from google.genai.types import (
    AutomaticFunctionCallingConfig,
    GenerateContentConfig,
    HttpOptions,
    HttpRetryOptions,
    ThinkingConfig,
)

from stages.llm.chat import Fault, Outcome, Reply, Settings, failed
from stages.llm.faults import end_if_hopeless, fault_of
from stages.llm.keys import key_from
from stages.llm.params import LlmParams
from stages.llm.prices.presets import Preset, preset
from stages.llm.prices.tokens import believed
from stages.llm.reading import at, json_object, name_at, text_at
from stages.llm.schema import strict_schema
from stages.llm.task import Task

KEY = "GEMINI_API_KEY"
DELAY = re.compile(r"'retryDelay': '(\d+(?:\.\d+)?)s'")
ENDS: dict[str, Outcome] = {
    "MAX_TOKENS": "truncated",
    **dict.fromkeys(
        ("SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII"), "filtered"
    ),
}


class Gemini:
    """Asks with a JSON schema; the client neither retries nor parses."""

    provider = "gemini"

    def __init__(
        self, preset: Preset, base_url: str | None, temperature: float | None, max_tokens: int
    ) -> None:
        self.model, self.max_tokens = preset.name, max_tokens
        self.settings: Settings = {"max_tokens": max_tokens}
        self.settings |= {} if temperature is None else {"temperature": temperature}
        self.settings |= {} if preset.thinks is None else {"thinking_budget": preset.thinks}
        key = key_from(KEY, "GOOGLE_API_KEY", base_url=base_url)
        options = HttpOptions(base_url=base_url, retry_options=HttpRetryOptions(attempts=1))
        self.client = Client(api_key=key, http_options=options, vertexai=False)

    async def reply(self, task: Task) -> Reply:
        try:
            raw = await self.client.aio.models.generate_content(**self.request(task))
            http = raw.sdk_http_response
            return self.read(json_object((http.body if http else "") or ""), task)
        except Exception as error:
            return failed(self.model, self.fault(error))

    async def close(self) -> None:
        """Close the connections."""
        await self.client.aio.aclose()

    def read(self, said: Any, task: Task) -> Reply:
        """A typed reply from whatever the server sent; a body without a candidate is filtered or a passing fault."""
        if not isinstance(said, dict):
            return failed(
                self.model, Fault(reason="no JSON in the answer", passing=True, billed=True)
            )
        candidate, model = at(said, "candidates", 0), name_at(said, "modelVersion") or self.model
        used = at(said, "usageMetadata")
        parts = at(candidate, "content", "parts")
        spoken = (
            [part for part in parts if not at(part, "thought")] if isinstance(parts, list) else []
        )
        text = "".join(text_at(part, "text") for part in spoken)
        usage = believed(_figures(used), text, task, self.max_tokens)
        if not isinstance(candidate, dict):
            if text_at(said, "promptFeedback", "blockReason"):
                return Reply(text="", model=model, outcome="filtered", usage=usage)
            return failed(
                self.model, Fault(reason="no candidate in the answer", passing=True, billed=True)
            )
        outcome = ENDS.get(text_at(candidate, "finishReason"), "answered")
        return Reply(text=text, model=model, outcome=outcome, usage=usage)

    def request(self, task: Task) -> dict[str, Any]:
        """What the client's generate_content takes."""
        system, *turns = task.messages()
        roles = {"user": "user", "assistant": "model"}
        contents = [{"role": roles[turn.role], "parts": [{"text": turn.content}]} for turn in turns]
        config = GenerateContentConfig(
            system_instruction=system.content,
            temperature=self.settings.get("temperature"),  # type: ignore[arg-type]
            max_output_tokens=self.max_tokens,
            thinking_config=self._thinking(),
            response_mime_type="application/json",
            response_json_schema=strict_schema(task.answer),
            automatic_function_calling=AutomaticFunctionCallingConfig(disable=True),
            should_return_http_response=True,
        )
        return {"model": self.model, "contents": contents, "config": config}

    def _thinking(self) -> ThinkingConfig | None:
        budget = self.settings.get("thinking_budget")
        return None if budget is None else ThinkingConfig(thinking_budget=int(budget))

    def fault(self, error: Exception) -> Fault:
        """Why a call failed; an InputError where no attempt of this run can succeed.

        The body's words steer, and go nowhere else: they may repeat the key.
        """
        if not isinstance(error, errors.APIError):
            name = type(error).__name__
            sent = name not in ("ConnectError", "ClientConnectorError", "ConnectTimeout")
            return Fault(reason=f"the connection failed ({name})", passing=True, billed=sent)
        words = str(error.details)
        fault = self.fault_of(
            401 if "API_KEY_INVALID" in words else error.code,
            getattr(error.response, "headers", None),
        )
        delay = DELAY.search(words)
        if delay and fault.passing and fault.retry_after is None:
            fault = fault.model_copy(update={"retry_after": float(delay[1])})
        return fault

    def fault_of(self, status: int, headers: Mapping[str, str] | None = None) -> Fault:
        """The fault of an HTTP status; an InputError where no attempt of this run can succeed."""
        end_if_hopeless(status, self.model, KEY)
        return fault_of(status, headers or {})


def _figures(used: Any) -> dict[str, Any]:
    said, thought = at(used, "candidatesTokenCount"), at(used, "thoughtsTokenCount")
    both = said + thought if isinstance(said, int) and isinstance(thought, int) else said
    return {
        "input_tokens": at(used, "promptTokenCount"),
        "cached_tokens": at(used, "cachedContentTokenCount"),
        "output_tokens": both,
    }


def connect(params: LlmParams) -> Gemini:
    """The client for one question at a time."""
    return Gemini(*arguments(params))


def arguments(params: LlmParams) -> tuple[Preset, str | None, float | None, int]:
    """What the client is made with."""
    chosen = preset(params.model, params.provider)
    return chosen, params.base_url, params.temperature, params.max_tokens
