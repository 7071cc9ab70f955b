"""Which keys the environment holds; their values are never shown."""

from collections.abc import Mapping
from typing import Any

from e2ep_cli.checks.diagnosis import Diagnosis

_NAMES = ("OPENAI_API_KEY", "GEMINI_API_KEY", "GOOGLE_API_KEY", "TMDB_API_KEY")


def check(params: dict[str, Any], environment: Mapping[str, str]) -> list[Diagnosis]:
    """One row: set or not set, by name."""
    seen = ", ".join(f"{name} {'set' if environment.get(name) else 'not set'}" for name in _NAMES)
    provider = (params.get("llm") or {}).get("provider", "offline")
    need = (
        "none is needed for llm.provider: offline"
        if provider == "offline"
        else f"llm.provider is {provider}"
    )
    return [Diagnosis("fine", "keys", f"{seen}; {need}")]
