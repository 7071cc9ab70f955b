"""The one HTTP client of both providers: what leaves, by which way, and how much comes back."""

import asyncio
import base64
import logging
import re
from collections.abc import Iterable, Mapping
from urllib.parse import unquote, urlsplit

import httpx2

from stages.core.addresses import addresses_of, is_local, proxy_for, require_local
from stages.core.errors import InputError, MissingError
from stages.core.http import Failure
from stages.core.masking import Mask
from stages.core.reading import DEEPEST, is_deep
from stages.llm.servers.connection import CONNECT_SECONDS, UnusableError

# Its debug messages hold a server's headers, which may repeat the key.
logging.getLogger("httpcore2").setLevel(logging.INFO)
# It warns that GOOGLE_API_KEY is used where GEMINI_API_KEY is set too, which is not so here.
logging.getLogger("google_genai").setLevel(logging.ERROR)

_LEAVES = ("host", "accept", "connection", "content-type", "content-length", "transfer-encoding")
"""What the official clients say that a server needs; the rest is about this machine."""
_ALWAYS = {"accept-encoding": "identity", "user-agent": "e2ep"}
_KEPT = ("content-type", "retry-after", "retry-after-ms")
"""The headers of an answer that are read; others may be anything, and are left out."""
_FRAME, _TOKEN = 262_144, 32
_LIST, _BATCH = 16_777_216, 536_870_912
"""The most bytes of a list of models, and of the answers to a batch or what is said about one."""
_LARGE = 1_048_576
"""In a body of more bytes than this, disguised keys are looked for answer by answer."""
_OF_BATCHES = re.compile(r"/(?:files|batches)(?:/|$)")


def most_bytes(max_tokens: int) -> int:
    """The longest body that an answer of so many tokens can have.

    A token stands for four bytes of English on average; in no script does a whole answer reach 32
    a token, escapes of JSON included. Runs of blanks can, but are no answer. 256 KiB are for what
    surrounds it: llama.cpp, for one, repeats the prompt if it is asked to be verbose.
    """
    return _FRAME + _TOKEN * max_tokens


def http_client(address: str, headers: Mapping[str, str], max_tokens: int) -> httpx2.AsyncClient:
    """The client for the server at `address`; it takes no redirect, cookie or netrc file.

    headers: those that say who asks.
    """
    wire = Wire(address, headers, most_bytes(max_tokens))
    return httpx2.AsyncClient(transport=wire, trust_env=False, timeout=None)


def key_header(address: str, key: str, name: str = "") -> dict[str, str]:
    """The header with a key: the one of this name, else a bearer's.

    If a name stands before the @ of an address, the key is its password.
    """
    if user := unquote(urlsplit(address).username or ""):
        return {"authorization": f"Basic {base64.b64encode(f'{user}:{key}'.encode()).decode()}"}
    if not key:
        return {}
    return {name: key} if name else {"authorization": f"Bearer {key}"}


def mask_of(headers: Iterable[str]) -> Mask:
    """Strikes out every key of the environment, and what the values of these headers say."""
    said = (value.rpartition(" ")[2] for value in headers)
    return Mask([*Mask.of_environment().keys, *said])


def bare_address(url: str) -> str:
    """`url` without a name, which goes out as a header."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


class Wire(httpx2.AsyncBaseTransport):
    """Carries requests to one server and reads its answers.

    If the address must be local, so must every IP address of its name; the one that was checked is
    the one that is asked, wherever the name leads later. An answer is read up to a limit, and keys
    are struck out of it. What is too long, encoded or too deep is an UnusableError; with an error
    status, it is left out.
    """

    def __init__(self, address: str, headers: Mapping[str, str], most: int) -> None:
        self.address, self.most = address, most
        self.headers = _ALWAYS | dict(headers)
        self.mask = mask_of(headers.values())
        self._ips: list[str] = []
        limits = httpx2.Limits(max_connections=None, max_keepalive_connections=100)
        self._inner = _transport(address, limits)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        kept = {name: request.headers[name] for name in _LEAVES if name in request.headers}
        request.headers = httpx2.Headers(kept | self.headers)
        timeouts = request.extensions.get("timeout", {})
        request.extensions["timeout"] = {**timeouts, "connect": CONNECT_SECONDS}
        send = self._send_home if is_local(self.address) else self._inner.handle_async_request
        response = await send(request)
        try:
            body = await self._body(request, response)
        except UnusableError as error:
            if response.status_code < 400:
                raise httpx2.ReadError(str(error)) from error
            body = b""
        finally:
            await response.aclose()
        headers = {
            name: response.headers[name].encode("ascii", "replace").decode()
            for name in _KEPT
            if name in response.headers
        }
        if "content-type" in headers:  # JSON is UTF-8, whatever else is said
            headers["content-type"] = headers["content-type"].partition(";")[0]
        return httpx2.Response(
            response.status_code, headers=headers, stream=httpx2.ByteStream(body)
        )

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def _send_home(self, request: httpx2.Request) -> httpx2.Response:
        """Send to the address that answered last, else to each of the name's in turn."""
        host = request.url.host
        problem: httpx2.TransportError = httpx2.ConnectError("no address")
        request.extensions["sni_hostname"] = host
        for ip in self._ips or await self._checked():
            request.url = request.url.copy_with(host=ip)
            try:
                response = await self._inner.handle_async_request(request)
            except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
                problem = error
            else:
                self._ips = [ip]
                return response
        self._ips = []
        raise problem

    async def _checked(self) -> list[str]:
        try:
            addresses = await asyncio.to_thread(addresses_of, self.address)
        except OSError as error:
            raise httpx2.ConnectError(str(error)) from error
        return require_local(self.address, addresses)

    async def _body(self, request: httpx2.Request, response: httpx2.Response) -> bytes:
        """The body without keys, or an UnusableError."""
        if response.headers.get("content-encoding", "").strip().lower() not in ("", "identity"):
            raise _unusable("an encoded answer, which was not asked for")
        path = request.url.path
        most = self.most
        if response.status_code < 400 and _OF_BATCHES.search(path):
            most = _BATCH
        elif response.status_code < 400 and request.method == "GET":
            most = _LIST
        body = bytearray()
        async for chunk in response.stream:  # type: ignore[union-attr]
            body += chunk
            if len(body) > most:
                raise _unusable(f"an answer of more than {most:,} bytes")
        text = body.decode(errors="surrogateescape")
        if not path.endswith("/content") and is_deep(text):  # a file is read by lines
            raise _unusable(f"JSON nested more than {DEEPEST} levels deep")
        if len(body) > _LARGE:
            return self.mask.file(bytes(body))
        return self.mask.text(text).encode(errors="surrogateescape")


def _transport(address: str, limits: httpx2.Limits) -> httpx2.AsyncHTTPTransport:
    """The way to an address: direct, or by the proxy that the environment names for it."""
    proxy = proxy_for(address)
    try:
        return httpx2.AsyncHTTPTransport(proxy=proxy, limits=limits)
    except ImportError as error:
        raise MissingError(
            "a proxy in the environment speaks SOCKS, which needs the package socksio; run pip "
            "install socksio, or unset ALL_PROXY"
        ) from error
    except (ValueError, httpx2.InvalidURL) as error:
        raise InputError(
            "what HTTP_PROXY, HTTPS_PROXY or ALL_PROXY holds is no proxy that can be used; give an "
            "address such as http://proxy:3128, or unset it"
        ) from error


def _unusable(reason: str) -> UnusableError:
    return UnusableError(Failure(reason=reason, passing=False, billed=True))
