"""Published profiles: what is read, what is left out, what is refused."""

from pathlib import Path
from typing import Any

import pytest

from stages.core.errors import InputError, MissingError
from stages.llm.providers.offline import LABEL
from stages.profile.published import read_published, refuse_leak

SHARED = Path(__file__).parents[3] / "shared" / "data" / "ml-100k"
WHOLE = (
    "## Overview\nA.\n## Attributes\n- **Genre**: B\n- **Tags**: C\n"
    "## Description\nD.\n## Dislikes:\nE"
)


@pytest.mark.parametrize(
    ("file", "key", "found"),
    [("user_profiles_u1.csv", "user_id", 909), ("item_profiles.csv", "movie_id", 1591)],
)
def test_the_released_files_give_every_complete_profile(file: str, key: str, found: int) -> None:
    if not (SHARED / file).is_file():
        pytest.skip("the released profiles do not lie beside the project")
    profiles = read_published(SHARED / file, key)
    assert len(profiles) >= found
    assert all(profile.genres and profile.tags for profile in profiles.values())


def test_incomplete_profiles_are_left_out(tmp_path: Path) -> None:
    file = tmp_path / "profiles.csv"
    file.write_text(
        f'user_id,profile\nwhole,"{WHOLE}"\nhalf,"{WHOLE.partition("## Desc")[0]}"\nnone,\n'
    )
    assert set(read_published(file, "user_id")) == {"whole"}


def test_ids_stay_text(tmp_path: Path) -> None:
    file = tmp_path / "profiles.csv"
    file.write_text(f'user_id,profile\n007,"{WHOLE}"\n')
    assert set(read_published(file, "user_id")) == {"007"}


def test_a_file_without_the_key_is_refused_with_its_columns(tmp_path: Path) -> None:
    file = tmp_path / "profiles.csv"
    file.write_text("id,profile\n1,x\n")
    with pytest.raises(InputError, match="no column user_id; its columns are id, profile"):
        read_published(file, "user_id")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match=r"absent\.csv, which is not there"):
        read_published(tmp_path / "absent.csv", "user_id")


@pytest.mark.parametrize(
    ("dataset", "split"),
    [
        ("ml-100k", "fold-2"),
        ("ml-100k", "temporal"),
        ("ml-100k", "cold-users-1"),
        ("ml-1m", "fold-1"),
    ],
)
def test_published_user_profiles_are_refused_where_they_would_leak(
    dataset: str, split: str
) -> None:
    with pytest.raises(InputError, match=rf"cannot serve {dataset} {split}: .*u1\.base"):
        refuse_leak(dataset, split)


def test_published_user_profiles_serve_the_split_that_they_were_made_from(project: Any) -> None:
    (project.root / "ml-100k").mkdir()
    (project.root / "ml-100k" / "own.csv").write_text(f'user_id,profile\na,"{WHOLE}"\n')
    project.set(users="published", users_file="own.csv")
    project.users("ml-100k", "fold-1")
    assert [row["source"] for row in project.rows()] == ["published", LABEL, "no rating"]


def test_a_file_in_another_encoding_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "profiles.csv").write_bytes(b"user_id,profile\n1,caf\xe9\n")
    with pytest.raises(InputError, match=r"profiles\.csv, line 2: byte 21 is not UTF-8"):
        read_published(tmp_path / "profiles.csv", "user_id")


def test_the_marks_of_two_rows_do_not_pair_up(tmp_path: Path) -> None:
    path = tmp_path / "profiles.csv"
    path.write_text('movieId,profile\n1,"a\n2,b\n3,"c\n')
    with pytest.raises(InputError, match=r"line 2: .*write each mark inside it twice"):
        read_published(path, "movieId")
