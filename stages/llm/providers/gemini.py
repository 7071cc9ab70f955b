"""The provider `gemini`: generateContent of Google's Gemini API, with the official client."""

import re
from typing import Any

import httpx2
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
from stages.llm.connection import CONNECT_SECONDS, absence
from stages.llm.keys import key_from
from stages.llm.listed import ListedModel, listed_models
from stages.llm.params import LlmParams
from stages.llm.prices.presets import preset
from stages.llm.prices.tokens import believed
from stages.llm.refusals import end_if_bad_key, end_if_hopeless
from stages.llm.schema import strict_schema
from stages.llm.task import Task

_KEY = "GEMINI_API_KEY"
_THINKING = ("thinking_level", "thinking_budget")
_ALL_MODELS = 1000
"""The most that a page of Google's list of models can hold."""
_HOME = "https://generativelanguage.googleapis.com"
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
        self.settings: Settings = params.settings
        key = key_from(_KEY, "GOOGLE_API_KEY", base_url=params.base_url)
        self.address = params.base_url or _HOME
        self.http = httpx2.AsyncClient(timeout=None, event_hooks={"request": [_connect_soon]})
        options = HttpOptions(
            base_url=params.base_url,
            api_version=_VERSION,
            retry_options=HttpRetryOptions(attempts=1),
            httpx_async_client=self.http,
        )
        self.client = Client(api_key=key, http_options=options, vertexai=False)

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

    async def greet(self) -> Failure | list[ListedModel]:
        """Ask for the list of models; any answer will do, unless it says that the key is wrong."""
        try:
            pager = await self.client.aio.models.list(config={"page_size": _ALL_MODELS})
            named = [{"name": model.name} for model in pager.page]
            return listed_models({"models": named})
        except errors.APIError as error:
            end_if_bad_key(error.code, str(error.details), _KEY)
            return []
        except Exception as error:
            return self.failure_in(error)

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
        ours = dict(self.settings)
        thinking = {name: ours.pop(name) for name in _THINKING if name in ours}
        config = GenerateContentConfig(
            **ours,  # type: ignore[arg-type]
            system_instruction=system.content,
            thinking_config=ThinkingConfig.model_validate(thinking) if thinking else None,
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
            return absence(error, self.address) or broken
        words = str(error.details)
        status = 401 if "API_KEY_INVALID" in words else error.code
        failure = self.failure_of(status, getattr(error.response, "headers", None))
        delay = _DELAY.search(words)
        if delay and failure.passing and failure.retry_after is None:
            failure = failure.model_copy(update={"retry_after": float(delay[1])})
        return failure

    def failure_of(self, status: int, headers: Headers | None = None) -> Failure:
        """What an HTTP status stands for; an InputError if no attempt of this run can succeed."""
        end_if_hopeless(status, self.model, _KEY)
        return failure_of(status, headers or {})


async def _connect_soon(request: httpx2.Request) -> None:
    """Limit the time for a connection, which the client's own options cannot."""
    request.extensions["timeout"]["connect"] = CONNECT_SECONDS


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
