"""Until when a model can be asked: what its server's list says, or what its provider announced."""

from collections.abc import Iterator, Sequence
from datetime import date
from difflib import get_close_matches

from stages.core.addresses import shown_address
from stages.core.errors import InputError
from stages.llm.params import LlmParams
from stages.llm.prices.endings import ending_of
from stages.llm.prices.presets import DEFAULT_MODELS, preset
from stages.llm.servers.keys import HOMES
from stages.llm.servers.listed import ListedModel

_SOON = 60
"""Days before a model's last one from which it is worth a line."""
_NEAREST = 3


def require_living(params: LlmParams, listed: Sequence[ListedModel], today: date) -> None:
    """Raise an InputError that names the successor of a model whose last day is over."""
    ends, model = ends_on(params, listed), _name(params)
    if ends and ends <= today:
        raise InputError(
            f"{model} was retired on {ends}; set {params.name}.model to "
            f"{_successor(params, listed, today)}, or repeat an earlier run from its recorded "
            "answers with llm.provider=replay"
        )


def notes_on(params: LlmParams, listed: Sequence[ListedModel], today: date) -> Iterator[str]:
    """What is worth knowing of a model that may be asked, in sentences."""
    ends, model = ends_on(params, listed), _name(params)
    if ends and 0 < (ends - today).days <= _SOON:
        yield (
            f"{model} ends on {ends}, in {(ends - today).days} days; set {params.name}.model to "
            f"{_successor(params, listed, ends)} in time"
        )
    # Servers such as llama.cpp answer to any name, so this is no error.
    if listed and not any(_is_same(one.name, model) for one in listed):
        names = [one.name for one in listed]
        nearest = get_close_matches(model, names, _NEAREST, cutoff=0.0)
        more = f" and {len(names) - len(nearest)} more" if len(names) > len(nearest) else ""
        yield (
            f"the server at {shown_address(params.address)} does not list {model}; it lists "
            f"{', '.join(nearest)}{more}"
        )


def ends_on(params: LlmParams, listed: Sequence[ListedModel]) -> date | None:
    """The day by a server's list that has dates, else the announced one at the provider's own."""
    model = _name(params)
    named = next((one for one in listed if _is_same(one.name, model)), None)
    if named and any(one.ends for one in listed):
        return named.ends
    ending = ending_of(model)
    home = HOMES.get(params.provider)
    return ending.day if ending and home and home.has(params.address) else None


def _successor(params: LlmParams, listed: Sequence[ListedModel], day: date) -> str:
    """What to ask after this day: the model that was announced, the default, or one on the list."""
    name, home = _name(params), HOMES.get(params.provider)
    if ending := ending_of(name):
        return ending.successor
    if home and home.has(params.address):
        return DEFAULT_MODELS[params.provider]
    lasting = [one.name for one in listed if one.ends is None or one.ends > day]
    nearest = ", ".join(get_close_matches(name, lasting, _NEAREST, cutoff=0.0))
    return f"one that its server lists ({nearest})" if nearest else "another that its server has"


def _name(params: LlmParams) -> str:
    return preset(params.needed_model, params.provider).name


def _is_same(listed: str, asked: str) -> bool:
    """Ollama calls a model without a tag `latest`."""
    return listed in (asked, f"{asked}:latest")
