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

from stages.core.http import Failure
from stages.core.reading import at, json_object, shown_model, text_at
from stages.llm.chat import (
    ONLY_A_THOUGHT,
    TOOL_CALL,
    Outcome,
    Reply,
    Settings,
    failed,
    useless,
)
from stages.llm.params import LlmParams
from stages.llm.prices.presets import preset
from stages.llm.prices.tokens import believed
from stages.llm.servers.client import bare_address, http_client, key_header
from stages.llm.servers.connection import known_failure
from stages.llm.servers.dialect import ServerDialect
from stages.llm.servers.listed import ListedModel, listed_models
from stages.llm.servers.refusals import (
    Refusal,
    end_if_bad_key,
    end_if_hopeless,
    error_within,
    failure_from,
)
from stages.llm.task import Task

_THINKING = ("thinking_level", "thinking_budget")
_ALL_MODELS = 1000
"""The most that a page of Google's list of models can hold."""
_VERSION = "v1"
"""Stable, with all that is asked for here (ai.google.dev, "API versions", 2026-11-28); google-genai
takes another one by its own version or by GOOGLE_GENAI_API_VERSION."""
_DELAY = re.compile(r"'retryDelay': '(\d{1,9}(?:\.\d+)?)s'")
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
        self.address, key = params.address, params.key
        self.key = key.variable
        self.dialect = ServerDialect(self.provider, self.address, self.model, self.settings)
        headers = key_header(self.address, key.value, "x-goog-api-key")
        self.http = http_client(self.address, headers, self.max_tokens)
        options = HttpOptions(
            base_url=bare_address(self.address),
            api_version=_VERSION,
            retry_options=HttpRetryOptions(attempts=1),
            httpx_async_client=self.http,
        )
        self.client = Client(api_key=key.value or "none", http_options=options, vertexai=False)

    async def reply(self, task: Task) -> Reply:
        """One attempt; a request that the server refuses by name of a part costs nothing."""
        said = await self.dialect.adapted(self._said, task)
        return said if isinstance(said, Reply) else self.refused(said)

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
            end_if_bad_key(error.code, str(error.details), self.key)
            return []
        except Exception as error:
            return self.failure_in(error)

    async def _said(self, task: Task) -> Reply | Refusal:
        try:
            raw = await self.client.aio.models.generate_content(**self.request(task))
            http = raw.sdk_http_response
            return self.read(json_object((http.body if http else "") or ""), task)
        except errors.APIError as error:
            return refusal_in(error)
        except Exception as error:
            return failed(self.model, self.failure_in(error))

    def read(self, said: Any, task: Task) -> Reply | Refusal:
        """A typed reply, whatever the server sent.

        A body without a candidate was filtered, or counts as a temporary failure.
        """
        if not isinstance(said, dict):
            nothing = Failure(reason="no JSON in the answer", passing=True, billed=True)
            return failed(self.model, nothing)
        if said.get("error"):
            return error_within(said)
        candidate = at(said, "candidates", 0)
        model = shown_model(text_at(said, "modelVersion")) or self.model
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
        is_said = any(at(part, "text") is not None and not at(part, "thought") for part in spoken)
        if outcome == "answered" and spoken and not is_said:
            is_call = any(at(part, "functionCall") for part in spoken)
            return useless(model, TOOL_CALL if is_call else ONLY_A_THOUGHT, usage)
        return Reply(text=text, model=model, outcome=outcome, usage=usage)

    def request(self, task: Task) -> dict[str, Any]:
        """The arguments of the client's generate_content."""
        turns, settings = self.dialect.messages(task), self.dialect.kept()
        system = turns.pop(0).content if turns[0].role == "system" else None
        roles = {"user": "user", "assistant": "model"}
        contents = [{"role": roles[turn.role], "parts": [{"text": turn.content}]} for turn in turns]
        form, schema = self.dialect.schema(task)
        thinking = {name: settings.pop(name) for name in _THINKING if name in settings}
        config = GenerateContentConfig(
            **settings,  # type: ignore[arg-type]
            system_instruction=system,
            thinking_config=ThinkingConfig.model_validate(thinking) if thinking else None,
            response_mime_type=None if form == "words" else "application/json",
            response_json_schema=schema if form in ("sizes", "schema") else None,
            automatic_function_calling=AutomaticFunctionCallingConfig(disable=True),
            should_return_http_response=True,
        )
        return {"model": self.model, "contents": contents, "config": config}

    def refused(self, refusal: Refusal) -> Reply:
        """The reply to a refusal; an InputError if no attempt of this run can succeed."""
        if refusal.is_filtered:
            return Reply(text="", model=self.model, outcome="filtered")
        return failed(self.model, self.failure_of(refusal))

    def failure_in(self, error: Exception) -> Failure:
        """Why a call failed; an InputError if no attempt of this run can succeed.

        The text of the body is read but never passed on: it may repeat the key.
        """
        if not isinstance(error, errors.APIError):
            reason = f"the connection failed ({type(error).__name__})"
            broken = Failure(reason=reason, passing=True, billed=True)
            return known_failure(error, self.address) or broken
        return self.failure_of(refusal_in(error))

    def failure_of(self, refusal: Refusal) -> Failure:
        """What a refusal stands for; an InputError if no attempt of this run can succeed."""
        end_if_hopeless(refusal, self.model, self.key)
        failure = failure_from(refusal, self.max_tokens)
        self.dialect.explain(failure)
        delay = _DELAY.search(str(refusal.body))
        if delay and failure.passing and failure.retry_after is None:
            failure = failure.model_copy(update={"retry_after": float(delay[1]) or None})
        return failure


def refusal_in(error: errors.APIError) -> Refusal:
    """The server's answer in an error of the client."""
    headers = getattr(error.response, "headers", None) or {}
    return Refusal(error.code, error.details, headers)


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
