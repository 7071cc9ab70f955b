"""The pipeline: one package a DVC stage, on top of core, data, metrics and llm."""

import sys
from importlib.util import find_spec

# A stage that DVC starts outside the environment would end with a traceback.
if sys.version_info < (3, 11) or find_spec("typer") is None:
    raise SystemExit(
        f"error: {sys.executable} is not the Python that e2ep was installed with; "
        "activate the environment: source .venv/bin/activate"
    )
