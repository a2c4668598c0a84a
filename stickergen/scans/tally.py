"""What was counted: scans by day, scam type and delivery point, and what was left out and why.

Plain values; days are those of China (UTC+8), whatever zone the log was written in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeVar

K = TypeVar("K")

LeftOut = Literal["elsewhere", "failed", "inside", "robot", "repeated", "undated", "unreadable"]
"""Why a line is no scan: an address that is not the campaign's; the server did not deliver the
page; a click on the site's own pages; a program, not a person; the same visitor and page again
within a short time; a day that cannot be the campaign's; no line of a log at all."""


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
