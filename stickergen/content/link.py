"""The one maker of addresses that codes carry, and the policy for them.

Comes in: a campaign's `link` and `issuer.hosts`. Goes out: addresses, and the problems of those
that nobody should print: another scheme than https, a host that is not the issuer's own, and
whatever hides where a link leads. The pages behind them are made for the same addresses. Hosts are
compared as RFC 3986, 3.2.2 says: without case.
Limits: no international host names, no percent-encoding; MOST_CHARACTERS in the whole address.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from stickergen.content.model import Campaign, Link
from stickergen.content.serial import Numbering
from stickergen.content.source import Document
from stickergen.content.tree import quoted
from stickergen.problem import Place, Problem

MOST_CHARACTERS = 60
"""Tuned: a QR symbol of version 4 at level M holds 62 bytes (ISO/IEC 18004:2015, table 7); the
next version has modules too small for a parcel sticker."""

SHORTENERS = {
    "t.cn": "新浪微博",
    "url.cn": "腾讯",
    "dwz.cn": "百度",
    "tb.cn": "淘宝",
    "3.cn": "京东",
    "u.jd.com": "京东",
    "b23.tv": "哔哩哔哩",
    "v.douyin.com": "抖音",
    "kuaishou.cn": "快手",
    "suo.im": "缩链",
    "suo.nz": "缩链",
    "mrw.so": "缩我",
    "985.so": "985.so",
    "rrd.me": "人人短链",
    "sourl.cn": "搜短链",
    "dwz.win": "dwz.win",
    "bit.ly": "Bitly",
    "j.mp": "Bitly",
    "tinyurl.com": "TinyURL",
    "tiny.cc": "Tiny.cc",
    "t.co": "X",
    "goo.gl": "Google",
    "lnkd.in": "LinkedIn",
    "ow.ly": "Hootsuite",
    "buff.ly": "Buffer",
    "is.gd": "is.gd",
    "v.gd": "v.gd",
    "rebrand.ly": "Rebrandly",
    "cutt.ly": "Cuttly",
    "rb.gy": "Rebrandly",
    "shorturl.at": "ShortURL",
    "short.io": "Short.io",
    "t.ly": "T.LY",
    "s.id": "s.id",
    "adf.ly": "AdFly",
}
"""Host → who runs it; subdomains count. Source: the names under which the services offer their
links to the public, gathered by hand in 2026-11. Not complete: the issuer's own list of hosts is
the guard, this table the better sentence."""

_PLACEHOLDERS = (
    *("example.com", "example.net", "example.org"),
    *("example", "test", "invalid", "localhost"),
)
"""Names that can never be anybody's (RFC 2606, 2 and 3; RFC 6761, 6)."""

_AUTHORITY = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?/*(?P<host>[^/?#\\]*)")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])")
"""Labels of letters, digits and inner hyphens, at most 63 long (RFC 1123, 2.1; RFC 1035, 2.3.4)."""
_NUMERIC = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)\.?", re.IGNORECASE)
"""A last label that is a number makes the host an IPv4 address (WHATWG URL, "ends in a number")."""


STICKER_PAGE = "sticker"
"""The page that tells real stickers from false ones; no scam type may have this id."""

SERIAL = r"[A-Z]{1,3}-?[0-9]{4,8}-?[0-9A-Z*]"
"""A sticker's number behind the `?` of its address: prefix, digits, a check character of ISO 7064.
A server finds the page without it, so that a million numbers need no million files. Short, and with
letters before the digits: a page must not show a stranger's telephone number."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a code leads: the address, and the scam type and delivery point it was made for."""

    url: str
    scam: str | None = None
    point: str | None = None
    serial: str | None = None
    """The sticker's own number in the url, behind `?`."""

    def __str__(self) -> str:
        return self.url

    @property
    def spoken(self) -> str:
        """The address as it is printed beside the code."""
        return self.page.removeprefix("https://").removesuffix("/")

    @property
    def host(self) -> str:
        """The host alone, where the address is too long to stand beside the code."""
        return self.spoken.partition("/")[0]

    @property
    def path(self) -> str:
        """The path on the server: `/` for the overview of a host, `/kefu/j01`."""
        return f"/{self.page.partition('://')[2].partition('/')[2]}"

    @property
    def page(self) -> str:
        """The address of the page: without the sticker's own number."""
        return self.url.partition("?")[0]

    def numbered(self, serial: str) -> Address:
        """The same page for the sticker of this number, as `Numbering.code` writes it."""
        return replace(self, url=numbered(self.url, serial), serial=serial)


def numbered(url: str, serial: str) -> str:
    """The address of the same page for the sticker of this number."""
    return f"{url.partition('?')[0]}?{serial}"


def address(link: Link, scam_id: str | None, point_id: str | None = None) -> Address:
    """The address of a full warning; without a scam type, that of the overview."""
    base = link.base.rstrip("/")
    if scam_id is None:
        return Address(f"{base}/")
    if point_id is None or not link.with_point:
        return Address(f"{base}/{scam_id}", scam_id)
    return Address(f"{base}/{scam_id}/{point_id}", scam_id, point_id)


def sticker_page(link: Link) -> Address:
    """The address of the page on real and false stickers."""
    return Address(f"{link.base.rstrip('/')}/{STICKER_PAGE}")


def addresses(campaign: Campaign, scam_ids: Iterable[str]) -> tuple[Address, ...]:
    """Every address that a code of the campaign may carry, each once: the overview first."""
    points = campaign.stickers.points if campaign.stickers and campaign.link.with_point else ()
    found = [address(campaign.link, None)]
    for scam_id in scam_ids:
        found.append(address(campaign.link, scam_id))
        found += [address(campaign.link, scam_id, point.id) for point in points]
    return tuple(found)


def is_placeholder(link: Link) -> bool:
    """Whether the host is one reserved for examples: the campaign is then a sample."""
    authority = _AUTHORITY.match(link.base)
    assert authority is not None
    host = re.sub(r"^.*@|:[0-9]*$", "", authority["host"]).lower().rstrip(".")
    return any(host == name or host.endswith(f".{name}") for name in _PLACEHOLDERS)


def problems(document: Document[Campaign], scam_ids: Iterable[str] = ()) -> list[Problem]:
    """What is wrong with `issuer.hosts` and `link.base`.

    `scam_ids` are the scam types of the campaign; without them those that it names itself count.
    """
    campaign = document.value
    found = []
    for number, host in enumerate(campaign.issuer.hosts):
        found += _host_problems(host.lower(), document.place("issuer", "hosts", number))
    place = document.place("link", "base")
    bad = _base_problems(campaign.link.base, campaign.issuer.hosts, place)
    return found + (bad or _length_problems(campaign, tuple(scam_ids), place))


def _length_problems(campaign: Campaign, scam_ids: tuple[str, ...], place: Place) -> list[Problem]:
    """Whether the longest address of the campaign makes too large a code."""
    scams = scam_ids or campaign.scams or ("",)
    points = [point.id for point in campaign.stickers.points] if campaign.stickers else [None]
    longest = max((address(campaign.link, s, p) for s in scams for p in points), key=_length)
    if campaign.stickers is not None and campaign.stickers.serial is not None:
        longest = longest.numbered(Numbering.of(campaign.stickers.serial).widest_code)
    return _too_long(longest.url, place)


def _length(address: Address) -> int:
    return len(address.url)


def _too_long(longest: str, place: Place) -> list[Problem]:
    if len(longest) <= MOST_CHARACTERS:
        return []
    values = {"value": longest, "length": len(longest), "limit": MOST_CHARACTERS}
    return [Problem("link-too-long", place, values)]


def _base_problems(base: str, hosts: tuple[str, ...], place: Place) -> list[Problem]:
    """What is wrong with the beginning of the addresses, part by part."""
    value = quoted(base)
    if (narrow := unicodedata.normalize("NFKC", base)) != base and narrow.isascii():
        return [Problem("link-fullwidth", place, {"value": value, "meant": quoted(narrow)})]
    authority = _AUTHORITY.match(base)
    assert authority is not None
    if not base.startswith("https://"):
        host = quoted(authority["host"]) or "hs.example.com"
        return [Problem("link-not-https", place, {"value": value, "host": host})]
    found = []
    rest = base.removeprefix("https://")
    end = re.search(r"[/?#\\]|$", rest)
    assert end is not None
    host, path = rest[: end.start()], rest[end.start() :]
    if "@" in host:
        found.append(Problem("link-user", place, {"value": value}))
        host = host.rpartition("@")[2]
    port = re.search(r":([^:\]]*)$", host)
    if port:
        found.append(Problem("link-port", place, {"value": value, "port": quoted(port[1])}))
        host = host[: port.start()]
    found += _host_problems(host, place) or _own_host(host, hosts, place)
    return found + _path_problems(path, value, place)


def _path_problems(path: str, value: str, place: Place) -> list[Problem]:
    """What is wrong behind the host."""
    found = []
    query = re.search(r"[?#]", path)
    if query:
        found.append(Problem("link-query", place, {"value": value, "sign": query[0]}))
        path = path[: query.start()]
    odd = re.search(r"[^a-z0-9._~/-]", path)
    if odd:
        found.append(Problem("link-characters", place, {"value": value, "sign": quoted(odd[0])}))
    elif {"", ".", ".."} & set(path.removesuffix("/").split("/")[1:]):
        found.append(Problem("link-dots", place, {"value": value}))
    return found


def _host_problems(host: str, place: Place) -> list[Problem]:
    """Why nobody should print this host, whoever owns it: the first reason."""
    values = {"host": quoted(host)}
    if not host:
        return [Problem("link-without-host", place, {"value": "https://"})]
    if not host.isascii() or re.search(r"(^|\.)xn--", host, re.IGNORECASE):
        return [Problem("link-foreign-letters", place, values)]
    if host.startswith("[") or host.count(":") > 1 or _NUMERIC.fullmatch(host):
        return [Problem("link-bare-address", place, values)]
    if not _HOST.fullmatch(host.lower()) or len(host) > 253:
        return [Problem("link-host-invalid", place, values)]
    if host != host.lower():
        return [Problem("link-host-upper-case", place, values | {"meant": host.lower()})]
    for name, owner in SHORTENERS.items():
        if host == name or host.endswith(f".{name}"):
            return [Problem("link-shortener", place, values | {"known": owner})]
    return []


def _own_host(host: str, hosts: tuple[str, ...], place: Place) -> list[Problem]:
    """Whether the host is one of the issuer's."""
    known = [name.lower() for name in hosts]
    if host in known:
        return []
    values = {"host": quoted(host), "meant": quoted(" / ".join(known))}
    return [Problem("link-host-foreign", place, values)]
