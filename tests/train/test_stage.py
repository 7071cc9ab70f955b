"""The stage on disk."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from stages.core.schema import CANDIDATES, MOVIES, RATINGS, USERS
from stages.core.tables import read_arrow, write_arrays, write_table
from stages.train.__main__ import main

N_USERS, N_ITEMS = 6, 25
PARAMS = {"seed": 7, "train": {"common": {"candidates": 20}, "e2ep": {"epochs": 2, "every": 1, "channels": 8}}}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("params.yaml").write_text(yaml.safe_dump(PARAMS))
    draw = np.random.default_rng(0)
    names = [str(row) for row in range(N_ITEMS)]
    movies = {"item_row": range(N_ITEMS), "item_id": names, "title": names, "year": 1999, "genres": [[]] * N_ITEMS}
    write_table(Path("prepare/movies.parquet"), pd.DataFrame(movies).assign(text=""), MOVIES)
    people = {"user_row": range(N_USERS), "user_id": names[:N_USERS], "gender": "", "age": 1, "occupation": ""}
    write_table(Path("prepare/users.parquet"), pd.DataFrame(people), USERS)
    for part, items in (("train", range(8)), ("valid", range(8, 10))):
        rows = pd.DataFrame([(u, i, draw.integers(1, 6), 0) for u in range(N_USERS) for i in items])
        write_table(Path(f"prepare/splits/fold-1/{part}.parquet"), rows.set_axis(RATINGS.names, axis=1), RATINGS)
    for folder, n in (("fold-1", N_USERS), ("items", N_ITEMS)):
        write_arrays(
            Path(f"embed/{folder}/unified.safetensors"), {"vectors": draw.normal(size=(n, 6)).astype("float32")}
        )
    return tmp_path


def run(model: str, out: str = "out") -> dict[str, bytes]:
    main(model, "fold-1", Path("prepare"), Path("embed"), Path(out))
    return {path.name: path.read_bytes() for path in Path(out).iterdir()}


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("model", ["popularity", "e2ep"])
def test_two_runs_write_the_same_four_files(model: str) -> None:
    first = run(model, "first")
    assert set(first) == {"candidates.parquet", "valid.parquet", "weights.safetensors", "curve.csv"}
    assert run(model, "second") == first


@pytest.mark.usefixtures("project")
def test_candidates_hold_the_asked_number_of_unseen_items() -> None:
    run("popularity")
    rows = read_arrow(Path("out/candidates.parquet"), CANDIDATES).to_pandas()
    assert rows.groupby("user_row").size().tolist() == [15] * N_USERS
    assert rows["item_row"].min() == 10
    assert read_arrow(Path("out/valid.parquet"), CANDIDATES).num_rows == 17 * N_USERS


@pytest.mark.usefixtures("project")
def test_an_unknown_model_is_refused_with_the_names_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="1"):
        run("magic")
    assert "models in params.yaml names 'magic'" in (error := capsys.readouterr().err)
    assert "popularity" in error


@pytest.mark.usefixtures("project")
def test_missing_embeddings_are_one_sentence_and_nothing_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    Path("embed/items/unified.safetensors").unlink()
    with pytest.raises(SystemExit, match="1"):
        run("e2ep")
    assert "add unified to embed.forms in params.yaml" in capsys.readouterr().err
    assert not Path("out").exists()
