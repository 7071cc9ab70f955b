"""One tree of errors; each message says what, which value, and what to do.

E2epError
├── InputError      a file, row or option that a person gave cannot be used
├── ParamError      params.yaml holds a value or a name that a stage does not know
├── MissingError    a file that an earlier step should have made is not there
├── DamagedError    a file that an earlier step made cannot be read
├── AnswerError     a language model's answer cannot be used
└── LostError       a worker process or a machine was lost in the middle of its work
"""

import os
import signal
import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from stages.core.characters import shown_text

P = ParamSpec("P")
R = TypeVar("R")


class E2epError(Exception):
    """Base of every error that a person can cause or fix."""


class InputError(E2epError):
    """A file, row or option that a person gave cannot be used."""


class ParamError(E2epError):
    """A parameter has a value or a name that its stage does not know."""


class MissingError(E2epError):
    """A file that an earlier step makes is not there."""


class DamagedError(E2epError):
    """A file that an earlier step made cannot be read."""


class AnswerError(E2epError):
    """A language model's answer cannot be used."""


class LostError(E2epError):
    """A worker process or a machine was lost in the middle of its work."""


def one_sentence(command: Callable[P, R]) -> Callable[P, R]:
    """Turn an E2epError or an OSError into one line on stderr and exit code 1.

    Ctrl-C ends it without a word; until here, the system's own handler did (stages, e2ep_cli).
    """

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
                signal.signal(signal.SIGINT, signal.default_int_handler)
            return command(*args, **kwargs)
        except BrokenPipeError:  # the reader, such as `head`, has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise SystemExit(128 + signal.SIGPIPE) from None
        except KeyboardInterrupt:
            raise SystemExit(128 + signal.SIGINT) from None
        except E2epError as error:
            message = str(error)
        except OSError as error:
            where = f" {error.filename}" if error.filename else ""
            message = (
                f"cannot use{where}: {error.strerror or error}; "
                "check the path, its permissions and the free space"
            )
        print(f"error: {shown_text(message)}", file=sys.stderr)
        raise SystemExit(1)

    return run
