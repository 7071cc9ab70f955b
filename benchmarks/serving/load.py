"""A load that does not wait: requests are due at fixed times, whatever became of the others.

Run as a program of its own, so that it takes nothing from the server's processor:

    python load.py ADDRESS SECONDS RATE < requests.json > result.json

requests.json: a list of {"name", "method", "path", "body"}, asked in turn. A request's time is from
when it was due until its answer has arrived, so that a server that stops for a second is seen as
slow by all that were due meanwhile.
"""

import http.client
import json
import sys
import threading
import time
from collections.abc import Sequence
from typing import Any

SENDERS = 32
"""Connections, and so the most requests under way."""


def main(address: str, seconds: float, rate: float) -> None:
    """Send, and print what came of each request: name, seconds, status; 0 where none came."""
    asked = json.load(sys.stdin)
    host = address.removeprefix("http://").rstrip("/")
    total, results = int(seconds * rate), list[tuple[str, float, int]]()
    start, lock = time.perf_counter() + 0.5, threading.Lock()
    numbers = iter(range(total))

    def send() -> None:
        connection = http.client.HTTPConnection(host, timeout=30)
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            due = start + number / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            request = asked[number % len(asked)]
            status = _status(connection, request)
            results.append((request["name"], time.perf_counter() - due, status))

    senders = [threading.Thread(target=send) for _ in range(SENDERS)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    json.dump(results, sys.stdout)


def _status(connection: http.client.HTTPConnection, request: dict[str, Any]) -> int:
    """Ask, once more where the server has closed an idle connection."""
    body, headers = request.get("body"), {"content-type": "application/json"}
    for attempt in range(2):
        try:
            connection.request(request["method"], request["path"], body, headers if body else {})
            answer = connection.getresponse()
            answer.read()
            return int(answer.status)
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            connection.close()
            if attempt:
                return 0
        except (http.client.HTTPException, OSError):
            connection.close()
            return 0
    return 0


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that so large a share of them does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-int(share * 1e6) * len(ordered) // 1_000_000) - 1)]


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]))
