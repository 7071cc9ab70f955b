"""Overrides as DVC reads them."""

from pathlib import Path
from typing import Any

import pytest
from dvc.utils.hydra import apply_overrides

from e2ep_cli.ablating.experiments import override
from stages.core.params import load_params


@pytest.mark.parametrize(
    "value",
    [
        False,
        None,
        2,
        0.5,
        "a word",
        'it\'s "said": [a, b]',
        [],
        [0.0, 1.0],
        ["e2ep", "e2ep+scored"],
        [{"past": 2.0, "next": 3}, {"past": 10.0, "next": 40}],
        {5: 1.0, 4: 0.5},
    ],
)
def test_dvc_reads_what_was_meant(value: Any, tmp_path: Path) -> None:
    """Also lists of spans and grades, which experiments/ has."""
    file = tmp_path / "params.yaml"
    file.write_text("section: {value: before, other: 1}\n")
    apply_overrides(file, [f"section.value={override(value)}"])
    assert load_params(file) == {"section": {"value": value, "other": 1}}
