"""Tiny made-up data sets in the shapes of MovieLens, and a local server to download them from."""

import functools
import hashlib
import http.server
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


def write_tiny_100k(folder: Path) -> Path:
    """Three users, three films, five ratings; row n is the test of fold n."""
    folder.mkdir(parents=True)
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
    for name, lines in files.items():
        (folder / name).write_text("\n".join(lines) + "\n", encoding="latin-1")
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
    entry = REGISTRY["ml-100k"]
    facts = {"md5": md5, "counts": Counts(3, 3, 5), "files": dict.fromkeys(entry.files, "")}
    return {"ml-100k": entry.model_copy(update=facts)}


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


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves one body at any path, or promises more bytes than it sends."""

    def __init__(self, body: bytes, promised: int, *arguments: object) -> None:
        self.body, self.promised = body, promised
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        self.send_response(404 if self.path == "/absent.zip" else 200)
        self.send_header("Content-Length", str(self.promised))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a local server of one body; gives its address."""
    servers: list[http.server.ThreadingHTTPServer] = []

    def start(body: bytes, promised: int | None = None) -> str:
        handler = functools.partial(Handler, body, len(body) if promised is None else promised)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()
