"""Keys come from the environment alone."""

import ipaddress
import os
import re
from urllib.parse import urlsplit

from stages.core.errors import InputError


def key_from(*names: str, base_url: str | None = None) -> str:
    """The first of these variables that is set; a server on this machine or network needs none."""
    found = next((name for name in names if os.environ.get(name, "").strip()), None)
    if found:
        return _usable(found, os.environ[found].strip())
    if base_url and is_local(base_url):
        return "none"
    raise InputError(
        f"{' or '.join(names)} is not set; put your key there, or go without one: llm.provider=offline"
    )


def _usable(name: str, key: str) -> str:
    if not re.fullmatch(r"[!-~]+", key):
        raise InputError(
            f"{name} holds a character that no key has, such as a blank or a line break; set it again"
        )
    return key


def checked_address(url: str) -> str:
    """`url`, or a ValueError where no server can be there."""
    parts = urlsplit(url)
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or parts.port == 0
        or re.search(r"\s", url)
    ):
        raise ValueError("give an address such as http://127.0.0.1:8000/v1")
    return url


def is_local(url: str) -> bool:
    """Whether a URL's host is this machine or in a private network; a number in the place of a name is refused."""
    host = urlsplit(url).hostname or ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return ("." not in host and host[:1].isalpha()) or host.endswith(
            (".local", ".localhost", ".internal")
        )
    return address.is_private or address.is_loopback
