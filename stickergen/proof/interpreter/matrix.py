"""PDF's transformation matrices (ISO 32000-1, 8.3.4): user space of any unit to another.

Row vectors, as PDF writes them: x′ = a·x + c·y + e, y′ = b·x + d·y + f.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from stickergen.measure import Box, Point


@dataclass(frozen=True, slots=True)
class Matrix:
    """The six numbers of `cm`, `Tm` and /Matrix."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def then(self, after: Matrix) -> Matrix:
        """This mapping and after it another: the product self × after."""
        return Matrix(
            self.a * after.a + self.b * after.c,
            self.a * after.b + self.b * after.d,
            self.c * after.a + self.d * after.c,
            self.c * after.b + self.d * after.d,
            self.e * after.a + self.f * after.c + after.e,
            self.e * after.b + self.f * after.d + after.f,
        )

    def point(self, x: float, y: float) -> Point:
        """Where a point comes to lie."""
        return Point(self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f)

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """The upright box around a rectangle's image."""
        corners = (
            self.point(left, bottom),
            self.point(right, bottom),
            self.point(right, top),
            self.point(left, top),
        )
        return around(corners)

    @property
    def across(self) -> float:
        """The length of the unit step to the right."""
        return math.hypot(self.a, self.b)

    @property
    def upwards(self) -> float:
        """The length of the unit step upwards."""
        return math.hypot(self.c, self.d)

    @property
    def scale(self) -> float:
        """The factor by which lengths grow, all directions taken together."""
        return math.sqrt(abs(self.a * self.d - self.b * self.c))

    @property
    def upright(self) -> bool:
        """Whether upright rectangles stay upright."""
        small = 1e-6 * max(self.across, self.upwards)
        straight = abs(self.b) <= small and abs(self.c) <= small
        return straight or (abs(self.a) <= small and abs(self.d) <= small)

    @property
    def keeps_boxes(self) -> bool:
        """Whether upright rectangles stay so to the last digit."""
        return self.b == self.c == 0 or self.a == self.d == 0

    @property
    def still(self) -> Matrix:
        """The same without the shift."""
        return Matrix(self.a, self.b, self.c, self.d)

    @property
    def shift(self) -> Point:
        """Where the origin comes to lie."""
        return Point(self.e, self.f)


def around(points: Iterable[Point]) -> Box:
    """The upright box around points."""
    known = tuple(points)
    left, top = min(p.x for p in known), min(p.y for p in known)
    right, bottom = max(p.x for p in known), max(p.y for p in known)
    return Box(left, top, right - left, bottom - top)
