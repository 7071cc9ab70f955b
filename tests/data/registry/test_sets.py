"""Every set of the registry, from a local server that offers it in its publisher's form."""

import hashlib
import re
from pathlib import Path

import pandas as pd
import pytest

from stages.core.errors import InputError
from stages.data.add import AddRequest, add_set
from stages.data.check import check
from stages.data.read import read_dataset
from stages.data.registry.entries import REGISTRY, Download, RegistryEntry
from tests.data.conftest import Answering, send
from tests.data.registry.forms import FORMS

DEAD = "http://127.0.0.1:9"
every_set = pytest.mark.parametrize("name", REGISTRY)


def offered(
    name: str, host: str, checksum: str | None = None, **facts: object
) -> dict[str, RegistryEntry]:
    """A registry in which `host` is the mirror of the set, and its publisher cannot be reached."""
    form = FORMS[name]
    downloads = tuple(
        Download(
            file=known.file,
            addresses=(f"{DEAD}/{known.file}", f"{host}/{known.file}"),
            sha256=checksum or hashlib.sha256(form.offered[known.file]).hexdigest(),
        )
        for known in REGISTRY[name].downloads
    )
    made = {"downloads": downloads, "counts": form.counts, "files": _unfixed(REGISTRY[name])}
    return {name: REGISTRY[name].model_copy(update=made | facts)}


def _unfixed(entry: RegistryEntry) -> dict[str, str]:
    return dict.fromkeys(entry.files, "")


@pytest.fixture
def mirror(answering: Answering) -> str:
    """A server of every download of every set, by its name."""
    files = {name: body for form in FORMS.values() for name, body in form.offered.items()}
    for name, form in FORMS.items():
        files |= {f"{name}/{file}": body for file, body in form.offered.items()}

    def answer(request: object) -> None:
        path = request.path.removeprefix("/")  # type: ignore[attr-defined]
        send(request, files.get(path, b""), 200 if path in files else 404)  # type: ignore[arg-type]

    return answering(answer)


def test_every_set_has_a_form_here() -> None:
    assert set(FORMS) == set(REGISTRY)
    for name, entry in REGISTRY.items():
        assert [known.file for known in entry.downloads] == list(FORMS[name].offered)


@every_set
def test_a_set_is_added_from_its_mirror(name: str, mirror: str, root: Path) -> None:
    form, registry = FORMS[name], offered(name, f"{mirror}/{name}")
    added = add_set(AddRequest(name, agreed=True), root, registry)
    assert (added.manifest.verified, added.manifest.counts) == ("official", form.counts)
    assert set(added.manifest.archives) == set(form.offered)
    assert all(f"{mirror}/{name}/" in source for source in added.manifest.source.split(", "))
    assert check(root / name).fault is None
    data = read_dataset(root / name)
    assert (data.name, data.description) == (name, REGISTRY[name].description)
    assert data.words == REGISTRY[name].its_words
    assert data.movies["title"].tolist() == form.titles
    assert data.ratings["rating"].tolist() == form.ratings
    for fact, expected in form.facts.items():
        assert _fact(fact, data.movies, data.users, data.ratings) == expected, fact


def _fact(name: str, movies: pd.DataFrame, users: pd.DataFrame, ratings: pd.DataFrame) -> object:
    if name == "time":
        return ratings["timestamp"][0]
    if name == "order":
        return ratings["movie_id"][ratings["user_id"] == ratings["user_id"][0]].tolist()
    return (users if name == "age" else movies)[name].tolist()


@every_set
@pytest.mark.usefixtures("unchanged")
def test_another_checksum_is_refused_at_every_address(name: str, mirror: str, root: Path) -> None:
    registry = offered(name, f"{mirror}/{name}", checksum="0" * 64)
    first = re.escape(REGISTRY[name].downloads[0].file)
    with pytest.raises(
        InputError,
        match=rf"^cannot download {DEAD}/{first}: .*; {mirror}/{name}/{first} has sha256 [0-9a-f]+"
        ", not the official 0{64}; try again",
    ):
        add_set(AddRequest(name, agreed=True), root, registry)


@every_set
@pytest.mark.usefixtures("unchanged")
def test_half_a_download_is_refused(name: str, answering: Answering, root: Path) -> None:
    bodies = FORMS[name].offered

    def cut(request: object) -> None:
        body = bodies[request.path.removeprefix("/")]  # type: ignore[attr-defined]
        send(request, body[: len(body) // 2], promised=len(body))  # type: ignore[arg-type]

    registry = offered(name, answering(cut))
    with pytest.raises(InputError, match=r"the connection ended after \d+.* of \d+.* bytes"):
        add_set(AddRequest(name, agreed=True), root, registry)


@every_set
@pytest.mark.usefixtures("unchanged")
def test_half_a_file_is_refused(name: str, root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "had"
    folder.mkdir()
    for file, body in FORMS[name].offered.items():
        (folder / file).write_bytes(body[: len(body) // 2])
    first = folder / REGISTRY[name].downloads[0].file
    with pytest.raises(InputError) as refused:
        add_set(AddRequest(name, str(first), agreed=True), root, offered(name, DEAD))
    assert "\n" not in str(refused.value)


@every_set
@pytest.mark.usefixtures("unchanged")
def test_nothing_is_fetched_before_terms_are_accepted(
    name: str, answering: Answering, root: Path
) -> None:
    asked = list[object]()
    registry = offered(name, answering(asked.append), asks=True)
    with pytest.raises(InputError, match=rf"^nothing of {name} is fetched before you accept"):
        add_set(AddRequest(name), root, registry)
    assert asked == []


@every_set
def test_a_set_is_added_from_files_that_a_person_has(name: str, root: Path, tmp_path: Path) -> None:
    """A single archive by its path; several files by their folder."""
    form, folder = FORMS[name], tmp_path / "had"
    folder.mkdir()
    for file, body in form.offered.items():
        (folder / file).write_bytes(body)
    given = folder / REGISTRY[name].downloads[0].file if len(form.offered) == 1 else folder
    registry = offered(name, DEAD, counts=None)
    added = add_set(AddRequest(name, str(given), agreed=True), root, registry)
    assert added.manifest.counts == form.counts
    assert str(tmp_path) not in (root / name / "manifest.json").read_text()


@pytest.mark.parametrize("name", [name for name in REGISTRY if not REGISTRY[name].has_address])
@pytest.mark.usefixtures("unchanged")
def test_a_set_without_an_address_says_where_it_is(name: str, root: Path) -> None:
    entry = REGISTRY[name]
    with pytest.raises(InputError, match=rf"cannot be .*{name} --from PATH` with the path") as said:
        add_set(AddRequest(name), root)
    assert entry.source in str(said.value)
    assert entry.page in str(said.value)


def test_made_titles_tell_the_items_apart(root: Path, mirror: str) -> None:
    add_set(AddRequest("steam", agreed=True), root, offered("steam", f"{mirror}/steam"))
    movies = read_dataset(root / "steam").movies
    assert dict(zip(movies["movie_id"], movies["title"], strict=True))["80"] == "game 80"


def test_what_is_left_out_is_counted(root: Path, mirror: str) -> None:
    registry = offered("book-crossing", f"{mirror}/book-crossing")
    notes = add_set(AddRequest("book-crossing", agreed=True), root, registry).notes
    assert "1 ratings of items that no file describes left out" in notes


def test_a_set_in_our_own_form_is_made_again_alike(root: Path, mirror: str, tmp_path: Path) -> None:
    registry = offered("anime", f"{mirror}/anime")
    first = add_set(AddRequest("anime", agreed=True), root, registry)
    again = add_set(AddRequest("anime", agreed=True), tmp_path / "other", registry)
    assert first.manifest == again.manifest
    assert add_set(AddRequest("anime"), root, registry).already
