"""Which keys the environment holds, and which a run needs; their values are never shown."""

from collections.abc import Mapping
from typing import Any

from e2ep_cli.checks.diagnosis import Diagnosis
from stages.llm.keys import is_local
from stages.llm.prices.presets import PRESETS

_NAMES = ("OPENAI_API_KEY", "GEMINI_API_KEY", "GOOGLE_API_KEY", "TMDB_API_KEY")
_OF_PROVIDER = {"openai": ("OPENAI_API_KEY",), "gemini": ("GEMINI_API_KEY", "GOOGLE_API_KEY")}


def check(params: dict[str, Any], environment: Mapping[str, str]) -> list[Diagnosis]:
    """One row: set or not set, by name; a fault if a run with these parameters needs one."""
    seen = ", ".join(f"{name} {'set' if environment.get(name) else 'not set'}" for name in _NAMES)
    llm, enrich = (params.get(name) or {} for name in ("llm", "enrich"))
    provider, source = llm.get("provider", "offline"), enrich.get("source")
    needed = {
        f"llm.provider: {provider}": _of_model(llm),
        f"enrich.source: {source}": ("TMDB_API_KEY",) if source == "tmdb" else (),
    }
    for setting, names in needed.items():
        if names and not any(map(environment.get, names)):
            finding = f"{seen}; {setting} needs {' or '.join(names)}"
            return [Diagnosis("fault", "keys", finding, f"export {names[0]}=…")]
    need = "" if _of_model(llm) else "none is needed for "
    return [Diagnosis("fine", "keys", f"{seen}; {need}llm.provider: {provider}")]


def _of_model(llm: dict[str, Any]) -> tuple[str, ...]:
    """The variables in one of which the key of the chat model must be; a local one needs none."""
    preset = PRESETS.get(str(llm.get("model")))
    address = llm.get("base_url") or (preset.base_url if preset else None)
    if address and is_local(str(address)):
        return ()
    return _OF_PROVIDER.get(str(llm.get("provider")), ())
