"""The stage on disk."""

from pathlib import Path

import numpy as np
import pytest
import yaml

from stages.contracts.rows import ItemProfile, Profile, UserProfile
from stages.core.tables import read_arrays, write_jsonl
from stages.embed.__main__ import items, users


@pytest.mark.usefixtures("torch_encoder")
def test_writes_a_matrix_for_each_form_and_the_ids_in_row_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("params.yaml").write_text(yaml.safe_dump({"embed": {"forms": ["unified", "integrated"]}}))
    rows = [
        ItemProfile(
            item_id=name,
            profile=Profile(
                overview=f"About {name}.", genres=(), tags=(), description="", dislikes=()
            ),
            integrated=f"{name} run together",
            source="made up",
        )
        for name in ("b", "a")
    ]
    write_jsonl(Path("items.jsonl"), rows)
    items(Path("items.jsonl"), Path("out"))
    unified, integrated = (
        read_arrays(Path("out", f"{form}.safetensors"))["vectors"]
        for form in ("unified", "integrated")
    )
    assert Path("out/ids.txt").read_text() == "b\na\n"
    assert unified.shape == integrated.shape == (2, 384)
    assert np.abs(unified - integrated).max() > 0.01


@pytest.mark.usefixtures("torch_encoder")
@pytest.mark.parametrize(
    ("models", "own", "read"),
    [(["e2ep"], False, False), (["e2ep"], True, True), (["e2ep", "unified"], False, True)],
)
def test_users_are_embedded_only_if_a_model_reads_them(
    models: list[str], own: bool, read: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    params = {"embed": {}, "further": {"models": models}, "train": {"e2ep": {"user_text": own}}}
    Path("params.yaml").write_text(yaml.safe_dump(params))
    taste = Profile(overview="Likes light.", genres=(), tags=(), description="", dislikes=())
    user = UserProfile(
        user_id="u", profile=taste, integrated="", source="made up", liked=(), disliked=()
    )
    write_jsonl(Path("users.jsonl"), [user])
    users(Path("users.jsonl"), Path("out"), readers="further.models")
    assert Path("out/ids.txt").read_text() == "u\n"
    assert Path("out/unified.safetensors").exists() == read
