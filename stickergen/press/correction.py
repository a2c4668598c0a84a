"""A printer's error, from four readings: offset, scale and skew, and the matrix that undoes them.

Comes in: four label edges and where a person saw them on printed scales (`Readings`, in mm). Goes
out: a `Correction`, which tells at which print coordinate a thing must stand to land at its place
on the paper. Millimetres from the paper's top left corner, y downwards, skew clockwise.

The model. A printer puts the print coordinate q on the paper at D(q), a similarity; the correction
is its inverse, C. With a place (x, y) as the complex number z = x + iy:

    D(q) = w·q + u        C(p) = (p − u) / w        |1 / w| scale, arg(1 / w) skew, −u / w offset

A scale is printed around the nominal place n of an edge. The real edge crosses it at the reading
r, so the print coordinate q = n + r (n + ir on a level edge) landed on the edge:

    A, D upright, one below the other:      Re D(qA) = xA      Re D(qD) = xD
    B level:                                Im D(qB) = yB
    C upright, across from A:               Re D(qC) = xC
      or level, across from B:              Im D(qC) = yC

D − A and C − A (or C − B) are free of u: two linear equations in w. A and B then give u. This is
exact for straight edges. On a round label x and y depend on where along the edge the scale lies;
they are taken from the last D until nothing changes.

Limits: one scale for both directions; the same paper in the same tray, the same end first. A
reading is good to about 0.25 mm, and so is the correction where the readings were taken.
"""

from __future__ import annotations

import re
import unicodedata
from cmath import phase, rect
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from math import degrees, radians, sqrt
from typing import Literal

from stickergen.measure import TOLERANCE, Box, Point, Size, to_pt
from stickergen.problem import InputError, Place, Problem

LETTERS = "ABCD"
"""What the four scales are called, in the order of their readings."""

MOST_READING = 5.0
"""mm; as far as the printed scales go."""

MOST_OFFSET = 5.0
"""mm; tuned: office printers are off by 1 or 2; more is paper in the wrong way or a slip."""

MOST_SCALING = 0.03
"""Tuned: "fit to page" shrinks A4 by 3–6 %, and that is cured in the print dialogue, not here."""

MOST_SKEW_DEGREES = 2.0
"""Tuned: 10 mm over the length of A4; a paper guide that is so loose must be set first."""

_ROUNDS = 40
"""Tuned: each round leaves less than a third of the error, on the smallest round label too."""

_SIGNS = str.maketrans({"−": "-", "–": "-", "—": "-", "。": ".", "、": ",", "负": "-", "正": "+"})
"""What Chinese keyboards give for a sign and a point (NFKC leaves these as they are)."""

_NUMBER = re.compile(r"(?P<number>[+-]? *(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)) *(?:mm|毫米)?[ ,;]*")

Side = Literal["left", "right", "top", "bottom"]


@dataclass(frozen=True, slots=True)
class Edge:
    """One edge of a label that a scale is printed across; row and column count from 1."""

    label: Box
    side: Side
    row: int
    column: int
    round: bool

    @property
    def upright(self) -> bool:
        """Whether the edge runs up and down the sheet, so that its scale lies across."""
        return self.side in ("left", "right")

    @property
    def middle(self) -> Point:
        """Where the scale has its nought: the middle of the edge, or where a round one touches."""
        box = self.label
        if self.upright:
            x = box.x if self.side == "left" else box.right
            return Point(x, box.y + box.height / 2)
        y = box.y if self.side == "top" else box.bottom
        return Point(box.x + box.width / 2, y)

    def crossing(self, shift: float) -> float:
        """The x of an upright edge (the y of a level one) so far along it from its middle."""
        across = self.middle.x if self.upright else self.middle.y
        if not self.round:
            return across
        radius = self.label.width / 2
        inwards = radius - sqrt(max(radius**2 - shift**2, 0.0))
        return across + inwards if self.side in ("left", "top") else across - inwards


@dataclass(frozen=True, slots=True)
class Readings:
    """Where the real edges lie on the scales A, B, C and D, in mm; right and down are positive."""

    a: float
    b: float
    c: float
    d: float

    @classmethod
    def typed(cls, values: Sequence[str]) -> Readings:
        """The readings as a person types them; InputError with everything that is wrong."""
        if len(values) != len(LETTERS):
            raise InputError([Problem("readings-not-four", None, {"count": len(values)})])
        numbers = [_number(value) for value in values]
        problems = [
            Problem(
                "reading-not-a-number" if number is None else "reading-off-the-scale",
                None,
                {"letter": letter, "value": value.strip(), "most": MOST_READING},
            )
            for letter, value, number in zip(LETTERS, values, numbers, strict=True)
            if number is None or abs(number) > MOST_READING
        ]
        if problems:
            raise InputError(problems)
        return cls(*(number for number in numbers if number is not None))


@dataclass(frozen=True, slots=True)
class Correction:
    """Turn by the skew and scale about the paper's top left corner, then move by the offset."""

    offset: Point
    scale: float
    skew_degrees: float

    def at(self, place: Point) -> Point:
        """The print coordinate of what is wanted at this place on the paper."""
        moved = self._turn * complex(place.x, place.y)
        return Point(moved.real + self.offset.x, moved.imag + self.offset.y)

    def around(self, box: Box) -> Box:
        """The least upright box around where this box is printed."""
        corners = [self.at(Point(x, y)) for x in (box.x, box.right) for y in (box.y, box.bottom)]
        left, top = min(c.x for c in corners), min(c.y for c in corners)
        right, bottom = max(c.x for c in corners), max(c.y for c in corners)
        return Box(left, top, right - left, bottom - top)

    def matrix(self, paper: Size) -> tuple[float, float, float, float, float, float]:
        """The same as PDF's `cm` (points, y upwards; ISO 32000-1, 8.3.4), before all content."""
        across, turned, height = self._turn.real, self._turn.imag, paper.height
        return (
            across,
            -turned,
            turned,
            across,
            to_pt(self.offset.x - turned * height),
            to_pt((1 - across) * height - self.offset.y),
        )

    @property
    def _turn(self) -> complex:
        return rect(self.scale, radians(self.skew_degrees))


def correction(edges: Sequence[Edge], readings: Readings, place: Place | None = None) -> Correction:
    """The correction that these readings ask for; InputError if no printer is off by so much.

    `place` is where the readings were written.
    """
    printed = [
        complex(edge.middle.x, edge.middle.y) + (reading if edge.upright else 1j * reading)
        for edge, reading in zip(edges, astuple(readings), strict=True)
    ]
    lines = [edge.crossing(0.0) for edge in edges]
    for _ in range(_ROUNDS):
        w, u = _distortion(edges, printed, lines)
        lines = [
            edge.crossing(_along(edge, w * q + u)) for edge, q in zip(edges, printed, strict=True)
        ]
    turn, offset = 1 / w, -u / w
    found = Correction(Point(offset.real, offset.imag), abs(turn), degrees(phase(turn)))
    if (
        max(abs(found.offset.x), abs(found.offset.y)) > MOST_OFFSET + TOLERANCE
        or abs(found.scale - 1) > MOST_SCALING
        or abs(found.skew_degrees) > MOST_SKEW_DEGREES
    ):
        values = {
            "x": found.offset.x,
            "y": found.offset.y,
            "percent": 100 * found.scale,
            "degrees": found.skew_degrees,
            "most": MOST_OFFSET,
            "least_percent": 100 * (1 - MOST_SCALING),
            "most_percent": 100 * (1 + MOST_SCALING),
            "most_degrees": MOST_SKEW_DEGREES,
        }
        raise InputError([Problem("correction-too-large", place, values)])
    return found


def _distortion(
    edges: Sequence[Edge], printed: Sequence[complex], lines: Sequence[float]
) -> tuple[complex, complex]:
    """w and u of D: what stood at the four print coordinates landed on these lines."""
    a, b, c, d = range(len(LETTERS))
    rows = []
    for first, second in ((a, d), (a if edges[c].upright else b, c)):
        step = printed[second] - printed[first]
        # Re(w·step), or Im(w·step) = Re(w·(−i·step)), is how far the two lines lie apart.
        rows.append((step if edges[second].upright else -1j * step, lines[second] - lines[first]))
    (one, apart), (two, wide) = rows
    # Re(w)·Re(k) − Im(w)·Im(k) = length for both rows, by Cramer's rule.
    determinant = one.imag * two.real - one.real * two.imag
    assert determinant, "the edges are chosen so that they lie apart both ways"
    real = (one.imag * wide - two.imag * apart) / determinant
    imag = (one.real * wide - two.real * apart) / determinant
    w = complex(real, imag)
    u = complex(lines[a] - (w * printed[a]).real, lines[b] - (w * printed[b]).imag)
    return w, u


def _along(edge: Edge, landed: complex) -> float:
    """How far along an edge from its middle a point on the paper lies."""
    return landed.imag - edge.middle.y if edge.upright else landed.real - edge.middle.x


def _number(value: str) -> float | None:
    """A typed number: full-width digits, any minus, `毫米` behind it; None if it is none."""
    text = unicodedata.normalize("NFKC", value).translate(_SIGNS)
    found = _NUMBER.fullmatch(text.strip())
    # Rounded far below what the eye can tell, so that a reading is kept as it is used.
    return round(float(found["number"].replace(" ", "")), 2) if found else None
