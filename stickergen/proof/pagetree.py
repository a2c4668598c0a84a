"""What a page takes over from the tree it hangs on, and its boxes.

Comes in: the dictionary of a page, broken or not. Goes out: inherited entries, and `Rectangle`s in
points, y upwards, as the file has them. Never raises for what a file holds, and ends where a tree
runs in a circle.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pikepdf

from stickergen.measure import Box, to_mm
from stickergen.proof.interpreter.colours import ODD

_HIGHEST = 64  # levels of the tree climbed. Tuned: more than any real file has; a circle has no end


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A rectangle (ISO 32000-1, 7.9.5), its corners in order."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def has_area(self) -> bool:
        """Whether it encloses anything."""
        return self.right > self.left and self.top > self.bottom

    def on(self, media: Rectangle) -> Box:
        """The same in mm from the top left corner of a MediaBox."""
        return Box(
            to_mm(self.left - media.left),
            to_mm(media.top - self.top),
            to_mm(self.right - self.left),
            to_mm(self.top - self.bottom),
        )


NO_MEDIA = Rectangle(0, 0, 612, 792)
"""US Letter, which viewers take where a page says nothing."""


def inherited(page: Any, key: str) -> Any:
    """The page's own entry, or the nearest one above it (ISO 32000-1, 7.7.3.4)."""
    node = page
    try:
        for _ in range(_HIGHEST):
            found = node.get(key)
            if found is not None:
                return found
            node = node.get("/Parent")
    except ODD:
        pass  # what should be a node is none
    return None


def rectangle(value: Any) -> Rectangle | None:
    """Four numbers as a rectangle; None for anything else."""
    if not isinstance(value, pikepdf.Array) or len(value) != 4:
        return None
    try:
        first, second, third, fourth = (_number(part) for part in value)
    except ODD:
        return None
    (left, right), (bottom, top) = sorted((first, third)), sorted((second, fourth))
    return Rectangle(left, bottom, right, top)


def media_box(page: Any) -> Rectangle:
    """The MediaBox of a page."""
    found = rectangle(inherited(page, "/MediaBox"))
    return found if found is not None and found.has_area else NO_MEDIA


def _number(value: Any) -> float:
    if isinstance(value, bool | pikepdf.Object):
        raise TypeError(value)
    return float(value)
