"""A real local HTTP server that takes batches as OpenAI and Gemini do; misbehaves by a plan."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.llm.server import Act, LocalServer, QuietHandler, chat, gemini

SAYS = {"openai": chat, "gemini": gemini}
Answer = Callable[[dict[str, Any]], Any]


def said_by(request: dict[str, Any]) -> str:
    """The last message of a request of either protocol."""
    if "messages" in request:
        return str(request["messages"][-1]["content"])
    return str(request["contents"][-1]["parts"][0]["text"])


def echo(provider: str) -> Callable[[dict[str, Any]], Act]:
    """Each question is answered with its own first item."""
    return lambda request: SAYS[provider](
        json.dumps({"label": json.loads(said_by(request))["items"][0], "score": 1})
    )


@dataclass
class Job:
    """One batch: its requests by key, and how it will end."""

    id: str
    name: str
    requests: dict[str, dict[str, Any]]
    plan: "Plan"
    looks: int = 0


@dataclass(frozen=True)
class Plan:
    """How a batch goes: this many polls while it is under way, then this end.

    `left_out` of its requests get no answer. `cut` ends the connection once the batch exists, after
    `held` seconds; `refusal` is an HTTP answer instead of a batch; `closed` refuses the key in the
    end, `tail` is how the batch's id ends.
    """

    looks: int = 1
    end: str = "completed"
    left_out: int = 0
    codes: tuple[str, ...] = ()
    cut: bool = False
    held: float = 0.0
    refusal: Act | None = None
    keyless: bool = False
    closed: bool = False
    tail: str = ""


@dataclass
class Book:
    """What the server was asked: every question by its last message, and every batch."""

    jobs: list[Job] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    refused: int = 0
    listed: int = 0

    def questions(self) -> list[str]:
        return [
            json.dumps(request, sort_keys=True)
            for job in self.jobs
            for request in job.requests.values()
        ]


class BatchServer(LocalServer):
    """Batches go by the plans in turn, the last for ever; `answer` makes an Act of a body."""

    def __init__(self, answer: Answer, *plans: Plan) -> None:
        self.answer, self.plans, self.book = answer, plans or (Plan(),), Book()
        self.lock = threading.RLock()
        super().__init__(_Handler)

    def next_plan(self) -> Plan:
        return self.plans[min(len(self.book.jobs) + self.book.refused, len(self.plans) - 1)]

    def add(self, name: str, requests: dict[str, dict[str, Any]], plan: Plan) -> Job:
        job = Job(f"{len(self.book.jobs):x}", name, requests, plan)
        self.book.jobs.append(job)
        return job

    def answered(self, job: Job) -> list[tuple[str, Act]]:
        """Keys and answers, last first: no service keeps the order."""
        keys = list(job.requests)[job.plan.left_out :]
        return [(key, self.answer(job.requests[key])) for key in reversed(keys)]


class _Handler(QuietHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: BatchServer

    def do_POST(self) -> None:  # noqa: N802
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        with self.server.lock:
            if self.path.endswith("/files"):
                name = f"file-{len(self.server.book.files)}"
                start = body.index(b'{"custom_id"')
                self.server.book.files[name] = body[start : body.index(b"\r\n--", start)].decode()
                self._say(
                    {
                        "id": name,
                        "object": "file",
                        "bytes": 1,
                        "created_at": 1,
                        "filename": "f",
                        "purpose": "batch",
                    }
                )
                return
            plan = self.server.next_plan()
            if plan.refusal:
                self.server.book.refused += 1
                self._say(plan.refusal.body, plan.refusal.status, plan.refusal.headers)
                return
            job = self._openai_job if self.path.endswith("/batches") else self._gemini_job
            said = job(json.loads(body), plan)
        time.sleep(plan.held)
        if plan.cut:
            self.close_connection = True
            self.connection.close()
            return
        self._say(said)

    def do_GET(self) -> None:  # noqa: N802
        path = urlsplit(self.path)
        with self.server.lock:
            *_, kind, name = ["", *path.path.rstrip("/").split("/")]
            if name == "content":
                self._say(self.server.book.files[kind])
            elif name == "batches":
                self.server.book.listed += 1
                self._say(self._listed("pageSize" in path.query, parse_qs(path.query)))
            else:
                self._look(
                    int(name.removeprefix("batch_").partition("%")[0], 16),
                    not name.startswith("batch_"),
                )

    def _look(self, number: int, is_gemini: bool) -> None:
        if number >= len(self.server.book.jobs):
            self._say({"error": {"message": "no such batch"}}, 404)
            return
        job = self.server.book.jobs[number]
        job.looks += 1
        if job.plan.closed and job.looks > job.plan.looks:
            self._say({"error": {"message": "sk-canary"}}, 401)
            return
        self._say(self._gemini(job) if is_gemini else self._openai(job))

    def _openai_job(self, body: dict[str, Any], plan: Plan) -> dict[str, Any]:
        lines = [
            json.loads(line) for line in self.server.book.files[body["input_file_id"]].splitlines()
        ]
        assert all(line["url"] == body["endpoint"] == "/v1/chat/completions" for line in lines)
        requests = {line["custom_id"]: line["body"] for line in lines}
        return self._openai(self.server.add(body["metadata"]["name"], requests, plan))

    def _openai(self, job: Job) -> dict[str, Any]:
        said: dict[str, Any] = {
            "id": f"batch_{job.id}{job.plan.tail}",
            "object": "batch",
            "endpoint": "/v1/chat/completions",
            "completion_window": "24h",
            "input_file_id": "file-0",
            "created_at": int(time.time()),
            "metadata": {"name": job.name},
            "status": "in_progress",
        }
        if job.looks <= job.plan.looks:
            return said
        if job.plan.end == "failed":
            problems = [{"code": code, "message": "sk-canary"} for code in job.plan.codes]
            return said | {"status": "failed", "errors": {"object": "list", "data": problems}}
        lines: list[dict[str, Any]] = [
            {
                "custom_id": key,
                "response": {"status_code": act.status, "body": act.body},
                "error": None,
            }
            for key, act in self.server.answered(job)
        ]
        good, bad = (
            [line for line in lines if (line["response"]["status_code"] == 200) is right]
            for right in (True, False)
        )
        if job.plan.end != "completed":
            error = {"code": f"batch_{job.plan.end}", "message": "too late"}
            bad += [
                {"custom_id": key, "response": None, "error": error}
                for key in list(job.requests)[: job.plan.left_out]
            ]
        for part, rows in (("output", good), ("error", bad)):
            said[f"{part}_file_id"] = f"{part}-{job.id}" if rows else None
            self.server.book.files[f"{part}-{job.id}"] = "".join(
                json.dumps(row) + "\n" for row in rows
            )
        return said | {"status": job.plan.end}

    def _gemini_job(self, body: dict[str, Any], plan: Plan) -> dict[str, Any]:
        batch = body["batch"]
        requests = {
            one["metadata"]["key"]: one["request"]
            for one in batch["inputConfig"]["requests"]["requests"]
        }
        return self._gemini(self.server.add(batch["displayName"], requests, plan))

    def _gemini(self, job: Job) -> dict[str, Any]:
        ends = {
            "completed": "SUCCEEDED",
            "expired": "EXPIRED",
            "cancelled": "CANCELLED",
            "failed": "FAILED",
        }
        is_over = job.looks > job.plan.looks
        said: dict[str, Any] = {
            "displayName": job.name,
            "state": "BATCH_STATE_RUNNING",
            "model": "models/m",
        }
        if is_over:
            said["state"] = f"BATCH_STATE_{ends[job.plan.end]}"
            lines = [
                {"metadata": {"key": key}}
                | (
                    {"response": act.body}
                    if act.status == 200
                    else {
                        "error": {"message": "sk-canary"} | (act.body or {}) | {"code": act.status}
                    }
                )
                for key, act in self.server.answered(job)
            ]
            lines = [
                {k: v for k, v in line.items() if k != "metadata" or not job.plan.keyless}
                for line in lines
            ]
            said["output"] = {"inlinedResponses": {"inlinedResponses": lines}}
        return {"name": f"batches/{job.id}{job.plan.tail}", "metadata": said, "done": is_over}

    def _listed(self, is_gemini: bool, query: dict[str, list[str]]) -> dict[str, Any]:
        """Two a page, the newest first."""
        jobs = self.server.book.jobs[::-1]
        after = (query.get("pageToken") or query.get("after") or [""])[0].removeprefix("batch_")
        start = next((place + 1 for place, job in enumerate(jobs) if job.id == after), 0)
        page, more = jobs[start : start + 2], len(jobs) > start + 2
        if is_gemini:
            token = {"nextPageToken": page[-1].id} if more else {}
            return {"operations": [self._gemini(job) for job in page]} | token
        return {"object": "list", "data": [self._openai(job) for job in page], "has_more": more}

    def _say(self, said: Any, status: int = 200, headers: dict[str, str] | None = None) -> None:
        body = (said if isinstance(said, str) else json.dumps(said)).encode()
        self.send_response(status)
        for name, value in (
            {"content-type": "application/json", "content-length": str(len(body))} | (headers or {})
        ).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
