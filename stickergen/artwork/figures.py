"""Figures: an icon, a share of a hundred icons, a bar, a picture, each placed in its box.

Comes in: what a node shows and the box for it, mm, which has room for it (`flow` has looked). Goes
out: placed items. Nothing here knows of neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping

from stickergen.artwork.bind import BarSource, PictureSource, TallySource
from stickergen.artwork.fonts import font
from stickergen.artwork.page import Panel, Picture, Text
from stickergen.artwork.template import BarSpec, TallySpec
from stickergen.ink import Ink
from stickergen.measure import Box, Point, to_pt

TALLY_FILL = 0.9
"""The part of a tally's cell that its icon takes. Tuned: apart, and still read as a mass."""

LEAST_BAR = 0.25
"""mm; the shortest bar of a share that is more than nothing. Tuned: a line that an office printer
and a thermal head still print (2 dots at 203 dpi), and too short to be read as a length."""


def placed_icon(char: str, ink: Ink, inner: Box, size: float) -> Text:
    """The glyph's em square centred in the box."""
    icons = font("icons")
    width = icons.advance(char) * size
    left = inner.x + (inner.width - width) / 2
    top = inner.y + (inner.height - size) / 2
    at = Point(left, top + icons.ascent * size)
    return Text(at, char, "icons", to_pt(size), ink, Box(left, top, width, size))


def placed_tally(
    tally: TallySpec, source: TallySource, inks: Mapping[str, Ink], inner: Box
) -> list[Text]:
    """A hundred icons, filled column by column, so that a share reads as a length."""
    rows = 100 // tally.columns
    cell = min(inner.width / tally.columns, inner.height / rows)
    items = []
    for number in range(100):
        column, row = divmod(number, rows)
        ink = inks[tally.ink if number < source.count else tally.rest]
        box = Box(inner.x + column * cell, inner.y + row * cell, cell, cell)
        items.append(placed_icon(source.char, ink, box, TALLY_FILL * cell))
    return items


def placed_bar(bar: BarSpec, source: BarSource, inks: Mapping[str, Ink], inner: Box) -> list[Panel]:
    """The share as a length from the left, or from below; the rest lies under it, seamless."""
    panels = [] if bar.rest is None else [Panel(inner, inks[bar.rest], None, 0.0)]
    whole = inner.height if bar.upright else inner.width
    length = whole * source.percent / 100
    if source.percent > 0:
        length = min(max(length, LEAST_BAR), whole)
        if bar.upright:
            box = Box(inner.x, inner.bottom - length, inner.width, length)
        else:
            box = Box(inner.x, inner.y, length, inner.height)
        panels.append(Panel(box, inks[bar.ink], None, 0.0))
    return panels


def placed_picture(source: PictureSource, inner: Box) -> Picture:
    """As large as the box holds, in its middle."""
    scale = min(inner.width / source.width_px, inner.height / source.height_px)
    width, height = source.width_px * scale, source.height_px * scale
    left, top = inner.x + (inner.width - width) / 2, inner.y + (inner.height - height) / 2
    return Picture(Box(left, top, width, height), source.path)
