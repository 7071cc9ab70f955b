"""The provider `rerank`: `/v1/rerank` as vLLM and llama.cpp serve it.

A reranker reads a query and documents and gives each document a score, so it only answers tasks
that have a `relevance`. vLLM: docs.vllm.ai, "Rerank API"; llama.cpp: tools/server/README.md,
"POST /v1/rerank" (2026-11-28).
"""

import math
from typing import Any

import httpx2

from stages.core.addresses import shown_address
from stages.core.errors import InputError
from stages.core.http import Failure
from stages.core.reading import at, json_object, shown_model, text_at
from stages.llm.chat import Reply, Settings, failed
from stages.llm.params import LlmParams
from stages.llm.prices.tokens import believed
from stages.llm.servers.client import bare_address, http_client, key_header
from stages.llm.servers.connection import known_failure
from stages.llm.servers.listed import ListedModel, listed_models
from stages.llm.servers.refusals import (
    Refusal,
    end_if_bad_key,
    end_if_hopeless,
    error_within,
    failure_from,
)
from stages.llm.task import Relevance, Task

_FORM = 1
"""Part of every cache key; a new way to write queries or documents needs a new number."""
_LONGER = (
    "start the server with a longer context and batch, such as llama-server -c 8192 -ub 2048, or "
    "lower rerank.titles"
)
_NONE = (
    "the server at {address} serves no reranker (HTTP {status}); start it with one, such as "
    "llama-server --rerank, or check llm.judge.base_url"
)
_NO_MODEL = (
    "the server at {address} does not know the reranker {model} (HTTP {status}); check "
    "llm.judge.model"
)


class Reranker:
    """Asks for the relevance of every document at once."""

    provider = "rerank"

    def __init__(self, params: LlmParams) -> None:
        assert params.judge, "`connect` is for parameters about judging"
        self.model, self.address = params.judge.model, params.address
        self.scores, key = params.judge.scores, params.key
        self.settings: Settings = {"scores": self.scores, "form": _FORM}
        self.key = key.variable
        headers = key_header(self.address, key.value)
        self.http = http_client(self.address, headers, params.max_tokens)
        self.url = bare_address(self.address).rstrip("/")

    async def reply(self, task: Task) -> Reply:
        if task.relevance is None:
            raise InputError(f"llm.judge.provider is rerank, which cannot answer a {task.kind}")
        asked = task.relevance(task.payload)
        body = {"model": self.model, "query": asked.query, "documents": list(asked.documents)}
        try:
            response = await self.http.post(f"{self.url}/rerank", json=body)
        except httpx2.HTTPError as error:
            return failed(self.model, self.unreached(error))
        said = json_object(response.text)
        if response.is_success:
            return self.read(said, task, asked)
        return self.refused(Refusal(response.status_code, said, response.headers))

    def refused(self, refusal: Refusal) -> Reply:
        """The reply to a refusal; an InputError if no attempt of this run can succeed."""
        if refusal.status in (404, 405, 501):
            sentence = _NO_MODEL if refusal.param == "model" else _NONE
            raise InputError(
                sentence.format(
                    address=shown_address(self.address), status=refusal.status, model=self.model
                )
            )
        end_if_hopeless(refusal, self.model, self.key)
        failure = failure_from(refusal, 0)
        if refusal.is_too_long:
            failure = failure.model_copy(update={"cure": _LONGER})
        return failed(self.model, failure)

    def read(self, said: Any, task: Task, asked: Relevance) -> Reply:
        """The scores as the task's answer; one that misses or repeats a document is invalid."""
        if said is None:
            nothing = Failure(reason="no JSON in the answer", passing=True, billed=True)
            return failed(self.model, nothing)
        if at(said, "error"):
            return self.refused(error_within(said))
        model = shown_model(text_at(said, "model")) or self.model
        results = at(said, "results")
        pairs = [
            (at(result, "index"), at(result, "relevance_score"))
            for result in (results if isinstance(results, list) else ())
        ]
        figures = {"input_tokens": at(said, "usage", "prompt_tokens")}
        usage = believed(figures, "", task, 0)
        scores = dict(pair for pair in pairs if type(pair[0]) is int and _is_score(pair[1]))
        if sorted(scores) != list(range(len(asked.documents))) or len(scores) != len(pairs):
            return Reply(text="", model=model, outcome="invalid", usage=usage)
        ordered = [self.probability(float(scores[place])) for place in range(len(scores))]
        text = asked.answer(ordered).model_dump_json()
        return Reply(text=text, model=model, usage=usage)

    def probability(self, score: float) -> float:
        """A score as 0 … 1."""
        if self.scores == "logits":
            return 1 / (1 + math.exp(-max(score, -700.0)))
        if not 0 <= score <= 1:
            raise InputError(
                f"the reranker {self.model} gives the relevance {score:g}, which is no "
                "probability; set llm.judge.scores to logits"
            )
        return score

    async def greet(self) -> Failure | list[ListedModel]:
        """Ask for the list of models; any answer will do, unless it says that the key is wrong."""
        try:
            response = await self.http.get(f"{self.url}/models")
        except httpx2.HTTPError as error:
            return self.unreached(error)
        end_if_bad_key(response.status_code, response.text, self.key)
        return listed_models(json_object(response.text))

    def unreached(self, error: Exception) -> Failure:
        """Why no reply came back."""
        broken = Failure(reason="the connection failed", passing=True, billed=True)
        return known_failure(error, self.address) or broken

    async def close(self) -> None:
        """Close the connections."""
        await self.http.aclose()


def _is_score(value: object) -> bool:
    try:
        return type(value) in (int, float) and math.isfinite(value)  # type: ignore[arg-type]
    except OverflowError:  # a whole number that no float can hold
        return False


def connect(params: LlmParams) -> Reranker:
    """The client of the reranker that `llm.judge` names."""
    return Reranker(params)
