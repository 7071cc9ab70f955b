"""The command `e2ep`, which calls DVC; the module of a command is imported when it is called."""

import signal
import sys
from pathlib import PurePath

# Until a command has begun, Ctrl-C would end in the traceback of an import.
if (
    PurePath(sys.argv[0]).name == "e2ep"
    and signal.getsignal(signal.SIGINT) is signal.default_int_handler
):
    signal.signal(signal.SIGINT, signal.SIG_DFL)
