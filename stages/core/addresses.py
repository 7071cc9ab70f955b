"""Addresses of servers: which of them are local, and how a request gets to one."""

import ipaddress
import re
import socket
from collections.abc import Sequence
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from stages.core.errors import InputError

_HERE = tuple(
    map(
        ipaddress.ip_network,
        (
            "127.0.0.0/8",
            "::1/128",
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "fc00::/7",
        ),
    )
)
"""Loopback, and the networks of RFC 1918 and RFC 4193, which no router of the internet serves.

Not 169.254.0.0/16, where clouds hand out credentials.
"""
_LINK = ipaddress.ip_network("fe80::/10")
_LOCAL_NAMES = (".local", ".localhost", ".internal")


def checked_address(url: str) -> str:
    """`url`, or a ValueError if no server can be there, or if it may hold a key.

    Parameters are kept in files: a password or a query would be too.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # its words repeat what is wrong, which may be half a password
        parts, port = urlsplit(""), 0
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or port == 0
        or re.search(r"[\s\\]", url)
    ):
        raise ValueError("give an address such as http://127.0.0.1:8000/v1")
    if parts.password is not None:
        raise ValueError(
            "files would keep the password; leave the name alone before the @, and put the "
            "password into the variable for this server's key"
        )
    if re.search(r"[?#]", url):
        raise ValueError("give the address without ? and #, and a key in the environment")
    return url


def without_secrets(text: str) -> str:
    """A text without what may be a key in an address: all before its @, and its query."""
    return re.sub(r"(?<=://)\S*@|[?#]\S*", "…", text) if "://" in text else text


def shown_address(url: str) -> str:
    """`url` without a name, a password or a query, any of which may hold a key."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}".rstrip("/")


def is_local(url: str) -> bool:
    """Whether a URL's host can be this machine or in a private network, by its form.

    Only `require_local` knows where a name leads. A host written as a number, but not as an
    ordinary IP address, does not count.
    """
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:  # half an IPv6 address
        return False
    if _is_ip(host):
        return _is_here(host)
    return host.isascii() and (
        ("." not in host and host[:1].isalpha()) or host.endswith(_LOCAL_NAMES)
    )


def addresses_of(url: str) -> list[str]:
    """The IP addresses of a URL's host; an OSError if nobody knows it."""
    host = urlsplit(url).hostname or ""
    try:
        answers = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise socket.gaierror(str(error)) from None
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


def require_local(url: str, addresses: Sequence[str]) -> list[str]:
    """The addresses of a URL's host to connect to; an InputError unless all of them are local.

    Those that hold for one link alone (fe80::/10) lead nowhere else, and are passed over.
    """
    routed = [address for address in addresses if not _is_on_link(address)]
    elsewhere = [address for address in routed if not _is_here(address)]
    if elsewhere or not routed:
        where = (elsewhere or list(addresses))[-1]
        raise InputError(
            f"{shown_address(url)} is not local: {urlsplit(url).hostname} is at {where}, which is "
            "neither this machine nor in a private network, so nothing was sent; give the IP "
            "address of a local server as base_url, or the full name of another one with its key"
        )
    return routed


def proxy_for(url: str) -> str | None:
    """The proxy that the environment names for a URL: HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY.

    A local address has none: what concerns people would pass through it.
    """
    parts = urlsplit(url)
    if is_local(url) or proxy_bypass(parts.netloc.rpartition("@")[2]):
        return None
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    return proxy if not proxy or "://" in proxy else f"http://{proxy}"


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_here(host: str) -> bool:
    address = ipaddress.ip_address(host)
    address = getattr(address, "ipv4_mapped", None) or address
    # 0.0.0.0 and ::, which servers print, are this machine to whom connects to them.
    return address.is_unspecified or any(
        address in network for network in _HERE if network.version == address.version
    )


def _is_on_link(host: str) -> bool:
    address = ipaddress.ip_address(host)
    return address.version == 6 and address in _LINK
