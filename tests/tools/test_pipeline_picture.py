"""The picture of the pipeline has the stages of dvc.yaml."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from stages.core.errors import InputError
from tools.pipeline_picture import PIPELINE, check_placed, picture


def test_the_committed_picture_is_what_would_be_drawn(root: Path) -> None:
    assert (root / PIPELINE).read_text(encoding="utf-8") == picture()


@pytest.mark.usefixtures("root")
def test_it_is_svg_with_a_label() -> None:
    assert ElementTree.fromstring(picture()).get("aria-label") == "The stages of the pipeline"


def test_a_stage_without_a_place_is_named() -> None:
    with pytest.raises(InputError, match=r"^polish of dvc\.yaml has no place"):
        check_placed(["prepare", "polish"])
