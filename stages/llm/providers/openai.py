"""The provider `openai`: Chat Completions of OpenAI, Ollama, vLLM or llama.cpp, by the official client."""

from collections.abc import Mapping
from typing import Any

from openai import APIConnectionError, APIStatusError, APITimeoutError, AsyncOpenAI, OpenAIError
from openai._types import RequestOptions

from stages.core.errors import InputError
from stages.llm.chat import Fault, Outcome, Reply, Settings, failed
from stages.llm.faults import NO_QUOTA, end_if_hopeless, fault_of
from stages.llm.keys import key_from
from stages.llm.params import LlmParams
from stages.llm.prices.presets import Preset, preset
from stages.llm.prices.tokens import believed
from stages.llm.reading import at, json_object, name_at, text_at
from stages.llm.schema import strict_schema
from stages.llm.task import Task

NO_REDIRECT: RequestOptions = {"follow_redirects": False}
"""A prompt goes to the server that was named and to no other."""
HOME = "https://api.openai.com/v1"
KEY = "OPENAI_API_KEY"
ENDS: dict[str, Outcome] = {"length": "truncated", "content_filter": "filtered"}


class OpenAI:
    """Asks with a strict JSON schema, until the server says that it knows none. Retrying is not the client's task."""

    provider = "openai"

    def __init__(
        self,
        preset: Preset,
        base_url: str | None,
        temperature: float | None,
        max_tokens: int,
        key: str = KEY,
    ) -> None:
        address = base_url or preset.base_url or HOME
        self.model, self.max_tokens, self.key, self.has_schemas = preset.name, max_tokens, key, True
        limit = "max_completion_tokens" if preset.reasoning else "max_tokens"
        warmth = {} if preset.reasoning or temperature is None else {"temperature": temperature}
        self.settings: Settings = {limit: max_tokens, **warmth}
        self.client = AsyncOpenAI(
            api_key=key_from(key, base_url=address), base_url=address, max_retries=0
        )

    async def reply(self, task: Task) -> Reply:
        """The path is named, for `chat.completions.create` walks each body through all its types, half a millisecond."""
        request = self.request(task)
        try:
            body = await self.client.post(
                "/chat/completions", body=request, cast_to=str, options=NO_REDIRECT
            )
            return self.read(json_object(body), task)
        except APIStatusError as error:
            return self.refused(
                error.status_code, error.body, error.response.headers, "response_format" in request
            )
        except (OpenAIError, UnicodeError) as error:
            return failed(self.model, unreached(error))

    async def close(self) -> None:
        """Close the connections."""
        await self.client.close()

    def read(self, said: Any, task: Task) -> Reply:
        """A typed reply from whatever the server sent; a body that is no completion counts as a passing fault.

        The words of a refusal are not kept: they may repeat the key.
        """
        choice = at(said, "choices", 0)
        if not isinstance(choice, dict):
            reason = "no JSON in the answer" if said is None else "no choice in the answer"
            return failed(self.model, Fault(reason=reason, passing=True, billed=True))
        text, refusal = text_at(choice, "message", "content"), text_at(choice, "message", "refusal")
        outcome: Outcome = ENDS.get(
            text_at(choice, "finish_reason"), "refused" if refusal else "answered"
        )
        figures = {
            "input_tokens": at(said, "usage", "prompt_tokens"),
            "cached_tokens": at(said, "usage", "prompt_tokens_details", "cached_tokens"),
            "output_tokens": at(said, "usage", "completion_tokens"),
        }
        usage = believed(figures, text or refusal, task, self.max_tokens)
        return Reply(
            text=text, model=name_at(said, "model") or self.model, outcome=outcome, usage=usage
        )

    def request(self, task: Task) -> dict[str, Any]:
        """The body of a completion's request."""
        messages = [
            {"role": message.role, "content": message.content} for message in task.messages()
        ]
        schema = {
            "name": task.answer.__name__,
            "strict": True,
            "schema": strict_schema(task.answer),
        }
        form = (
            {"response_format": {"type": "json_schema", "json_schema": schema}}
            if self.has_schemas
            else {}
        )
        return {"model": self.model, "messages": messages, **self.settings, **form}

    def refused(
        self, status: int, problem: Any, headers: Mapping[str, str], with_schema: bool = True
    ) -> Reply:
        """The reply to a status that is no success; an InputError where no attempt of this run can succeed.

        with_schema: whether this request had one; others may have learned meanwhile that the server knows none.
        The problem's code and words steer, and go nowhere else: they may repeat the key.
        """
        end_if_hopeless(status, self.model, self.key)
        words, code = str(problem), text_at(problem, "code")
        if code == "insufficient_quota":
            raise InputError(NO_QUOTA.format(key=self.key)) from None
        if code == "content_filter":
            return Reply(text="", model=self.model, outcome="filtered")
        if status == 400 and with_schema and ("response_format" in words or "json_schema" in words):
            self.has_schemas = False
            return failed(
                self.model, Fault(reason="HTTP 400: no schemas here", passing=True, retry_after=0)
            )
        return failed(self.model, fault_of(status, headers))


def unreached(error: Exception) -> Fault:
    """Why nothing came back."""
    if isinstance(error, APITimeoutError):
        return Fault(reason="no answer in time", passing=True, billed=True)
    if isinstance(error, APIConnectionError):
        sent = type(error.__cause__).__name__ != "ConnectError"
        return Fault(reason="the connection failed", passing=True, billed=sent)
    return Fault(reason=type(error).__name__, passing=True, billed=True)


def connect(params: LlmParams) -> OpenAI:
    """The client for one question at a time."""
    return OpenAI(*arguments(params))


def arguments(params: LlmParams) -> tuple[Preset, str | None, float | None, int, str]:
    """What the client is made with."""
    chosen = preset(params.model, params.provider)
    return chosen, params.base_url, params.temperature, params.max_tokens, params.openai_key
