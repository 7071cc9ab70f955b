"""OpenAI's Batch API: a JSONL file of requests goes up, files of results and errors come down."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from openai import APIStatusError, NotFoundError, OpenAIError
from openai.types import Batch

from stages.core.errors import InputError
from stages.core.http import Failure
from stages.core.reading import at, json_object, shown_name, text_at
from stages.llm.batch.service import BatchStatus, Limits, ServiceError
from stages.llm.chat import Reply, failed
from stages.llm.params import LlmParams
from stages.llm.providers.openai import OpenAI
from stages.llm.servers.refusals import NO_BATCHES, NO_QUOTA, OTHERWISE, Refusal
from stages.llm.task import Task

_ENDPOINT: Final = "/v1/chat/completions"
_CODE = re.compile(r"[a-z_]{1,40}")
_CROWDED = ("token_limit_exceeded", "too_many_batches", "rate_limit_exceeded")
_NO_MONEY = ("insufficient_quota", "billing_hard_limit_reached")
_NO_CODE = "no reason given"
_EARLY = 3600.0
"""By how many seconds the server's clock may lag behind ours."""


class OpenAIBatches(OpenAI):
    """Asks in batches; a line carries its question's cache key, a batch its name as metadata."""

    limits = Limits(questions=50_000, bytes=200_000_000)

    def size(self, task: Task) -> int:
        return len(self._line("k" * 64, task))

    async def submit(self, name: str, tasks: Mapping[str, Task]) -> str:
        content = b"".join(self._line(key, task) for key, task in tasks.items())
        self.dialect.sent |= dict.fromkeys(tasks, self.dialect.without)
        with self._failures(NO_BATCHES.format(provider=self.provider)):
            file = await self.client.files.create(file=(f"{name}.jsonl", content), purpose="batch")
            batch = await self.client.batches.create(
                input_file_id=file.id,
                endpoint=_ENDPOINT,
                completion_window="24h",
                metadata={"name": name},
            )
            return _needed(batch, "id")

    async def find(self, name: str, since: float) -> str | None:
        with self._failures():
            async for batch in self.client.batches.list(limit=100):
                if (batch.metadata or {}).get("name") == name:
                    return batch.id
                if batch.created_at < since - _EARLY:
                    return None
        return None

    async def status(self, batch: str) -> BatchStatus:
        with self._failures():
            try:
                return await self._status_of(await self.client.batches.retrieve(batch))
            except NotFoundError:
                return BatchStatus("ended")

    def read_line(self, line: Any, task: Task) -> Reply:
        status = at(line, "response", "status_code")
        if not isinstance(status, int):
            reason = f"batch: {_code(at(line, 'error'))}"
            return failed(self.model, Failure(reason=reason, passing=True))
        body, key = at(line, "response", "body"), text_at(line, "custom_id")
        said = self.read(body, task) if status == 200 else Refusal(status, body)
        if isinstance(said, Reply):
            return said
        otherwise = self.dialect.learn(said, self.dialect.sent.get(key, frozenset()), task)
        return failed(self.model, OTHERWISE) if otherwise else self.refused(said)

    async def _status_of(self, batch: Batch) -> BatchStatus:
        if batch.status in ("completed", "expired", "cancelled"):
            results = await self._lines(batch.output_file_id)
            return BatchStatus("ended", results | await self._lines(batch.error_file_id))
        if batch.status != "failed":
            return BatchStatus("waiting")
        problems = at(batch.to_dict(), "errors", "data")
        codes = [_code(problem) for problem in problems] if isinstance(problems, list) else []
        if any(code in _NO_MONEY for code in codes):
            return BatchStatus("refused", sentence=NO_QUOTA.format(key=self.key))
        if any(code in _CROWDED for code in codes):
            return BatchStatus("crowded")
        why = codes[0] if codes else _NO_CODE
        return BatchStatus(
            "refused",
            sentence=f"openai refuses batch {shown_name(batch.id)} ({why}); check llm.model, or "
            "set llm.mode to online",
        )

    async def _lines(self, file: str | None) -> dict[str, Any]:
        """The lines of a file of results, by key; empty if there is no file."""
        if not file:
            return {}
        content = await self.client.files.content(file)
        lines = (json_object(line) for line in content.content.decode(errors="replace").split("\n"))
        return {text_at(line, "custom_id"): line for line in lines if line}

    def _line(self, key: str, task: Task) -> bytes:
        line = {"custom_id": key, "method": "POST", "url": _ENDPOINT, "body": self.request(task)}
        return json.dumps(line, ensure_ascii=False).encode() + b"\n"

    @contextmanager
    def _failures(self, not_found: str = "") -> Iterator[None]:
        """Turn what the client raises into a ServiceError, or a 404 into an InputError if given."""
        try:
            yield
        except APIStatusError as error:
            if error.status_code == 404 and not_found:
                raise InputError(not_found) from None
            refusal = Refusal(error.status_code, error.body, error.response.headers)
            failure = self.refused(refusal).failure or Failure(reason="HTTP 400", passing=False)
            raise ServiceError(failure) from None
        except (OpenAIError, UnicodeError) as error:
            raise ServiceError(self.unreached(error)) from None
        except (ValueError, TypeError, AttributeError):
            raise ServiceError(Failure(reason="no batch in the answer", passing=True)) from None


def _needed(batch: Any, name: str) -> str:
    """A field that is required, or a ValueError."""
    value = getattr(batch, name)
    if not isinstance(value, str) or not value:
        raise ValueError(name)
    return value


def _code(problem: Any) -> str:
    """The error's code, if it is one word: anything longer may repeat the key."""
    code = text_at(problem, "code")
    return code if _CODE.fullmatch(code) else _NO_CODE


def connect(params: LlmParams) -> OpenAIBatches:
    """The client for batches."""
    return OpenAIBatches(params)
