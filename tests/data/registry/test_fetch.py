"""Downloading from a real local server."""

import http.server
import shutil
import ssl
import subprocess
import threading
from pathlib import Path

import pytest

from stages.core.errors import InputError
from stages.data.add import AddRequest, add_set
from stages.data.registry.entries import RegistryEntry
from stages.data.registry.fetch import obtained
from tests.data.conftest import Answering, Serve, send, with_download

Registry = dict[str, RegistryEntry]


def served_at(registry: Registry, *addresses: str) -> RegistryEntry:
    return with_download(registry["ml-100k"], addresses=addresses)


def test_a_download_is_added(
    root: Path, tiny_zip: Path, tiny_registry: Registry, serve: Serve
) -> None:
    url = f"{serve(tiny_zip.read_bytes())}/ml-100k.zip"
    entry = served_at(tiny_registry, url)
    added = add_set(AddRequest("ml-100k"), root, {"ml-100k": entry})
    assert (added.manifest.source, added.manifest.verified) == (url, "official")


def test_a_mirror_serves_where_the_first_address_does_not(
    root: Path, tiny_zip: Path, tiny_registry: Registry, serve: Serve
) -> None:
    broken, good = serve(b"not the archive"), serve(tiny_zip.read_bytes())
    addresses = ("http://127.0.0.1:9/x.zip", f"{broken}/x.zip", f"{good}/x.zip")
    entry = served_at(tiny_registry, *addresses)
    added = add_set(AddRequest("ml-100k"), root, {"ml-100k": entry})
    assert (added.manifest.source, added.manifest.verified) == (f"{good}/x.zip", "official")


@pytest.mark.usefixtures("unchanged")
def test_where_no_address_serves_each_is_named(
    root: Path, tiny_registry: Registry, serve: Serve
) -> None:
    entry = served_at(tiny_registry, "http://127.0.0.1:9/x.zip", f"{serve(b'')}/absent.zip")
    with pytest.raises(
        InputError,
        match=r"^cannot download http://127\.0\.0\.1:9/x\.zip: .*; .*absent\.zip: Not Fou",
    ):
        add_set(AddRequest("ml-100k"), root, {"ml-100k": entry})


def test_an_address_given_with_from_is_fetched(
    root: Path, tiny_zip: Path, tiny_registry: Registry, serve: Serve
) -> None:
    url = f"{serve(tiny_zip.read_bytes())}/mirror.zip"
    assert add_set(AddRequest("ml-100k", url), root, tiny_registry).manifest.counts.ratings == 5


def test_a_set_without_a_fixed_md5_has_its_own_reported(
    root: Path, tiny_zip: Path, tiny_registry: Registry, serve: Serve
) -> None:
    known = tiny_registry["ml-100k"]
    url = f"{serve(tiny_zip.read_bytes())}/ml-100k.zip"
    added = add_set(AddRequest("ml-100k", url), root, {"ml-100k": with_download(known, md5="")})
    said = f"ml-100k.zip: its md5 {known.downloads[0].md5} has nothing to compare with"
    assert any(said in note for note in added.notes)


@pytest.mark.usefixtures("unchanged")
def test_the_wrong_md5_is_refused(
    root: Path, tiny_zip: Path, tiny_registry: Registry, serve: Serve
) -> None:
    known = with_download(tiny_registry["ml-100k"], md5="0" * 32)
    with pytest.raises(
        InputError, match=r"has md5 [0-9a-f]{32}, not the official 0{32}; try again"
    ):
        add_set(
            AddRequest("ml-100k", f"{serve(tiny_zip.read_bytes())}/x.zip"), root, {"ml-100k": known}
        )


@pytest.mark.usefixtures("unchanged")
def test_a_connection_that_ends_early(
    root: Path, tiny_zip: Path, tiny_registry: Registry, serve: Serve
) -> None:
    content = tiny_zip.read_bytes()
    url = f"{serve(content[:1000], promised=len(content))}/x.zip"
    with pytest.raises(InputError, match=r"cannot download http://127\..*1,000 of "):
        add_set(AddRequest("ml-100k", url), root, tiny_registry)


@pytest.mark.usefixtures("unchanged")
def test_an_address_without_a_file(root: Path, tiny_registry: Registry, serve: Serve) -> None:
    with pytest.raises(
        InputError, match=r"cannot download .*absent\.zip: Not Found; check the address"
    ):
        add_set(AddRequest("ml-100k", f"{serve(b'')}/absent.zip"), root, tiny_registry)


@pytest.mark.usefixtures("unchanged")
def test_a_server_that_is_not_there(root: Path, tiny_registry: Registry) -> None:
    with pytest.raises(InputError, match="Connection refused; check the address"):
        add_set(AddRequest("ml-100k", "http://127.0.0.1:9/x.zip"), root, tiny_registry)


@pytest.mark.usefixtures("unchanged")
def test_an_address_of_another_kind(root: Path, tiny_registry: Registry) -> None:
    with pytest.raises(InputError, match="ftp is not supported"):
        add_set(AddRequest("ml-100k", "ftp://127.0.0.1/x.zip"), root, tiny_registry)


def test_a_password_in_the_address_is_not_kept(
    tiny_zip: Path, tiny_registry: Registry, serve: Serve
) -> None:
    host = serve(tiny_zip.read_bytes()).removeprefix("http://")
    with (
        pytest.raises(InputError, match="cannot download") as failure,
        obtained(f"http://me:secret@{host}/x.zip?key=secret", tiny_registry["ml-100k"]),
    ):
        pass
    assert "secret" not in str(failure.value)


def test_the_download_is_gone_at_the_end(
    tiny_zip: Path, tiny_registry: Registry, serve: Serve
) -> None:
    with obtained(f"{serve(tiny_zip.read_bytes())}/x.zip", tiny_registry["ml-100k"]) as origin:
        assert origin.path.is_file()
    assert not origin.path.exists()


@pytest.mark.usefixtures("unchanged")
def test_a_web_page_in_the_place_of_the_archive_is_called_one(
    root: Path, tiny_registry: Registry, serve: Serve
) -> None:
    url = f"{serve(b'  <!DOCTYPE html><html>sign in</html>')}/x.zip"
    with pytest.raises(InputError, match=r"x\.zip: it serves a web page, not the file; check the"):
        add_set(AddRequest("ml-100k", url), root, tiny_registry)


def test_a_broken_connection_is_taken_up_where_it_ended(
    root: Path, tiny_zip: Path, tiny_registry: Registry, answering: Answering
) -> None:
    content, begins = tiny_zip.read_bytes(), list[str]()

    def answer(request: http.server.BaseHTTPRequestHandler) -> None:
        begins.append(request.headers.get("Range", ""))
        start = int(begins[-1].removeprefix("bytes=").rstrip("-") or 0)
        rest = content[start:]
        send(request, rest[:1000], 206 if start else 200, promised=len(rest))

    def answer_twice_cut(request: http.server.BaseHTTPRequestHandler) -> None:
        if len(begins) < 2:
            answer(request)
        else:
            begins.append(request.headers["Range"])
            send(request, content[2000:], 206)

    url = f"{answering(answer_twice_cut)}/x.zip"
    assert add_set(AddRequest("ml-100k", url), root, tiny_registry).manifest.verified == "official"
    assert begins == ["", "bytes=1000-", "bytes=2000-"]


def test_a_server_that_knows_no_ranges_starts_again(
    root: Path, tiny_zip: Path, tiny_registry: Registry, answering: Answering
) -> None:
    content, asked = tiny_zip.read_bytes(), list[int]()

    def answer(request: http.server.BaseHTTPRequestHandler) -> None:
        asked.append(1)
        send(request, content[: 1000 if len(asked) == 1 else None], promised=len(content))

    url = f"{answering(answer)}/x.zip"
    assert add_set(AddRequest("ml-100k", url), root, tiny_registry).manifest.verified == "official"
    assert len(asked) == 2


@pytest.mark.usefixtures("unchanged")
def test_a_connection_that_breaks_three_times_is_given_up(
    root: Path, tiny_registry: Registry, answering: Answering
) -> None:
    asked = list[int]()

    def hang_up(request: http.server.BaseHTTPRequestHandler) -> None:
        asked.append(1)
        send(request, b"half", promised=1000)

    with pytest.raises(InputError, match="the connection ended after 4 of 1,000 bytes; check"):
        add_set(AddRequest("ml-100k", f"{answering(hang_up)}/x.zip"), root, tiny_registry)
    assert len(asked) == 3


def test_a_server_that_says_nothing_is_left(tiny_registry: Registry, answering: Answering) -> None:
    over = threading.Event()
    url = f"{answering(lambda _: over.wait(10))}/x.zip"
    with (
        pytest.raises(InputError, match=r"x\.zip: (The read operation )?timed out; check"),
        obtained(url, tiny_registry["ml-100k"], timeout=0.1),
    ):
        pass
    over.set()


@pytest.fixture
def protected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's certificate for localhost that this test's clients trust."""
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    files = ["-keyout", str(tmp_path / "key.pem"), "-out", str(tmp_path / "cert.pem")]
    kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("there is no openssl to make a certificate with")
    subprocess.run([program, "req", *kind, *files, *names], check=True, capture_output=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    return context


@pytest.mark.usefixtures("unchanged")
def test_a_redirect_to_an_open_connection_is_not_followed(
    root: Path,
    tiny_zip: Path,
    tiny_registry: Registry,
    serve: Serve,
    answering: Answering,
    protected: ssl.SSLContext,
) -> None:
    elsewhere = f"{serve(tiny_zip.read_bytes())}/x.zip"
    url = answering(lambda request: send(request, b"", 302, Location=elsewhere), protected)
    with pytest.raises(InputError, match=r"x\.zip: it redirects to an address"):
        add_set(AddRequest("ml-100k", f"{url}/x.zip"), root, tiny_registry)


def test_a_redirect_between_protected_connections_is_followed(
    root: Path,
    tiny_zip: Path,
    tiny_registry: Registry,
    answering: Answering,
    protected: ssl.SSLContext,
) -> None:
    def answer(request: http.server.BaseHTTPRequestHandler) -> None:
        if request.path == "/x.zip":
            send(request, b"", 302, Location="/y.zip")
        else:
            send(request, tiny_zip.read_bytes())

    url = f"{answering(answer, protected)}/x.zip"
    assert add_set(AddRequest("ml-100k", url), root, tiny_registry).manifest.verified == "official"


@pytest.mark.usefixtures("unchanged")
def test_a_certificate_that_is_not_valid_is_the_address_s_fault(
    root: Path,
    tiny_registry: Registry,
    answering: Answering,
    protected: ssl.SSLContext,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As GroupLens's was in August 2026: nothing is fetched, and the next address is tried."""
    monkeypatch.delenv("SSL_CERT_FILE")
    url = f"{answering(lambda request: send(request, b''), protected)}/x.zip"
    with pytest.raises(InputError, match=r"cannot download .*CERTIFICATE_VERIFY_FAILED"):
        add_set(AddRequest("ml-100k", url), root, tiny_registry)
