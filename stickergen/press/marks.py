"""Marks for the shop: crop and registration marks around a trimmed page, and cut lines.

Comes in: the trim box and its bleed, or the pieces. Goes out: `Line`s and `Ring`s that are printed
in every ink (separation All), and `Cut`s that are no ink at all. Millimetres.

Sources: offset at least the bleed, and outside trim and bleed (GWG 2015, 4.21); 0.25 pt as page
layout programs draw them; a cut line is a closed path in a spot colour that overprints.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from stickergen.measure import Box, Point, Size, to_mm

LINE = to_mm(0.25)
"""Width of marks and cut lines: 0.25 pt, what cutters' manuals and layout programs agree on."""

LEAST_OFFSET = 3.0
"""From the trim edge to the crop marks. Tuned: clear of a guillotine's usual tolerance."""

CLEAR = 1.0
"""From the bleed to the marks. Tuned: a mark that touches the art is not seen."""

LENGTH = 5.0
"""Of a crop mark, and across a registration mark. Tuned: what page layout programs draw."""

SLUG = 5.0
"""The strip outside the marks for the slug line. Tuned: 9 pt, and air towards the marks."""

EDGE = 2.0
"""Outside that strip, to the edge of the page. Tuned."""

LEAST_CORNER = 1.0
"""Radius of a cut line's corners at the least: a knife does not turn on the spot (about 0.04 in,
sticker printers' artwork guides)."""


@dataclass(frozen=True, slots=True)
class Line:
    """A straight mark."""

    start: Point
    end: Point


@dataclass(frozen=True, slots=True)
class Ring:
    """A circular mark."""

    center: Point
    radius: float


Mark = Line | Ring


@dataclass(frozen=True, slots=True)
class Cut:
    """A closed path that the shop cuts: the trim box, its corners rounded; round: a circle."""

    box: Box
    corner: float
    round: bool

    @classmethod
    def of(cls, box: Box, *, corner: float, round: bool) -> Cut:
        """The cut around a piece; sharp corners become the tightest that a knife can turn."""
        return cls(box, box.width / 2 if round else max(corner, LEAST_CORNER), round)


@dataclass(frozen=True, slots=True)
class Trimming:
    """What a shop cuts: the trimmed page with its bleed and marks, the cut lines on it."""

    trim: Box
    bleed: float
    marks: tuple[Mark, ...]
    cuts: tuple[Cut, ...]

    @classmethod
    def of(cls, trim: Box, bleed: float, cuts: tuple[Cut, ...]) -> Trimming:
        """With the marks that belong to it."""
        return cls(trim, bleed, marks(trim, bleed), cuts)

    def around(self, pieces: Iterable[Box]) -> Trimming:
        """The cuts around these pieces alone: a place that was left empty is not cut."""
        kept = set(pieces)
        return replace(self, cuts=tuple(cut for cut in self.cuts if cut.box in kept))


def offset(bleed: float) -> float:
    """From the trim edge to the marks."""
    return max(LEAST_OFFSET, bleed + CLEAR)


def margin(bleed: float) -> float:
    """From the trim edge to the edge of the page: marks, the slug strip, air."""
    return offset(bleed) + LENGTH + SLUG + EDGE


def slug_strip(paper: Size) -> Box:
    """Where the slug line of a page with marks stands: above them, as wide as the page."""
    return Box(EDGE, EDGE, paper.width - 2 * EDGE, SLUG - CLEAR)


def marks(trim: Box, bleed: float) -> tuple[Mark, ...]:
    """Two crop marks at each corner, a registration mark at the middle of each side."""
    near, far = offset(bleed), offset(bleed) + LENGTH
    found: list[Mark] = []
    for x, away in ((trim.x, -1), (trim.right, 1)):
        for y in (trim.y, trim.bottom):
            found.append(Line(Point(x + away * near, y), Point(x + away * far, y)))
    for y, away in ((trim.y, -1), (trim.bottom, 1)):
        for x in (trim.x, trim.right):
            found.append(Line(Point(x, y + away * near), Point(x, y + away * far)))
    middle = (near + far) / 2
    across, down = trim.x + trim.width / 2, trim.y + trim.height / 2
    for center in (
        Point(across, trim.y - middle),
        Point(trim.right + middle, down),
        Point(across, trim.bottom + middle),
        Point(trim.x - middle, down),
    ):
        found += _registration(center)
    return tuple(found)


def _registration(center: Point) -> list[Mark]:
    """A ring and a cross through it."""
    arm = LENGTH / 2
    return [
        Ring(center, arm * 0.6),
        Line(Point(center.x - arm, center.y), Point(center.x + arm, center.y)),
        Line(Point(center.x, center.y - arm), Point(center.x, center.y + arm)),
    ]
