"""Is everything that will be printed reachable? Each address asked for as a phone would ask.

Comes in: addresses, the hosts they may lead to; for a trial an origin to ask in their place. Goes
out: a `Reached` for each address: what came of it, in how many seconds. An address is good if its
server answers in time with status 200 and a page in HTML that bears the id of that address.
Nothing is fetched but the addresses and where they redirect to: HTTPS, an issuer's host. What
servers say is hostile: only numbers, hosts and short quotations of it go on to people.
Certificates are judged by the system's own store. Requests go out by httpx's transport, beneath its
client: no proxies and passwords from the environment, no cookies, for a phone in the street has
none of them and a proxy could answer in the server's place; and no redirect is followed unseen.
Source: RFC 9110 (HTTP), RFC 9111 (nothing from caches).
Limits: the constants below; a name server may take longer than they say.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Literal, NamedTuple, Self

import httpx

from stickergen import __version__
from stickergen.content.link import Address
from stickergen.content.tree import quoted
from stickergen.problem import InputError, Place, Problem
from stickergen.website import mark

AT_ONCE = 8
"""Addresses asked at a time. Tuned: a hundred in seconds, and no load for a small server."""

CONNECT_S = 5.0
READ_S = 10.0
DEADLINE_S = 20.0
"""How long a connection, a silence, and an address with all its redirects may take. Tuned: who
holds a parcel does not wait longer."""

MOST_REDIRECTS = 5
"""Tuned: http → https → www → slash are three; each costs a second on a bad connection."""

MOST_PORT = 65_535
"""RFC 9293, 3.1: sixteen bits."""

MOST_BYTES = 1_000_000
"""Of a page, before and after unpacking. Tuned: the site's own pages have a twentieth of it."""

HEADERS = {
    "User-Agent": f"stickergen-links/{__version__} (stickergen links; checks printed addresses)",
    "Accept": "text/html",
    "Accept-Encoding": "identity",
    "Cache-Control": "no-cache",
}
"""Of every request. A server that packs all the same is understood if it uses gzip."""

Outcome = Literal[
    "ok",
    "reach-no-name",
    "reach-refused",
    "reach-no-answer",
    "reach-unreachable",
    "reach-certificate-expired",
    "reach-certificate-early",
    "reach-certificate-self-signed",
    "reach-certificate-unknown",
    "reach-certificate-host",
    "reach-certificate",
    "reach-tls",
    "reach-slow",
    "reach-broken",
    "reach-redirect-elsewhere",
    "reach-too-many-redirects",
    "reach-not-found",
    "reach-forbidden",
    "reach-server-error",
    "reach-status",
    "reach-packed",
    "reach-not-html",
    "reach-charset",
    "reach-too-large",
    "reach-not-ours",
    "reach-other-page",
]
"""What came of an address; all but `ok` are worded in messages/links.yaml."""

CERTIFICATE: dict[int, Outcome] = {
    9: "reach-certificate-early",
    10: "reach-certificate-expired",
    18: "reach-certificate-self-signed",
    19: "reach-certificate-self-signed",
    20: "reach-certificate-unknown",
    21: "reach-certificate-unknown",
    62: "reach-certificate-host",
    64: "reach-certificate-host",
}
"""OpenSSL's reasons for refusing a certificate (X509_V_ERR_…, openssl/x509_vfy.h)."""

REDIRECTS = (301, 302, 303, 307, 308)
"""The statuses that name another address in Location (RFC 9110, 15.4)."""

STATUS: dict[int, Outcome] = {
    401: "reach-forbidden",
    403: "reach-forbidden",
    404: "reach-not-found",
    410: "reach-not-found",
}
"""Statuses with a cure of their own; those from 500 on are the server's own faults."""

PACKED = ("gzip", "x-gzip")
"""Codings that are unpacked (RFC 9110, 8.4.1.3)."""

_GZIP_BITS = 16 + zlib.MAX_WBITS
"""zlib's way of asking for the gzip format."""


class _Origin(NamedTuple):
    """Whom a URL asks; the port where it is not the scheme's own."""

    scheme: str
    host: str
    port: int | None

    @classmethod
    def of(cls, url: httpx.URL) -> Self:
        return cls(url.scheme, _host(url), url.port)


@dataclass(frozen=True, slots=True)
class Reached:
    """What came of an address: at which URL in the end, with which number, host or word."""

    address: Address
    outcome: Outcome
    detail: str
    url: str
    elapsed_s: float


class _Failed(Exception):
    """An address does not lead to its page: why."""

    def __init__(self, outcome: Outcome, detail: str = "") -> None:
        self.outcome, self.detail = outcome, detail
        super().__init__(outcome)

    def again(self) -> _Failed:
        """The same, to be raised once more."""
        return _Failed(self.outcome, self.detail)


def reach(
    addresses: Sequence[Address],
    hosts: Iterable[str],
    *,
    at: str | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[Reached, ...]:
    """What comes of each address, in their order; with `at`, of its path at that origin.

    InputError if `at` is no origin that may be asked.
    """
    asker = _Asker(hosts, None if at is None else _origin(at))
    return asyncio.run(asker.all(addresses, progress))


def problems(reached: Iterable[Reached], place: Place) -> list[Problem]:
    """What failed, each cause once, with the first of its addresses and how many there are."""
    alike: dict[tuple[Outcome, str], list[Reached]] = {}
    for one in reached:
        if one.outcome != "ok":
            alike.setdefault((one.outcome, one.detail), []).append(one)
    return [
        Problem(
            outcome,
            place,
            {"url": ones[0].url, "count": len(ones), "detail": detail},
        )
        for (outcome, detail), ones in alike.items()
    ]


def _origin(at: str) -> httpx.URL:
    """The origin that a person typed: https, or anything on this machine."""
    try:
        url = httpx.URL(at)
    except httpx.InvalidURL:
        url = httpx.URL()
    plain = url.scheme == "http" and _is_loopback(url.host)
    bare = url.path in ("", "/") and not (url.query or url.fragment or url.userinfo)
    known = url.port is None or 0 < url.port <= MOST_PORT
    if not (url.host and bare and known and (plain or url.scheme == "https")):
        raise InputError([Problem("reach-at", None, {"value": quoted(at)})])
    return url.copy_with(path="/")


def _is_loopback(host: str) -> bool:
    """Whether a host is this machine (RFC 6761, 6.3; RFC 1122, 3.2.1.3)."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _host(url: httpx.URL) -> str:
    """The host as it is sent, in ASCII."""
    return url.raw_host.decode("ascii")


class _Asker:
    """Asks for addresses, few at a time; a server that cannot be reached is not asked again."""

    def __init__(self, hosts: Iterable[str], origin: httpx.URL | None) -> None:
        self._hosts = {host.lower() for host in hosts}
        self._origin = origin
        self._dead: dict[_Origin, _Failed] = {}

    async def all(
        self, addresses: Sequence[Address], progress: Callable[[int, int], None]
    ) -> tuple[Reached, ...]:
        """The outcome of each address, in their order."""
        turn = asyncio.Semaphore(AT_ONCE)
        done = 0

        async def asked(address: Address) -> Reached:
            nonlocal done
            async with turn:
                found = await self._asked(transport, address)
            done += 1
            progress(done, len(addresses))
            return found

        store = ssl.create_default_context()
        async with httpx.AsyncHTTPTransport(verify=store, trust_env=False) as transport:
            return tuple(await asyncio.gather(*map(asked, addresses)))

    async def _asked(self, transport: httpx.AsyncHTTPTransport, address: Address) -> Reached:
        """What comes of one address."""
        url = httpx.URL(address.url)
        if self._origin:
            url = self._origin.copy_with(path=address.path)
        way = [url]
        began = time.monotonic()
        outcome: Outcome = "ok"
        detail = ""
        try:
            async with asyncio.timeout(DEADLINE_S):
                body = await self._page(transport, way)
            _compare(body, mark.page_id(address))
        except _Failed as failed:
            outcome, detail = failed.outcome, failed.detail
        except TimeoutError:
            outcome, detail = "reach-slow", f"{DEADLINE_S:g}"
        return Reached(address, outcome, detail, str(way[-1]), time.monotonic() - began)

    async def _page(self, transport: httpx.AsyncHTTPTransport, way: list[httpx.URL]) -> bytes:
        """The page at the end of the way; the way grows by each redirect."""
        while True:
            url = way[-1]
            if _Origin.of(url) in self._dead:
                raise self._dead[_Origin.of(url)].again()
            patience = httpx.Timeout(READ_S, connect=CONNECT_S, pool=None).as_dict()
            request = httpx.Request("GET", url, headers=HEADERS, extensions={"timeout": patience})
            try:
                async with aclosing(await transport.handle_async_request(request)) as response:
                    if response.status_code not in REDIRECTS:
                        return await _body(response)
                    target = self._target(way, response.headers.get("Location", ""))
            except httpx.HTTPError as error:
                failed = _reason(error)
                if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
                    self._dead[_Origin.of(url)] = failed
                raise failed from error
            way.append(target)

    def _target(self, way: Sequence[httpx.URL], location: str) -> httpx.URL:
        """Where a redirect leads, if a printed address may lead there."""
        if len(way) > MOST_REDIRECTS:
            raise _Failed("reach-too-many-redirects", str(MOST_REDIRECTS))
        try:
            target = way[-1].join(location).copy_with(fragment=None)
        except (httpx.InvalidURL, ValueError) as error:
            raise _Failed("reach-redirect-elsewhere", quoted(location)) from error
        start = way[0]
        allowed = _Origin.of(target) == _Origin.of(start)
        if not self._origin and _host(target) in self._hosts:
            allowed |= (target.scheme, target.port) == ("https", start.port)
        if not allowed or target.userinfo:
            user = "…@" if target.userinfo else ""
            shown = f"{target.scheme}://{user}{target.netloc.decode('ascii')}"
            raise _Failed("reach-redirect-elsewhere", quoted(shown))
        return target


async def _body(response: httpx.Response) -> bytes:
    """The content of an answer that is a whole page in HTML."""
    status = response.status_code
    if status != httpx.codes.OK:
        outcome: Outcome = (
            "reach-server-error" if status >= 500 else STATUS.get(status, "reach-status")
        )
        raise _Failed(outcome, str(status))
    kind, _, parameters = response.headers.get("Content-Type", "").lower().partition(";")
    if kind.strip() != "text/html":
        raise _Failed("reach-not-html", quoted(kind.strip()) or "—")
    charset = response.charset_encoding
    if "charset" in parameters and (charset or "").lower() not in ("utf-8", "utf8"):
        raise _Failed("reach-charset", quoted(charset or parameters.strip()))
    coding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if coding not in ("identity", *PACKED):
        raise _Failed("reach-packed", quoted(coding))
    unpacker = zlib.decompressobj(_GZIP_BITS) if coding in PACKED else None
    body = bytearray()
    packed = 0
    async for chunk in response.aiter_raw():
        packed += len(chunk)
        body += _unpacked(unpacker, chunk, MOST_BYTES + 1 - len(body)) if unpacker else chunk
        if max(packed, len(body)) > MOST_BYTES:
            raise _Failed("reach-too-large", f"{MOST_BYTES:,}")
    if unpacker and not unpacker.eof:
        raise _Failed("reach-broken", "gzip")
    return bytes(body)


def _unpacked(unpacker: zlib._Decompress, chunk: bytes, most: int) -> bytes:
    """The next bytes out of a packed answer, this many at the most: packed noughts are endless."""
    try:
        return unpacker.decompress(chunk, most)
    except zlib.error as error:
        raise _Failed("reach-broken", "gzip") from error


def _compare(body: bytes, wanted: str) -> None:
    """Whether the page is the one that the address was made for."""
    found = mark.found_id(body)
    if found is None:
        raise _Failed("reach-not-ours")
    if found != wanted:
        raise _Failed("reach-other-page", found)


def _reason(error: httpx.HTTPError) -> _Failed:
    """Why no answer came, as far as what lies below HTTP tells."""
    match error:
        case httpx.ConnectTimeout():
            return _Failed("reach-no-answer", f"{CONNECT_S:g}")
        case httpx.TimeoutException():
            return _Failed("reach-slow", f"{READ_S:g}")
    for cause in _causes(error):
        match cause:
            case ssl.SSLWantReadError() | ssl.SSLEOFError():
                pass  # the other side hung up in the middle
            case ssl.SSLCertVerificationError():
                outcome = CERTIFICATE.get(cause.verify_code, "reach-certificate")
                return _Failed(outcome, str(cause.verify_message))
            case ssl.SSLError():
                return _Failed("reach-tls", str(cause.reason or "TLS"))
            case socket.gaierror():
                return _Failed("reach-no-name")
            case ConnectionRefusedError():
                return _Failed("reach-refused")
    if isinstance(error, httpx.ConnectError):
        return _Failed("reach-unreachable")
    return _Failed("reach-broken", type(error).__name__)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An exception and all that led to it."""
    while error:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for one in error.exceptions:
                yield from _causes(one)
        error = error.__cause__ or error.__context__
