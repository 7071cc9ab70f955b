"""Downloading from a real local server."""

from pathlib import Path

import pytest

from stages.core.errors import InputError
from stages.data.add import AddRequest, add_set
from stages.data.registry.entries import RegistryEntry
from stages.data.registry.fetch import obtained
from tests.data.conftest import Serve, with_download

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
