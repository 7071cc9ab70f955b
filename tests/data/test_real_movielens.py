"""The real MovieLens sets, where they lie beside the project; none of their rows stands here."""

from pathlib import Path

import pytest

from stages.data.add import AddRequest, add_set
from stages.data.read import read_dataset

SHARED = Path(__file__).parents[3] / "shared" / "data"


def real(name: str) -> Path:
    if not (SHARED / name).is_dir():
        pytest.skip(f"{name} does not lie beside the project")
    return SHARED / name


def test_ml_100k_from_a_folder_is_proved_official(root: Path) -> None:
    added = add_set(AddRequest("ml-100k", str(real("ml-100k"))), root)
    assert (added.manifest.verified, added.notes) == ("official", ())


def test_ml_100k_reads_with_five_disjoint_folds() -> None:
    data = read_dataset(real("ml-100k"))
    tests = [set(fold.itertuples(index=False, name=None)) for fold in data.official_folds.values()]
    assert [len(test) for test in tests] == [20_000] * 5
    assert len(set.union(*tests)) == 100_000


def test_ml_1m_from_a_folder_has_the_official_counts_and_one_unknown_checksum(root: Path) -> None:
    added = add_set(AddRequest("ml-1m", str(real("ml-1m"))), root)
    assert added.manifest.verified == "counts"
    assert [note.partition(":")[0] for note in added.notes if "checksum" in note] == ["ratings.dat"]


def test_ml_1m_reads_with_the_published_mean_and_unusable_times() -> None:
    data = read_dataset(real("ml-1m"))
    assert (len(data.ratings), data.ratings["movie_id"].nunique(), data.timestamps) == (
        1_000_209,
        3_706,
        False,
    )
    assert data.ratings["rating"].astype("float64").mean() == pytest.approx(3.581564, abs=1e-6)
