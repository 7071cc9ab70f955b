"""Tiny made-up data sets in the shapes of MovieLens, and a local server to download them from."""

import functools
import hashlib
import http.server
import ssl
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stages.data.dataset import Counts
from stages.data.registry.entries import REGISTRY, RegistryEntry

GENRES = (
    *(
        "unknown",
        "Action",
        "Adventure",
        "Animation",
        "Children's",
        "Comedy",
        "Crime",
        "Documentary",
        "Drama",
    ),
    *(
        "Fantasy",
        "Film-Noir",
        "Horror",
        "Musical",
        "Mystery",
        "Romance",
        "Sci-Fi",
        "Thriller",
        "War",
        "Western",
    ),
)
ROWS = ("7\t1\t5\t900", "7\t2\t3\t901", "8\t1\t4\t902", "8\t3\t1\t903", "9\t2\t2\t904")


def item_line(movie: int, title: str, release: str, *genres: str) -> str:
    flags = "|".join(str(int(genre in genres)) for genre in GENRES)
    return f"{movie}|{title}|{release}||http://example.org|{flags}"


def tiny_100k_files() -> dict[str, bytes]:
    """Three users, three films, five ratings; row n is the test of fold n."""
    items = (
        item_line(1, "Caf\xe9, The (1931)", "01-Jan-1931", "Drama", "Romance"),
        item_line(2, "Made Up (V)", "02-Feb-1988", "unknown"),
        item_line(3, "Nowhere (1990) (V)", ""),
    )
    files = {
        "u.data": ROWS,
        "u.item": items,
        "u.user": ("7|30|F|writer|x", "8|41|M|artist|x", "9|52|M|other|x"),
        "u.genre": [f"{genre}|{place}" for place, genre in enumerate(GENRES)],
        "u.occupation": ("writer", "artist", "other"),
        "u.info": ("3 users", "3 items", "5 ratings"),
    }
    for fold, test in enumerate(ROWS, 1):
        files |= {f"u{fold}.test": [test], f"u{fold}.base": [row for row in ROWS if row != test]}
    return {name: ("\n".join(lines) + "\n").encode("latin-1") for name, lines in files.items()}


def write_tiny_100k(folder: Path) -> Path:
    """The tiny set in a folder."""
    folder.mkdir(parents=True)
    for name, content in tiny_100k_files().items():
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def tiny_100k(tmp_path: Path) -> Path:
    return write_tiny_100k(tmp_path / "source")


@pytest.fixture
def tiny_zip(tmp_path: Path, tiny_100k: Path) -> Path:
    """The tiny set as GroupLens packs it, inside a folder with its name."""
    archive = tmp_path / "tiny.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in sorted(tiny_100k.iterdir()):
            packed.write(file, f"ml-100k/{file.name}")
    return archive


@pytest.fixture
def tiny_registry(tiny_zip: Path) -> dict[str, RegistryEntry]:
    """A registry in which the tiny archive is the official ml-100k."""
    md5 = hashlib.md5(tiny_zip.read_bytes(), usedforsecurity=False).hexdigest()
    entry = with_download(REGISTRY["ml-100k"], md5=md5, sha256="")
    facts = {"counts": Counts(3, 3, 5), "files": dict.fromkeys(entry.files, "")}
    return {"ml-100k": entry.model_copy(update=facts)}


def with_download(entry: RegistryEntry, **facts: object) -> RegistryEntry:
    """The entry with other facts about its only download."""
    (download,) = entry.downloads
    return entry.model_copy(update={"downloads": (download.model_copy(update=facts),)})


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A data folder with its .gitignore and a set that nothing may touch."""
    folder = tmp_path / "data"
    (folder / "kept").mkdir(parents=True)
    (folder / ".gitignore").write_text("/*/\n")
    (folder / "kept" / "file.txt").write_text("as it was")
    return folder


def tree(folder: Path) -> dict[str, bytes | None]:
    """Every path below `folder` with the content of the files."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


@pytest.fixture
def unchanged(root: Path) -> Iterator[None]:
    """Fails the test when the data folder is not as it was."""
    before = tree(root)
    yield
    assert tree(root) == before


Serve = Callable[..., str]
Answer = Callable[[http.server.BaseHTTPRequestHandler], None]
Answering = Callable[..., str]


class Handler(http.server.BaseHTTPRequestHandler):
    """Has every request answered by a function, and says nothing."""

    def __init__(self, answer: Answer, *arguments: object) -> None:
        self.answer = answer
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        self.answer(self)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def send(
    request: http.server.BaseHTTPRequestHandler,
    body: bytes,
    status: int = 200,
    promised: int | None = None,
    **headers: str,
) -> None:
    """Answer a request; `promised` is the length that is told, if not the real one."""
    request.send_response(status)
    request.send_header("Content-Length", str(len(body) if promised is None else promised))
    for name, value in headers.items():
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(body)


@pytest.fixture
def answering() -> Iterator[Answering]:
    """Start a local server that answers as a function does; gives its address."""
    servers: list[http.server.ThreadingHTTPServer] = []

    def start(answer: Answer, context: ssl.SSLContext | None = None) -> str:
        handler = functools.partial(Handler, answer)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.005,), daemon=True).start()
        servers.append(server)
        scheme, host = ("https", "localhost") if context else ("http", "127.0.0.1")
        return f"{scheme}://{host}:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def serve(answering: Answering) -> Serve:
    """Start a local server of one body at any path, or of a promise of more; gives its address."""

    def start(body: bytes, promised: int | None = None) -> str:
        return answering(
            lambda request: send(
                request, body, 404 if request.path == "/absent.zip" else 200, promised
            )
        )

    return start
