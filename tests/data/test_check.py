"""What `check` and `list` say about a set that is complete, changed, cut short or missing."""

from pathlib import Path

import pytest

from stages.core.errors import InputError
from stages.data.add import AddRequest, add_set
from stages.data.check import check
from stages.data.listing import list_datasets
from stages.data.read import present
from stages.data.registry.entries import REGISTRY, RegistryEntry
from stages.data.sample.catalogue import read_films
from stages.data.sample.files import write_sample
from stages.data.sample.generate import simulate


@pytest.fixture
def folder(root: Path, tiny_100k: Path, tiny_registry: dict[str, RegistryEntry]) -> Path:
    return add_set(AddRequest("ml-100k", str(tiny_100k)), root, tiny_registry).folder


def test_a_whole_set_has_no_fault_and_its_facts(folder: Path) -> None:
    finding = check(folder)
    assert finding.fault is None
    assert finding.facts == {
        "users": "3",
        "films": "3",
        "ratings": "5",
        "density": "55.56%",
        "mean": "3.000 on 1-5",
        "time span": "1970-01-01 – 1970-01-01",
        "positives": "40.0% (from 4)",
    }
    assert finding.rows["files"] == "16 ok"


def test_a_changed_file_is_named(folder: Path) -> None:
    (folder / "u.info").write_text("other\n")
    finding = check(folder)
    assert "u.info is changed" in (finding.fault or "")
    assert finding.rows["u.info"] == "changed"


def test_a_missing_file_is_named_before_anything_else(folder: Path) -> None:
    (folder / "u.data").unlink()
    assert "u.data is missing since it was made" in (check(folder).fault or "")


def test_a_file_put_beside_the_set_is_no_fault(folder: Path) -> None:
    (folder / "notes.txt").write_text("mine")
    finding = check(folder)
    assert (finding.fault, finding.rows["notes.txt"]) == (None, "not listed")


def test_without_a_manifest_nothing_is_proved(folder: Path) -> None:
    (folder / "manifest.json").unlink()
    assert "has no manifest.json" in (check(folder).fault or "")


def test_a_broken_manifest(folder: Path) -> None:
    (folder / "manifest.json").write_text("{")
    assert "manifest.json is not a manifest" in (check(folder).fault or "")


def test_a_manifest_with_other_counts(folder: Path) -> None:
    text = (folder / "manifest.json").read_text()
    (folder / "manifest.json").write_text(text.replace('"ratings": 5', '"ratings": 6'))
    assert "holds 5 ratings, 3 users and 3 movies, its manifest says 6 ratings" in (
        check(folder).fault or ""
    )


def test_the_sample_needs_no_manifest(tmp_path: Path) -> None:
    films, sample = read_films(), tmp_path / "sample"
    write_sample(sample, films, simulate(films))
    assert check(sample).fault is None
    assert check(sample).files["ratings.csv"] == "ok"


def test_an_edited_sample_is_seen(tmp_path: Path) -> None:
    films, sample = read_films(), tmp_path / "sample"
    write_sample(sample, films, simulate(films))
    (sample / "ratings.csv").write_bytes(
        (sample / "ratings.csv").read_bytes().replace(b",5,", b",4,", 1)
    )
    assert "ratings.csv is changed since it was made; `git checkout data.dvc`" in (
        check(sample).fault or ""
    )


@pytest.mark.parametrize(
    ("name", "way"), [("sample", "dvc pull data.dvc"), ("ml-1m", "e2ep data add ml-1m")]
)
def test_a_set_that_is_not_there_names_the_way_to_get_it(root: Path, name: str, way: str) -> None:
    with pytest.raises(InputError, match=f"is not there; get it with `{way}`"):
        check(root / name)


def test_hidden_folders_are_no_sets(root: Path) -> None:
    (root / ".x.partial-1").mkdir()
    assert present(root) == ["kept"]


def test_the_list_works_without_a_data_folder(tmp_path: Path) -> None:
    groups = list_datasets(tmp_path / "none")
    assert list(groups) == [
        "In none/",
        "Added by `e2ep data add NAME`",
        "Added by `e2ep data add NAME --from PATH`",
    ]
    names = [line.name for lines in groups.values() for line in lines]
    assert sorted(names) == sorted(["sample", *REGISTRY])


def test_the_list_counts_what_is_there(folder: Path) -> None:
    here, *others = list_datasets(folder.parent).values()
    sizes = {line.name: line.size for line in here}
    assert sizes["ml-100k"] == "5 ratings, 3 users and 3 films"
    assert "ml-100k" not in [line.name for lines in others for line in lines]
