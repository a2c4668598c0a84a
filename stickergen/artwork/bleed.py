"""Bleed: how a box ends at the edge of a piece that a print shop will trim.

Comes in: where a piece is trimmed, its safe area, how far the press prints beyond the trim; a box
and the sides on which it bleeds. Goes out: its panel grown over the edge, and where its content
stands then. mm. On a press without bleed the panel ends at the safe area and nothing is changed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from stickergen.artwork.page import Item
from stickergen.artwork.template import Side
from stickergen.measure import Box, Edges, Point, close

_ACROSS: frozenset[Side] = frozenset({"left", "right"})
_DOWN: frozenset[Side] = frozenset({"top", "bottom"})
ALL_SIDES = _ACROSS | _DOWN


@dataclass(frozen=True, slots=True)
class Edge:
    """The edge of a piece: the trim, the safe area within, the bleed beyond."""

    trim: Box
    safe: Box
    bleed: float = 0.0
    round: bool = False

    def missed(self, box: Box, sides: Collection[Side]) -> list[Side]:
        """The sides on which the box stops short of the safe area's edge."""
        gaps = _between(self.safe, box)
        return [side for side in sides if not close(gaps[side], 0.0)]

    def panel(self, box: Box, sides: Collection[Side], corner: float) -> tuple[Box, float]:
        """The box with these sides moved beyond the trim, and the radius of its corners then.

        A bleeding panel is square where it is cut; the ground of a round piece is a larger disc.
        """
        if not self.bleed:
            return box, corner
        printed = self.trim.inset(Edges.all(-self.bleed))
        over = {side: -gap for side, gap in _between(printed, box).items() if side in sides}
        grown = box.inset(Edges(**over))
        return grown, grown.width / 2 if self.round else 0.0

    def padding(self, padding: Edges, sides: Collection[Side]) -> Edges:
        """The padding of a box that bleeds on these sides.

        A bar from edge to edge is padded from the trim, by the safe margin at least: its text then
        lines up with what stands above and below. A ground on all sides leaves its content alone.
        """
        if not self.bleed or ALL_SIDES.issubset(sides):
            return padding
        top, right, bottom, left = padding.top, padding.right, padding.bottom, padding.left
        margin = _between(self.trim, self.safe)
        if _ACROSS.issubset(sides):
            left, right = max(left - margin["left"], 0.0), max(right - margin["right"], 0.0)
        if _DOWN.issubset(sides):
            top, bottom = max(top - margin["top"], 0.0), max(bottom - margin["bottom"], 0.0)
        return Edges(top, right, bottom, left)

    def shift(self, content: Sequence[Item], sides: Collection[Side]) -> Point:
        """How far the content of a box follows it over the edge.

        Into the middle of what will be seen of the panel, but never out of the safe area; between
        two edges it is in the middle already.
        """
        if not self.bleed or not content:
            return Point(0.0, 0.0)
        margin = _between(self.trim, self.safe)
        free = _between(self.safe, _around([item.box for item in content]))
        by = {
            side: max(min(margin[side] / 2, free[side]), 0.0) if side in sides else 0.0
            for side in margin
        }
        return Point(
            0.0 if _ACROSS.issubset(sides) else by["right"] - by["left"],
            0.0 if _DOWN.issubset(sides) else by["bottom"] - by["top"],
        )


def _between(outer: Box, inner: Box) -> dict[Side, float]:
    """How far each side of a box stands inside that of another."""
    return {
        "top": inner.y - outer.y,
        "right": outer.right - inner.right,
        "bottom": outer.bottom - inner.bottom,
        "left": inner.x - outer.x,
    }


def _around(boxes: Sequence[Box]) -> Box:
    """The smallest box that holds them all."""
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    right, bottom = max(box.right for box in boxes), max(box.bottom for box in boxes)
    return Box(left, top, right - left, bottom - top)
