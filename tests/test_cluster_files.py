"""docs/cluster: files that start a cluster elsewhere have the right form and let nobody else in."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / "docs/cluster").iterdir())
SLURM, AWS, SKYPILOT = (
    (ROOT / "docs/cluster" / name).read_text() for name in ("slurm.sh", "aws.yaml", "skypilot.yaml")
)


def test_there_is_one_for_each_place() -> None:
    assert [path.name for path in FILES] == ["aws.yaml", "skypilot.yaml", "slurm.sh"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_ray_is_started_with_a_token_and_none_is_written_down(path: Path) -> None:
    text = path.read_text()
    assert re.search(r"RAY_AUTH_MODE(=|: )token", text)
    assert "RAY_USAGE_STATS_ENABLED" in text
    assert not re.search(r"[0-9a-f]{32}", text)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_is_installed_is_the_extra_with_the_pins(path: Path) -> None:
    installs = re.findall(r"pip install (.*)", path.read_text())
    assert all("[cluster]" in line and "-c constraints.txt" in line for line in installs)
    assert bool(installs) == (path.suffix == ".yaml")


def test_slurm_script_is_shell_and_starts_head_before_workers() -> None:
    subprocess.run(["bash", "-n", ROOT / "docs/cluster/slurm.sh"], check=True)
    lines = [line for line in SLURM.splitlines() if "ray start" in line]
    assert ["--head" in line for line in lines] == [True, False]
    assert all("--block" in line for line in lines)
    options = dict(re.findall(r"^#SBATCH --([\w-]+)=(\S+)$", SLURM, re.MULTILINE))
    assert {"nodes", "ntasks-per-node", "cpus-per-task", "time"} <= options.keys()


def test_ray_accepts_the_form_of_its_launchers_file() -> None:
    util = pytest.importorskip(
        "ray.autoscaler._private.util", reason="the extra `cluster` is not installed"
    )
    config = yaml.safe_load(AWS)
    util.validate_config(util.prepare_config(config))
    assert config["head_node_type"] in config["available_node_types"]
    assert config["available_node_types"]["worker"]["min_workers"] >= 1


def test_no_data_travel_to_the_cloud() -> None:
    assert {"data", "artifacts", "runs", ".cache"} <= set(yaml.safe_load(AWS)["rsync_exclude"])


def test_skypilot_has_a_head_and_workers_at_a_port_that_is_not_its_own() -> None:
    task = yaml.safe_load(SKYPILOT)
    assert set(task) == {
        *("name", "num_nodes", "workdir", "resources", "envs", "secrets", "setup", "run")
    }
    assert task["secrets"] == {"RAY_AUTH_TOKEN": None}
    assert "--port=6379" in task["run"]
    subprocess.run(["bash", "-n"], input=task["run"], text=True, check=True)
