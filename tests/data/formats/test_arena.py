"""The public arenas: tiny files of their form, and the real ones where they lie here."""

from pathlib import Path

import numpy as np
import pytest

from stages.core.errors import InputError
from stages.data.add import AddRequest, add_set
from stages.data.dataset import Counts
from stages.data.read import read_dataset
from stages.data.registry.entries import REGISTRY, RegistryEntry

ARENAS = Path(__file__).parents[4] / "shared" / "data" / "arenas"
TINY = {
    "gowalla_train.txt": "0 0 2\n1 1\n",
    "gowalla_valid.txt": "0 1\n1\n",
    "gowalla_test.txt": "0 3\n1 0 2\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "arenas"
    folder.mkdir()
    for name, text in TINY.items():
        (folder / name).write_text(text)
    (folder / "Beauty.txt").write_text("1 3 1\n2 2 3 1\n")
    return folder


def tiny(name: str, counts: Counts) -> dict[str, RegistryEntry]:
    entry = REGISTRY[name]
    facts = {"counts": counts, "files": dict.fromkeys(entry.files, "")}
    return {name: entry.model_copy(update=facts)}


def test_a_published_split_keeps_its_parts(folder: Path, tmp_path: Path) -> None:
    registry = tiny("gowalla", Counts(2, 4, 7))
    added = add_set(AddRequest("gowalla", str(folder)), tmp_path / "data", registry)
    data = read_dataset(added.folder)
    assert data.ratings["part"].tolist() == ["train"] * 3 + ["valid"] + ["test"] * 3
    assert data.ratings["movie_id"].tolist() == ["0", "2", "1", "1", "3", "0", "2"]
    assert data.movies["title"].tolist() == [f"place {n}" for n in range(4)]
    assert (data.implicit, data.ordered) == (True, False)


@pytest.mark.parametrize("source", ["", "Beauty.txt", "renamed.txt"])
def test_a_sequence_from_its_folder_or_file(folder: Path, tmp_path: Path, source: str) -> None:
    (folder / "renamed.txt").write_text((folder / "Beauty.txt").read_text())
    name, registry = "amazon-beauty-2014", tiny("amazon-beauty-2014", Counts(2, 3, 5))
    added = add_set(AddRequest(name, str(folder / source)), tmp_path / "data", registry)
    data = read_dataset(added.folder)
    assert data.ratings["movie_id"].tolist() == ["3", "1", "2", "3", "1"]
    assert (data.ordered, data.timestamps) == (True, False)
    assert {path.name for path in added.folder.iterdir()} == {"Beauty.txt", "manifest.json"}


def test_an_arena_without_an_address_says_what_to_get(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"get the folder .*LightGCNpp.* --from PATH` with"):
        add_set(AddRequest("gowalla"), tmp_path / "data")
    assert not (tmp_path / "data").exists()


def test_another_file_has_other_counts(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="officially 198,502 ratings"):
        add_set(AddRequest("amazon-beauty-2014", str(folder / "Beauty.txt")), tmp_path / "data")


@pytest.mark.parametrize("name", ["gowalla", "amazon-beauty-2014", "amazon-toys-2014"])
def test_the_real_arenas_are_proved_and_whole(tmp_path: Path, name: str) -> None:
    if not ARENAS.is_dir():
        pytest.skip("the arenas do not lie beside the project")
    added = add_set(AddRequest(name, str(ARENAS)), tmp_path / "data")
    assert added.manifest.verified == "counts"
    ratings = read_dataset(added.folder).ratings
    if name == "gowalla":
        assert ratings["part"].value_counts()[["train", "valid", "test"]].tolist() == [
            719_081,
            91_047,
            217_242,
        ]
    else:
        users = ratings["user_id"].to_numpy().astype(np.int64)
        assert (np.diff(users) >= 0).all()
