"""What a server refuses and why: read from an error's body, whose words are never passed on.

They may repeat the key or the question. Known codes and names of parameters are passed on.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from stages.core.errors import InputError
from stages.core.http import Failure, Headers, failure_of
from stages.core.reading import at, text_at
from stages.llm.servers.keys import keyless, section_of

_HOPELESS = {
    401: "the server does not accept the key in {key} (HTTP 401); check it, or set {keyless}",
    402: "the account of {key} has no credit for this question (HTTP 402); top it up or lower "
    "llm.max_tokens, then run the same command again: every answer so far is kept",
    403: "the server forbids the use of {model} with the key in {key} (HTTP 403); check both, or "
    "set {keyless}",
    404: "the server does not know the model {model} or the address (HTTP 404); check "
    "{section}.model and {section}.base_url",
}
"""What ends a run: messages for the statuses after which none of its attempts can succeed."""
_NO_KEY = "the server asks for a key (HTTP 401); put it in {key}, or set {keyless}"
NO_QUOTA = (
    "the account of {key} has no quota left (HTTP 429); top it up, then run the same command "
    "again: every answer so far is kept"
)
NO_BATCHES = (
    "the address of {provider} does not offer batches or does not know the model (HTTP 404); set "
    "llm.mode to online"
)
OTHERWISE = Failure(reason="refused in this form", passing=True)
"""Of a question in a batch that goes into the next one, put differently."""
_BAD_KEY = re.compile(r"invalid_api_key|API_KEY_INVALID|(incorrect|invalid) api key", re.IGNORECASE)
_UNPAID = {"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"}
_CODES = _UNPAID | {
    "array_above_max_length",
    "content_filter",
    "content_policy_violation",
    "context_length_exceeded",
    "decimal_above_max_value",
    "decimal_below_min_value",
    "exceed_context_size_error",
    "integer_above_max_value",
    "integer_below_min_value",
    "invalid_json_schema",
    "invalid_prompt",
    "invalid_type",
    "invalid_value",
    "json_validate_failed",
    "missing_required_parameter",
    "model_not_found",
    "string_above_max_length",
    "unknown_parameter",
    "unsupported_parameter",
    "unsupported_value",
}
"""Codes and types of OpenAI, Azure, Groq and llama.cpp that may be shown."""
_FILTERED = {"content_filter", "content_policy_violation", "invalid_prompt"}
_PARAMS = {"max_completion_tokens", "max_tokens", "messages", "model", "reasoning_effort"}
_PARAMS |= {"response_format", "temperature"}
_LOUD, _SILENT = ("param", "loc", "field"), {"input", "ctx", "url", "failed_generation"}
"""Keys of an error's body that are read before the others, and those that repeat the question."""
_LONGEST_WORDS, _DEEPEST = 1000, 8
_TOO_LONG = re.compile(
    r"context.{0,3}(length|size|window)|exceed_context|prompt is too long"
    r"|input .{0,20}is too l(ong|arge)"
    r"|token count .{0,30}exceeds|max_tokens must be at least 1, got -",
    re.IGNORECASE,
)
"""OpenAI, vLLM, llama.cpp, llama-cpp-python, Ollama, Anthropic's and Google's own."""
_CONTEXT = re.compile(r"context.{0,3}(?:length|size|window)[^0-9]{0,20}(\d{2,8})\b", re.IGNORECASE)
_TOO_MUCH = re.compile(
    r"too (large|high|big)|at most|at least|less than|exceed|greater|above|maximum value|must be",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Refusal:
    """A server's answer to a request that it did not carry out."""

    status: int
    body: Any
    headers: Headers = field(default_factory=dict[str, str])
    within: bool = False
    """Whether it came as a full answer, with HTTP 200."""

    @cached_property
    def problem(self) -> Any:
        """The error in the body, however it is wrapped."""
        return at(self.body, "error") or self.body

    @cached_property
    def code(self) -> str:
        """The error's code or type, if it is a known one."""
        names = (text_at(self.problem, "code"), text_at(self.problem, "type"))
        return next((name for name in names if name in _CODES), "")

    @cached_property
    def param(self) -> str:
        """The parameter that it is about, if it is one of ours."""
        name = re.split(r"[.\[]", text_at(self.problem, "param"))[0]
        return name if name in _PARAMS else ""

    @cached_property
    def words(self) -> str:
        """All that it says, names of parameters first; to be searched, never shown."""
        words = ""
        for text in _texts(self.problem, _DEEPEST):
            words += f"{text[:_LONGEST_WORDS]} "
            if len(words) > _LONGEST_WORDS:
                break
        return words[:_LONGEST_WORDS]

    @property
    def is_filtered(self) -> bool:
        """Whether the question itself was found unfit; OpenRouter quotes it."""
        flagged = at(self.problem, "metadata", "flagged_input") is not None
        return flagged or self.code in _FILTERED

    @property
    def is_too_long(self) -> bool:
        """Whether the question and its answer would be longer than the model's context."""
        return self.status == 413 or (
            self.status in (400, 422, 500) and bool(_TOO_LONG.search(self.words))
        )

    @property
    def is_about_amount(self) -> bool:
        """Whether it names a limit that a value exceeds, and not a parameter that is unknown."""
        unknown = self.code in ("unsupported_parameter", "unknown_parameter")
        return not unknown and bool(_TOO_MUCH.search(self.words))

    @property
    def context(self) -> int | None:
        """The length of the model's context, if it is said."""
        said = at(self.problem, "n_ctx")
        if isinstance(said, int) and 1 < said < 10**8:
            return said
        match = _CONTEXT.search(self.words)
        return int(match[1]) if match else None


def error_within(body: Any) -> Refusal:
    """The error that came with HTTP 200, as routers and proxies send it; 500 if it has no number.

    {"error": {"code": 402, "message": …}} is OpenRouter's.
    """
    number = str(at(body, "error", "code") or at(body, "error", "status") or "")
    status = int(number) if re.fullmatch(r"[45]\d\d", number) else 500
    return Refusal(status, body, within=True)


def failure_from(refusal: Refusal, max_tokens: int) -> Failure:
    """Why the request failed and, where a person must mend it, what to set."""
    failure = failure_of(refusal.status, refusal.headers)
    reason = failure.reason
    if refusal.within:
        reason = f"error {refusal.status} in an answer"
    if refusal.code or refusal.param:
        reason += ", " + ": ".join(filter(None, (refusal.code, refusal.param)))
    if refusal.is_too_long:
        most = f" of {refusal.context:,} tokens" if refusal.context else ""
        return Failure(
            reason=f"{reason}: the question and its answer exceed the context{most}",
            passing=False,
            cure=f"lower llm.max_tokens ({max_tokens:,}), profile.liked or the strategy's pool, or "
            "give the server a longer context",
        )
    cure = ""
    if refusal.status in (400, 422) and refusal.is_about_amount and "max_" in refusal.words:
        cure = f"lower llm.max_tokens ({max_tokens:,})"
    return failure.model_copy(update={"reason": reason, "cure": cure})


def end_if_bad_key(status: int, words: str, key: str) -> None:
    """Raise an InputError if this answer to a question about nothing says that the key is wrong.

    A 401 or 403 alone does not: a key may be good for questions and not for the list of models.
    """
    if status in (400, 401, 403) and _BAD_KEY.search(words):
        raise InputError(_HOPELESS[401].format(key=key, keyless=keyless(key))) from None


def end_if_hopeless(refusal: Refusal, model: str, key: str) -> None:
    """Raise an InputError if no attempt of this run can succeed; `key` names a variable."""
    if refusal.code in _UNPAID and refusal.status != 402:
        raise InputError(NO_QUOTA.format(key=key)) from None
    status = refusal.status
    if status == 400 and refusal.code == "model_not_found":
        status = 404
    elif status == 400 and "API_KEY_INVALID" in refusal.words:
        status = 401
    if status == 401 and not os.environ.get(key):
        raise InputError(_NO_KEY.format(key=key, keyless=keyless(key))) from None
    if status in _HOPELESS:
        names = {"model": model, "key": key, "keyless": keyless(key), "section": section_of(key)}
        raise InputError(_HOPELESS[status].format(**names)) from None


def _texts(value: Any, depth: int) -> Iterator[str]:
    """The texts in an error's body, in the order of their weight."""
    if isinstance(value, str):
        yield value
    elif depth and isinstance(value, list):
        for part in value:
            yield from _texts(part, depth - 1)
    elif depth and isinstance(value, dict):
        for key in sorted(value, key=lambda key: key not in _LOUD):
            if key not in _SILENT:
                yield from _texts(value[key], depth - 1)
