"""Archives of every kind, and those that no honest publisher offers."""

import gzip
import io
import resource
import stat
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from stages.core.errors import InputError
from stages.data.add import AddRequest, add_set
from stages.data.registry import archives
from stages.data.registry.entries import REGISTRY, RegistryEntry
from stages.data.registry.room import room_for
from stages.data.registry.unpack import copy_members
from tests.data.conftest import tiny_100k_files
from tests.data.registry.forms import FORMS, tarred, zipped

Registry = dict[str, RegistryEntry]
FILES = tiny_100k_files()


def as_tar(mode: str, *extra: tarfile.TarInfo) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in FILES.items():
            info = tarfile.TarInfo(f"ml-100k/{name}")
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        for info in extra:
            archive.addfile(info, io.BytesIO(b"\0" * info.size))
    return packed.getvalue()


def link(name: str, target: str, kind: bytes = tarfile.SYMTYPE) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_a_tar_archive_is_unpacked(
    root: Path, tmp_path: Path, tiny_registry: Registry, mode: str
) -> None:
    (tmp_path / "set").write_bytes(as_tar(mode))
    added = add_set(AddRequest("ml-100k", str(tmp_path / "set")), root, tiny_registry)
    assert added.manifest.counts.ratings == 5


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_half_a_tar_archive_is_refused(
    root: Path, tmp_path: Path, tiny_registry: Registry, mode: str
) -> None:
    content = as_tar(mode)
    (tmp_path / "set").write_bytes(content[: len(content) // 2])
    with pytest.raises(InputError, match=r"download it again$|has no u3\.base"):
        add_set(AddRequest("ml-100k", str(tmp_path / "set")), root, tiny_registry)


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("name", ["../evil.txt", "/evil.txt", "ml-100k/../../evil.txt"])
def test_a_tar_archive_that_leads_outside(
    root: Path, tmp_path: Path, tiny_registry: Registry, name: str
) -> None:
    (tmp_path / "set").write_bytes(as_tar("w:gz", tarfile.TarInfo(name)))
    with pytest.raises(InputError, match="leads out of its folder"):
        add_set(AddRequest("ml-100k", str(tmp_path / "set")), root, tiny_registry)
    assert not list(tmp_path.rglob("evil*"))


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE])
def test_a_link_is_not_followed(
    root: Path, tmp_path: Path, tiny_registry: Registry, kind: bytes
) -> None:
    (tmp_path / "secret").write_text("secret")
    member = link("ml-100k/README", str(tmp_path / "secret"), kind)
    (tmp_path / "set").write_bytes(as_tar("w:gz", member))
    with pytest.raises(InputError, match="holds README as a link, not as a file"):
        add_set(AddRequest("ml-100k", str(tmp_path / "set")), root, tiny_registry)


@pytest.mark.usefixtures("unchanged")
def test_a_link_in_a_zip_archive_is_not_followed(
    root: Path, tiny_zip: Path, tiny_registry: Registry
) -> None:
    with zipfile.ZipFile(tiny_zip, "a") as packed:
        info = zipfile.ZipInfo("ml-100k/README")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        packed.writestr(info, "/etc/passwd")
    with pytest.raises(InputError, match="holds README as a link"):
        add_set(AddRequest("ml-100k", str(tiny_zip)), root, tiny_registry)


@pytest.fixture
def small_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bombs of a few kilobytes, so that no test writes a large file."""
    monkeypatch.setattr(archives, "_LEAST", 10_000)


@pytest.mark.usefixtures("unchanged", "small_room")
def test_a_zip_bomb_is_refused_by_what_it_declares(
    root: Path, tiny_zip: Path, tiny_registry: Registry
) -> None:
    with zipfile.ZipFile(tiny_zip, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("other/zeros", b"\0" * 5_000_000)
    with pytest.raises(InputError, match=r"would unpack to more than .* do not trust this archive"):
        add_set(AddRequest("ml-100k", str(tiny_zip)), root, tiny_registry)


@pytest.mark.usefixtures("unchanged", "small_room")
def test_a_tar_bomb_is_refused_before_all_of_it_is_read(
    root: Path, tmp_path: Path, tiny_registry: Registry
) -> None:
    zeros = tarfile.TarInfo("other/zeros")
    zeros.size = 5_000_000
    (tmp_path / "set").write_bytes(as_tar("w:gz", zeros))
    with pytest.raises(InputError, match="would unpack to more than"):
        add_set(AddRequest("ml-100k", str(tmp_path / "set")), root, tiny_registry)


@pytest.mark.usefixtures("small_room")
def test_a_gzip_bomb_is_refused_by_what_comes_out(tmp_path: Path) -> None:
    entry = REGISTRY["movietweetings"]
    for name, body in FORMS["movietweetings"].offered.items():
        (tmp_path / name).write_bytes(body)
    (tmp_path / "movies.dat").unlink()
    (tmp_path / "movies.dat.gz").write_bytes(gzip.compress(b"\n" * 5_000_000))
    target = tmp_path / "target"
    target.mkdir()
    with pytest.raises(InputError, match=r"movies\.dat\.gz would unpack to more than"):
        copy_members(tmp_path, entry, target)
    assert (target / "movies.dat").stat().st_size <= 2 << 20


@pytest.mark.usefixtures("small_room")
def test_an_archive_that_lies_about_its_size_gives_no_more_than_it_says(tmp_path: Path) -> None:
    """The directory of a zip archive says 10 bytes of a member that unpacks to five million."""
    content = bytearray(zipped({"ratings.dat": b"\0" * 5_000_000, "movies.dat": "1::A::B\n"}))
    real, told = (5_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little")
    content = bytearray(bytes(content).replace(real, told))
    (tmp_path / "set.zip").write_bytes(bytes(content))
    target = tmp_path / "target"
    target.mkdir()
    with pytest.raises(InputError, match=r"cannot be unpacked|would unpack to more"):
        copy_members(tmp_path / "set.zip", REGISTRY["movietweetings"], target)
    assert sum(path.stat().st_size for path in target.iterdir()) <= 2 << 20


@pytest.mark.parametrize("name", ["inner.zip", "inner.tar"])
def test_an_archive_within_an_archive(tmp_path: Path, name: str) -> None:
    files = {name: body.decode() for name, body in FORMS["movietweetings"].offered.items()}
    inner = zipped(files) if name.endswith(".zip") else tarred(files, "w")
    (tmp_path / "set.zip").write_bytes(zipped({name: inner, "terms.pdf": b"made up"}, "a/"))
    target = tmp_path / "target"
    target.mkdir()
    copy_members(tmp_path / "set.zip", REGISTRY["movietweetings"], target)
    assert sorted(path.name for path in target.iterdir()) == ["movies.dat", "ratings.dat"]


def test_an_archive_within_an_archive_within_an_archive_is_too_much(tmp_path: Path) -> None:
    files = {name: body.decode() for name, body in FORMS["movietweetings"].offered.items()}
    once = zipped({"inner.tar": tarred(files, "w")})
    (tmp_path / "set.zip").write_bytes(zipped({"middle.zip": once}))
    target = tmp_path / "target"
    target.mkdir()
    with pytest.raises(InputError, match=r"set\.zip has no ratings\.dat"):
        copy_members(tmp_path / "set.zip", REGISTRY["movietweetings"], target)


def test_one_file_of_a_set_stands_for_those_beside_it(tmp_path: Path) -> None:
    for name, body in FORMS["movietweetings"].offered.items():
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress(body))
    target = tmp_path / "target"
    target.mkdir()
    copy_members(tmp_path / "movies.dat.gz", REGISTRY["movietweetings"], target)
    assert (target / "ratings.dat").read_bytes() == FORMS["movietweetings"].offered["ratings.dat"]


@pytest.fixture
def no_space() -> Iterator[None]:
    """No file may grow beyond 20 kB, as on a disk that is full."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@pytest.mark.usefixtures("unchanged")
def test_no_space_left_is_one_sentence(
    root: Path, tmp_path: Path, tiny_registry: Registry, request: pytest.FixtureRequest
) -> None:
    files = FILES | {"u.occupation": b"writer\n" * 20_000}
    (tmp_path / "set.zip").write_bytes(zipped(files, "ml-100k/"))
    request.getfixturevalue("no_space")
    with pytest.raises(InputError, match=r"^there is no space left for ml-100k \(.*\); free some"):
        add_set(AddRequest("ml-100k", str(tmp_path / "set.zip")), root, tiny_registry)


def test_another_fault_of_the_disk_is_not_taken_for_a_lack_of_space(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), room_for("a set", tmp_path):
        (tmp_path / "absent").read_bytes()


@pytest.mark.parametrize(
    ("mark", "place", "value"), [(b"PK\x01\x02", 46, 0), (b"PK\x05\x06", 14, 9)]
)
def test_a_zip_whose_directory_is_damaged_is_one_sentence(
    tmp_path: Path, mark: bytes, place: int, value: int
) -> None:
    """A name of no characters, and a directory that would begin before the file."""
    content = bytearray(zipped({"u.data": "1"}))
    content[content.rindex(mark) + place] = value
    path = tmp_path / "set.zip"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"set\.zip cannot be unpacked"), archives.members(path):
        pass
