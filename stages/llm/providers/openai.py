"""The provider `openai`: Chat Completions of OpenAI, Ollama, vLLM or llama.cpp.

The official client sends them.
"""

from typing import Any

from openai import APIConnectionError, APIStatusError, APITimeoutError, AsyncOpenAI, OpenAIError
from openai._types import RequestOptions

from stages.core.http import Failure
from stages.core.reading import at, json_object, shown_model, text_at
from stages.llm.chat import (
    ONLY_A_THOUGHT,
    TOOL_CALL,
    Outcome,
    Reply,
    failed,
    useless,
)
from stages.llm.params import LlmParams
from stages.llm.prices.presets import preset
from stages.llm.prices.tokens import believed
from stages.llm.servers.client import bare_address, http_client, key_header
from stages.llm.servers.connection import known_failure
from stages.llm.servers.dialect import ServerDialect
from stages.llm.servers.keys import account
from stages.llm.servers.listed import ListedModel, listed_models
from stages.llm.servers.refusals import (
    Refusal,
    end_if_bad_key,
    end_if_hopeless,
    error_within,
    failure_from,
)
from stages.llm.task import Task

_NO_REDIRECT: RequestOptions = {"follow_redirects": False}
"""A prompt goes to the server that was named and to no other."""
_SECONDS = 600.0
"""How long the client waits for anything but a connection; attempts have their own limit."""
_OUTCOMES: dict[str, Outcome] = {"length": "truncated", "content_filter": "filtered"}
"""Outcomes by the reason why an answer ended; any other is a refusal or a full answer."""
_OTHER_PROTOCOLS = ("content", "message", "output", "completion", "candidates")
"""Where Anthropic, Ollama's own protocol, OpenAI's Responses and others have their answers."""


class OpenAI:
    """Asks with all that the parameters say, and again without what the server refuses by name.

    The client does not retry.
    """

    provider = "openai"

    def __init__(self, params: LlmParams) -> None:
        chosen = preset(params.needed_model, params.provider)
        self.model, self.max_tokens = chosen.name, params.max_tokens
        self.address, key = params.address, params.key
        self.key, self.settings = key.variable, params.settings
        self.dialect = ServerDialect(self.provider, self.address, self.model, self.settings)
        headers = key_header(self.address, key.value)
        http = http_client(self.address, headers | account(self.address), self.max_tokens)
        self.client = AsyncOpenAI(
            api_key=key.value or "none",
            base_url=bare_address(self.address),
            timeout=_SECONDS,
            max_retries=0,
            http_client=http,
        )

    async def greet(self) -> Failure | list[ListedModel]:
        """Ask for the list of models; any answer will do, unless it says that the key is wrong."""
        try:
            body = await self.client.get("/models", cast_to=str, options=_NO_REDIRECT)
            return listed_models(json_object(body))
        except APIStatusError as error:
            end_if_bad_key(error.status_code, str(error.body), self.key)
            return []
        except (OpenAIError, UnicodeError) as error:
            return self.unreached(error)

    async def reply(self, task: Task) -> Reply:
        """One attempt; a request that the server refuses by name of a part costs nothing."""
        said = await self.dialect.adapted(self._said, task)
        return said if isinstance(said, Reply) else self.refused(said)

    async def close(self) -> None:
        """Close the connections."""
        await self.client.close()

    async def _said(self, task: Task) -> Reply | Refusal:
        """What comes back; `chat.completions.create` would take .5 ms more to check types."""
        try:
            body = await self.client.post(
                "/chat/completions", body=self.request(task), cast_to=str, options=_NO_REDIRECT
            )
            return self.read(json_object(body), task)
        except APIStatusError as error:
            return Refusal(error.status_code, error.body, error.response.headers)
        except (OpenAIError, UnicodeError) as error:
            return failed(self.model, self.unreached(error))

    def read(self, said: Any, task: Task) -> Reply | Refusal:
        """A typed reply, whatever the server sent.

        A body that is not a completion counts as a temporary failure. The text of a refusal is not
        kept: it may repeat the key.
        """
        choice = at(said, "choices", 0)
        for holder in (said, choice):
            if at(holder, "error") and not text_of(at(choice, "message", "content")):
                return error_within(holder)
        if not isinstance(choice, dict):
            if isinstance(said, dict) and any(map(said.get, _OTHER_PROTOCOLS)):
                return useless(self.model, "an answer of another protocol than Chat Completions")
            reason = "no JSON in the answer" if said is None else "no choice in the answer"
            return failed(self.model, Failure(reason=reason, passing=True, billed=True))
        text, refusal = (
            text_of(at(choice, "message", "content")),
            text_at(choice, "message", "refusal"),
        )
        full: Outcome = "refused" if refusal else "answered"
        outcome = _OUTCOMES.get(text_at(choice, "finish_reason"), full)
        figures = {
            "input_tokens": at(said, "usage", "prompt_tokens"),
            "cached_tokens": at(said, "usage", "prompt_tokens_details", "cached_tokens"),
            "cache_write_tokens": at(said, "usage", "prompt_tokens_details", "cache_write_tokens"),
            "output_tokens": at(said, "usage", "completion_tokens"),
        }
        usage = believed(figures, text or refusal, task, self.max_tokens)
        model = shown_model(text_at(said, "model")) or self.model
        if outcome == "answered" and not text.strip() and (fault := _fault(choice.get("message"))):
            return useless(model, fault, usage)
        return Reply(text=text, model=model, outcome=outcome, usage=usage)

    def request(self, task: Task) -> dict[str, Any]:
        """The body of a request."""
        messages = [message.plain() for message in self.dialect.messages(task)]
        body: dict[str, Any] = {"model": self.model, "messages": messages} | self.dialect.kept()
        form, schema = self.dialect.schema(task)
        if form in ("sizes", "schema"):
            named = {"name": task.answer.__name__, "strict": True, "schema": schema}
            body["response_format"] = {"type": "json_schema", "json_schema": named}
        elif form == "object":
            body["response_format"] = {"type": "json_object"}
        return body

    def refused(self, refusal: Refusal) -> Reply:
        """The reply to a refusal; an InputError if no attempt of this run can succeed."""
        if refusal.is_filtered:
            return Reply(text="", model=self.model, outcome="filtered")
        if refusal.code == "json_validate_failed":  # Groq, of what the model wrote
            return useless(self.model, "no JSON of the right form")
        end_if_hopeless(refusal, self.model, self.key)
        failure = failure_from(refusal, self.max_tokens)
        self.dialect.explain(failure)
        return failed(self.model, failure)

    def unreached(self, error: Exception) -> Failure:
        """Why no reply came back."""
        if known := known_failure(error, self.address):
            return known
        if isinstance(error, APITimeoutError):
            return Failure(reason="no answer in time", passing=True, billed=True)
        if isinstance(error, APIConnectionError):
            return Failure(reason="the connection failed", passing=True, billed=True)
        return Failure(reason=type(error).__name__, passing=True, billed=True)


def text_of(content: Any) -> str:
    """The text of a message's content, which may be in parts: thoughts are not part of it.

    Mistral's Magistral: [{"type": "thinking", …}, {"type": "text", "text": …}].
    """
    parts = content if isinstance(content, list) else [content]
    return "".join(
        text_at([part], 0)
        or (text_at(part, "text") if at(part, "type") in (None, "text", "output_text") else "")
        for part in parts
    )


def _fault(message: Any) -> str | None:
    """Why a message without a text is no answer; None if it is merely empty."""
    if at(message, "tool_calls") or at(message, "function_call"):
        return TOOL_CALL
    thinks = at(message, "reasoning_content") or at(message, "reasoning")
    if thinks or isinstance(at(message, "content"), list):
        return ONLY_A_THOUGHT
    return None


def connect(params: LlmParams) -> OpenAI:
    """The client for one question at a time."""
    return OpenAI(params)
