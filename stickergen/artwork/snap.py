"""Snapping: a placed page is moved onto the dots of a printer that knows only black and white.

Comes in: items in mm, the dot grid, which starts at the page's top left corner, and what is inside
the safe area. Goes out: the items with every edge of a panel or picture, every rule's width, every
code's origin and every baseline a whole number of dots; a code's modules are so already (`qr`). A
half dot would be printed as a whole one here and as none there.
Limits: the places of characters along a line stay as they are; a picture's sides may change by up
to a dot against each other.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from stickergen.artwork.page import Code, Item, Panel, Picture, Rule, Text
from stickergen.measure import Box, Point

LEAST_RULE_DOTS = 2
"""Tuned: a line of one dot is lost where a single heating element of a thermal head is worn."""

_NOISE = 1e-6
"""Dots; more than the arithmetic's noise, so that equal lengths are rounded alike."""


def inwards(box: Box, grid: float) -> Box:
    """The largest box inside this one whose edges sit on dots."""
    left, top = (math.ceil(edge / grid - _NOISE) * grid for edge in (box.x, box.y))
    right, bottom = (math.floor(edge / grid + _NOISE) * grid for edge in (box.right, box.bottom))
    return Box(left, top, right - left, bottom - top)


def snapped(items: Sequence[Item], grid: float, safe: Callable[[Box], bool]) -> tuple[Item, ...]:
    """The items on the grid; what was free and safe before stays so.

    Edges all go to the nearest dot, so panels, pictures and codes that touch still touch. Between
    text and codes the nearest dot may be too near: then the one on the other side is taken.
    """
    done = [_edged(item, grid) for item in items]
    for kind in (Code, Text):
        for number, item in enumerate(items):
            if isinstance(item, kind):
                others = [
                    after.box
                    for before, after in zip(items, done, strict=True)
                    if isinstance(before if kind is Text else item, Code)
                    and before is not item
                    and not before.box.overlaps(item.box)
                ]
                done[number] = _clear(item, grid, safe, others)
    return tuple(done)


def _clear(
    item: Code | Text, grid: float, safe: Callable[[Box], bool], others: Sequence[Box]
) -> Code | Text:
    """The item on the nearest dot where it keeps clear of the others and of the edge."""
    ways = [item.moved(by) for by in _moves(item, grid)]
    for way in ways:
        if (safe(way.box) or not safe(item.box)) and not any(map(way.box.overlaps, others)):
            return way
    return ways[0]


def _edged(item: Item, grid: float) -> Item:
    """Panels and pictures with their edges on dots; text and codes as they are."""
    match item:
        case Panel():
            return _panel(item, grid)
        case Picture():
            return Picture(_box(item.box, grid), item.path)
        case _:
            return item


def _box(box: Box, grid: float) -> Box:
    """The box with each edge on its nearest dot, but never lost between two."""
    left, top = _nearest(box.x, grid), _nearest(box.y, grid)
    width, height = _nearest(box.right, grid) - left, _nearest(box.bottom, grid) - top
    width, height = (
        max(after, grid) if before > 0 else after
        for before, after in ((box.width, width), (box.height, height))
    )
    return Box(left, top, width, height)


def _panel(panel: Panel, grid: float) -> Panel:
    box, after = panel.box, _box(panel.box, grid)
    rule = panel.rule
    if rule is not None:
        rule = Rule(rule.ink, max(_nearest(rule.width, grid), LEAST_RULE_DOTS * grid))
    least = min(box.width, box.height)
    # In proportion, so that what was a circle stays one.
    corner = panel.corner * min(after.width, after.height) / least if least > 0 else 0.0
    return Panel(after, panel.fill, rule, corner)


def _moves(item: Code | Text, grid: float) -> list[Point]:
    """The moves onto the dots around, the nearest first; a text only moves up and down."""
    if isinstance(item, Text):
        return [Point(0.0, down) for down in _around(item.at.y, grid)]
    return [
        Point(across, down)
        for across in _around(item.box.x, grid)
        for down in _around(item.box.y, grid)
    ]


def _around(start: float, grid: float) -> tuple[float, float]:
    """From here to the nearest dot, and to the one on the other side."""
    near = _nearest(start, grid) - start
    return near, near - math.copysign(grid, near)


def _nearest(length: float, grid: float) -> float:
    """The length as a whole number of dots; halves always up, so that equal moves stay equal."""
    return math.floor(length / grid + 0.5 + _NOISE) * grid
