"""Which parameters make a fit another one in DVC's eyes: all but where it is computed."""

from pathlib import Path

import pytest
import yaml

from stages.core.params import Section
from stages.embed.params import EmbedParams
from stages.train.params import CommonParams

PIPELINE = Path(__file__).parents[2] / "dvc.yaml"


@pytest.mark.parametrize(
    ("name", "section"), [("train.common", CommonParams), ("embed", EmbedParams)]
)
def test_dvc_compares_every_setting_but_the_device(name: str, section: type[Section]) -> None:
    stages = yaml.safe_load(PIPELINE.read_text(encoding="utf-8"))["stages"]
    compared = {
        stage: {key for key in about.get("params", []) if key == name or key.startswith(f"{name}.")}
        for stage, about in stages.items()
    }
    every = {f"{name}.{field}" for field in section.model_fields} - {f"{name}.device"}
    readers = {stage: keys for stage, keys in compared.items() if keys}
    assert readers
    assert all(keys == every for keys in readers.values()), readers
