"""What ends a run: messages for the statuses after which none of its attempts can succeed."""

import re

from stages.core.errors import InputError
from stages.llm.keys import keyless

HOPELESS = {
    401: "the server does not accept the key in {key} (HTTP 401); check it, or set {keyless}",
    403: "the server forbids the use of {model} with the key in {key} (HTTP 403); check both, or "
    "set {keyless}",
    404: "the server does not know the model {model} or the address (HTTP 404); check llm.model "
    "and llm.base_url",
}
NO_QUOTA = (
    "the account of {key} has no quota left (HTTP 429); top it up, then run the same command "
    "again: every answer so far is kept"
)
NO_BATCHES = (
    "the address of {provider} does not offer batches or does not know the model (HTTP 404); set "
    "llm.mode to online"
)
_BAD_KEY = re.compile(r"invalid_api_key|API_KEY_INVALID|(incorrect|invalid) api key", re.IGNORECASE)


def end_if_bad_key(status: int, words: str, key: str) -> None:
    """Raise an InputError if this answer to a question about nothing says that the key is wrong.

    A 401 or 403 alone does not: a key may be good for questions and not for the list of models.
    """
    if status in (400, 401, 403) and _BAD_KEY.search(words):
        raise InputError(HOPELESS[401].format(key=key, keyless=keyless(key))) from None


def end_if_hopeless(status: int, model: str, key: str) -> None:
    """Raise an InputError if no attempt of this run can succeed; `key` names a variable."""
    if status in HOPELESS:
        sentence = HOPELESS[status].format(model=model, key=key, keyless=keyless(key))
        raise InputError(sentence) from None
