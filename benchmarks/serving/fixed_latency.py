"""A Chat Completions server of a fixed latency for benchmarks/llm.py.

    python benchmarks/serving/fixed_latency.py [SECONDS]

It runs in its own process and costs little. It prints its port and answers until its input ends. A
question of type Scores gets one fixed answer, a Pick the film of the higher worth. `GET /` gives
how many questions came and in how many waves: a wave begins with the first question that comes
while none is under way.
"""

import asyncio
import json
import sys
import zlib

MODEL = "fixed-latency"
ROUNDED = 0.0005
"""Seconds that a timer is late on average, for epoll counts whole milliseconds upwards."""
SCORES = json.dumps({"scores": [{"label": f"F{n:02d}", "score": 90 - n} for n in range(1, 6)]})


def worth(title: str) -> int:
    """What the server thinks of a film, always the same."""
    return zlib.crc32(title.encode())


def best(body: bytes) -> str:
    """The answer to a Pick."""
    films = json.loads(json.loads(body)["messages"][-1]["content"])["candidates"]
    return json.dumps({"best": max(films, key=lambda film: worth(film["title"]))["label"]})


def completion(text: str) -> bytes:
    """A completion of the Chat Completions protocol."""
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": text},
        "finish_reason": "stop",
    }
    usage = {"prompt_tokens": 1000, "completion_tokens": 60, "total_tokens": 1060}
    said = {
        "id": "1",
        "object": "chat.completion",
        "created": 0,
        "model": MODEL,
        "choices": [choice],
        "usage": usage,
    }
    return response(json.dumps(said))


def response(body: str) -> bytes:
    """The whole HTTP response."""
    head = (
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
        f"content-length: {len(body.encode())}\r\n\r\n"
    )
    return (head + body).encode()


FIXED = completion(SCORES)


class Counts:
    """Questions that came, and those under way."""

    def __init__(self, latency: float) -> None:
        self.latency, self.questions, self.waves, self.under_way = latency, 0, 0, 0

    def begun(self) -> None:
        self.questions += 1
        self.waves += self.under_way == 0
        self.under_way += 1


class Connection(asyncio.Protocol):
    """One client, who sends a request once the last one is answered."""

    def __init__(self, counts: Counts) -> None:
        self.counts, self.received = counts, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, end, body = self.received.partition(b"\r\n\r\n")
        if not end or len(body) < _length(head):
            return
        self.received = b""
        if head.startswith(b"GET"):
            self.transport.write(
                response(
                    json.dumps({"questions": self.counts.questions, "waves": self.counts.waves})
                )
            )
            return
        self.counts.begun()
        answer = completion(best(body)) if b'"name":"Pick"' in body else FIXED
        asyncio.get_running_loop().call_later(self.counts.latency - ROUNDED, self.answer, answer)

    def answer(self, answer: bytes) -> None:
        self.counts.under_way -= 1
        self.transport.write(answer)


def _length(head: bytes) -> int:
    _, named, rest = head.lower().partition(b"content-length:")
    return int(rest.split(b"\r\n", 1)[0]) if named else 0


async def serve(latency: float) -> None:
    """Answer until the input ends."""
    counts, loop = Counts(latency), asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(counts), "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1]) if len(sys.argv) > 1 else 0.2))
