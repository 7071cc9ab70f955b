"""dvc.lock of a run: what each stage was made from, and whether its parts belong together.

DVC writes a stage's entry when it has finished it, so a run that was stopped, or of which one stage
alone was repeated, shows here without any file being hashed.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from e2ep_cli.runs.hashes import Hashes
from stages.core.errors import DamagedError

_Entry = dict[str, Any]
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Lock:
    """The entries of a run's dvc.lock by stage, and the hash of everything they wrote.

    written: when the file was, in seconds. made: path → MD5, for outputs and, if DVC's cache has
    the listing, for the files inside them.
    """

    folder: Path
    written: float
    entries: dict[str, _Entry]
    made: dict[str, str]

    def mixed(self, stages: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Stages among these, and those before them, that do not belong together.

        Pairs of a stage and the path that it read and that was made again afterwards.
        """
        for name in self.needed(stages):
            for dependency in self.entries[name].get("deps", ()):
                path, read = dependency["path"], dependency.get("md5")
                if self.made.get(path, read) != read:
                    yield name, path

    def lacking(self, stages: Iterable[str]) -> list[str]:
        """Stages among these that have not finished, or whose outputs are not the recorded ones.

        A stage that is killed has written what DVC has not recorded, and `git checkout dvc.lock`
        brings back the record alone.
        """
        hashes = Hashes(self.folder)
        lacking = [name for name in stages if not self._is_finished(name, hashes)]
        hashes.keep()
        return lacking

    def _is_finished(self, name: str, hashes: Hashes) -> bool:
        outs = self.entries.get(name, {}).get("outs", ())
        return bool(outs) and all(self._is_recorded(out["path"], hashes) for out in outs)

    def _is_recorded(self, path: str, hashes: Hashes) -> bool:
        place = self.folder / path
        files = [place, *place.rglob("*")] if place.is_dir() else [place]
        digests = {
            str(file.relative_to(self.folder)): hashes.md5(file) for file in files if file.is_file()
        }
        known = {name: md5 for name, md5 in self.made.items() if self._is_in(name, path)}
        return place.exists() and all(digests.get(name) == md5 for name, md5 in known.items())

    def _is_in(self, name: str, path: str) -> bool:
        """Whether `name` is the file `path`, or a file in that folder, if those are listed."""
        return (
            name == path
            if not self.made.get(path, "").endswith(".dir")
            else name.startswith(f"{path}/")
        )

    def needed(self, stages: Iterable[str]) -> list[str]:
        """These stages and all that they were made from, as far as they are recorded."""
        makers = {out["path"]: name for name, entry in self.entries.items() for out in _outs(entry)}
        reached: dict[str, None] = {}
        todo = [name for name in stages if name in self.entries]
        while todo:
            name = todo.pop()
            if name not in reached:
                reached[name] = None
                paths = (dependency["path"] for dependency in self.entries[name].get("deps", ()))
                todo += [maker for path in paths if (maker := _maker(path, makers))]
        return list(reached)

    def changed(
        self, stages: Iterable[str], params: dict[str, Any]
    ) -> dict[str, tuple[object, object]]:
        """Dotted key → the value these stages were made with, and the value in `params`."""
        changes: dict[str, tuple[object, object]] = {}
        for name in stages:
            used = self.entries.get(name, {}).get("params", {}).get("params.yaml", {})
            for key, value in used.items():
                changes |= _differences(key, value, _at(params, key))
        return changes


def read_lock(folder: Path, project: Path) -> Lock | None:
    """The lock of a run, or None if it has none.

    project: whose DVC cache holds the listings of folders.
    """
    path = folder / "dvc.lock"
    if not path.is_file():
        return None
    try:
        entries = (yaml.load(path.read_bytes(), _LOADER) or {}).get("stages", {})
    except (yaml.YAMLError, AttributeError) as error:
        raise DamagedError(
            f"{path} is not what DVC writes, perhaps after a merge; restore it with "
            "`git checkout HEAD -- dvc.lock`, or delete it and run again"
        ) from error
    cache = project / ".dvc/cache/files/md5"
    return Lock(folder, path.stat().st_mtime, entries, dict(_made(entries.values(), cache)))


def _made(entries: Iterable[_Entry], cache: Path) -> Iterator[tuple[str, str]]:
    for entry in entries:
        for out in _outs(entry):
            yield out["path"], out["md5"]
            listing = cache / out["md5"][:2] / out["md5"][2:]
            if out["md5"].endswith(".dir") and listing.is_file():
                for file in json.loads(listing.read_bytes()):
                    yield f"{out['path']}/{file['relpath']}", file["md5"]


def _outs(entry: _Entry) -> list[dict[str, Any]]:
    return [out for out in entry.get("outs", ()) if "md5" in out]


def _maker(path: str, makers: dict[str, str]) -> str | None:
    """The stage that wrote `path` or a folder above it."""
    above = (str(place) for place in (Path(path), *Path(path).parents))
    return next((makers[place] for place in above if place in makers), None)


def _at(params: dict[str, Any], dotted: str) -> object:
    value: Any = params
    for key in dotted.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _differences(key: str, was: object, now: object) -> dict[str, tuple[object, object]]:
    if isinstance(was, dict) and isinstance(now, dict):
        changes: dict[str, tuple[object, object]] = {}
        for name in {**was, **now}:
            changes |= _differences(f"{key}.{name}", was.get(name), now.get(name))
        return changes
    # As text, since YAML reads the 1e-05 that DVC writes as a string.
    return {} if str(was) == str(now) else {key: (was, now)}
