"""The folder of a run: a DVC workspace of its own inside the project.

Code, data and answers are links into the project, and what DVC has cached is shared, so a run
repeats no stage that another one has finished.
"""

import configparser
import io
import shutil
from pathlib import Path
from typing import Any

import yaml

from e2ep_cli.project.overrides import changed_params
from e2ep_cli.runs.run import NOTE, Run
from stages.contracts.metrics.memorised import MEMORISED_FILE
from stages.core.files import write_text


def make_folder(run: Run) -> None:
    """Write the folder of a run, or bring its parameters and dvc.yaml up to date."""
    if run.is_main:
        return
    project, folder = run.project, run.folder
    params = asked_params(run)
    (project / ".cache").mkdir(exist_ok=True)
    (folder / ".dvc").mkdir(parents=True, exist_ok=True)
    for name in ("stages", "data", ".cache"):
        if not (folder / name).is_symlink():
            (folder / name).symlink_to(Path("../..") / name)
    if (project / ".dvc/plots").is_dir():
        shutil.copytree(project / ".dvc/plots", folder / ".dvc/plots", dirs_exist_ok=True)
    _write(folder / NOTE, yaml.safe_dump({"settings": run.settings}, allow_unicode=True))
    _write(folder / ".dvc/config", _config(project))
    for name in ("dvc.yaml", ".dvcignore"):
        _write(folder / name, (project / name).read_text(encoding="utf-8"))
    _write(folder / "params.yaml", _params_text(run.name, params))
    _copy_memorised(project, folder, Path("metrics") / str(params["dataset"]) / MEMORISED_FILE)


def _copy_memorised(project: Path, folder: Path, file: Path) -> None:
    """What language models recite of the data set, for the run's report; the project measures it.

    A link would not do: DVC refuses a folder with a link to nothing.
    """
    if (project / file).is_file():
        _write(folder / file, (project / file).read_text(encoding="utf-8"))
    else:
        (folder / file).unlink(missing_ok=True)


def asked_params(run: Run) -> dict[str, Any]:
    """The parameters that the run has under params.yaml as it is now, and its own settings."""
    if run.is_main:
        return run.params
    return changed_params(run.project, _from_folder(run))


def _params_text(name: str, params: dict[str, Any]) -> str:
    head = f"# Written by `e2ep run --run {name}`: params.yaml of the project, with run.yaml.\n"
    return head + str(yaml.safe_dump(params, sort_keys=False, allow_unicode=True))


def _write(path: Path, text: str) -> None:
    """Write what has changed only, so that DVC need not hash it again."""
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        write_text(path, text)


def _config(project: Path) -> str:
    """The project's configuration of DVC for a workspace that is not Git's own."""
    config = configparser.ConfigParser()
    config.read([project / ".dvc/config", project / ".dvc/config.local"], encoding="utf-8")
    cache = config.get("cache", "dir", fallback=None)
    for name in config.sections():
        if name not in ("core", "cache", "plots"):
            config.remove_section(name)
    for name in ("core", "cache"):
        if not config.has_section(name):
            config.add_section(name)
    config.remove_option("core", "remote")
    config["core"]["no_scm"] = "true"
    config["cache"]["dir"] = str(project / ".dvc" / cache) if cache else "../../../.dvc/cache"
    text = io.StringIO()
    config.write(text)
    return text.getvalue()


def _from_folder(run: Run) -> dict[str, Any]:
    """Its settings; the path of recorded answers, typed where the person was, from its folder."""
    replay = run.settings.get("llm.replay")
    if replay is None or Path(replay).is_absolute():
        return run.settings
    return run.settings | {"llm.replay": f"../../{replay}"}
