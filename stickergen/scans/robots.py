"""Is it a person who opened the page, or a program?

Comes in: the user agent as a log has it. Goes out: yes or no; MissingError if the list of known
crawlers (the package crawler-user-agents) is not there. What the list does not tell is told by what
every browser says of itself, and by a table.
Limits: a program that calls itself a browser, as the more thorough security scanners do, counts
as a person; the same browser in two versions is looked at once. The list takes its time, up to a
millisecond, for a kind of user agent that has not been seen.
"""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from stickergen.problem import MissingError, Problem

PACKAGE, LIST = "crawler-user-agents", "crawleruseragents/crawler-user-agents.json"
"""The list and where it lies in its package. The package itself is not imported: it reads the list
in the encoding of the system, and fails where that is not UTF-8, as on Chinese Windows."""

_PATTERNS_AT_ONCE = 25
"""As the package tries them. Tuned there: faster than all in one, and than one by one."""

BROWSERS = ("Mozilla/", "Opera/", "UCWEB/", "MQQBrowser/")
"""How browsers begin: all of them with Mozilla, for the sake of old servers, but for Opera before
version 15 and the thrifty modes of UC and QQ. Libraries that fetch pages begin with their own name:
curl, Dalvik (an app on Android that is no browser), `MicroMessenger Client` (WeChat itself, for
the picture of a shared link; Tencent's network library mars), stickergen-links (our own check)."""

ROBOTS = {
    "alibaba.security.heimdall": "Aliyun's scanner, in the logs of all that it hosts",
    "crawler": "how programs that gather pages call themselves",
    "headless": "a browser without a screen",
    "jiankongbao": "监控宝, asks every few minutes whether a site is up",
    "spider": "how Chinese search engines call their crawlers: HaosouSpider, 360spider",
}
"""A word in a user agent, in lower case → who that is. Source: user agents in public logs and in
the lists by which others leave them out, gathered by hand in 2026-11; only such as the list of
crawler-user-agents 1.67 lets pass, in some spelling. Not "scan": that is how the apps with which
people read codes call themselves."""

MOST_CHARACTERS = 512
"""Tuned: WeChat's user agents have up to 450; every character is looked at many times."""

_MOST_KINDS = 20_000
"""Tuned: 12 MB; a year of a station's log has a tenth of them."""
_VERSION = re.compile(r"/[0-9][0-9.]*")
"""Of WeChat's `MMWEBID/5012` too, which is another number on every phone."""


def is_robot(agent: str) -> bool:
    """Whether this user agent is a program's; one that says nothing of itself is."""
    cut = agent[:MOST_CHARACTERS]
    return not cut.startswith(BROWSERS) or _is_known(_VERSION.sub("/0", cut))


@lru_cache(_MOST_KINDS)
def _is_known(agent: str) -> bool:
    """Whether the table or the list knows it; a version is nought, see _VERSION."""
    small = agent.lower()
    return any(word in small for word in ROBOTS) or any(
        pattern.search(agent) for pattern in _installed()
    )


@cache
def _installed() -> tuple[re.Pattern[str], ...]:
    """The crawlers of the list that is installed."""
    try:
        path = Path(str(distribution(PACKAGE).locate_file(LIST)))
    except PackageNotFoundError as error:
        raise _missing() from error
    return crawlers(path)


def crawlers(path: Path) -> tuple[re.Pattern[str], ...]:
    """The crawlers of a list as few patterns; MissingError if it cannot be read as one."""
    try:
        listed = [entry["pattern"] for entry in json.loads(path.read_text(encoding="utf-8"))]
        patterns = tuple(
            re.compile("|".join(listed[start : start + _PATTERNS_AT_ONCE]))
            for start in range(0, len(listed), _PATTERNS_AT_ONCE)
        )
    except (OSError, ValueError, TypeError, KeyError, re.error) as error:
        raise _missing() from error
    if not patterns:
        raise _missing()
    return patterns


def _missing() -> MissingError:
    return MissingError(Problem("crawlers-missing", None, {"file": LIST}))
