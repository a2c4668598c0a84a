"""The lines of a web server's access log → the `Request`s they tell of.

Comes in: lines, as text. Goes out: what was asked, by whom, when, with what answer; None for a
line that is of no format known here. Three formats: Apache's and nginx's "common" and "combined"
(Apache's mod_log_config, nginx's ngx_http_log_module), also with the virtual host in front and
more fields behind; JSON with the names of `NAMES`; and IIS's "W3C extended", whose `#Fields:` say
what is in the lines behind them (www.w3.org/TR/WD-logfile). Lines are written by strangers:
nothing in them is trusted.
Limits: a line without an answer is none; times without a zone are taken for China's, but those of
W3C extended are UTC.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import Any, NamedTuple

CHINA = timezone(timedelta(hours=8), "UTC+8")
"""One zone for the whole country, without summer time (since 1992)."""


class Request(NamedTuple):
    """What a line tells, in the server's own words; `stamp` is when, see `moment`."""

    stamp: str
    host: str | None
    address: str
    method: str
    target: str
    status: str
    referer: str
    agent: str | None


def requests(lines: Iterable[str]) -> Iterator[Request | None]:
    """The request of each line of one log, None where it tells of none; directives are no lines."""
    columns: tuple[str, ...] = ()
    for line in lines:
        if line.startswith("#") and (directive := _DIRECTIVE.match(line)):
            if directive[1] == "Fields":
                columns = tuple(directive[2].lower().split())
            continue
        yield (_of_columns(line, columns) if columns else None) or request_of(line)


def request_of(line: str) -> Request | None:
    """The request that a line tells of by itself: of common, combined or JSON."""
    return _of_json(line) if line.startswith("{") else _of_text(line)


# --- text: common and combined ---


def _text(quoted: str) -> re.Pattern[str]:
    """The pattern of a line, given that of what stands between quotes."""
    return re.compile(
        r"(?:([^ \[]+) (?=[^- ]))?"  # the virtual host, where the second word is no identity "-"
        r"([^ \[]+) [^\[]*"  # who asked; an identity, a user with any blanks in his name
        r"\[([^\]]*)\] "  # when
        rf'"({quoted})" '  # what was asked
        r"([0-9]{3}) (?:[0-9]++|-)"  # the answer, and how long it is
        rf'(?: "({quoted})" "({quoted})"(?: "({quoted})")?'  # from where, with what, on behalf of
        r'|(?! "))'  # or nothing, but no line that is cut off here
    )


_TEXT = _text(r'[^"]*')
"""Four times as fast as the other, and right where there is no backslash in the line."""
_TEXT_ESCAPED = _text(r'[^"\\]*(?:\\.[^"\\]*)*')
"""Apache writes a quote between quotes as \\", nginx as \\x22."""
_FORWARDED = re.compile(r"\s*((?:[0-9]{1,3}\.){3}[0-9]{1,3}|[0-9a-f]*:[0-9a-f:.]+)\s*(?:,|$)", re.I)
"""The first address in an X-Forwarded-For, which nginx's sample format `main` puts behind
combined: at a site behind a proxy every visitor has the proxy's own address."""


def _of_text(line: str) -> Request | None:
    found = (_TEXT_ESCAPED if "\\" in line else _TEXT).match(line)
    if found is None:
        return None
    host, address, stamp, request, status, referer, agent, forwarded = found.groups()
    method, target = _first_line(request)
    visitor = _visitor(forwarded, address) if forwarded else address
    return Request(stamp, host, visitor, method, target, status, referer or "", agent)


def _first_line(request: str) -> tuple[str, str]:
    """Method and target of a request's first line; "" where strangers sent something else."""
    method, _, rest = request.partition(" ")
    return method, rest.partition(" ")[0]


def _visitor(forwarded: str, address: str) -> str:
    """The address of a visitor, be it behind a proxy."""
    found = _FORWARDED.match(forwarded)
    return found[1] if found else address


# --- JSON ---

NAMES = {
    "stamp": "time_iso8601 time_local msec @timestamp timestamp StartUTC time ts",
    "host": "http_host domain vhost RequestHost request.host",
    "forwarded": "http_x_forwarded_for x_forwarded_for xff",
    "address": "remote_addr ClientHost request.client_ip request.remote_ip "
    "clientip client_ip client remote_ip remoteIP ip",
    "method": "request_method method RequestMethod request.method verb",
    "target": "request_uri RequestPath request.uri request uri url path",
    "status": "status DownstreamStatus response code",
    "referer": "http_referer http_referrer request.headers.Referer request_Referer "
    "referer referrer",
    "agent": "http_user_agent request.headers.User-Agent request_User-Agent "
    "user_agent userAgent agent ua",
}
"""Field → the keys at which it may stand; the first counts, a dot leads further in. Sources:
nginx's variables (nginx.org/en/docs/varindex.html), Traefik's fields (in its repository,
pkg/middlewares/accesslog/logdata.go), Caddy's `request` (caddyserver.com/docs/caddyfile/directives/
log); the rest are the names that are copied from one nginx or Apache configuration to the next,
such as Logstash's `clientip`. `host` alone is none of them: half of them put the server's own
address there. `uri` comes late: in nginx it is the file in the end, not what was asked for."""

_WRAPPERS = ("@fields", "@nginx_fields")
"""Where Logstash's old format and those made after it put all the fields."""

_HIDDEN = "REDACTED"
"""What Traefik and Caddy write in place of a header that is not to be logged."""

_ABSENT = "-"
"""What nginx writes for a variable that is empty, and IIS for a field."""


def _of_json(line: str) -> Request | None:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    for wrapper in _WRAPPERS:
        if isinstance(inner := record.get(wrapper), dict):
            record |= inner
    ways = _ways(tuple(record))
    stamp, host, forwarded, address, method, target, status, referer, agent = (
        _value(record, ways[name]) for name in NAMES
    )
    if not target or not status:
        return None
    if " " in target:  # nginx's $request
        method, target = _first_line(target)
    return Request(
        stamp or "",
        None if host == _ABSENT else host,
        _visitor(forwarded or "", address or ""),
        method or "GET",  # some formats have none; a page is hardly ever asked for otherwise
        target,
        status,
        referer or "",
        None if agent == _HIDDEN else agent,
    )


Way = tuple[str, ...]
"""The keys that lead to a value, from the outside in."""


@lru_cache(100)  # a server writes lines of one kind, or of a few
def _ways(keys: tuple[str, ...]) -> dict[str, tuple[Way, ...]]:
    """The ways of each field that can lead to something in a record with these keys."""
    found = {name: [tuple(way.split(".")) for way in ways.split()] for name, ways in NAMES.items()}
    return {name: tuple(way for way in ways if way[0] in keys) for name, ways in found.items()}


def _value(record: dict[str, Any], ways: tuple[Way, ...]) -> str | None:
    """What stands where the first of these ways leads, as text; of a list the first entry."""
    for way in ways:
        value: Any = record
        for key in way:
            value = value.get(key) if isinstance(value, dict) else None
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, str):
            return value
        if isinstance(value, float) and value.is_integer():
            value = int(value)  # JSON knows one kind of number: 200.0 is 200
        if isinstance(value, (int, float)):
            return str(value)
    return None


# --- W3C extended ---

_DIRECTIVE = re.compile(r"#(Version|Fields|Software|Start-Date|End-Date|Date|Remark):(.*)")
"""All that the draft has; IIS writes four of them, whenever it begins anew."""


def _of_columns(line: str, columns: tuple[str, ...]) -> Request | None:
    """The request of a line of these fields; None if it has others."""
    words = line.split(" ")
    if len(words) != len(columns):
        return None
    told = dict(zip(columns, words, strict=True))
    target, status = told.get("cs-uri-stem", _ABSENT), told.get("sc-status", _ABSENT)
    if _ABSENT in (target, status):
        return None
    if (query := told.get("cs-uri-query", _ABSENT)) != _ABSENT:
        target = f"{target}?{query}"
    host, agent = told.get("cs-host", _ABSENT), told.get("cs(user-agent)")
    return Request(
        f"{told.get('date')}T{told.get('time')}Z",
        None if host == _ABSENT else host,
        _visitor(told.get("x-forwarded-for", _ABSENT), told.get("c-ip", _ABSENT)),
        told.get("cs-method", "GET"),
        target,
        status,
        told.get("cs(referer)", _ABSENT),
        None if agent is None else agent.replace("+", " "),  # a blank would end the field
    )


# --- when ---

_MONTHS = {
    name: f"{number:02}"
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1
    )
}
_LOCAL = re.compile(
    r"([0-9]{2})/([A-Z][a-z]{2})/([0-9]{4}):([0-9]{2}:[0-9]{2}:[0-9]{2}) ([+-][0-9]{4})"
)
"""13/Nov/2020:08:00:00 +0800: Apache's %t, nginx's $time_local."""
_SECONDS = re.compile(r"[0-9]{1,19}(?:\.[0-9]{1,9})?")
"""Seconds since 1970 (nginx's $msec, Caddy's ts), or as many thousandths of them, and so on."""
_MOST_SECONDS = 1e11
"""Tuned: seconds up to the year 5138; as thousandths of a second, 1973."""


def moment(stamp: str) -> float | None:
    """The seconds since 1970 of a time as logs write it: local time, ISO 8601 or a number."""
    text = stamp.strip("[] ")
    if (local := _LOCAL.fullmatch(text)) and local[2] in _MONTHS:
        day, month, year, time, zone = local.groups()
        text = f"{year}-{_MONTHS[month]}-{day}T{time}{zone}"
    elif _SECONDS.fullmatch(text):
        seconds = float(text)
        while seconds > _MOST_SECONDS:
            seconds /= 1000
        return seconds
    else:
        text = text.replace("/", "-")  # Caddy's `wall`: 2020/11/13 08:00:00
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (when if when.tzinfo else when.replace(tzinfo=CHINA)).timestamp()
