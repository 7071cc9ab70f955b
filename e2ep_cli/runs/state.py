"""The state of a run: when it was made, and whether its parts are there and belong together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from e2ep_cli.project.places import planned_stages
from e2ep_cli.runs.alone import is_at_work
from e2ep_cli.runs.folder import asked_params
from e2ep_cli.runs.lock import Lock, read_lock
from e2ep_cli.runs.run import Run
from e2ep_cli.runs.words import in_words
from stages.core.errors import DamagedError, MissingError

_SHOWN = 3


@dataclass(frozen=True)
class RunState:
    """What dvc.lock says of the stages that a run plans; without one, nothing was made.

    unfinished: planned stages that were not made, or were made from something older. changed:
    dotted key → value with which they were made, and value that params.yaml has now.
    """

    made: datetime | None
    unfinished: list[str]
    changed: dict[str, tuple[object, object]]
    is_at_work: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether every planned stage was made, from what is there."""
        return self.made is not None and not self.unfinished

    def in_words(self, command: str) -> str:
        """When it was made and what it lacks, with the command that completes it."""
        if self.is_at_work:
            return "in progress"
        if self.made is None:
            return f"not made yet: `{command}`"
        words = [f"{self.made:%Y-%m-%d %H:%M}"]
        if self.changed:
            moved = [f"{key} {was} → {now}" for key, (was, now) in self.changed.items()]
            words.append(f"params.yaml has changed since ({_first(moved)})")
        if self.unfinished:
            words.append(f"not complete ({_first(self.unfinished)})")
        if self.changed or self.unfinished:
            words[-1] += f": `{command}`"
        else:
            words.append("complete")
        return " · ".join(words)


def state_of(run: Run, shown: Sequence[str] = ()) -> RunState:
    """The state of a run, from its dvc.lock.

    shown: stages whose parameters count, with those of all that they were made from; default: all.
    """
    lock = read_lock(run.folder, run.project)
    if lock is None:
        return RunState(None, [], {}, is_at_work(run))
    params = asked_params(run)
    planned = planned_stages(run.folder, run.params)
    if not any(name in lock.entries for name in planned):
        return RunState(None, planned, {}, is_at_work(run))
    older = [name for name, _ in lock.mixed(planned)]
    unfinished = [name for name in planned if name in {*older, *lock.lacking(planned)}]
    made = datetime.fromtimestamp(lock.written)
    changed = lock.changed(lock.needed(shown) if shown else planned, params)
    return RunState(made, unfinished, changed, is_at_work(run))


def described(run: Run, shown: Sequence[str] = ()) -> str:
    """Which run is shown: its name, what it changes, when it was made, and whether it is whole."""
    own = {key: value for key, value in run.settings.items() if key != "dataset"}
    changes = f" ({in_words(own)})" if own else ""
    return f"run {run.name}{changes} · {state_of(run, shown).in_words(run.command)}"


def require_whole(run: Run, stages: Iterable[str]) -> None:
    """Refuse these stages, and those before them, if they come from more than one run."""
    lock = read_lock(run.folder, run.project)
    if lock is not None:
        _require_one_run(run, lock, list(stages))


def _require_one_run(run: Run, lock: Lock, stages: list[str]) -> None:
    needed = lock.needed(stages)
    reason = next((f"{name} was made from another {path}" for name, path in lock.mixed(stages)), "")
    if not reason:
        lacking = lock.lacking(needed)
        reason = f"{lacking[0]} is not there as it was made" if lacking else ""
    if reason and is_at_work(run):
        raise MissingError(f"run {run.name} is being made ({reason}); wait until it is done")
    if reason:
        raise DamagedError(
            f"the parts of run {run.name} do not belong together: {reason}; "
            f"`{run.command}` completes it"
        )


def _first(names: list[str]) -> str:
    rest = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"{', '.join(names[:_SHOWN])}{rest}"
