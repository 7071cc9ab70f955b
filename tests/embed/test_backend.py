"""The choice of a backend where OpenVINO is not installed."""

import sys
import tomllib
from pathlib import Path

import pytest

from stages.core.errors import MissingError, ParamError
from stages.embed.backend import INSTALL, load_encoder

ROOT = Path(__file__).parents[2]


@pytest.fixture
def no_openvino(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)


@pytest.mark.usefixtures("no_openvino")
def test_auto_is_torch() -> None:
    assert load_encoder("bundled", "auto").backend == "torch"


@pytest.mark.usefixtures("no_openvino")
def test_openvino_is_refused_with_the_remedy() -> None:
    with pytest.raises(
        MissingError,
        match=r"not installed; run `pip install -e \"\.\[fast\]\" .*`, or set it to torch$",
    ):
        load_encoder("bundled", "openvino")


def test_a_gpu_runs_torch_and_openvino_is_refused_there() -> None:
    assert load_encoder("bundled", "auto", "cuda").backend == "torch"
    with pytest.raises(ParamError, match="runs on the CPU alone, not on cuda; set "):
        load_encoder("bundled", "openvino", "cuda")


def test_the_remedy_installs_openvino_alone_and_pinned() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "optional-dependencies"
    ]
    assert "[fast]" in INSTALL
    assert [name.partition(">")[0] for name in extras["fast"]] == ["openvino"]
    assert "\nopenvino==" in (ROOT / "constraints.txt").read_text(encoding="utf-8")
