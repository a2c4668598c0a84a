"""Is it a person who opened the page, or a program?

Comes in: the user agent as a log has it. Goes out: yes or no. What the library of known crawlers
does not tell is told by what every browser says of itself, and by a table.
Limits: a program that calls itself a browser, as the more thorough security scanners do, counts
as a person; the same browser in two versions is looked at once. The library takes its time, up to a
millisecond, for a kind of user agent that it has not seen.
"""

from __future__ import annotations

import re
from functools import lru_cache

from crawleruseragents import is_crawler

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
the lists by which others leave them out, gathered by hand in 2026-11; only such as the library
(crawler-user-agents 1.67) lets pass, in some spelling. Not "scan": that is how the apps with which
people read codes call themselves."""

MOST_CHARACTERS = 512
"""Tuned: WeChat's user agents have up to 450; the library looks at every character many times."""

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
    """Whether the library or the table knows it; a version is nought, see _VERSION."""
    small = agent.lower()
    return any(word in small for word in ROBOTS) or is_crawler(agent)
