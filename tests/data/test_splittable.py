"""Splits and models that need times of a data set that has none, before anything is read."""

import json
from pathlib import Path

import pytest

from stages.core.errors import ParamError
from stages.data.splittable import require_times


def said(folder: Path, **facts: bool) -> Path:
    """A data set of which there is only what it says of itself."""
    about = {"name": "shop", "scale": [0, 1], "positive_at": 1, "implicit": True}
    folder.mkdir(exist_ok=True)
    (folder / "dataset.json").write_text(json.dumps(about | facts))
    return folder


@pytest.mark.parametrize("split", ["temporal", "global", "last"])
def test_a_split_by_time_is_refused_where_no_time_is_known(tmp_path: Path, split: str) -> None:
    with pytest.raises(ParamError, match=f"names '{split}', but .* times are missing"):
        require_times(said(tmp_path, timestamps=False), ["fold-1", split], ["ease"])


@pytest.mark.parametrize("ordered", [True, False])
def test_recent_is_refused_also_where_only_the_order_is_known(
    tmp_path: Path, ordered: bool
) -> None:
    with pytest.raises(ParamError, match=r"^recent needs times, which this data set lacks"):
        require_times(
            said(tmp_path, timestamps=False, ordered=ordered), ["fold-1"], ["ease", "recent"]
        )


@pytest.mark.parametrize("model", ["transitions", "sasrec"])
def test_a_model_of_order_needs_times_or_an_order(tmp_path: Path, model: str) -> None:
    with pytest.raises(ParamError, match=f"^{model} needs times or an order of each user's"):
        require_times(said(tmp_path, timestamps=False), ["fold-1"], ["ease", model])
    require_times(said(tmp_path, timestamps=False, ordered=True), ["fold-1"], [model])
    require_times(said(tmp_path, timestamps=True), ["fold-1"], [model])


def test_what_works_without_times_passes(tmp_path: Path) -> None:
    require_times(said(tmp_path, timestamps=False), ["fold-1", "new-users-1", "given"], ["ease"])
    require_times(said(tmp_path, timestamps=False, ordered=True), ["last"], ["ease"])
    require_times(said(tmp_path, timestamps=True), ["global", "last"], ["recent"])


def test_the_arenas_have_no_times_but_sequences_have_an_order(tmp_path: Path) -> None:
    for name, train in (("gowalla", "gowalla_train.txt"), ("amazon-beauty-2014", "Beauty.txt")):
        folder = tmp_path / name
        folder.mkdir()
        (folder / train).touch()
        with pytest.raises(ParamError, match="recent needs times"):
            require_times(folder, [], ["recent"])
    require_times(tmp_path / "amazon-beauty-2014", ["last"], ["ease"])
    with pytest.raises(ParamError, match="times are missing; use fold-1"):
        require_times(tmp_path / "gowalla", ["last"], ["ease"])
