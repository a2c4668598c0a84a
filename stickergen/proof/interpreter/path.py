"""Paths under construction (ISO 32000-1, 8.5.2): subpaths and the boxes around them, in mm.

A curve is bounded by its control points: exact for circles and rounded corners that stand upright.
Of a long run of rectangles only the box around them all is made, unless each is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce

import numpy as np

from stickergen.measure import Box, Point
from stickergen.proof.interpreter.matrix import Matrix, around
from stickergen.proof.interpreter.parsing import Numbers

_PIECE = 1.5  # mm; tuned: so long a piece of a circle as large as a sticker strays by 0.02 mm
_MOST_PIECES = 16
_MOST_SEGMENTS = 64  # tuned: a rounded frame has 8; past this the box around all must do
_ALIKE = 1e-3  # mm; tuned: what rounding in a PDF makes of equal points


class Subpath:
    """A line of segments from a starting point."""

    __slots__ = (
        "_bottom",
        "_left",
        "_parts",
        "_right",
        "_start",
        "_top",
        "corners",
        "last",
        "shut",
    )

    def __init__(self, start: Point) -> None:
        self.last = self._start = start
        self.shut = False
        """Whether `h` has ended it: the next segment begins another subpath."""
        self.corners: list[Point] | None = [start]
        """The corners as long as all segments are straight and few."""
        self._parts: list[tuple[Point, ...]] = []
        self._left = self._right = start.x
        self._top = self._bottom = start.y

    @property
    def closed(self) -> bool:
        """Whether it ends where it begins, be it without `h`."""
        return self.shut or (len(self._parts) > 1 and _same(self.last, self._start))

    @property
    def drawn(self) -> bool:
        """Whether there is any segment."""
        return bool(self._parts)

    @property
    def box(self) -> Box:
        """The box around the subpath."""
        return Box(self._left, self._top, self._right - self._left, self._bottom - self._top)

    @property
    def segments(self) -> tuple[Box, ...]:
        """The boxes around the segments, curves in pieces; none where one box says as much."""
        if len(self._parts) > _MOST_SEGMENTS:
            return ()
        boxes = tuple(box for part in self._parts for box in _pieces(part))
        return boxes if len(boxes) > 1 else ()

    def line(self, to: Point) -> None:
        """Add a straight segment."""
        if self.corners is not None:
            self.corners.append(to)
            if len(self.corners) > 5:
                self.corners = None
        self._reach((to,))

    def curve(self, first: Point, second: Point, to: Point) -> None:
        """Add a Bézier segment."""
        self.corners = None
        self._reach((first, second, to))

    def close(self) -> None:
        """Close the subpath with a line to its start."""
        if not self.shut and self.last != self._start:
            self.line(self._start)
        self.shut = True

    def _reach(self, points: tuple[Point, ...]) -> None:
        if len(self._parts) <= _MOST_SEGMENTS:
            self._parts.append((self.last, *points))
        for point in points:
            if point.x < self._left:
                self._left = point.x
            elif point.x > self._right:
                self._right = point.x
            if point.y < self._top:
                self._top = point.y
            elif point.y > self._bottom:
                self._bottom = point.y
        self.last = points[-1]

    @property
    def rectangle(self) -> bool:
        """Whether it is an upright rectangle."""
        if self.corners is None:
            return False
        corners = self.corners
        if len(corners) == 5 and _same(corners[0], corners[4]):
            corners = corners[:4]
        if len(corners) != 4:
            return False
        steps = [
            (abs(a.x - b.x) < _ALIKE, abs(a.y - b.y) < _ALIKE)
            for a, b in zip(corners, [*corners[1:], corners[0]], strict=True)
        ]
        return steps in (
            [(False, True), (True, False)] * 2,
            [(True, False), (False, True)] * 2,
        )


@dataclass(frozen=True, slots=True)
class _Rectangles:
    """A run of rectangles of user space, n × 4: x, y, width, height; no fewer than two."""

    numbers: Numbers
    matrix: Matrix

    @property
    def box(self) -> Box:
        """The box around them."""
        if not self.matrix.keeps_boxes:
            boxes = [subpath.box for subpath in self.subpaths()]
            return reduce(Box.around, boxes)
        x, y, width, height = self.numbers.T
        left, right = np.minimum(x, x + width).min(), np.maximum(x, x + width).max()
        bottom, top = np.minimum(y, y + height).min(), np.maximum(y, y + height).max()
        return self.matrix.box(*map(float, (left, bottom, right, top)))

    def subpaths(self) -> Iterator[Subpath]:
        """Each of them."""
        return (
            _rectangle(x, y, width, height, self.matrix)
            for x, y, width, height in self.numbers.tolist()
        )


class Path:
    """The current path."""

    def __init__(self) -> None:
        self._parts: list[Subpath | _Rectangles] = []

    @property
    def subpaths(self) -> list[Subpath]:
        """All subpaths, those of runs too."""
        parts = ([part] if isinstance(part, Subpath) else part.subpaths() for part in self._parts)
        return [subpath for part in parts for subpath in part]

    @property
    def box(self) -> Box | None:
        """The box around what has segments."""
        parts = self._parts
        return together(p.box for p in parts if isinstance(p, _Rectangles) or p.drawn)

    @property
    def rectangle_alone(self) -> bool:
        """Whether it is one upright rectangle."""
        if any(isinstance(part, _Rectangles) for part in self._parts):
            return False
        drawn = list(self.drawn)
        return len(drawn) == 1 and drawn[0].rectangle

    def move(self, to: Point) -> None:
        """Begin a subpath."""
        self._parts.append(Subpath(to))

    def line(self, to: Point) -> None:
        """Draw a straight line; without a current point it begins there."""
        self._open(to).line(to)

    def curve(self, first: Point, second: Point, to: Point) -> None:
        """Draw a curve."""
        self._open(first).curve(first, second, to)

    def curve_from_here(self, second: Point, to: Point) -> None:
        """Draw a curve whose first control point is the current point."""
        current = self._open(second)
        current.curve(current.last, second, to)

    def rectangle(self, x: float, y: float, width: float, height: float, matrix: Matrix) -> None:
        """A subpath of its own around a rectangle of user space."""
        self._parts.append(_rectangle(x, y, width, height, matrix))

    def rectangles(self, numbers: Numbers, matrix: Matrix) -> None:
        """A run of rectangles."""
        self._parts.append(_Rectangles(numbers, matrix))

    def close(self) -> None:
        """Close the current subpath; a rectangle is closed already."""
        if self._parts and isinstance(self._parts[-1], Subpath):
            self._parts[-1].close()

    @property
    def drawn(self) -> Iterator[Subpath]:
        """The subpaths that have segments."""
        return (subpath for subpath in self.subpaths if subpath.drawn)

    def _open(self, otherwise: Point) -> Subpath:
        last = self._parts[-1] if self._parts else None
        if isinstance(last, Subpath) and not last.shut:
            return last
        if isinstance(last, _Rectangles):
            *_, last = last.subpaths()
        opened = Subpath(otherwise if last is None else last.last)
        self._parts.append(opened)
        return opened


def _rectangle(x: float, y: float, width: float, height: float, matrix: Matrix) -> Subpath:
    """What `re` draws."""
    subpath = Subpath(matrix.point(x, y))
    subpath.line(matrix.point(x + width, y))
    subpath.line(matrix.point(x + width, y + height))
    subpath.line(matrix.point(x, y + height))
    subpath.close()
    return subpath


def _pieces(part: tuple[Point, ...]) -> Iterator[Box]:
    """The boxes around the chords of a segment."""
    whole = around(part)
    if len(part) == 2:
        yield whole
        return
    count = min(1 + int(max(whole.width, whole.height) / _PIECE), _MOST_PIECES)
    before = part[0]
    for n in range(1, count + 1):
        after = _on_curve(part, n / count)
        yield around((before, after))
        before = after


def _on_curve(part: tuple[Point, ...], t: float) -> Point:
    """A point of a Bézier segment (ISO 32000-1, 8.5.2.2)."""
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
    return Point(
        sum(weight * point.x for weight, point in zip(weights, part, strict=True)),
        sum(weight * point.y for weight, point in zip(weights, part, strict=True)),
    )


def together(boxes: Iterable[Box]) -> Box | None:
    """The box around boxes; None around nothing."""
    known = tuple(boxes)
    if len(known) < 2:
        return known[0] if known else None
    left, top = min(box.x for box in known), min(box.y for box in known)
    right, bottom = max(box.right for box in known), max(box.bottom for box in known)
    return Box(left, top, right - left, bottom - top)


def _same(a: Point, b: Point) -> bool:
    return abs(a.x - b.x) < _ALIKE and abs(a.y - b.y) < _ALIKE
