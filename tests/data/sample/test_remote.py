"""The embedded remote holds the sample and nothing else, and the generator still makes it."""

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from stages.data.sample.catalogue import read_films
from stages.data.sample.files import write_sample
from stages.data.sample.generate import simulate

ROOT = Path(__file__).parents[3]
OBJECTS = Path(".dvc/remote/files/md5")
DVC_HOME = (
    *(".gitignore", ".dvcignore", "data.dvc", "data/.gitignore"),
    *(".dvc/config", ".dvc/.gitignore", ".dvc/.gitattributes", ".dvc/remote/.gitignore"),
)

in_git = pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a Git checkout")


def _out() -> dict[str, str]:
    return yaml.safe_load((ROOT / "data.dvc").read_text(encoding="utf-8"))["outs"][0]


def _object(md5: str) -> Path:
    return OBJECTS / md5[:2] / md5[2:]


def _listed() -> dict[str, str]:
    """The md5 of each of the sample's files, as the remote's directory object lists them."""
    entries = json.loads((ROOT / _object(_out()["md5"])).read_text(encoding="utf-8"))
    return {entry["relpath"]: entry["md5"] for entry in entries}


def _md5(path: Path) -> str:
    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()


def _git(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=False)


def _dvc(folder: Path, *words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dvc", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A separate project with our .dvc folder and nothing else."""
    objects = [_object(md5).as_posix() for md5 in [_out()["md5"], *_listed().values()]]
    for name in [*DVC_HOME, *objects]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    _git(tmp_path, "init", "-q")
    _git(tmp_path, "add", "-A")
    return tmp_path


def test_generating_again_gives_the_versioned_bytes(tmp_path: Path) -> None:
    films = read_films()
    write_sample(tmp_path, films, simulate(films))
    assert {path.name: _md5(path) for path in tmp_path.iterdir()} == _listed()


def test_every_object_of_the_sample_is_whole() -> None:
    hashes = [_out()["md5"], *_listed().values()]
    assert [_md5(ROOT / _object(md5)) for md5 in hashes] == [
        md5.removesuffix(".dir") for md5 in hashes
    ]


def test_data_dvc_versions_one_folder() -> None:
    assert _out()["path"] == "data/sample"
    assert int(_out()["nfiles"]) == len(_listed()) == 6


@in_git
@pytest.mark.parametrize(
    "path",
    [
        "files/md5/ab/cdef0123456789abcdef0123456789",
        "files/md5/ab/cdef.dir",
        "u.data",
        "files/a/b/c/d.csv",
    ],
)
def test_git_ignores_any_other_object_in_the_remote(path: str) -> None:
    assert _git(ROOT, "check-ignore", "--no-index", f".dvc/remote/{path}").returncode == 0


@in_git
def test_git_holds_no_other_object_in_the_remote() -> None:
    tracked = set(_git(ROOT, "ls-files", ".dvc/remote").stdout.split())
    sample = {_object(md5).as_posix() for md5 in [_out()["md5"], *_listed().values()]}
    assert tracked <= sample | {".dvc/remote/.gitignore"}


@in_git
@pytest.mark.parametrize(
    "path", ["data/ml-100k/u.data", "artifacts/sample/x", "report.html", ".cache/llm.sqlite"]
)
def test_git_ignores_data_sets_and_results(path: str) -> None:
    assert _git(ROOT, "check-ignore", "--no-index", path).returncode == 0


def test_pulling_restores_the_sample_and_leaves_git_clean(home: Path) -> None:
    before = _git(home, "status", "--porcelain").stdout
    _dvc(home, "pull", "data.dvc")
    assert {path.name: _md5(path) for path in (home / "data/sample").iterdir()} == _listed()
    assert _git(home, "status", "--porcelain").stdout == before


def test_pushing_licensed_data_cannot_reach_git(home: Path) -> None:
    (home / "licensed.csv").write_text("user_id,movie_id\n1,1\n", encoding="utf-8")
    _dvc(home, "add", "licensed.csv")
    _git(home, "add", "-A")
    before = _git(home, "ls-files").stdout
    _dvc(home, "push", "licensed.csv.dvc")
    _git(home, "add", "-A")
    assert (home / _object(_md5(home / "licensed.csv"))).exists()
    assert _git(home, "ls-files").stdout == before
