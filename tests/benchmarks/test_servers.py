"""What benchmarks/servers.py relies on: servers that stop, a proxy, probes."""

import json
import os
import signal
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from stages.core.errors import InputError
from tests.llm.server import Act, Server, chat
from tests.patience import patient

CHILD = (
    "import http.server, pathlib, subprocess, sys\n"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
    "pathlib.Path(sys.argv[2]).write_text(str(child.pid))\n"
    "http.server.ThreadingHTTPServer(('127.0.0.1', int(sys.argv[1])),"
    " http.server.SimpleHTTPRequestHandler).serve_forever()\n"
)
"""A server that answers 404 and has a process of its own."""


@pytest.fixture(autouse=True)
def _beside_the_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "benchmarks"))


def is_alive(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def posted(url: str, **body: Any) -> tuple[int, dict[str, Any]]:
    request = urllib.request.Request(url, json.dumps(body).encode())
    try:
        with urllib.request.urlopen(request, timeout=patient(10)) as said:
            return said.status, json.load(said)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def test_a_server_and_what_it_started_are_stopped_when_the_program_is_interrupted(
    tmp_path: Path,
) -> None:
    environments = import_module("serving.environments")
    (tmp_path / "v1").mkdir()
    (tmp_path / "v1" / "models").write_text("{}")
    port, note = environments.free_port(), tmp_path / "child"
    command = [sys.executable, "-c", f"import os; os.chdir({str(tmp_path)!r})\n{CHILD}"]
    command += [str(port), str(note)]
    children: list[int] = []

    def interrupted() -> None:
        with environments.running(command, port, tmp_path / "log", {}):
            children.append(int(note.read_text()))
            assert is_alive(children[0])
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(patient(10))

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    deadline = time.monotonic() + patient(10)
    while is_alive(children[0]) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_alive(children[0])


def test_a_server_that_ends_at_once_is_named_by_its_last_words(tmp_path: Path) -> None:
    environments = import_module("serving.environments")
    command = [sys.executable, "-c", "raise SystemExit('no such model')"]
    server = environments.running(command, environments.free_port(), tmp_path / "log", {})
    with pytest.raises(InputError, match="ended at once: no such model"), server:
        pass


def test_a_server_gets_no_key_and_no_proxy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environments = import_module("serving.environments")
    for name in ("OPENAI_API_KEY", "HTTPS_PROXY", "E2EP_API_KEY"):
        monkeypatch.setenv(name, "secret")
    command = [sys.executable, "-c", "import os; raise SystemExit(' '.join(os.environ))"]
    server = environments.running(command, 1, tmp_path / "log", {"HF_HUB_OFFLINE": "1"})
    with pytest.raises(InputError, match="ended at once: ") as said, server:
        pass
    assert "HF_HUB_OFFLINE" in str(said.value)
    assert not {"OPENAI_API_KEY", "HTTPS_PROXY", "E2EP_API_KEY"} & set(str(said.value).split())


def test_the_proxy_passes_answers_on_and_keeps_what_was_sent_but_no_prompt() -> None:
    proxy = import_module("serving.recording_proxy")
    refusal = {"error": {"message": "no json_schema here", "type": "invalid", "code": 400}}
    server = Server([chat("yes"), Act(refusal, 400, {"retry-after": "7"})])
    asked = {"model": "m", "messages": [{"role": "user", "content": "private"}], "max_tokens": 5}
    with proxy.recording(server.url) as (address, recorder):
        assert posted(f"{address}/v1/chat/completions", **asked)[1]["model"] == "served-1"
        form = {"response_format": {"type": "json_schema", "json_schema": {}}}
        assert posted(f"{address}/v1/chat/completions", **asked, **form) == (400, refusal)
        said = recorder.taken()
        assert recorder.taken() == []
    assert [kept.body for kept in server.asked] == [asked, asked | form]
    assert proxy.counted(said) == [
        {"sent": ["max_tokens"], "status": 200, "times": 1},
        {
            "sent": ["json_schema", "max_tokens"],
            "status": 400,
            "times": 1,
            "cause": "invalid",
            "message": "no json_schema here",
        },
    ]
    assert "private" not in str(said)


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        ({"error": {"code": "context_length_exceeded", "type": "x"}}, "context_length_exceeded"),
        (
            {"error": {"code": 400, "type": "exceed_context_size_error"}},
            "exceed_context_size_error",
        ),
        ({"detail": "Not Found"}, ""),
        ({"detail": [{"type": "json_invalid"}]}, ""),
        ("Internal Server Error", ""),
        ([], ""),
    ],
)
def test_a_refusal_is_called_by_its_code_or_type_if_these_are_words(body: Any, cause: str) -> None:
    raw = body if isinstance(body, str) else json.dumps(body)
    assert import_module("serving.recording_proxy").cause_of(400, raw.encode())[0] == cause


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (chat('{"label": "F02"}'), "obeyed"),
        (chat('{"label": "F09"}'), "ignored"),
        (chat("Sure! F02"), "ignored"),
        (Act({"error": {"type": "no_schemas"}}, 501), "HTTP 501 (no_schemas)"),
        (Act("Internal Server Error", 500), "HTTP 500"),
    ],
)
def test_a_probe_says_whether_a_server_keeps_to_the_labels(act: Act, said: str) -> None:
    assert import_module("serving.probes").accepts(Server([act]).url, "m", False)["enum"] == said


def test_random_weights_are_asked_until_an_answer_obeys() -> None:
    script = [chat("no"), chat("{}"), *[chat('{"n": 1}')] * 40]
    said = import_module("serving.probes").accepts(Server(script).url, "m", False)
    assert said["json_object"] == "obeyed"
