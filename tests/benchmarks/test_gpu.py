"""benchmarks/gpu.py, rehearsed on the CPU at small sizes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch

ROOT = Path(__file__).parents[2]


def called(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "ignore", str(ROOT / "benchmarks" / "gpu.py"), *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_without_a_gpu_it_says_so_in_one_sentence(tmp_path: Path) -> None:
    ran = called("--out", str(tmp_path / "gpu.json"))
    assert ran.returncode == 1
    assert ran.stderr == (
        "error: --device is cuda, which cannot be used (torch finds none here); set it to cpu\n"
    )
    assert not list(tmp_path.iterdir())


def test_a_rehearsal_measures_and_writes_its_parts(tmp_path: Path) -> None:
    out = tmp_path / "gpu.json"
    rehearsal = ("--device", "cpu", "--share", ".0003", "--threads", "1", "--out", str(out))
    ran = called("--parts", "fold,attention,training", *rehearsal)
    assert ran.returncode == 0, ran.stderr
    found = json.loads(out.read_text(encoding="utf-8"))
    assert found["fold"]["difference"] == 0
    ours, theirs = (found["attention"]["layers"][name]["norms"] for name in ("GAT", "GATConv"))
    assert ours == pytest.approx(theirs, rel=1e-4)
    assert found["attention"]["edges"] == 7500
    assert found["training"]["ratings"] == 7500
    assert found["training"]["steps_an_epoch"] >= 1
    assert {"name", "cpu", "gpu"} <= set(found["machine"])
