"""What a server takes of a request, learned from what it refuses by name.

Servers of the same protocol refuse different parts of it, each in words of its own: OpenAI
"Unsupported parameter: 'max_tokens' is not supported with this model", vLLM and Mistral
{"type": "extra_forbidden", "loc": ["body", "max_completion_tokens"]}, Ollama "does not support
thinking" (reasoning_effort), DeepSeek "This response_format type is unavailable now", LM Studio
"'response_format.type' must be 'json_schema' or 'text'", Groq "minItems is not supported",
llama.cpp "failed to parse grammar", transformers "Unexpected keys in the request:
{'response_format'}", Gemma's template "System role not supported", Google "Developer instruction is
not enabled for models/gemma-3-27b-it" (issues of these projects on GitHub, read in November 2026).
"""

import json
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from typing import Any, Literal, get_args

from stages.core.addresses import shown_address
from stages.core.http import Failure
from stages.core.log import aside
from stages.llm.answers.schema import strict_schema
from stages.llm.chat import Reply, Settings
from stages.llm.servers.refusals import Refusal
from stages.llm.store.refused import RefusedParts
from stages.llm.task import Message, Task

Parts = frozenset[str]
"""Parts of a request: names of settings, forms of an answer, or "system"."""
AnswerForm = Literal["sizes", "schema", "object", "words"]
"""How an answer's form is asked for: by a schema with sizes, by one without, as any JSON object
with the schema in words, or in words alone."""

_FORMS: tuple[AnswerForm, ...] = get_args(AnswerForm)
_LIMITS = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}
_REFUSING = (400, 422, 500, 501)
_NAMED = {
    "reasoning_effort": r"reasoning.?effort|think",
    "thinking_budget": r"think",
    "thinking_level": r"think",
}
"""How refusals name a setting, where that is not by its own name."""
_SYSTEM = (
    r"(system|developer).?(role|message|prompt|instruction)|support 'system'|roles must alternate"
)
_FORM = (
    r"response.?(format|mime|(json.?)?schema)|json.?(schema|object|mode)|structured.?output"
    r"|grammar|guided|schema (produces|contains|has)"
)
_SIZES = re.compile(
    r"(min|max)(items|length|imum)|enum|pattern|invalid.{0,9}schema|grammar|complex|too many states"
    r"|schema.{0,9}(contains|produces)",
    re.IGNORECASE,
)
_SAID = {
    "sizes": "sizes and choices in a JSON schema; they are left out",
    "schema": "JSON schema; it is put in words",
    "object": "form of an answer; it is asked for in words",
    "system": "system message; instructions go in front of the first question",
    "max_tokens": "max_tokens; max_completion_tokens takes its place",
    "max_completion_tokens": "max_completion_tokens; max_tokens takes its place",
}
_IN_WORDS = "Answer with one JSON object that fits this schema, and with nothing else:"


class ServerDialect:
    """The parts of a request that a server does without: each is said once, and never sent again.

    `without` only grows, and a refusal is compared with what its own question was sent without. So
    questions under way at the same time learn the same, and none is sent twice in the same way.
    """

    def __init__(self, provider: str, address: str, model: str, settings: Settings) -> None:
        self.provider, self.address, self.settings = provider, shown_address(address), settings
        self._learned, self._explained = RefusedParts(self.address, model), False
        self.without: Parts = self._learned.parts()
        self.sent: dict[str, Parts] = {}
        """In batch mode: what each question, by its cache key, was sent without."""

    async def adapted(
        self, send: Callable[[Task], Awaitable[Reply | Refusal]], task: Task
    ) -> Reply | Refusal:
        """What comes back once the question is sent without what the server refuses by name."""
        while True:
            without = self.without
            said = await send(task)
            if isinstance(said, Reply) or not self.learn(said, without, task):
                return said

    def learn(self, refusal: Refusal, without: Parts, task: Task) -> bool:
        """Whether to send the question again: it was sent with a part that need not be sent."""
        part = self._refused_part(refusal, without, task)
        if part is None:
            return False
        if part not in self.without:
            self.without |= {part}
            self._learned.add(part)
            said = _SAID.get(part, f"{part}; it is left out")
            aside(f"{self.provider}: the server at {self.address} takes no {said}")
        return True

    def explain(self, failure: Failure) -> None:
        """Say once what a person can set so that such a question is answered."""
        if failure.cure and not self._explained:
            self._explained = True
            aside(f"{self.provider}: {failure.reason}; to have this answered, {failure.cure}")

    def kept(self) -> Settings:
        """The settings to send."""
        return {
            _LIMITS[name] if name in self.without else name: value
            for name, value in self.settings.items()
            if name not in self.without or name in _LIMITS
        }

    def schema(self, task: Task) -> tuple[AnswerForm, dict[str, Any]]:
        """How the form of an answer is asked for, and its schema."""
        form = _form(self.without)
        return form, strict_schema(task.answer, lean=form != "sizes")

    def messages(self, task: Task) -> list[Message]:
        """The conversation as this server takes it."""
        system, *turns, last = task.messages()
        form, schema = self.schema(task)
        if form in ("object", "words"):
            words = f"{_IN_WORDS}\n{json.dumps(schema, ensure_ascii=False)}"
            last = replace(last, content=f"{last.content}\n\n{words}")
        if "system" not in self.without:
            return [system, *turns, last]
        first, *others = *turns, last
        return [replace(first, content=f"{system.content}\n\n{first.content}"), *others]

    def _refused_part(self, refusal: Refusal, without: Parts, task: Task) -> str | None:
        """The part that is named first, of those that the question was sent with."""
        if refusal.status not in _REFUSING or refusal.is_too_long:
            return None
        places = {
            match.start(): part
            for part, pattern in self._patterns(refusal, without, task)
            if (match := re.search(pattern, refusal.words, re.IGNORECASE))
        }
        return places[min(places)] if places else None

    def _patterns(self, refusal: Refusal, without: Parts, task: Task) -> Iterator[tuple[str, str]]:
        """The parts that may be left out of what was sent, and how a refusal would name them."""
        for name in self.settings.keys() - without - {"max_output_tokens"}:
            # An answer without any limit could break a budget: one of the names is always sent.
            if name not in _LIMITS or not refusal.is_about_amount:
                yield name, _NAMED.get(name, rf"\b{name.replace('_', '.?')}\b")
        if "system" not in without:
            yield "system", _SYSTEM
        form = _form(without)
        if form == "sizes":
            has_sizes = strict_schema(task.answer) != strict_schema(task.answer, lean=True)
            form = "sizes" if has_sizes and _SIZES.search(refusal.words) else "schema"
        if form != "words":
            yield form, _FORM


def _form(without: Parts) -> AnswerForm:
    """The form after the last that is refused."""
    refused = [place for place, form in enumerate(_FORMS) if form in without]
    return _FORMS[refused[-1] + 1] if refused else _FORMS[0]
