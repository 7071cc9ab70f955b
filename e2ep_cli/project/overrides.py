"""Parameters for one run, on top of params.yaml, which is never written."""

from pathlib import Path
from typing import Any

from stages.core.errors import InputError, ParamError
from stages.core.params import load_params
from stages.core.spelling import likeliest


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


def changed_params(folder: Path, changes: dict[str, Any]) -> dict[str, Any]:
    """params.yaml of `folder` with `changes` (dotted keys that exist); the file is left alone."""
    params = load_params(folder / "params.yaml")
    for key, value in changes.items():
        _put(params, key, value)
    return params


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
