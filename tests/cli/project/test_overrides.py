"""params.yaml comes back as it was, whatever happens to the run."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from e2ep_cli.project.overrides import Aside, overridden, parsed_settings, settled
from stages.core.errors import InputError, ParamError

TEXT = "# a comment\ndataset: sample # here\nsplits:\n- fold-1\ntrain:\n  e2ep:\n    layers: 2\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "params.yaml").write_text(TEXT, encoding="utf-8")
    return tmp_path


def test_values_hold_inside_and_comments_stay(project: Path) -> None:
    with overridden(project, {"dataset": "shop", "train.e2ep.layers": 3}):
        inside = (project / "params.yaml").read_text(encoding="utf-8")
    assert yaml.safe_load(inside) == {
        "dataset": "shop",
        "splits": ["fold-1"],
        "train": {"e2ep": {"layers": 3}},
    }
    assert "# a comment" in inside
    assert "# here" in inside
    assert (project / "params.yaml").read_text(encoding="utf-8") == TEXT


def test_a_key_that_is_a_number_in_the_file_is_found_by_its_text(tmp_path: Path) -> None:
    (tmp_path / "params.yaml").write_text("grades:\n  5: 1.0\n", encoding="utf-8")
    with overridden(tmp_path, {"grades.5": 2.0}):
        assert yaml.safe_load((tmp_path / "params.yaml").read_text(encoding="utf-8")) == {
            "grades": {5: 2.0}
        }


def test_the_file_comes_back_after_a_failure(project: Path) -> None:
    with pytest.raises(RuntimeError), overridden(project, {"dataset": "shop"}):
        raise RuntimeError
    assert (project / "params.yaml").read_text(encoding="utf-8") == TEXT


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_the_next_run_undoes_one_that_was_killed(project: Path, number: signal.Signals) -> None:
    code = (
        "import signal, sys, time; from pathlib import Path\n"
        "from e2ep_cli.project.overrides import overridden\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "with overridden(Path(sys.argv[1]), {'dataset': 'shop'}):\n"
        "    print('inside', flush=True); time.sleep(60)"
    )
    root = Path(__file__).parents[3]
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(project)],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert child.stdout
    assert child.stdout.readline() == b"inside\n"
    child.send_signal(number)
    child.wait()
    with overridden(project, {"dataset": "other"}):
        pass
    assert (project / "params.yaml").read_text(encoding="utf-8") == TEXT


def test_two_runs_at_a_time_are_refused(project: Path) -> None:
    sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    kept = project / ".dvc" / "tmp" / "params.yaml.before-run"
    kept.parent.mkdir(parents=True)
    kept.write_text(
        Aside(process=sleeper.pid, original=TEXT, changed=TEXT).model_dump_json(), encoding="utf-8"
    )
    try:
        with (
            pytest.raises(InputError, match="another e2ep run"),
            overridden(project, {"dataset": "shop"}),
        ):
            pass
    finally:
        sleeper.kill()
        sleeper.wait()


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("datset", "did you mean dataset?"),
        ("train.e2ep.layer", "did you mean train.e2ep.layers?"),
        ("train.e2pe.layers", "did you mean train.e2ep?"),
    ],
)
def test_an_unknown_key_is_named_with_the_likeliest(project: Path, key: str, hint: str) -> None:
    with (
        pytest.raises(ParamError, match=f"{key.rpartition('.')[0]}.*{hint[:-1]}"),
        overridden(project, {key: 1}),
    ):
        pass
    assert (project / "params.yaml").read_text(encoding="utf-8") == TEXT


def test_values_are_yaml() -> None:
    assert parsed_settings(["splits=[fold-1, fold-2]", "seed=3", "a.b=x=y"]) == {
        "splits": ["fold-1", "fold-2"],
        "seed": 3,
        "a.b": "x=y",
    }


def test_a_setting_without_a_value_is_refused() -> None:
    with pytest.raises(InputError, match="key=value"):
        parsed_settings(["seed"])


def test_a_file_of_settings_gives_way_to_what_follows_it(tmp_path: Path) -> None:
    (tmp_path / "all.yaml").write_text("seed: 3\nfurther.splits: [fold-2]\n")
    assert parsed_settings([f"@{tmp_path / 'all.yaml'}", "seed=4"]) == {
        "seed": 4,
        "further.splits": ["fold-2"],
    }


def test_a_file_of_settings_that_is_not_there_is_named() -> None:
    with pytest.raises(
        InputError, match=r"--set @nowhere\.yaml: there is no such file; check the path"
    ):
        parsed_settings(["@nowhere.yaml"])


def test_a_file_of_settings_in_another_encoding_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "all.yaml").write_bytes(b"seed: 3\n# caf\xe9\n")
    with pytest.raises(InputError, match=r"all\.yaml, line 2: byte 13 is not UTF-8; convert"):
        parsed_settings([f"@{tmp_path / 'all.yaml'}"])


def test_parameters_in_another_encoding_are_named_and_stay(project: Path) -> None:
    content = TEXT.encode() + b"# caf\xe9\n"
    (project / "params.yaml").write_bytes(content)
    with (
        pytest.raises(InputError, match=r"params\.yaml, line 8: byte \d+ is not UTF-8"),
        overridden(project, {"dataset": "shop"}),
    ):
        pass
    assert (project / "params.yaml").read_bytes() == content


def test_an_edit_in_another_encoding_is_kept_and_said(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with overridden(project, {"dataset": "shop"}):
        (project / "params.yaml").write_bytes(b"dataset: caf\xe9\n")
    assert (project / "params.yaml").read_bytes() == b"dataset: caf\xe9\n"
    assert "was not restored" in capsys.readouterr().err


def test_line_ends_of_windows_come_back(project: Path) -> None:
    content = TEXT.replace("\n", "\r\n").encode()
    (project / "params.yaml").write_bytes(content)
    with overridden(project, {"train.e2ep.layers": 3}):
        inside = yaml.safe_load((project / "params.yaml").read_bytes())
    assert inside["train"] == {"e2ep": {"layers": 3}}
    assert (project / "params.yaml").read_bytes() == content


def test_this_process_is_not_taken_for_another(project: Path) -> None:
    kept = project / ".dvc" / "tmp" / "params.yaml.before-run"
    kept.parent.mkdir(parents=True)
    kept.write_text(
        Aside(process=os.getpid(), original=TEXT, changed=TEXT).model_dump_json(), encoding="utf-8"
    )
    with overridden(project, {"dataset": "shop"}):
        time.sleep(0)
    assert (project / "params.yaml").read_text(encoding="utf-8") == TEXT


def test_an_edit_during_the_run_is_kept_and_said(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with overridden(project, {"dataset": "shop"}):
        (project / "params.yaml").write_text("dataset: mine\n", encoding="utf-8")
    assert (project / "params.yaml").read_text(encoding="utf-8") == "dataset: mine\n"
    assert "was not restored" in capsys.readouterr().err


def test_of_two_runs_that_start_together_one_gets_in(project: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path\n"
        "from e2ep_cli.project.overrides import overridden\n"
        "with overridden(Path(sys.argv[1]), {'dataset': 'shop'}):\n"
        "    time.sleep(2)"
    )
    command, root = [sys.executable, "-c", code, str(project)], Path(__file__).parents[3]
    children = [subprocess.Popen(command, cwd=root, stderr=subprocess.DEVNULL) for _ in range(4)]
    assert sorted(child.wait() for child in children) == [0, 1, 1, 1]
    assert (project / "params.yaml").read_text(encoding="utf-8") == TEXT


def test_while_a_run_is_under_way_readers_see_the_persons_own_parameters(project: Path) -> None:
    with overridden(project, {"dataset": "shop"}):
        assert settled(project)["dataset"] == "sample"
    assert settled(project)["dataset"] == "sample"


def test_a_damaged_note_is_named(project: Path) -> None:
    kept = project / ".dvc" / "tmp" / "params.yaml.before-run"
    kept.parent.mkdir(parents=True)
    kept.write_text("garbage", encoding="utf-8")
    with (
        pytest.raises(InputError, match="before-run is damaged"),
        overridden(project, {"dataset": "shop"}),
    ):
        pass
