"""The stage on disk."""

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
import yaml

from stages.contracts.probing import Probe
from stages.contracts.rows import (
    CANDIDATES,
    ENRICHED,
    MOVIES,
    RATINGS,
    TRAINING,
    USERS,
    Claim,
    Explained,
    Explanation,
)
from stages.core.tables import read_arrow, read_model, write_arrays, write_jsonl, write_table
from stages.probe import __main__ as probe
from stages.train import further
from stages.train.__main__ import main

N_USERS, N_ITEMS = 6, 25
PARAMS: dict[str, Any] = {
    "seed": 7,
    "train": {"common": {"candidates": 20}, "e2ep": {"epochs": 2, "every": 1, "channels": 8}},
}

SOURCES = Path("prepare"), Path("enrich/movies.parquet"), Path("embed")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("params.yaml").write_text(yaml.safe_dump(PARAMS))
    write_sources(tmp_path, ["fold-1"])
    return tmp_path


def write_sources(folder: Path, splits: list[str]) -> None:
    """What earlier stages write, for six users; all splits have the same rows."""
    draw = np.random.default_rng(0)
    names = [str(row) for row in range(N_ITEMS)]
    movies = {
        "item_row": range(N_ITEMS),
        "item_id": names,
        "title": names,
        "year": 1999,
        "genres": [[]] * N_ITEMS,
    }
    write_table(
        folder / "prepare/movies.parquet",
        pd.DataFrame(movies).assign(text="", creators=None),
        MOVIES,
    )
    enriched = movies | {
        name: [["x"]] * N_ITEMS for name in ("genres", "keywords", "directors", "cast", "creators")
    }
    unknown = {name: None for name in ENRICHED.names if name not in enriched}
    write_table(
        folder / "enrich/movies.parquet", pd.DataFrame(enriched).assign(**unknown), ENRICHED
    )
    people = {
        "user_row": range(N_USERS),
        "user_id": names[:N_USERS],
        "gender": "F",
        "age": 30,
        "occupation": "",
    }
    write_table(folder / "prepare/users.parquet", pd.DataFrame(people), USERS)
    for part, items in (("train", range(8)), ("valid", range(8, 10))):
        rows = pd.DataFrame(
            [(u, i, draw.integers(1, 6), 0, -1) for u in range(N_USERS) for i in items]
        ).set_axis(RATINGS.names, axis=1)
        for split in splits:
            path = folder / f"prepare/splits/{split}/{part}.parquet"
            write_table(path, rows.assign(history=None), TRAINING)
    vectors = {
        name: draw.normal(size=(n, 6)).astype("float32")
        for name, n in (("users", N_USERS), ("items", N_ITEMS))
    }
    for place in (*splits, "items"):
        own = {"vectors": vectors.get(place, vectors["users"])}
        write_arrays(folder / f"embed/{place}/unified.safetensors", own)


@pytest.fixture
def root_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """For processes that start in a temporary folder."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))


def run(model: str, out: str = "out") -> dict[str, bytes]:
    main(model, "fold-1", *SOURCES, Path(out))
    return {path.name: path.read_bytes() for path in Path(out).iterdir()}


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("model", ["popularity", "e2ep"])
def test_two_runs_write_the_same_files(model: str) -> None:
    first = run(model, "first")
    parts = {"parts.safetensors", "valid-parts.safetensors"} if model == "e2ep" else set()
    files = {"candidates.parquet", "valid.parquet", "weights.safetensors", "curve.csv"}
    assert set(first) == files | parts
    assert run(model, "second") == first


@pytest.mark.usefixtures("project")
def test_candidates_hold_the_asked_number_of_unseen_items() -> None:
    run("popularity")
    rows = read_arrow(Path("out/candidates.parquet"), CANDIDATES).to_pandas()
    assert rows.groupby("user_row").size().tolist() == [15] * N_USERS
    assert rows["item_row"].min() == 10
    assert read_arrow(Path("out/valid.parquet"), CANDIDATES).num_rows == 17 * N_USERS


@pytest.mark.usefixtures("project")
def test_an_unknown_model_is_refused_with_the_names_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit, match="1"):
        run("magic")
    assert "models in params.yaml names 'magic'" in (error := capsys.readouterr().err)
    assert "popularity" in error


@pytest.mark.usefixtures("project")
def test_missing_embeddings_are_one_sentence_and_nothing_is_written(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("embed/items/unified.safetensors").unlink()
    with pytest.raises(SystemExit, match="1"):
        run("e2ep")
    assert "add unified to embed.forms in params.yaml" in capsys.readouterr().err
    assert not Path("out").exists()


def with_device(asked: str) -> None:
    common = PARAMS["train"]["common"] | {"device": asked}
    params = PARAMS | {"train": PARAMS["train"] | {"common": common}}
    Path("params.yaml").write_text(yaml.safe_dump(params))


@pytest.mark.usefixtures("project")
@pytest.mark.skipif(torch.cuda.is_available(), reason="auto would take the GPU")
def test_auto_says_which_device_it_took(capsys: pytest.CaptureFixture[str]) -> None:
    first = run("e2ep", "first")
    with_device("auto")
    assert run("e2ep", "second") == first
    named = [line.partition(" · ")[0] for line in capsys.readouterr().out.splitlines()]
    assert named == ["train e2ep fold-1: 60 ratings", "train e2ep fold-1: device cpu"]


@pytest.mark.usefixtures("project")
@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_a_gpu_that_is_not_there_is_refused_before_anything_is_written(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with_device("cuda")
    with pytest.raises(SystemExit, match="1"):
        run("e2ep")
    assert "error: train.common.device is cuda, which cannot be used" in capsys.readouterr().err
    assert not Path("out").exists()


def run_further(splits: list[str]) -> None:
    Path("params.yaml").write_text(
        yaml.safe_dump(
            PARAMS | {"splits": ["fold-1"], "further": {"splits": splits, "models": ["popularity"]}}
        )
    )
    for split in splits:
        shutil.copytree("prepare/splits/fold-1", f"prepare/splits/{split}")
    further.main("popularity", *SOURCES, Path("out"))


@pytest.mark.usefixtures("project", "root_on_path")
def test_a_model_on_further_splits_is_what_it_is_on_each_alone() -> None:
    run_further(["fold-2", "temporal"])
    assert sorted(path.name for path in Path("out").iterdir()) == ["fold-2", "temporal"]
    alone = run("popularity", "alone")
    assert {path.name: path.read_bytes() for path in Path("out/temporal").iterdir()} == alone


@pytest.mark.usefixtures("project", "root_on_path")
def test_a_further_split_that_fails_is_named_with_its_fault(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("prepare/splits/fold-1/valid.parquet").unlink()
    with pytest.raises(SystemExit, match="1"):
        run_further(["fold-2"])
    assert (
        "error: popularity on fold-2: prepare/splits/fold-2/valid.parquet is not there"
        in capsys.readouterr().err
    )


def probed(model: str) -> Probe:
    """One explained film of two users, probed with the model that `run` left."""
    run(model)
    claims = (Claim(attribute="heist", kind="tag", cited=("1",)),)
    film = {
        "item_id": "20",
        "title": "",
        "graph_score": 1,
        "graph_place": 0,
        "judge_value": 1,
        "place": 0,
        "reason": "",
    }
    items = (Explained(**film, claims=claims, dropped=0),)
    rows = [
        Explanation(user_id=user, base=model, strategy="scored", source="", items=items)
        for user in "01"
    ]
    write_jsonl(Path("explained/scored/explanations.jsonl"), rows)
    write_jsonl(Path("explained/gone/explanations.jsonl"), rows)
    probe.main(model, "fold-1", *SOURCES, Path("out"), Path("explained"), Path("probed"))
    return read_model(Path("probed/scored.json"), Probe)


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("model", ["ease", "e2ep"])
def test_a_probe_tells_every_explained_film_and_repeats(model: str) -> None:
    found = probed(model)
    assert found.applies
    assert len(found.items) + found.skipped == 2
    assert probed(model) == found


@pytest.mark.usefixtures("project")
def test_a_probe_of_a_model_that_reads_no_ratings_says_that_it_does_not_apply() -> None:
    assert probed("popularity") == Probe(applies=False)


@pytest.mark.usefixtures("project")
def test_a_probe_deletes_what_is_no_longer_explained() -> None:
    probed("popularity")
    assert not Path("explained/gone").exists()
