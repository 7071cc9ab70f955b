"""API keys, which come only from the environment, and the addresses that need none."""

import ipaddress
import os
import re
from urllib.parse import urlsplit

from stages.core.errors import InputError

KEYLESS = "llm.provider to offline and llm.model to null"
"""What to set to go on with the offline rules."""
_KEYLESS_BY_KEY = {"E2EP_USERS_API_KEY": "llm.users to offline"}


def keyless(variable: str) -> str:
    """What to set to go on with the offline rules instead of the model with this key."""
    return _KEYLESS_BY_KEY.get(variable, KEYLESS)


def key_from(*names: str, base_url: str | None = None) -> str:
    """The key in the first of these variables that is set; a local server needs none."""
    for name in names:
        if key := os.environ.get(name, "").strip():
            if not re.fullmatch(r"[!-~]+", key):
                raise InputError(
                    f"{name} holds a character that no key has, such as a space or a line break; "
                    "set it again"
                )
            return key
    if base_url and is_local(base_url):
        return "none"
    raise InputError(
        f"{' or '.join(names)} is not set; put your key there, or set {keyless(names[0])}, which "
        "needs no key"
    )


def checked_address(url: str) -> str:
    """`url`, or a ValueError if no server can be there."""
    parts = urlsplit(url)
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or parts.port == 0
        or re.search(r"\s", url)
    ):
        raise ValueError("give an address such as http://127.0.0.1:8000/v1")
    return url


def shown_address(url: str) -> str:
    """`url` without a name, a password or a query, any of which may hold a key."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}".rstrip("/")


def is_local(url: str) -> bool:
    """Whether a URL's host is this machine or in a private network.

    A host written as a number, but not as an ordinary IP address, does not count.
    """
    host = urlsplit(url).hostname or ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return ("." not in host and host[:1].isalpha()) or host.endswith(
            (".local", ".localhost", ".internal")
        )
    return address.is_private or address.is_loopback
