"""OpenAI's Batch API: a JSONL file of requests goes up, files of results and of errors come down."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from openai import APIStatusError, NotFoundError, OpenAIError
from openai.types import Batch

from stages.core.errors import InputError
from stages.llm.batch.service import Limits, Looked, ServiceError
from stages.llm.chat import Fault, Reply, failed
from stages.llm.faults import NO_BATCHES, NO_QUOTA
from stages.llm.params import LlmParams
from stages.llm.providers.openai import OpenAI, arguments, unreached
from stages.llm.reading import at, json_object, text_at
from stages.llm.task import Task

ENDPOINT: Final = "/v1/chat/completions"
CODE = re.compile(r"[a-z_]{1,40}")
CROWDED = ("token_limit_exceeded", "too_many_batches", "rate_limit_exceeded")
NO_MONEY = ("insufficient_quota", "billing_hard_limit_reached")
EARLY = 3600.0
"""Seconds that the server's clock may be behind ours."""


class OpenAIBatches(OpenAI):
    """Asks in batches. A line of a batch names its question by the cache key; a batch is named in its metadata."""

    limits = Limits(questions=50_000, bytes=200_000_000)

    def size(self, task: Task) -> int:
        return len(self._line("k" * 64, task))

    async def submit(self, name: str, tasks: Mapping[str, Task]) -> str:
        content = b"".join(self._line(key, task) for key, task in tasks.items())
        with self._faults(NO_BATCHES.format(provider=self.provider)):
            file = await self.client.files.create(file=(f"{name}.jsonl", content), purpose="batch")
            batch = await self.client.batches.create(
                input_file_id=file.id,
                endpoint=ENDPOINT,
                completion_window="24h",
                metadata={"name": name},
            )
        return _needed(batch, "id")

    async def find(self, name: str, since: float) -> str | None:
        with self._faults():
            async for batch in self.client.batches.list(limit=100):
                if (batch.metadata or {}).get("name") == name:
                    return batch.id
                if batch.created_at < since - EARLY:
                    return None
        return None

    async def look(self, batch: str) -> Looked:
        with self._faults():
            try:
                seen = await self.client.batches.retrieve(batch)
                return await self._looked(seen)
            except NotFoundError:
                return Looked("ended")

    def read_line(self, line: Any, task: Task) -> Reply:
        status = at(line, "response", "status_code")
        if not isinstance(status, int):
            return failed(
                self.model, Fault(reason=f"batch: {_code(at(line, 'error'))}", passing=True)
            )
        body = at(line, "response", "body")
        return (
            self.read(body, task) if status == 200 else self.refused(status, at(body, "error"), {})
        )

    async def _looked(self, seen: Batch) -> Looked:
        if seen.status in ("completed", "expired", "cancelled"):
            return Looked(
                "ended",
                await self._lines(seen.output_file_id) | await self._lines(seen.error_file_id),
            )
        if seen.status != "failed":
            return Looked("waiting")
        problems = at(seen.to_dict(), "errors", "data")
        codes = [_code(problem) for problem in problems] if isinstance(problems, list) else []
        if any(code in NO_MONEY for code in codes):
            return Looked("refused", sentence=NO_QUOTA.format(key=self.key))
        if any(code in CROWDED for code in codes):
            return Looked("crowded")
        return Looked(
            "refused",
            sentence=f"openai refuses batch {seen.id} ({codes[0] if codes else 'no reason said'}); check llm.model, or "
            "set llm.mode to online",
        )

    async def _lines(self, file: str | None) -> dict[str, Any]:
        """The lines of a result file by key; without a file, none."""
        if not file:
            return {}
        content = await self.client.files.content(file)
        lines = (json_object(line) for line in content.content.decode(errors="replace").split("\n"))
        return {text_at(line, "custom_id"): line for line in lines if line}

    def _line(self, key: str, task: Task) -> bytes:
        line = {"custom_id": key, "method": "POST", "url": ENDPOINT, "body": self.request(task)}
        return json.dumps(line, ensure_ascii=False).encode() + b"\n"

    @contextmanager
    def _faults(self, not_found: str = "") -> Iterator[None]:
        """Every failure of the client as a ServiceError; without the address of batches, an InputError."""
        try:
            yield
        except APIStatusError as error:
            if error.status_code == 404 and not_found:
                raise InputError(not_found) from None
            reply = self.refused(error.status_code, error.body, error.response.headers)
            raise ServiceError(reply.fault or Fault(reason="HTTP 400", passing=False)) from None
        except (OpenAIError, UnicodeError) as error:
            raise ServiceError(unreached(error)) from None
        except (ValueError, TypeError, AttributeError):
            raise ServiceError(Fault(reason="no batch in the answer", passing=True)) from None


def _needed(batch: Any, name: str) -> str:
    """A field without which nothing can be done, or a ValueError."""
    value = getattr(batch, name)
    if not isinstance(value, str) or not value:
        raise ValueError(name)
    return value


def _code(problem: Any) -> str:
    """A machine's word for what is wrong; anything longer may repeat the key."""
    code = text_at(problem, "code")
    return code if CODE.fullmatch(code) else "no reason said"


def connect(params: LlmParams) -> OpenAIBatches:
    """The client for batches."""
    return OpenAIBatches(*arguments(params))
