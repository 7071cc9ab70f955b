"""Keys come from the environment alone."""

import ipaddress
import os
from urllib.parse import urlsplit

from stages.core.errors import InputError


def key_from(*names: str, base_url: str | None = None) -> str:
    """The first of these variables that is set; a server on this machine or network needs none."""
    found = next((os.environ[name] for name in names if os.environ.get(name)), None)
    if found:
        return found
    if base_url and is_local(base_url):
        return "none"
    raise InputError(f"{' or '.join(names)} is not set; put your key there, or go without one: llm.provider=offline")


def is_local(url: str) -> bool:
    """Whether a URL's host is this machine or in a private network."""
    host = urlsplit(url).hostname or ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return (bool(host) and "." not in host) or host.endswith((".local", ".localhost", ".internal"))
    return address.is_private or address.is_loopback
