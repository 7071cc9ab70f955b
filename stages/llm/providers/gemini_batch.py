"""Gemini's batches: requests go out in the call that creates one, answers come in its status."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from google.genai import errors
from google.genai.types import BatchJob, InlinedRequest, JobState

from stages.core.errors import E2epError, InputError
from stages.core.http import Failure
from stages.core.reading import at, shown_name, text_at
from stages.llm.batch.service import BatchStatus, Limits, ServiceError
from stages.llm.chat import Reply, failed
from stages.llm.params import LlmParams
from stages.llm.providers.gemini import Gemini
from stages.llm.servers.refusals import NO_BATCHES, OTHERWISE, Refusal
from stages.llm.task import Task

_ENDED = (
    JobState.JOB_STATE_SUCCEEDED,
    JobState.JOB_STATE_PARTIALLY_SUCCEEDED,
    JobState.JOB_STATE_CANCELLED,
    JobState.JOB_STATE_EXPIRED,
)
_HTTP = {1: 408, 2: 500, 3: 400, 4: 504, 5: 404, 7: 403, 8: 429, 10: 409, 13: 500, 14: 503, 16: 401}
"""The HTTP status of each gRPC code that an answer may carry (google/rpc/code.proto)."""
_FAILED = "gemini failed batch {batch}; check llm.model, or set llm.mode to online"
_NO_KEYS = (
    "gemini's batch {batch} does not say which answer belongs to which question, and their order "
    "is not reliable; set llm.mode to online"
)


class GeminiBatches(Gemini):
    """Asks in batches.

    Answers do not keep their order, so each is matched by the cache key in its metadata:
    https://github.com/googleapis/python-genai/issues/1909
    """

    limits = Limits(questions=50_000, bytes=20_000_000 - 100_000)

    def size(self, task: Task) -> int:
        """The size as the client writes it, with escapes for all but ASCII, and some to spare."""
        request = self._inlined("k" * 64, task).model_dump(
            mode="json", by_alias=True, exclude_none=True
        )
        return len(json.dumps(request)) + 100

    async def submit(self, name: str, tasks: Mapping[str, Task]) -> str:
        self.dialect.sent |= dict.fromkeys(tasks, self.dialect.without)
        requests: list[Any] = [self._inlined(key, task) for key, task in tasks.items()]
        with self._failures(NO_BATCHES.format(provider=self.provider)):
            job = await self.client.aio.batches.create(
                model=self.model, src=requests, config={"display_name": name}
            )
        if not job.name:
            raise ServiceError(Failure(reason="no name in the answer", passing=True))
        return job.name

    async def find(self, name: str, since: float) -> str | None:
        with self._failures():
            async for job in await self.client.aio.batches.list(config={"page_size": 100}):
                if job.display_name == name and job.name:
                    return job.name
        return None

    async def status(self, batch: str) -> BatchStatus:
        with self._failures():
            try:
                return self._status_of(await self.client.aio.batches.get(name=batch))
            except errors.APIError as error:
                if error.code == 404:
                    return BatchStatus("ended")
                raise

    def read_line(self, line: Any, task: Task) -> Reply:
        code = at(line, "error", "code")
        if isinstance(code, int):
            status = _HTTP.get(code, code if code >= 400 else 500)
            said: Reply | Refusal = Refusal(status, at(line, "error"))
        else:
            said = self.read(at(line, "response"), task)
        if isinstance(said, Reply):
            return said
        sent = self.dialect.sent.get(text_at(line, "metadata", "key"), frozenset())
        otherwise = self.dialect.learn(said, sent, task)
        return failed(self.model, OTHERWISE) if otherwise else self.refused(said)

    def _status_of(self, job: BatchJob) -> BatchStatus:
        if job.state is None:
            raise ServiceError(Failure(reason="no state in the answer", passing=True))
        name = shown_name(job.name or "")
        if job.state == JobState.JOB_STATE_FAILED:
            return BatchStatus("refused", sentence=_FAILED.format(batch=name))
        if job.state not in _ENDED:
            return BatchStatus("waiting")
        answers = (job.dest.inlined_responses if job.dest else None) or []
        lines = {(answer.metadata or {}).get("key", ""): answer for answer in answers}
        if "" in lines:
            return BatchStatus("refused", sentence=_NO_KEYS.format(batch=name))
        return BatchStatus(
            "ended",
            {
                key: line.model_dump(mode="json", by_alias=True, exclude_none=True)
                for key, line in lines.items()
            },
        )

    def _inlined(self, key: str, task: Task) -> InlinedRequest:
        return InlinedRequest(**self.request(task), metadata={"key": key})

    @contextmanager
    def _failures(self, not_found: str = "") -> Iterator[None]:
        """Turn what the client raises into a ServiceError, or a 404 into an InputError if given."""
        try:
            yield
        except (E2epError, ServiceError, TimeoutError):
            raise
        except Exception as error:
            if not_found and isinstance(error, errors.APIError) and error.code == 404:
                raise InputError(not_found) from None
            raise ServiceError(self.failure_in(error)) from None


def connect(params: LlmParams) -> GeminiBatches:
    """The client for batches."""
    return GeminiBatches(params)
