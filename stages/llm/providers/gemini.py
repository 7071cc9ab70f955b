"""The provider `gemini`: generateContent of Google's Gemini API, with the official client."""

import re
from typing import Any

from google.genai import Client, errors
from google.genai.types import (
    AutomaticFunctionCallingConfig,
    GenerateContentConfig,
    HttpOptions,
    HttpRetryOptions,
    ThinkingConfig,
)

from stages.core.http import Failure, Headers, failure_of
from stages.core.reading import at, json_object, name_at, text_at
from stages.llm.chat import Outcome, Reply, Settings, failed
from stages.llm.client import bare_address, http_client
from stages.llm.connection import known_failure
from stages.llm.params import LlmParams
from stages.llm.prices.presets import preset
from stages.llm.prices.tokens import believed
from stages.llm.refusals import end_if_bad_key, end_if_hopeless
from stages.llm.schema import strict_schema
from stages.llm.task import Task

_VERSION = "v1"
"""Stable, with all that is asked for here (ai.google.dev, "API versions", 2026-11-28); google-genai
takes another one by its own version or by GOOGLE_GENAI_API_VERSION."""
_DELAY = re.compile(r"'retryDelay': '(\d+(?:\.\d+)?)s'")
_OUTCOMES: dict[str, Outcome] = {
    "MAX_TOKENS": "truncated",
    **dict.fromkeys(
        ("SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII"), "filtered"
    ),
}
"""Outcomes by the reason why an answer ended; any other reason means a full answer."""


class Gemini:
    """Asks with a JSON schema; the client neither retries nor parses, and follows no redirect."""

    provider = "gemini"

    def __init__(self, params: LlmParams) -> None:
        chosen = preset(params.needed_model, params.provider)
        self.model, self.max_tokens = chosen.name, params.max_tokens
        self.settings: Settings = {"max_tokens": params.max_tokens}
        if params.temperature is not None:
            self.settings["temperature"] = params.temperature
        if chosen.thinks is not None:
            self.settings["thinking_budget"] = chosen.thinks
        self.address, key = params.address, params.key
        self.key = key.variable
        headers = {"x-goog-api-key": key.value} if key.value else {}
        self.http = http_client(self.address, headers, self.max_tokens)
        options = HttpOptions(
            base_url=bare_address(self.address),
            api_version=_VERSION,
            retry_options=HttpRetryOptions(attempts=1),
            httpx_async_client=self.http,
        )
        self.client = Client(api_key=key.value or "none", http_options=options, vertexai=False)

    async def reply(self, task: Task) -> Reply:
        try:
            raw = await self.client.aio.models.generate_content(**self.request(task))
            http = raw.sdk_http_response
            return self.read(json_object((http.body if http else "") or ""), task)
        except Exception as error:
            return failed(self.model, self.failure_in(error))

    async def close(self) -> None:
        """Close the connections."""
        await self.client.aio.aclose()
        await self.http.aclose()

    async def greet(self) -> Failure | None:
        """Ask for the list of models; any answer will do, unless it says that the key is wrong."""
        try:
            await self.client.aio.models.list(config={"page_size": 1})
        except errors.APIError as error:
            end_if_bad_key(error.code, str(error.details), self.key)
        except Exception as error:
            return self.failure_in(error)
        return None

    def read(self, said: Any, task: Task) -> Reply:
        """A typed reply, whatever the server sent.

        A body without a candidate was filtered, or counts as a temporary failure.
        """
        if not isinstance(said, dict):
            nothing = Failure(reason="no JSON in the answer", passing=True, billed=True)
            return failed(self.model, nothing)
        candidate, model = at(said, "candidates", 0), name_at(said, "modelVersion") or self.model
        parts = at(candidate, "content", "parts")
        spoken = parts if isinstance(parts, list) else []
        text = "".join(text_at(part, "text") for part in spoken if not at(part, "thought"))
        usage = believed(_figures(at(said, "usageMetadata")), text, task, self.max_tokens)
        if not isinstance(candidate, dict):
            if text_at(said, "promptFeedback", "blockReason"):
                return Reply(text="", model=model, outcome="filtered", usage=usage)
            nothing = Failure(reason="no candidate in the answer", passing=True, billed=True)
            return failed(self.model, nothing)
        outcome = _OUTCOMES.get(text_at(candidate, "finishReason"), "answered")
        return Reply(text=text, model=model, outcome=outcome, usage=usage)

    def request(self, task: Task) -> dict[str, Any]:
        """The arguments of the client's generate_content."""
        system, *turns = task.messages()
        roles = {"user": "user", "assistant": "model"}
        contents = [{"role": roles[turn.role], "parts": [{"text": turn.content}]} for turn in turns]
        thoughts = self.settings.get("thinking_budget")
        thinking = None if thoughts is None else ThinkingConfig(thinking_budget=int(thoughts))
        config = GenerateContentConfig(
            system_instruction=system.content,
            temperature=self.settings.get("temperature"),  # type: ignore[arg-type]
            max_output_tokens=self.max_tokens,
            thinking_config=thinking,
            response_mime_type="application/json",
            response_json_schema=strict_schema(task.answer),
            automatic_function_calling=AutomaticFunctionCallingConfig(disable=True),
            should_return_http_response=True,
        )
        return {"model": self.model, "contents": contents, "config": config}

    def failure_in(self, error: Exception) -> Failure:
        """Why a call failed; an InputError if no attempt of this run can succeed.

        The text of the body is read but never passed on: it may repeat the key.
        """
        if not isinstance(error, errors.APIError):
            reason = f"the connection failed ({type(error).__name__})"
            broken = Failure(reason=reason, passing=True, billed=True)
            return known_failure(error, self.address) or broken
        words = str(error.details)
        status = 401 if "API_KEY_INVALID" in words else error.code
        failure = self.failure_of(status, getattr(error.response, "headers", None))
        delay = _DELAY.search(words)
        if delay and failure.passing and failure.retry_after is None:
            failure = failure.model_copy(update={"retry_after": float(delay[1])})
        return failure

    def failure_of(self, status: int, headers: Headers | None = None) -> Failure:
        """What an HTTP status stands for; an InputError if no attempt of this run can succeed."""
        end_if_hopeless(status, self.model, self.key)
        return failure_of(status, headers or {})


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
    return Gemini(params)
