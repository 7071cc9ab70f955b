"""Parameters for one run: params.yaml is changed for as long as it runs, then restored.

It is also restored after a failure, Ctrl-C or a kill. During a run the original is kept among DVC's
temporary files; a run that finds one there whose process is gone restores it first.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from stages.core.errors import InputError, ParamError
from stages.core.files import write_text
from stages.core.params import Section, load_params
from stages.core.spelling import likeliest
from stages.core.text import read_text

_KEPT = Path(".dvc/tmp/params.yaml.before-run")


def parsed_settings(settings: list[str]) -> dict[str, Any]:
    """Parse key=value settings, and @FILEs of them, into a dictionary; the last of equal keys wins.

    Values are YAML.
    """
    import yaml

    pairs: dict[str, Any] = {}
    for setting in settings:
        if setting.startswith("@"):
            pairs |= _file(Path(setting[1:]))
            continue
        key, equals, value = setting.partition("=")
        if not equals or not key:
            raise InputError(
                f"--set {setting!r} is not of the form key=value or @FILE, "
                "such as --set train.e2ep.layers=3"
            )
        try:
            pairs[key.strip()] = yaml.safe_load(value)
        except yaml.YAMLError as error:
            raise InputError(
                f"--set {setting!r}: the value is not valid YAML; quote it for the shell"
            ) from error
    return pairs


def _file(path: Path) -> dict[str, Any]:
    """A file of dotted keys, such as those in experiments/."""
    if not path.is_file():
        raise InputError(f"--set @{path}: there is no such file; check the path")
    values = load_params(path)
    return {str(key): value for key, value in values.items()}


@contextmanager
def overridden(folder: Path, changes: dict[str, Any]) -> Iterator[None]:
    """params.yaml with `changes` (dotted keys that already exist) while the context lasts."""
    recover(folder)
    params, kept = folder / "params.yaml", folder / _KEPT
    load_params(params)
    original = read_text(params, newline="")
    changed = _changed(original, changes)
    _claim(kept, Aside(process=os.getpid(), original=original, changed=changed))
    try:
        write_text(params, changed)
        yield
    finally:
        _put_back(params, original, changed)
        kept.unlink(missing_ok=True)


class Aside(Section):
    """What is set aside while a run is in progress."""

    process: int
    original: str
    changed: str


def settled(folder: Path) -> dict[str, Any]:
    """The person's own parameters, even while a run is in progress or after one was killed."""
    import yaml

    if (folder / _KEPT).exists():
        return dict(yaml.safe_load(_aside(folder / _KEPT).original))
    return load_params(folder / "params.yaml")


def recover(folder: Path) -> None:
    """Restore what a killed run had set aside; refuse while that run is alive."""
    kept = folder / _KEPT
    if not kept.exists():
        return
    aside = _aside(kept)
    if _alive(aside.process):
        raise InputError(
            f"another e2ep run (process {aside.process}) is using params.yaml; wait for it or stop "
            f"it (if it is not e2ep, delete {kept})"
        )
    _put_back(folder / "params.yaml", aside.original, aside.changed)
    kept.unlink()


def _aside(kept: Path) -> Aside:
    try:
        return Aside.model_validate_json(kept.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError(
            f"{kept} is damaged; compare params.yaml with Git and delete that file"
        ) from error


def _put_back(params: Path, original: str, changed: str) -> None:
    """Restore the original, unless the file has been edited since: an edit is never lost."""
    if params.read_bytes() == changed.encode():
        write_text(params, original)
    else:
        print(
            "params.yaml was edited during the run, so it was not restored; check it with git diff",
            file=sys.stderr,
        )


def _claim(kept: Path, aside: Aside) -> None:
    """Set the original aside, which only one run can do at a time."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    try:
        with kept.open("x", encoding="utf-8") as file:
            file.write(aside.model_dump_json())
    except FileExistsError as error:
        raise InputError("another e2ep run is using params.yaml; wait for it or stop it") from error


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return process != os.getpid()


def changed_params(folder: Path, changes: dict[str, Any]) -> dict[str, Any]:
    """The person's own parameters with `changes`, as a dictionary; the file is left alone."""
    import yaml

    text = yaml.safe_dump(settled(folder), sort_keys=False)
    return dict(yaml.safe_load(_changed(text, changes)))


def _changed(text: str, changes: dict[str, Any]) -> str:
    import io

    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.preserve_quotes = True
    document = yaml.load(text)
    for key, value in changes.items():
        _put(document, key, value)
    stream = io.StringIO()
    yaml.dump(document, stream)
    return stream.getvalue()


def _put(document: Any, key: str, value: Any) -> None:
    *path, last = key.split(".")
    section = document
    for depth, name in enumerate(path):
        section = _child(section, name, ".".join(path[: depth + 1]))
    if not isinstance(section, dict):
        raise ParamError(unknown(key, last, section))
    # A rating that is a key is a number here, but text on the command line.
    known = next((name for name in section if str(name) == last), None)
    if known is None:
        raise ParamError(unknown(key, last, section))
    section[known] = value


def _child(section: Any, name: str, dotted: str) -> Any:
    if not isinstance(section, dict) or name not in section:
        raise ParamError(unknown(dotted, name, section))
    return section[name]


def unknown(key: str, name: str, section: Any) -> str:
    """The message for a key that params.yaml lacks, with the one probably meant."""
    known = [str(key) for key in section] if isinstance(section, dict) else []
    meant = likeliest(name, known)
    prefix = key[: len(key) - len(name)]
    hint = (
        f"did you mean {prefix}{meant}?" if meant else f"choose from {', '.join(known) or 'none'}"
    )
    return f"{key} is not a parameter in params.yaml; {hint}"
