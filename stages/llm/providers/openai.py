"""The provider `openai`: Chat Completions of OpenAI, Ollama, vLLM or llama.cpp.

The official client sends them.
"""

from typing import Any

from openai import APIConnectionError, APIStatusError, APITimeoutError, AsyncOpenAI, OpenAIError
from openai._types import RequestOptions

from stages.core.errors import InputError
from stages.core.http import Failure, Headers, failure_of
from stages.core.reading import at, json_object, name_at, text_at
from stages.llm.chat import Outcome, Reply, Settings, failed
from stages.llm.client import bare_address, http_client
from stages.llm.connection import known_failure
from stages.llm.keys import account
from stages.llm.params import LlmParams
from stages.llm.prices.presets import preset
from stages.llm.prices.tokens import believed
from stages.llm.refusals import NO_QUOTA, end_if_bad_key, end_if_hopeless
from stages.llm.schema import strict_schema
from stages.llm.task import Task

_NO_REDIRECT: RequestOptions = {"follow_redirects": False}
"""A prompt goes to the server that was named and to no other."""
_SECONDS = 600.0
"""How long the client waits for anything but a connection; attempts have their own limit."""
_OUTCOMES: dict[str, Outcome] = {"length": "truncated", "content_filter": "filtered"}
"""Outcomes by the reason why an answer ended; any other is a refusal or a full answer."""


class OpenAI:
    """Asks with a strict JSON schema until the server says that it supports none.

    The client does not retry.
    """

    provider = "openai"

    def __init__(self, params: LlmParams) -> None:
        chosen = preset(params.needed_model, params.provider)
        self.model, self.max_tokens = chosen.name, params.max_tokens
        self.address, key = params.address, params.key
        self.key, self.has_schemas = key.variable, True
        limit = "max_completion_tokens" if chosen.reasoning else "max_tokens"
        self.settings: Settings = {limit: params.max_tokens}
        if params.temperature is not None and not chosen.reasoning:
            self.settings["temperature"] = params.temperature
        headers = {"authorization": f"Bearer {key.value}"} if key.value else {}
        http = http_client(self.address, headers | account(self.address), self.max_tokens)
        self.client = AsyncOpenAI(
            api_key=key.value or "none",
            base_url=bare_address(self.address),
            timeout=_SECONDS,
            max_retries=0,
            http_client=http,
        )

    async def greet(self) -> Failure | None:
        """Ask for the list of models; any answer will do, unless it says that the key is wrong."""
        try:
            await self.client.get("/models", cast_to=str, options=_NO_REDIRECT)
        except APIStatusError as error:
            end_if_bad_key(error.status_code, str(error.body), self.key)
        except (OpenAIError, UnicodeError) as error:
            return self.unreached(error)
        return None

    async def reply(self, task: Task) -> Reply:
        """One attempt; `chat.completions.create` would take .5 ms more to check types."""
        request = self.request(task)
        try:
            body = await self.client.post(
                "/chat/completions", body=request, cast_to=str, options=_NO_REDIRECT
            )
            return self.read(json_object(body), task)
        except APIStatusError as error:
            return self.refused(
                error.status_code, error.body, error.response.headers, "response_format" in request
            )
        except (OpenAIError, UnicodeError) as error:
            return failed(self.model, self.unreached(error))

    async def close(self) -> None:
        """Close the connections."""
        await self.client.close()

    def read(self, said: Any, task: Task) -> Reply:
        """A typed reply, whatever the server sent.

        A body that is not a completion counts as a temporary failure. The text of a refusal is not
        kept: it may repeat the key.
        """
        choice = at(said, "choices", 0)
        if not isinstance(choice, dict):
            reason = "no JSON in the answer" if said is None else "no choice in the answer"
            return failed(self.model, Failure(reason=reason, passing=True, billed=True))
        text, refusal = text_at(choice, "message", "content"), text_at(choice, "message", "refusal")
        full: Outcome = "refused" if refusal else "answered"
        outcome = _OUTCOMES.get(text_at(choice, "finish_reason"), full)
        figures = {
            "input_tokens": at(said, "usage", "prompt_tokens"),
            "cached_tokens": at(said, "usage", "prompt_tokens_details", "cached_tokens"),
            "output_tokens": at(said, "usage", "completion_tokens"),
        }
        usage = believed(figures, text or refusal, task, self.max_tokens)
        model = name_at(said, "model") or self.model
        return Reply(text=text, model=model, outcome=outcome, usage=usage)

    def request(self, task: Task) -> dict[str, Any]:
        """The body of a request."""
        body: dict[str, Any] = {"model": self.model, "messages": task.plain_messages()}
        body |= self.settings
        if self.has_schemas:
            name, schema = task.answer.__name__, strict_schema(task.answer)
            form = {"name": name, "strict": True, "schema": schema}
            body["response_format"] = {"type": "json_schema", "json_schema": form}
        return body

    def refused(
        self, status: int, problem: Any, headers: Headers, with_schema: bool = True
    ) -> Reply:
        """The reply to an error status; an InputError if no attempt of this run can succeed.

        The error's code and text are read but never passed on: they may repeat the key.

        with_schema: whether this request had one; another one may have learned meanwhile that the
        server supports none.
        """
        end_if_hopeless(status, self.model, self.key)
        words, code = str(problem), text_at(problem, "code")
        if code == "insufficient_quota":
            raise InputError(NO_QUOTA.format(key=self.key)) from None
        if code == "content_filter":
            return Reply(text="", model=self.model, outcome="filtered")
        if status == 400 and with_schema and ("response_format" in words or "json_schema" in words):
            self.has_schemas = False
            again = Failure(reason="HTTP 400: no schemas here", passing=True, retry_after=0)
            return failed(self.model, again)
        return failed(self.model, failure_of(status, headers))

    def unreached(self, error: Exception) -> Failure:
        """Why no reply came back."""
        if known := known_failure(error, self.address):
            return known
        if isinstance(error, APITimeoutError):
            return Failure(reason="no answer in time", passing=True, billed=True)
        if isinstance(error, APIConnectionError):
            return Failure(reason="the connection failed", passing=True, billed=True)
        return Failure(reason=type(error).__name__, passing=True, billed=True)


def connect(params: LlmParams) -> OpenAI:
    """The client for one question at a time."""
    return OpenAI(params)
