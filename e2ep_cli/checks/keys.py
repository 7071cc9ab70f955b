"""Which keys the environment holds, and which a run needs; their values are never shown."""

from collections.abc import Mapping
from typing import Any

from e2ep_cli.checks.diagnosis import Diagnosis
from stages.core.errors import ParamError
from stages.core.params import check_section
from stages.llm.keys import is_local
from stages.llm.params import LlmParams
from stages.llm.prices.presets import preset

_NAMES = ("OPENAI_API_KEY", "GEMINI_API_KEY", "GOOGLE_API_KEY", "TMDB_API_KEY")
_OF_GEMINI = ("GEMINI_API_KEY", "GOOGLE_API_KEY")


def check(params: dict[str, Any], environment: Mapping[str, str]) -> list[Diagnosis]:
    """One row: set or not set, by name; a fault if a run with these parameters needs one."""
    needed, source = _of_models(params), (params.get("enrich") or {}).get("source")
    if source == "tmdb":
        needed[f"enrich.source: {source}"] = ("TMDB_API_KEY",)
    shown = dict.fromkeys((*_NAMES, *(name for names in needed.values() for name in names)))
    seen = ", ".join(f"{name} {'set' if environment.get(name) else 'not set'}" for name in shown)
    for setting, names in needed.items():
        if names and not any(map(environment.get, names)):
            finding = f"{seen}; {setting} needs {' or '.join(names)}"
            return [Diagnosis("fault", "keys", finding, f"export {names[0]}=…")]
    keyless = " and ".join(setting for setting, names in needed.items() if not names)
    free = f"; none is needed for {keyless}" if keyless else ""
    return [Diagnosis("fine", "keys", f"{seen}{free}")]


def _of_models(params: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """Each section that names a provider → its variables; none if a fault is in there.

    The row of params.yaml tells of the fault.
    """
    try:
        llm = check_section("llm", params.get("llm") or {}, LlmParams)
    except ParamError:
        return {}
    return {f"{one.name}.provider: {one.provider}": _of_model(one) for one in llm.sections}


def _of_model(llm: LlmParams) -> tuple[str, ...]:
    """The variables in one of which the key of the chat model must be; a local one needs none."""
    if llm.provider not in ("openai", "gemini"):
        return ()
    address = llm.base_url or preset(llm.needed_model, llm.provider).base_url
    if address and is_local(address):
        return ()
    return _OF_GEMINI if llm.provider == "gemini" else (llm.openai_key,)
