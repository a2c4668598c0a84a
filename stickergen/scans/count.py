"""Access logs → `Tally`: the scans of the printed codes, by day, scam type and delivery point.

Comes in: log files in any order, of any number of servers; the addresses that the codes carry; the
issuer's hosts; the campaign's date. Goes out: a `Tally`, or an `InputError` with all files that
are no logs. First the beginning of each file is looked into (`logs`); then all are read side by
side in the order of time, once, with little memory.

A scan is a line that passes all of this, in this order; the first that it fails is why it is
left out:
- elsewhere: it asks for one of the addresses, letter by letter, with or without a slash (or the
  `/index.html` that nginx finds) behind it, whatever follows after `?`: serials, and what WeChat
  adds. Percent-encoded letters are the letters (RFC 3986, 6.2.2.2), capitals are others; several
  slashes are one, as servers take them. Where the line tells the host, it is that of the address.
- failed: GET, and the page was delivered, 200 or 304. Of a redirect the second request counts.
- undated: its day in China lies between BEFORE and AFTER the campaign's.
- robot: the user agent is a person's; a log that does not tell it is believed.
- inside: it comes from no page of the issuer's own hosts.
- repeated: the same visitor has not been counted for this page within WINDOW_SECONDS.

A visitor is a hash of address and user agent under a key that is made anew each time and never
written: nothing that tells of a person outlives the count.
Limits: phones of one make behind one address are one visitor; each log is in order of time, as
servers write them, by minutes at least; of more than MOST_VISITORS in that time the oldest are
forgotten, and may count twice.
"""

from __future__ import annotations

import heapq
import re
from collections import Counter, OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from hashlib import blake2b
from pathlib import Path
from secrets import token_bytes
from typing import NamedTuple, get_args

from stickergen.content.link import Address
from stickergen.problem import InputError, Problem
from stickergen.scans.log import Request, moment, requests
from stickergen.scans.logfile import Log, logs
from stickergen.scans.robots import is_robot
from stickergen.scans.tally import WINDOW_SECONDS, Cell, LeftOut, Tally

MOST_VISITORS = 100_000
"""Tuned: 25 MB, and 55 scans a second for all of the window."""

BEFORE = timedelta(days=90)
"""Tuned: stickers are proofed and handed out ahead of the campaign's date."""
AFTER = timedelta(days=10 * 366)
"""Tuned: longer than a sticker is legible. Bounds the days, whatever the lines say."""

DELIVERED = frozenset({"200", "304"})
"""RFC 9110, 15.3.1 and 15.4.5: here it is, and you have it already."""

_CHINA_SECONDS = 8 * 3600
_DAY_SECONDS = 24 * 3600
_EPOCH = date(1970, 1, 1)

_ABSOLUTE = re.compile(r"https?://(?P<host>[^/?#]*)(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
"""An address in full: as proxies ask (RFC 9112, 3.2.2), and as a Referer is written."""
_ENCODED = re.compile(r"%(?:2[DE]|3[0-9]|[46][1-9A-F]|[57][0-9A]|5F|7E)", re.IGNORECASE)
"""Letters, digits and -._~ that need not be encoded, but may (RFC 3986, 2.3)."""
_SLASHES = re.compile("//+")
"""nginx's $uri is `/kefu//index.html` where `/kefu/` was asked for: `try_files $uri/index.html`."""


class Visit(NamedTuple):
    """A page opened by a person: when (seconds since 1970), which, and a hash of page and person.

    Page 0 is none: so a log says when it begins, and is not opened before its time has come.
    """

    time: float
    page: int = 0
    visitor: bytes = b""
    named: bool = True
    """Whether the line tells a user agent."""


Progress = Callable[[int, int], None]
"""Told the bytes read so far, and all that there are."""


def count(
    paths: Iterable[Path],
    addresses: Collection[Address],
    hosts: Collection[str],
    day: date,
    progress: Progress = lambda done_bytes, all_bytes: None,
) -> Tally:
    """The scans in these logs; `hosts` are the issuer's, `day` is the campaign's."""
    found = logs(paths)
    site = _Site(addresses, hosts, day)
    reading = _Reading(site, sum(log.size_bytes for log in found), progress)
    cells: Counter[tuple[int, int]] = Counter()
    unnamed = 0
    counted: OrderedDict[bytes, float] = OrderedDict()
    for visit in heapq.merge(*map(reading.visits, found)):
        if not visit.page:
            continue
        last = counted.get(visit.visitor)
        if last is not None:
            if abs(visit.time - last) < WINDOW_SECONDS:
                reading.left_out["repeated"] += 1
                continue
            counted.move_to_end(visit.visitor)
        counted[visit.visitor] = visit.time
        if len(counted) > MOST_VISITORS:
            counted.popitem(last=False)
        cells[_day_number(visit.time), visit.page] += 1
        unnamed += not visit.named
    if reading.problems:
        raise InputError(reading.problems)
    left_out = tuple((why, n) for why in get_args(LeftOut) if (n := reading.left_out[why]))
    return Tally(site.cells(cells), reading.lines, left_out, unnamed)


class _Site:
    """The campaign's pages, and what is a visit to one of them."""

    def __init__(self, addresses: Collection[Address], hosts: Collection[str], day: date) -> None:
        self._cells = [("", ""), *((a.scam or "", a.point or "") for a in addresses)]
        self._pages: dict[str, int] = {}
        self._asked: set[str] = set()
        for page, address in enumerate(addresses, 1):
            path = address.path.rstrip("/")
            self._pages |= dict.fromkeys((path or "/", f"{path}/", f"{path}/index.html"), page)
            self._asked.add(_host(address.url))
        self._own = self._asked | {_bare(host) for host in hosts}
        self._days = range((day - BEFORE - _EPOCH).days, (day + AFTER - _EPOCH).days + 1)
        self._key = token_bytes(16)

    def judged(self, request: Request) -> Visit | LeftOut:
        """The visit that this request is, or why it is none."""
        page = self._page(request)
        if page is None:
            return "elsewhere"
        if request.method != "GET" or request.status not in DELIVERED:
            return "failed"
        time = moment(request.stamp)
        if time is None or _day_number(time) not in self._days:
            return "undated"
        if request.agent is not None and is_robot(request.agent):
            return "robot"
        if _host(request.referer) in self._own:
            return "inside"
        who = f"{page}\n{request.address}\n{request.agent}".encode("utf-8", "replace")
        visitor = blake2b(who, key=self._key, digest_size=16).digest()
        return Visit(time, page, visitor, request.agent is not None)

    def _page(self, request: Request) -> int | None:
        """The page that is asked for, if it is one of the campaign's."""
        host, path = request.host, request.target
        if absolute := _ABSOLUTE.match(path):
            host, path = absolute["host"], absolute["rest"] or "/"
        path = path.partition("?")[0].partition("#")[0]
        if "%" in path:
            path = _ENCODED.sub(lambda found: chr(int(found[0][1:], 16)), path)
        if "//" in path:
            path = _SLASHES.sub("/", path)
        page = self._pages.get(path)
        return None if page and host and _bare(host) not in self._asked else page

    def cells(self, scans: Mapping[tuple[int, int], int]) -> tuple[Cell, ...]:
        """Scans by day number and page → by day, scam type and point, in order."""
        return tuple(
            sorted(
                Cell(_EPOCH + timedelta(days=day), *self._cells[page], n)
                for (day, page), n in scans.items()
            )
        )


def _host(url: str) -> str:
    """The host of an address in full; "" if it is none."""
    found = _ABSOLUTE.match(url)
    return _bare(found["host"]) if found else ""


def _bare(host: str) -> str:
    """A host without its port, as hosts are compared."""
    return host.lower().partition(":")[0].rstrip(".")


def _day_number(time: float) -> int:
    """The day in China, counted from 1970."""
    return int((time + _CHINA_SECONDS) // _DAY_SECONDS)


class _Reading:
    """The reading of several logs, and what has been left out on the way."""

    def __init__(self, site: _Site, all_bytes: int, progress: Progress) -> None:
        self.site = site
        self.lines = 0
        self.left_out: Counter[LeftOut] = Counter()
        self.problems: list[Problem] = []
        self._all_bytes = all_bytes
        self._done_bytes = 0
        self._progress = progress

    def visits(self, log: Log) -> Iterator[Visit]:
        """The visits in a log, in its own order; first of all, when it begins."""
        yield Visit(log.begins)
        try:
            for request in requests(log.lines(self._read)):
                self.lines += 1
                found = self.site.judged(request) if request else "unreadable"
                if isinstance(found, Visit):
                    yield found
                else:
                    self.left_out[found] += 1
        except InputError as error:
            self.problems += error.problems

    def _read(self, count_bytes: int) -> None:
        self._done_bytes += count_bytes
        self._progress(self._done_bytes, self._all_bytes)
