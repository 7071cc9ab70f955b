"""A budget of a day is neither renewed nor used up by setting the system's clock."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from stages.llm.chat import Usage
from stages.llm.providers.offline import Offline
from stages.llm.store.ledger import Ledger
from stages.llm.store.steady import SystemTime, system_time

DAY = 86_400.0
NOON = 1_800_000_000.0


@dataclass
class Machine:
    """A wall clock that can be set, and the seconds since the machine was started."""

    wall: float = NOON
    ticks: float = 100.0
    boot: str = "first"

    def ledger(self, file: Path) -> Ledger:
        return Ledger(file, system=SystemTime(lambda: self.wall, self.boot, lambda: self.ticks))

    def passes(self, seconds: float) -> None:
        self.wall += seconds
        self.ticks += seconds

    def starts(self, boot: str) -> None:
        self.boot, self.ticks = boot, 5.0


def spend(ledger: Ledger, task: Any) -> None:
    ledger.begin(task, Offline(), Usage(input_tokens=1), None)


def calls(ledger: Ledger, hours: float = 24) -> int:
    return ledger.spent(ledger.now() - hours * 3600).calls


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


@pytest.mark.parametrize("jump", [2 * DAY, -2 * DAY], ids=["ahead", "back"])
@pytest.mark.parametrize("boot", ["first", ""], ids=["named", "nameless"])
def test_within_a_process(jump: float, boot: str, file: Path, task: Any) -> None:
    machine = Machine(boot=boot)
    ledger = machine.ledger(file)
    spend(ledger, task())
    machine.wall += jump
    machine.passes(3600)
    assert (calls(ledger), calls(ledger, hours=0.9)) == (1, 0)
    machine.passes(DAY)
    assert calls(ledger) == 0
    ledger.close()


@pytest.mark.parametrize("jump", [2 * DAY, -2 * DAY], ids=["ahead", "back"])
def test_between_processes_since_the_machine_was_started(
    jump: float, file: Path, task: Any
) -> None:
    machine = Machine()
    first = machine.ledger(file)
    spend(first, task())
    first.close()
    machine.wall += jump
    machine.passes(3600)
    second = machine.ledger(file)
    assert (calls(second), calls(second, hours=0.9)) == (1, 0)
    machine.passes(DAY)
    assert calls(second) == 0
    second.close()


@pytest.mark.parametrize("boot", ["second", ""], ids=["another start", "nameless"])
def test_a_clock_behind_the_newest_row_counts_from_that_row(
    boot: str, file: Path, task: Any
) -> None:
    machine = Machine(boot="first" if boot else "")
    first = machine.ledger(file)
    spend(first, task())
    first.close()
    machine.wall -= 3 * DAY
    machine.starts(boot)
    second = machine.ledger(file)
    assert second.now() == NOON
    spend(second, task())
    machine.passes(DAY - 1)
    assert calls(second) == 2
    machine.passes(2)
    assert calls(second) == 0
    second.close()


def test_a_day_that_has_passed_while_the_machine_was_off_is_over(file: Path, task: Any) -> None:
    machine = Machine()
    first = machine.ledger(file)
    spend(first, task())
    first.close()
    machine.wall += DAY + 1
    machine.starts("second")
    second = machine.ledger(file)
    assert calls(second) == 0
    second.close()


def test_this_machines_time_passes_and_begins_at_the_wall_clocks(file: Path) -> None:
    system = system_time()
    ledger = Ledger(file)
    before, now = system.ticks(), ledger.now()
    assert abs(now - system.wall()) < 60
    assert system.ticks() >= before
    assert ledger.now() >= now
    ledger.close()
