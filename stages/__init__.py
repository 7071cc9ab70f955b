"""The pipeline: one package a DVC stage, on top of core, data, metrics and llm."""

import signal
import sys
from importlib.util import find_spec

# Until a stage's command has begun, Ctrl-C would end in the traceback of an import.
if sys.argv[:1] == ["-m"] and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)

# A stage that DVC starts outside the environment would end with a traceback.
if sys.version_info < (3, 11) or find_spec("typer") is None:
    raise SystemExit(
        f"error: {sys.executable} is not the Python that e2ep was installed with; "
        "activate the environment: source .venv/bin/activate"
    )
