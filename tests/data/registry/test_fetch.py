"""Downloading from a real local server."""

from dataclasses import replace
from pathlib import Path

import pytest

from stages.core.errors import InputError
from stages.data.add import Wanted, add
from stages.data.registry.fetch import obtained
from stages.data.registry.known import Known

Catalogue = dict[str, Known]


def test_a_download_is_added(root: Path, tiny_zip: Path, tiny_catalogue: Catalogue, serve) -> None:
    url = f"{serve(tiny_zip.read_bytes())}/ml-100k.zip"
    added = add(Wanted("ml-100k"), root, {"ml-100k": replace(tiny_catalogue["ml-100k"], url=url)})
    assert (added.manifest.source, added.manifest.verified) == (url, "official")


def test_an_address_given_with_from_is_fetched(
    root: Path, tiny_zip: Path, tiny_catalogue: Catalogue, serve
) -> None:
    url = f"{serve(tiny_zip.read_bytes())}/mirror.zip"
    assert add(Wanted("ml-100k", url), root, tiny_catalogue).manifest.counts.ratings == 5


def test_a_set_without_a_fixed_md5_has_its_own_reported(
    root: Path, tiny_zip: Path, tiny_catalogue: Catalogue, serve
) -> None:
    known = tiny_catalogue["ml-100k"]
    url = f"{serve(tiny_zip.read_bytes())}/ml-100k.zip"
    added = add(Wanted("ml-100k", url), root, {"ml-100k": replace(known, md5=None)})
    assert any(f"md5 {known.md5} has nothing to compare with" in note for note in added.notes)


@pytest.mark.usefixtures("unchanged")
def test_the_wrong_md5_is_refused(
    root: Path, tiny_zip: Path, tiny_catalogue: Catalogue, serve
) -> None:
    known = replace(tiny_catalogue["ml-100k"], md5="0" * 32)
    with pytest.raises(
        InputError, match=r"has md5 [0-9a-f]{32}, not the official 0{32}; try again"
    ):
        add(Wanted("ml-100k", f"{serve(tiny_zip.read_bytes())}/x.zip"), root, {"ml-100k": known})


@pytest.mark.usefixtures("unchanged")
def test_a_connection_that_ends_early(
    root: Path, tiny_zip: Path, tiny_catalogue: Catalogue, serve
) -> None:
    content = tiny_zip.read_bytes()
    url = f"{serve(content[:1000], promised=len(content))}/x.zip"
    with pytest.raises(InputError, match=r"cannot download http://127\..*1,000 of "):
        add(Wanted("ml-100k", url), root, tiny_catalogue)


@pytest.mark.usefixtures("unchanged")
def test_an_address_without_a_file(root: Path, tiny_catalogue: Catalogue, serve) -> None:
    with pytest.raises(
        InputError, match=r"cannot download .*absent\.zip: Not Found; check the address"
    ):
        add(Wanted("ml-100k", f"{serve(b'')}/absent.zip"), root, tiny_catalogue)


@pytest.mark.usefixtures("unchanged")
def test_a_server_that_is_not_there(root: Path, tiny_catalogue: Catalogue) -> None:
    with pytest.raises(InputError, match="Connection refused; check the address"):
        add(Wanted("ml-100k", "http://127.0.0.1:9/x.zip"), root, tiny_catalogue)


@pytest.mark.usefixtures("unchanged")
def test_an_address_of_another_kind(root: Path, tiny_catalogue: Catalogue) -> None:
    with pytest.raises(InputError, match="ftp is not supported"):
        add(Wanted("ml-100k", "ftp://127.0.0.1/x.zip"), root, tiny_catalogue)


def test_a_password_in_the_address_is_not_kept(
    tiny_zip: Path, tiny_catalogue: Catalogue, serve
) -> None:
    host = serve(tiny_zip.read_bytes()).removeprefix("http://")
    with (
        pytest.raises(InputError, match="cannot download") as failure,
        obtained(f"http://me:secret@{host}/x.zip?key=secret", tiny_catalogue["ml-100k"]),
    ):
        pass
    assert "secret" not in str(failure.value)


def test_the_download_is_gone_at_the_end(tiny_zip: Path, tiny_catalogue: Catalogue, serve) -> None:
    with obtained(f"{serve(tiny_zip.read_bytes())}/x.zip", tiny_catalogue["ml-100k"]) as origin:
        assert origin.path.is_file()
    assert not origin.path.exists()
