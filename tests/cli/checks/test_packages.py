"""Installed versions against the pins."""

from pathlib import Path

import pytest

from e2ep_cli.checks import packages
from stages.core.errors import InputError

ROOT = Path(__file__).parents[3]


def test_a_pin_that_differs_is_named(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    (tmp_path / "constraints.txt").write_text("NumPy==2.0.99\n")
    row = next(row for row in packages.check(tmp_path) if row.what == "packages")
    assert (row.state, "(pinned 2.0.99)" in row.finding, row.cure) == (
        "note",
        True,
        "pip install -e . -c constraints.txt",
    )


def test_a_local_suffix_is_the_same_version() -> None:
    assert packages.version_rows({"torch": "2.13.0+cpu"}, {"torch": "2.13.0"})[0].state == "fine"


def test_a_missing_package_is_a_fault_beside_the_note() -> None:
    rows = packages.version_rows(
        {"numpy": None, "rich": "1.0", "typer": "3"}, {"numpy": "2", "rich": "2.0", "typer": "3"}
    )
    assert [row.state for row in rows] == ["fault", "note"]
    assert [row.finding.split(":")[0] for row in rows] == ["missing", "rich 1.0 (pinned 2.0)"]


def test_the_build_of_torch() -> None:
    assert (
        packages.build("cuda: Optional[str] = '12.8'\n")
        == "built for CUDA 12.8; train.common.device and embed.device say whether it is used"
    )
    assert (
        packages.build("cuda: Optional[str] = None\nhip: Optional[str] = '6'\n")
        == "built without CUDA"
    )


def test_pins_in_another_encoding_are_refused_with_their_line(tmp_path: Path) -> None:
    (tmp_path / "constraints.txt").write_bytes(b"numpy==2\n# caf\xe9\n")
    with pytest.raises(InputError, match=r"constraints\.txt, line 2: byte 14 is not UTF-8"):
        packages.pins(tmp_path)
