"""The keys of OpenAI and Google go to their own addresses, and to no other."""

import datetime
import ipaddress
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from stages.core.errors import InputError
from stages.llm.params import LlmParams
from stages.llm.servers.keys import key_variables
from stages.llm.servers.ready import require_ready
from tests.llm.server import Server, chat, gemini
from tests.llm.servers.test_home import (
    GOOD,
    MODELS,
    OURS,
    SECRETS,
    Recorder,
    asked,
    headers_of,
    params,
)
from tests.llm.servers.test_home import names as names
from tests.llm.servers.test_home import proxy as proxy

Make = Callable[..., Any]
NAMES = ("api.openai.com", "generativelanguage.googleapis.com", "gpu")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for the names, and its key, made now."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "tests")])
    now = datetime.datetime.now(datetime.UTC)
    day = datetime.timedelta(days=1)
    alternatives = [*map(x509.DNSName, NAMES), x509.IPAddress(ipaddress.ip_address("127.0.0.9"))]
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    pem = serialization.Encoding.PEM
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(key.private_bytes(pem, *plain) + made.public_bytes(pem))
    return file


@pytest.fixture
def secure(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Server]]:
    """Start a server with a script that speaks TLS and is trusted."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    started: list[Server] = []

    def start(*acts: Any) -> Server:
        server = Server(acts)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        started.append(server)
        return server

    yield start
    for server in started:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("provider", "url", "own"),
    [
        ("openai", "https://api.openai.com/v1", True),
        ("openai", "https://eu.api.openai.com/v1", True),
        ("openai", "http://api.openai.com/v1", False),
        ("openai", "https://api.openai.com.example.org/v1", False),
        ("openai", "https://api.openai.com@example.org/v1", False),
        ("openai", "https://myapi.openai.com/v1", False),
        ("openai", "https://mine.openai.azure.com/openai/v1", False),
        ("openai", "https://generativelanguage.googleapis.com/v1beta/openai", False),
        ("gemini", "https://generativelanguage.googleapis.com", True),
        ("gemini", "https://storage.googleapis.com", False),
    ],
)
def test_a_providers_key_is_for_its_own_address(provider: str, url: str, own: bool) -> None:
    assert ("E2EP_API_KEY" not in key_variables(provider, url)) == own


def test_openai_gets_its_key_organisation_and_project(
    secure: Make, clock: Any, task: Make, names: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (SECRETS | OURS).items():
        monkeypatch.setenv(name, value)
    server = secure(chat(GOOD))
    names("api.openai.com", ["127.0.0.1"])
    (answer,) = asked(params(f"https://api.openai.com:{server.server_port}/v1"), clock, task())
    assert answer.outcome == "answered"
    [sent] = headers_of(server)
    expected = {
        "authorization": f"Bearer {SECRETS['OPENAI_API_KEY']}",
        "openai-organization": SECRETS["OPENAI_ORG_ID"],
        "openai-project": SECRETS["OPENAI_PROJECT_ID"],
    }
    assert expected.items() <= sent.items()
    mine = ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID")
    others = [value for name, value in (SECRETS | OURS).items() if name not in mine]
    assert not [value for value in others if value in str(sent)]
    assert "custom" not in str(sent)


def test_google_gets_its_key(
    secure: Make, clock: Any, task: Make, names: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (SECRETS | OURS).items():
        monkeypatch.setenv(name, value)
    server = secure(gemini(GOOD))
    host = "generativelanguage.googleapis.com"
    names(host, ["127.0.0.1"])
    url = f"https://{host}:{server.server_port}"
    (answer,) = asked(params(url, "gemini"), clock, task())
    assert answer.outcome == "answered"
    [sent] = headers_of(server)
    assert sent["x-goog-api-key"] == SECRETS["GEMINI_API_KEY"]
    assert "authorization" not in sent


@pytest.mark.parametrize("provider", ["openai", "gemini"])
def test_no_variable_leads_a_key_to_another_address(
    provider: str, serve: Make, proxy: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(chat(GOOD))
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    for name in ("OPENAI_BASE_URL", "GOOGLE_GEMINI_BASE_URL", "GOOGLE_VERTEX_BASE_URL"):
        monkeypatch.setenv(name, server.url)
    with pytest.raises(InputError, match=r"^the connection failed"):
        require_ready(LlmParams(provider=provider, model=MODELS[provider]))  # type: ignore[arg-type]
    home = {"openai": NAMES[0], "gemini": NAMES[1]}[provider]
    assert proxy.lines == [f"CONNECT {home}:443 HTTP/1.1"]
    assert (server.greeted, server.asked) == ([], [])


def test_a_local_server_is_known_by_the_name_in_its_certificate(
    secure: Make, clock: Any, task: Make, names: Make
) -> None:
    server = secure(chat(GOOD))
    names("gpu", ["127.0.0.1"])
    (answer,) = asked(params(f"https://gpu:{server.server_port}/v1"), clock, task())
    assert answer.outcome == "answered"
