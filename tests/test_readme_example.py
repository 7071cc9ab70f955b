"""The Python example of docs/models.md runs as written and prints what it says.

CITATION.cff names this version.
"""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]


def test_the_example_prints_what_its_last_line_says() -> None:
    (block,) = re.findall(
        r"^```python\n(.*?)^```$", (ROOT / "docs/models.md").read_text(), re.MULTILINE | re.DOTALL
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", block], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.stderr == ""
    assert done.stdout.strip() == block.strip().rpartition("# ")[2]


def test_the_citation_is_of_this_version_and_names_the_paper() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert (citation["version"], citation["license"]) == (project["version"], project["license"])
    assert all(citation[key] for key in ("cff-version", "message", "title", "authors"))
    (paper,) = citation["references"]
    assert paper["title"] in re.sub(r"\s+", " ", (ROOT / "README.md").read_text())
