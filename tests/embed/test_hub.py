"""An unavailable model is refused at once: the hub is asked once, and never a second time."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import yaml
from huggingface_hub import constants

from stages.core.errors import E2epError, MissingError, ParamError
from stages.core.tables import write_jsonl
from stages.embed.hub import require_model

NAME = "nobody/no-such-model"


@dataclass
class Hub:
    """What a hub on this machine answers, and the paths it was asked for."""

    status: int = 404
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"{}"
    asked: list[str] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Hub]:
    made = Hub()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked.append(self.path)
            self.send_response(made.status)
            for name, value in made.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(made.body)))
            self.end_headers()
            self.wfile.write(made.body)

        def log_message(self, *_: object) -> None:
            """Nothing on stderr."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    made.url = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setattr("huggingface_hub.hf_api.api.endpoint", made.url)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setenv("SENTENCE_TRANSFORMERS_HOME", str(tmp_path / "cache"))
    yield made
    server.shutdown()
    server.server_close()


def refusal(name: str, kind: type[E2epError]) -> str:
    with pytest.raises(kind) as error:
        require_model(name)
    message = str(error.value)
    assert repr(name) in message
    assert "\n" not in message
    assert message.endswith("or to the name of a model on huggingface.co")
    return message


def test_a_name_that_the_hub_does_not_know_is_refused(hub: Hub) -> None:
    hub.headers = {"X-Error-Code": "RepoNotFound"}
    assert "not known to the hub" in refusal(NAME, ParamError)
    assert hub.asked == [f"/api/models/{NAME}"]


def test_a_short_name_is_asked_for_as_sentence_transformers_spells_it(hub: Hub) -> None:
    hub.headers = {"X-Error-Code": "RepoNotFound"}
    refusal("all-MiniLM-L99", ParamError)
    assert hub.asked == [
        "/api/models/sentence-transformers/all-MiniLM-L99",
        "/api/models/all-MiniLM-L99",
    ]


def test_a_name_that_no_model_can_have_is_refused_without_asking(hub: Hub) -> None:
    refusal("models/of/mine", ParamError)
    assert hub.asked == []


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_hub_at_fault_is_asked_once(hub: Hub, status: int) -> None:
    hub.status = status
    assert str(status) in refusal(NAME, MissingError)
    assert len(hub.asked) == 1


def test_no_hub_at_all_is_said_at_once(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.hf_api.api.endpoint", "http://127.0.0.1:9")
    assert "go online" in refusal(NAME, MissingError)
    assert hub.asked == []


def test_the_hubs_own_switch_is_obeyed(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert "HF_HUB_OFFLINE" in refusal(NAME, MissingError)
    assert hub.asked == []


def test_a_known_model_passes(hub: Hub) -> None:
    hub.status, hub.body = 200, b'{"id": "nobody/no-such-model"}'
    require_model(NAME)


def test_what_is_on_this_machine_is_not_asked_for(hub: Hub, tmp_path: Path) -> None:
    cached = tmp_path / "cache" / "models--somebody--kept"
    (cached / "snapshots" / "abc").mkdir(parents=True)
    (cached / "snapshots" / "abc" / "modules.json").write_text("[]")
    (cached / "refs").mkdir()
    (cached / "refs" / "main").write_text("abc")
    require_model("somebody/kept")
    require_model(str(tmp_path))
    assert hub.asked == []


def test_the_stage_says_so_in_one_sentence_and_repeats_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    params = {"embed": {"model": NAME, "backend": "torch"}}
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(params), encoding="utf-8")
    write_jsonl(tmp_path / "items.jsonl", [])
    done = subprocess.run(
        [sys.executable, "-m", "stages.embed", "items", "--profiles", "items.jsonl", "--out", "o"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: embed.model in params.yaml is '{NAME}', which is not on")
    assert done.stderr.count("\n") == 1
