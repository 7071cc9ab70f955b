"""What a person caused or can fix becomes one line and exit code 1; a bug of ours does not."""

import errno
from pathlib import Path

import pytest

from stages.core.errors import (
    AnswerError,
    DamagedError,
    E2epError,
    InputError,
    MissingError,
    ParamError,
    one_sentence,
)

FULL = OSError(errno.ENOSPC, "No space left on device", "out/x.parquet")
DENIED = PermissionError(errno.EACCES, "Permission denied", "data/ratings.csv")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (InputError("u.data, line 3: bad"), "u.data, line 3: bad"),
        (
            DENIED,
            "cannot use data/ratings.csv: Permission denied; "
            "check the path, its permissions and the free space",
        ),
        (
            FULL,
            "cannot use out/x.parquet: No space left on device; "
            "check the path, its permissions and the free space",
        ),
        (InputError("movie \x1b[31ma\u202eb\u2066"), "movie [31mab"),
        (OSError("odd"), "cannot use: odd; check the path, its permissions and the free space"),
    ],
    ids=["ours", "denied", "disk full", "with codes", "bare"],
)
def test_becomes_one_line_and_exit_code_1(
    error: Exception, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    @one_sentence
    def command() -> None:
        raise error

    with pytest.raises(SystemExit) as end:
        command()
    assert end.value.code == 1
    assert capsys.readouterr() == ("", f"error: {said}\n")


@pytest.mark.parametrize("kind", [InputError, ParamError, MissingError, DamagedError, AnswerError])
def test_every_error_is_of_the_one_tree(kind: type[Exception]) -> None:
    assert issubclass(kind, E2epError)


def test_a_real_file_system_that_says_no(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        one_sentence(tmp_path.read_bytes)()
    assert capsys.readouterr().err.startswith(f"error: cannot use {tmp_path}: ")


def test_a_fault_of_ours_keeps_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError):
        one_sentence(lambda: 1 / 0)()


def test_a_command_that_succeeds_returns_its_value_and_keeps_its_name() -> None:
    @one_sentence
    def double(value: int) -> int:
        """Twice."""
        return 2 * value

    assert (double(4), double.__name__, double.__doc__) == (8, "double", "Twice.")
