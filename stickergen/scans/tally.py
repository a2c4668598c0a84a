"""What was counted: scans by day, scam type and delivery point, and what was left out and why.

Plain values, and the words for the reasons, on paper and on the screen; days are those of China
(UTC+8), whatever zone the log was written in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeVar

from stickergen.problem import Language

K = TypeVar("K")

LeftOut = Literal["elsewhere", "failed", "inside", "robot", "repeated", "undated", "unreadable"]
"""Why a line is no scan: an address that is not the campaign's; the server did not deliver the
page; a click on the site's own pages; a program, not a person; the same visitor and page again
within WINDOW_SECONDS; a day that cannot be the campaign's; no line of a log at all."""

WINDOW_SECONDS = 30 * 60
"""Tuned: the half hour after which web statistics speak of another visit. It runs from the scan
that counted, so that one who reloads all day counts twice an hour, not once."""

WHY: Mapping[LeftOut, Mapping[Language, str]] = {
    "elsewhere": {"zh": "不是本活动的网址", "en": "not this campaign's addresses"},
    "failed": {"zh": "网页没有打开", "en": "not delivered"},
    "inside": {"zh": "在网站里点开的", "en": "clicks inside the pages"},
    "robot": {"zh": "程序访问", "en": "programs"},
    "repeated": {
        "zh": f"{WINDOW_SECONDS // 60} 分钟内重复打开",
        "en": f"again within {WINDOW_SECONDS // 60} minutes",
    },
    "undated": {"zh": "日期和活动差得太远", "en": "dates far from the campaign's"},
    "unreadable": {"zh": "认不出的行", "en": "unreadable"},
}
"""The reasons in words."""


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """The scans of a day, scam type and point; "" is the overview, or a code without a point."""

    day: date
    scam: str
    point: str
    scans: int


@dataclass(frozen=True)
class Tally:
    """All scans of a campaign, by day, scam type and point, and the lines that were left out."""

    cells: tuple[Cell, ...] = ()
    lines: int = 0
    left_out: tuple[tuple[LeftOut, int], ...] = ()
    unnamed: int = 0
    """Scans of which the log does not tell the user agent: some may be programs'."""

    @property
    def total(self) -> int:
        """All scans."""
        return sum(cell.scans for cell in self.cells)

    def by(self, key: Callable[[Cell], K]) -> dict[K, int]:
        """Scans by scam type, by point or by day: whatever the key says."""
        found: Counter[K] = Counter()
        for cell in self.cells:
            found[key(cell)] += cell.scans
        return dict(found)
