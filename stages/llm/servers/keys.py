"""API keys, which come only from the environment, and the servers that each may go to."""

import os
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from stages.core.addresses import is_local, shown_address
from stages.core.errors import InputError

KEYLESS = "llm.provider to offline and llm.model to null"
"""What to set to go on with the offline rules."""
OWN_KEY = "E2EP_API_KEY"
"""The variable for any other server of `llm`."""
_KEYLESS_BY_KEY = {
    "E2EP_USERS_API_KEY": "llm.users to offline",
    "E2EP_JUDGE_API_KEY": "llm.judge to null",
}


def keyless(variable: str) -> str:
    """What to set to go on without the model whose key this variable holds."""
    return _KEYLESS_BY_KEY.get(variable, KEYLESS)


def section_of(variable: str) -> str:
    """The section that names the model whose key this variable holds."""
    return keyless(variable).partition(" ")[0] if variable in _KEYLESS_BY_KEY else "llm"


@dataclass(frozen=True)
class Home:
    """A provider's own address, whose keys go nowhere else."""

    url: str
    owner: str
    variables: tuple[str, ...]
    """A key is in the first of them that is set."""

    def has(self, url: str) -> bool:
        """Whether an address is the provider's own, one for a region of the world included."""
        parts, own = urlsplit(url), urlsplit(self.url).hostname
        host = parts.hostname or ""
        return parts.scheme == "https" and (host == own or host.endswith(f".{own}"))


HOMES = {
    "openai": Home("https://api.openai.com/v1", "OpenAI", ("OPENAI_API_KEY",)),
    "gemini": Home(
        "https://generativelanguage.googleapis.com",
        "Google",
        ("GEMINI_API_KEY", "GOOGLE_API_KEY"),
    ),
}
_ACCOUNT = {"openai-organization": "OPENAI_ORG_ID", "openai-project": "OPENAI_PROJECT_ID"}


@dataclass(frozen=True)
class Key:
    """A key and where it was set; a server that needs none has an empty value."""

    variable: str
    value: str = field(repr=False)


def reaching(variable: str) -> str:
    """What to do if the server whose key this variable holds cannot be reached."""
    if any(variable in home.variables for home in HOMES.values()):
        return "check the network and the proxy"
    return f"start that server or check {section_of(variable)}.base_url and the network"


def key_variables(provider: str, url: str, own: str = OWN_KEY) -> tuple[str, ...]:
    """The variables in one of which a server's key must be; `own` is that of the section."""
    home = HOMES.get(provider)
    return home.variables if home and home.has(url) else (own,)


def key_for(provider: str, url: str, own: str = OWN_KEY) -> Key:
    """The key for a server; an InputError if it is missing and the server is not local."""
    names = key_variables(provider, url, own)
    for name in names:
        if value := environment_value(name):
            return Key(name, value)
    if is_local(url):
        return Key(own, "")
    home = HOMES.get(provider)
    if names == (own,):
        put = f"put the key of {shown_address(url)} there"
        other = next(filter(os.environ.get, home.variables), "") if home else ""
        why = f" ({other} goes to {home.owner}'s address alone)" if home and other else ""
    else:
        put = "put your key there"
        why = f" ({own} is for an llm.base_url of your own)" if os.environ.get(own) else ""
    raise InputError(
        f"{' or '.join(names)} is not set; {put}{why}, or set {keyless(own)}, which needs no key"
    )


def account(url: str) -> dict[str, str]:
    """The headers that tell OpenAI, and nobody else, which organisation and project pay."""
    if not HOMES["openai"].has(url):
        return {}
    return {
        header: value for header, name in _ACCOUNT.items() if (value := environment_value(name))
    }


def environment_value(name: str) -> str:
    """A variable without blanks around it, empty if unset; an InputError if no key looks so."""
    value = os.environ.get(name, "").strip()
    if not re.fullmatch(r"[!-~]*", value):
        raise InputError(
            f"{name} holds a character that no key has, such as a space or a line break; "
            "set it again"
        )
    return value
