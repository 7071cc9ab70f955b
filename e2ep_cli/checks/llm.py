"""Whether the chat model that a run would ask can be asked: its key, package, file and server."""

from pathlib import Path
from typing import Any

from e2ep_cli.checks.diagnosis import Diagnosis
from e2ep_cli.project.llm_ready import require_llms_ready
from stages.core.params import check_section
from stages.llm.params import LlmParams
from stages.llm.servers.ready import NOBODY


def check(folder: Path, params: dict[str, Any]) -> list[Diagnosis]:
    """A row, and one for what is worth knowing; none where the offline rules answer."""
    llm = check_section("llm", params.get("llm") or {}, LlmParams)
    asked = [section for section in llm.sections if section.provider not in NOBODY]
    if not asked:
        return []
    notes = require_llms_ready(folder, [params])
    names = " and ".join(f"{section.provider} {_name(section)}" for section in asked)
    return [
        Diagnosis("fine", "language model", f"{names} can be asked"),
        *(Diagnosis("note", "language model", note) for note in notes),
    ]


def _name(section: LlmParams) -> str:
    return str(section.replay) if section.provider == "replay" else section.needed_model
