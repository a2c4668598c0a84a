"""What the order says of a finished PDF, as plain values: what the proof holds the file against.

Written by the build, kept in manifest.json, read back by `stickergen proof`. A foreign file has
no order: only the standard it claims is known. Millimetres from the top left of the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from stickergen.measure import Box, Edges

Standard = Literal["plain", "pdf-x-1a", "pdf-x-3", "pdf-x-4"]
"""plain: an ordinary PDF. The others: PDF/X-1a:2003, PDF/X-3:2003 and PDF/X-4."""

QUIET_MODULES = 4
"""The clear space around a symbol (ISO/IEC 18004, 9.1)."""


SERIAL = "?"
"""What stands before the serial number of an address, which is its query (RFC 3986, 3.4)."""


def design_of(url: str) -> str:
    """The address without its serial number."""
    return url.partition(SERIAL)[0]


def serial_of(url: str) -> str:
    """The serial number of an address; nothing if it has none."""
    return url.partition(SERIAL)[2]


def has_serial(url: str) -> bool:
    """Whether the address has a serial number."""
    return bool(serial_of(url))


@dataclass(frozen=True, slots=True)
class Up:
    """A piece on a page: its trim box, and the box or circle that text and codes stay inside."""

    trim: Box
    safe: Box
    round: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """The boxes of a page, shared by all pages that are alike. `bleed` is around `trim`."""

    media: Box
    trim: Box
    bleed: float
    ups: tuple[Up, ...]

    def part_of(self, other: Frame) -> bool:
        """Whether it is the other with some of its pieces left out: a sheet partly filled."""
        same = (self.media, self.trim, self.bleed) == (other.media, other.trim, other.bleed)
        return same and set(self.ups) < set(other.ups)


@dataclass(frozen=True, slots=True)
class CodeAt:
    """A code that must be on a page (from 1): the box of its symbol without quiet zone."""

    page: int
    box: Box
    module: float
    url: str

    @property
    def design(self) -> str:
        """What its piece shows: pieces whose addresses differ by a serial alone are one design."""
        return design_of(self.url)

    @property
    def zone(self) -> Box:
        """The symbol with its quiet zone."""
        return self.box.inset(Edges.all(-QUIET_MODULES * self.module))


@dataclass(frozen=True, slots=True)
class Expected:
    """The order behind a PDF. None: nobody said, so nothing is held against it.

    `frames[pages[n]]` are the boxes of page n + 1. `plates` are the inks the file may print with,
    as separations are named: Cyan, Magenta, Yellow, Black, and spots. `cut` is the spot name of
    the cut line where the pieces are cut by the shop, else None.
    """

    standard: Standard
    plates: tuple[str, ...] | None = None
    condition: str | None = None
    cut: str | None = None
    frames: tuple[Frame, ...] = ()
    pages: tuple[int, ...] | None = None
    codes: tuple[CodeAt, ...] | None = None
    dpi: float = 300.0
    """The lowest resolution that the order's press prints at."""
