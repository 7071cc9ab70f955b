"""A data set is read only as it was added."""

import json
from pathlib import Path

import pytest

from stages.core.errors import InputError
from stages.data import unchanged
from stages.data.dataset import Counts
from stages.data.manifest import Manifest, file_facts, write_manifest
from stages.data.sample.catalogue import read_films
from stages.data.sample.files import write_sample
from stages.data.sample.generate import simulate
from stages.data.unchanged import require_unchanged


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "data" / "shop"
    folder.mkdir(parents=True)
    (folder / "ratings.csv").write_text("user_id,movie_id,rating\n1,1,5\n")
    manifest = Manifest(
        name="shop",
        kind="csv",
        source="own",
        verified="none",
        counts=Counts(1, 1, 1),
        files=file_facts(folder),
    )
    write_manifest(folder, manifest)
    return folder


def test_what_was_added_may_be_used_and_other_files_may_lie_beside_it(shop: Path) -> None:
    (shop / "notes.txt").write_text("mine\n")
    require_unchanged(shop)


def test_an_edited_file_is_named_with_what_to_do(shop: Path) -> None:
    (shop / "ratings.csv").write_text("user_id,movie_id,rating\n1,1,4\n")
    with pytest.raises(
        InputError,
        match=r"^data/shop/ratings\.csv is not the one that was added; add or import shop again "
        "with --replace$",
    ):
        require_unchanged(shop)


def test_a_missing_file_is_named(shop: Path) -> None:
    (shop / "ratings.csv").unlink()
    with pytest.raises(InputError, match=r"data/shop/ratings\.csv is missing"):
        require_unchanged(shop)


def test_the_kept_checksums_are_those_of_the_sample_as_it_is_generated(tmp_path: Path) -> None:
    films = read_films()
    write_sample(tmp_path / "sample", films, simulate(films))
    kept = json.loads(
        (Path(unchanged.__file__).parent / "sample/files.json").read_text(encoding="utf-8")
    )
    facts = file_facts(tmp_path / "sample")
    assert kept == {name: fact.model_dump() for name, fact in facts.items()}
    require_unchanged(tmp_path / "sample")
