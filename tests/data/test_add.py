"""Adding a known set: from a folder, an archive or an address, all or nothing."""

import hashlib
import json
import shutil
import zipfile
from pathlib import Path

import pytest

from stages.core.errors import InputError
from stages.data.add import AddRequest, add_set
from stages.data.registry.entries import RegistryEntry
from tests.data.conftest import with_download

Registry = dict[str, RegistryEntry]


def test_a_folder_is_copied_whole(root: Path, tiny_100k: Path, tiny_registry: Registry) -> None:
    (tiny_100k / "metadata.csv").write_text("movie_id,overview\n1,A film\n")
    (tiny_100k / "allbut.pl").write_text("not part of the set")
    add_set(AddRequest("ml-100k", str(tiny_100k)), root, tiny_registry)
    there = {path.name for path in (root / "ml-100k").iterdir()}
    assert there == {*tiny_registry["ml-100k"].files, "metadata.csv", "manifest.json"}


def test_only_the_set_appears_in_the_data_folder(
    root: Path, tiny_100k: Path, tiny_registry: Registry
) -> None:
    before = {path.name for path in root.iterdir()}
    add_set(AddRequest("ml-100k", str(tiny_100k)), root, tiny_registry)
    assert {path.name for path in root.iterdir()} == before | {"ml-100k"}


def test_a_folder_that_holds_the_set_in_a_folder_of_its_name(
    root: Path, tiny_100k: Path, tmp_path: Path, tiny_registry: Registry
) -> None:
    shutil.move(tiny_100k, tmp_path / "outer" / "ml-100k")
    assert (
        add_set(
            AddRequest("ml-100k", str(tmp_path / "outer")), root, tiny_registry
        ).manifest.counts.ratings
        == 5
    )


def test_the_official_archive_is_known_by_its_md5(
    root: Path, tiny_zip: Path, tiny_registry: Registry
) -> None:
    added = add_set(AddRequest("ml-100k", str(tiny_zip)), root, tiny_registry)
    assert (added.manifest.verified, added.notes) == ("official", ())


def test_files_with_the_known_checksums_are_official(
    root: Path, tiny_100k: Path, tiny_registry: Registry
) -> None:
    entry = tiny_registry["ml-100k"]
    sums = {
        name: hashlib.sha256((tiny_100k / name).read_bytes()).hexdigest() for name in entry.files
    }
    added = add_set(
        AddRequest("ml-100k", str(tiny_100k)),
        root,
        {"ml-100k": entry.model_copy(update={"files": sums})},
    )
    assert added.manifest.verified == "official"


def test_an_unknown_checksum_is_named(root: Path, tiny_100k: Path, tiny_registry: Registry) -> None:
    added = add_set(AddRequest("ml-100k", str(tiny_100k)), root, tiny_registry)
    digest = hashlib.sha256((tiny_100k / "u.data").read_bytes()).hexdigest()
    assert added.manifest.verified == "counts"
    assert f"u.data: checksum sha256 {digest} is not a known one" in added.notes


def test_the_manifest_names_no_path_of_the_machine(
    root: Path, tiny_zip: Path, tmp_path: Path, tiny_registry: Registry
) -> None:
    add_set(AddRequest("ml-100k", tiny_zip.as_uri()), root, tiny_registry)
    text = (root / "ml-100k" / "manifest.json").read_text()
    assert json.loads(text)["source"] == "local archive"
    assert str(tmp_path) not in text


def test_a_companion_lies_beside_the_set(
    root: Path, tiny_100k: Path, tmp_path: Path, tiny_registry: Registry
) -> None:
    (tmp_path / "more.csv").write_text("movie_id\n1\n")
    added = add_set(
        AddRequest("ml-100k", str(tiny_100k), (tmp_path / "more.csv",)), root, tiny_registry
    )
    assert (root / "ml-100k" / "more.csv").read_text() == "movie_id\n1\n"
    assert "more.csv" in added.manifest.files


@pytest.mark.usefixtures("unchanged")
def test_a_companion_may_not_replace_a_file_of_the_set(
    root: Path, tiny_100k: Path, tmp_path: Path, tiny_registry: Registry
) -> None:
    (tmp_path / "u.data").write_text("1\t1\t1\t1\n")
    with pytest.raises(InputError, match=r"u\.data is a name that data sets use"):
        add_set(AddRequest("ml-100k", str(tiny_100k), (tmp_path / "u.data",)), root, tiny_registry)


def test_the_same_set_again_is_no_error(
    root: Path, tiny_100k: Path, tiny_registry: Registry
) -> None:
    first = add_set(AddRequest("ml-100k", str(tiny_100k)), root, tiny_registry)
    second = add_set(AddRequest("ml-100k", str(tiny_100k)), root, tiny_registry)
    assert (first.already, second.already) == (False, True)


def test_a_proved_set_is_not_fetched_again(
    root: Path, tiny_zip: Path, tiny_registry: Registry
) -> None:
    add_set(AddRequest("ml-100k", str(tiny_zip)), root, tiny_registry)
    nowhere = ("http://127.0.0.1:9/none.zip",)
    unreachable = with_download(tiny_registry["ml-100k"], addresses=nowhere)
    assert add_set(AddRequest("ml-100k"), root, {"ml-100k": unreachable}).already


def test_another_set_of_the_name_is_kept(
    root: Path, tiny_100k: Path, tiny_registry: Registry
) -> None:
    add_set(AddRequest("ml-100k", str(tiny_100k)), root, tiny_registry)
    (tiny_100k / "u.info").write_text("changed\n")
    with pytest.raises(InputError, match=r"is there already and differs; .*--replace"):
        add_set(AddRequest("ml-100k", str(tiny_100k)), root, tiny_registry)
    assert (root / "ml-100k" / "u.info").read_text() != "changed\n"


def test_replace_puts_the_new_set_in_place(
    root: Path, tiny_100k: Path, tiny_registry: Registry
) -> None:
    add_set(AddRequest("ml-100k", str(tiny_100k)), root, tiny_registry)
    (tiny_100k / "u.info").write_text("changed\n")
    add_set(AddRequest("ml-100k", str(tiny_100k), replace=True), root, tiny_registry)
    assert (root / "ml-100k" / "u.info").read_text() == "changed\n"
    assert sorted(path.name for path in root.iterdir()) == [".gitignore", "kept", "ml-100k"]


def test_a_damaged_set_is_not_taken_for_the_same(
    root: Path, tiny_100k: Path, tiny_registry: Registry
) -> None:
    add_set(AddRequest("ml-100k", str(tiny_100k)), root, tiny_registry)
    (root / "ml-100k" / "u.info").write_text("damaged\n")
    with pytest.raises(InputError, match="differs"):
        add_set(AddRequest("ml-100k", str(tiny_100k)), root, tiny_registry)


@pytest.mark.usefixtures("unchanged")
def test_an_unknown_name_says_where_the_known_are(root: Path) -> None:
    with pytest.raises(
        InputError,
        match=r"'ml-11m' is not a published set .*`e2ep data list`.*data import ml-11m",
    ):
        add_set(AddRequest("ml-11m"), root)


@pytest.mark.usefixtures("unchanged")
def test_a_missing_file_is_named(root: Path, tiny_100k: Path, tiny_registry: Registry) -> None:
    (tiny_100k / "u3.test").unlink()
    with pytest.raises(InputError, match=r"has no u3\.test; ml-100k needs u\.data"):
        add_set(AddRequest("ml-100k", str(tiny_100k)), root, tiny_registry)


@pytest.mark.usefixtures("unchanged")
def test_a_source_that_is_not_there(root: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nowhere is not there"):
        add_set(AddRequest("ml-100k", str(tmp_path / "nowhere")), root)


@pytest.mark.usefixtures("unchanged")
def test_counts_must_be_the_official_ones(root: Path, tiny_100k: Path) -> None:
    with pytest.raises(
        InputError, match="has 5 ratings, 3 users and 3 movies, officially 100,000 ratings"
    ):
        add_set(AddRequest("ml-100k", str(tiny_100k)), root)


@pytest.mark.usefixtures("unchanged")
def test_a_bad_row_is_named_by_file_and_line_alone(
    root: Path, tiny_100k: Path, tiny_registry: Registry
) -> None:
    (tiny_100k / "u.data").write_text("7\t1\t5\t900\n7\t2\t6\t901\n")
    with pytest.raises(InputError, match=r"^u\.data, line 2: rating 6 is not on the scale 1-5"):
        add_set(AddRequest("ml-100k", str(tiny_100k)), root, tiny_registry)


@pytest.mark.usefixtures("unchanged")
def test_folds_must_make_up_the_whole(root: Path, tiny_100k: Path, tiny_registry: Registry) -> None:
    shutil.copy(tiny_100k / "u2.test", tiny_100k / "u1.test")
    with pytest.raises(InputError, match=r"u1\.base and u1\.test together are not u\.data"):
        add_set(AddRequest("ml-100k", str(tiny_100k)), root, tiny_registry)


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_truncated_archive(
    root: Path, tiny_zip: Path, tiny_registry: Registry, share: float
) -> None:
    content = tiny_zip.read_bytes()
    tiny_zip.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(
        InputError, match=r"tiny\.zip is not a zip or tar archive, or its end is missing"
    ):
        add_set(AddRequest("ml-100k", str(tiny_zip)), root, tiny_registry)


@pytest.mark.usefixtures("unchanged")
def test_an_archive_with_a_damaged_middle(
    root: Path, tiny_zip: Path, tiny_registry: Registry
) -> None:
    content = bytearray(tiny_zip.read_bytes())
    with zipfile.ZipFile(tiny_zip) as packed:
        start = packed.getinfo("ml-100k/u.item").header_offset + 50
    content[start : start + 20] = b"\0" * 20
    tiny_zip.write_bytes(bytes(content))
    with pytest.raises(InputError, match="cannot be unpacked"):
        add_set(AddRequest("ml-100k", str(tiny_zip)), root, tiny_registry)


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    "name", ["../evil.txt", "/evil.txt", "ml-100k/../../evil.txt", "C:\\evil.txt", "..\\evil.txt"]
)
def test_an_archive_that_leads_outside(
    root: Path, tiny_zip: Path, tmp_path: Path, tiny_registry: Registry, name: str
) -> None:
    with zipfile.ZipFile(tiny_zip, "a") as packed:
        packed.writestr(name, "evil")
    with pytest.raises(InputError, match="leads out of its folder"):
        add_set(AddRequest("ml-100k", str(tiny_zip)), root, tiny_registry)
    assert not list(tmp_path.rglob("evil*"))


@pytest.mark.usefixtures("unchanged")
def test_an_archive_of_another_set(root: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as packed:
        packed.writestr("other/readme.txt", "nothing")
    with pytest.raises(InputError, match=r"other\.zip has no u\.data and 15 more"):
        add_set(AddRequest("ml-100k", str(tmp_path / "other.zip")), root)


def test_the_data_folder_is_not_made_by_a_failure(tmp_path: Path, tiny_100k: Path) -> None:
    with pytest.raises(InputError):
        add_set(AddRequest("ml-100k", str(tiny_100k)), tmp_path / "new")
    assert not (tmp_path / "new").exists()
