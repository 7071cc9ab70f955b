"""Which keys the environment holds, and which a run needs; their values are never shown."""

from collections.abc import Mapping
from typing import Any

from e2ep_cli.checks.diagnosis import Diagnosis
from stages.core.addresses import is_local
from stages.enrich.params import TmdbParams
from stages.llm.keys import HOMES, OWN_KEY, key_variables
from stages.llm.prices.presets import PRESETS

_NAMES = ("OPENAI_API_KEY", "GEMINI_API_KEY", "GOOGLE_API_KEY", "TMDB_API_KEY")
_OWN = (OWN_KEY, "E2EP_USERS_API_KEY", "E2EP_TMDB_API_KEY")
"""The variables for servers of one's own, shown if they are set."""


def check(params: dict[str, Any], environment: Mapping[str, str]) -> list[Diagnosis]:
    """One row: set or not set, by name; a fault if a run with these parameters needs one."""
    shown = [*_NAMES, *filter(environment.get, _OWN)]
    seen = ", ".join(f"{name} {'set' if environment.get(name) else 'not set'}" for name in shown)
    llm, enrich = (params.get(name) or {} for name in ("llm", "enrich"))
    provider, source = llm.get("provider", "offline"), enrich.get("source")
    needed = {
        f"llm.provider: {provider}": _of_model(llm),
        f"enrich.source: {source}": _of_tmdb(enrich.get("tmdb") or {}) if source == "tmdb" else (),
    }
    for setting, names in needed.items():
        if names and not any(map(environment.get, names)):
            finding = f"{seen}; {setting} needs {' or '.join(names)}"
            return [Diagnosis("fault", "keys", finding, f"export {names[0]}=…")]
    need = "" if _of_model(llm) else "none is needed for "
    return [Diagnosis("fine", "keys", f"{seen}; {need}llm.provider: {provider}")]


def _of_model(llm: dict[str, Any]) -> tuple[str, ...]:
    """The variables in one of which the key of the chat model must be; a local one needs none."""
    provider, preset = str(llm.get("provider")), PRESETS.get(str(llm.get("model")))
    if provider not in HOMES:
        return ()
    address = llm.get("base_url") or (preset.base_url if preset else None) or HOMES[provider].url
    return () if is_local(str(address)) else key_variables(provider, str(address))


def _of_tmdb(tmdb: dict[str, Any]) -> tuple[str, ...]:
    """The variable with TMDB's key; a local mirror needs none."""
    url = tmdb.get("base_url") or TmdbParams().base_url
    params = TmdbParams.model_construct(base_url=str(url))
    return () if is_local(params.base_url) else (params.key_variable,)
