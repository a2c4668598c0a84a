"""Lengths and boxes in millimetres; the page's origin is top left, y grows downwards.

Every length in the project is in millimetres unless its name says otherwise (`size_pt`,
`width_modules`). Points appear in type sizes and where the PDF begins.
"""

from __future__ import annotations

from dataclasses import dataclass

MM_PER_INCH = 25.4
PT_PER_INCH = 72.0
PT_PER_MM = PT_PER_INCH / MM_PER_INCH
"""PDF's unit of 1/72 inch (ISO 32000-1, 8.3.2.3), and the typographer's point of today."""

TOLERANCE = 0.01
"""Two lengths closer than this are the same (mm). Tuned: a tenth of what a cutter can hold."""


def to_pt(mm: float) -> float:
    """Points of a length in millimetres."""
    return mm * PT_PER_MM


def to_mm(pt: float) -> float:
    """Millimetres of a length in points."""
    return pt / PT_PER_MM


def close(a: float, b: float, tolerance: float = TOLERANCE) -> bool:
    """Whether two lengths are the same on paper."""
    return abs(a - b) <= tolerance


@dataclass(frozen=True, slots=True)
class Point:
    """A place on a page."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height."""

    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Edges:
    """Four distances inwards from the edges of a box."""

    top: float = 0.0
    right: float = 0.0
    bottom: float = 0.0
    left: float = 0.0

    @classmethod
    def all(cls, distance: float) -> Edges:
        """The same distance on each side."""
        return cls(distance, distance, distance, distance)

    @property
    def across(self) -> float:
        """Left and right together."""
        return self.left + self.right

    @property
    def down(self) -> float:
        """Top and bottom together."""
        return self.top + self.bottom


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: its top left corner and its size."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The x of the right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The y of the bottom edge."""
        return self.y + self.height

    @property
    def size(self) -> Size:
        """Width and height."""
        return Size(self.width, self.height)

    def inset(self, edges: Edges) -> Box:
        """The box inside these edges (negative edges: the box around)."""
        return Box(
            self.x + edges.left,
            self.y + edges.top,
            self.width - edges.across,
            self.height - edges.down,
        )

    def moved(self, by: Point) -> Box:
        """The same box elsewhere."""
        return Box(self.x + by.x, self.y + by.y, self.width, self.height)

    def around(self, other: Box) -> Box:
        """The least box that holds both."""
        left, top = min(self.x, other.x), min(self.y, other.y)
        right, bottom = max(self.right, other.right), max(self.bottom, other.bottom)
        return Box(left, top, right - left, bottom - top)

    def common(self, other: Box) -> Box | None:
        """What two boxes have in common, be it a line or a point; None if nothing."""
        left, top = max(self.x, other.x), max(self.y, other.y)
        width = min(self.right, other.right) - left
        height = min(self.bottom, other.bottom) - top
        return Box(left, top, width, height) if width >= 0 and height >= 0 else None

    def contains(self, other: Box, tolerance: float = TOLERANCE) -> bool:
        """Whether the other box lies inside this one."""
        return (
            other.x >= self.x - tolerance
            and other.y >= self.y - tolerance
            and other.right <= self.right + tolerance
            and other.bottom <= self.bottom + tolerance
        )

    def overlaps(self, other: Box, tolerance: float = TOLERANCE) -> bool:
        """Whether the two boxes share more than an edge."""
        return (
            self.x < other.right - tolerance
            and other.x < self.right - tolerance
            and self.y < other.bottom - tolerance
            and other.y < self.bottom - tolerance
        )
