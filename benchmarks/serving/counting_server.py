"""A local server that answers the pipeline's questions and counts tokens as a provider bills them.

Chat Completions and generateContent. Profiles are the published ones of MovieLens 100K, which a
real model wrote; labels, scores and claims are those of the offline rules, as JSON with a space
after colon and comma. Every other answer is indented instead, since some models do that.

Input is what a provider reads: each message, a few tokens around it, and the answer's JSON schema
as sent. Output is the answer.
"""

import json
import threading
import zlib
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from pydantic import BaseModel

from stages.profile.movie import movie_rule
from stages.profile.user import user_rule
from stages.rerank.questions import order_rule, pick_rule, score_rule
from stages.rerank.reasons import reasons_rule

Count = Callable[[str], int]
"""The number of tokens of a text."""
RULES: dict[str, Callable[[dict[str, Any]], BaseModel]] = {
    "order": order_rule,
    "scores": score_rule,
    "best": pick_rule,
    "reasons": reasons_rule,
}
"""By the property that only this answer has."""
AROUND = 4
"""Tokens around a message: its role, and where it begins and ends."""
BEFORE = 3
"""Tokens with which the answer's own message begins."""


def profile_key(payload: Mapping[str, Any]) -> str:
    """What a question for a profile is about: an item's data, or the titles of a batch of items."""
    if "films" in payload:
        return json.dumps([[film["title"], film["liked"]] for film in payload["films"]])
    return json.dumps(payload, sort_keys=True)


class CountingServer(ThreadingHTTPServer):
    """profiles: the profile of each key, by which a question for one is answered."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, count: Count, profiles: Mapping[str, BaseModel]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.count, self.profiles = count, profiles
        self._counts: dict[str, int] = {}
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def counted(self, text: str) -> int:
        """The count; messages of a conversation and schemas come again and again."""
        if text not in self._counts:
            self._counts[text] = self.count(text)
        return self._counts[text]

    def read(self, messages: list[str], schema: Any) -> int:
        """Input tokens."""
        asked = sum(AROUND + self.counted(message) for message in messages)
        return asked + BEFORE + (self.counted(json.dumps(schema)) if schema else 0)

    def answer(self, question: str, schema: Any) -> str:
        """The answer to a question of the pipeline."""
        payload = json.loads(question.rpartition("\n\n")[2])
        kind = next((name for name in RULES if name in schema["properties"]), "")
        value = RULES[kind](payload) if kind else self.profile(payload)
        indent = 2 if zlib.crc32(question.encode()) % 2 else None
        return json.dumps(value.model_dump(mode="json"), ensure_ascii=False, indent=indent)

    def profile(self, payload: dict[str, Any]) -> BaseModel:
        """The published profile, or the rule's for what nobody knows."""
        rule = user_rule if "films" in payload else movie_rule
        return self.profiles.get(profile_key(payload)) or rule(payload)

    def handle_error(self, *_: Any) -> None:
        """A client that went away is no event."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: CountingServer

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self._send(self._completion(body) if "messages" in body else self._content(body))

    def do_GET(self) -> None:
        """The list of models."""
        self._send({"data": [], "models": []})

    def _completion(self, body: dict[str, Any]) -> dict[str, Any]:
        messages = [message["content"] for message in body["messages"]]
        form = body["response_format"]["json_schema"]
        text = self.server.answer(messages[-1], form["schema"])
        said = {"role": "assistant", "content": text}
        used = {
            "prompt_tokens": self.server.read(messages, form),
            "completion_tokens": self.server.counted(text),
        }
        choice = {"index": 0, "message": said, "finish_reason": "stop"}
        return {"id": "1", "model": body["model"], "choices": [choice], "usage": used}

    def _content(self, body: dict[str, Any]) -> dict[str, Any]:
        turns = [body["systemInstruction"], *body["contents"]]
        messages = ["".join(part["text"] for part in turn["parts"]) for turn in turns]
        schema = body["generationConfig"]["responseJsonSchema"]
        text = self.server.answer(messages[-1], schema)
        used = {
            "promptTokenCount": self.server.read(messages, schema),
            "candidatesTokenCount": self.server.counted(text),
        }
        content = {"role": "model", "parts": [{"text": text}]}
        candidate = {"content": content, "finishReason": "STOP"}
        return {"candidates": [candidate], "usageMetadata": used}

    def _send(self, said: dict[str, Any]) -> None:
        body = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Silent."""
