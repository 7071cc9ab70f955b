"""Which keys the environment holds, and which a run needs; their values are never shown."""

from collections.abc import Mapping
from typing import Any

from e2ep_cli.checks.diagnosis import Diagnosis
from stages.core.addresses import is_local
from stages.core.errors import ParamError
from stages.core.params import check_section
from stages.enrich.params import TmdbParams
from stages.llm.params import LlmParams
from stages.llm.servers.keys import HOMES, key_variables

_NAMES = ("OPENAI_API_KEY", "GEMINI_API_KEY", "GOOGLE_API_KEY", "TMDB_API_KEY")
_OWN = ("E2EP_API_KEY", "E2EP_USERS_API_KEY", "E2EP_JUDGE_API_KEY", "E2EP_TMDB_API_KEY")
"""The variables for servers of one's own, shown if they are set."""


def check(params: dict[str, Any], environment: Mapping[str, str]) -> list[Diagnosis]:
    """One row: set or not set, by name; a fault if a run with these parameters needs one."""
    needed, enrich = _of_models(params), params.get("enrich") or {}
    if (source := enrich.get("source")) == "tmdb":
        needed[f"enrich.source: {source}"] = _of_tmdb(enrich.get("tmdb") or {})
    wanted = (name for names in needed.values() for name in names)
    shown = dict.fromkeys((*_NAMES, *filter(environment.get, _OWN), *wanted))
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
    if llm.provider not in (*HOMES, "rerank"):
        return ()
    away = [url for url in llm.addresses if not is_local(url)]
    return key_variables(llm.provider, away[0], llm.own_key) if away else ()


def _of_tmdb(tmdb: dict[str, Any]) -> tuple[str, ...]:
    """The variable with TMDB's key; a local mirror needs none."""
    url = tmdb.get("base_url") or TmdbParams().base_url
    params = TmdbParams.model_construct(base_url=str(url))
    return () if is_local(params.base_url) else (params.key_variable,)
