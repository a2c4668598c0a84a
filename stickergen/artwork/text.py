"""Set text as items of a page.

Comes in: a block of `typeset`, or a run of characters and where its pen begins. Goes out: `Text`s
in mm, each with the box of its ink. Limits: nothing is broken or fitted here.
"""

from __future__ import annotations

from stickergen.artwork.fonts import font
from stickergen.artwork.page import Text
from stickergen.artwork.typeset import Block
from stickergen.ink import Ink
from stickergen.measure import Box, Point, to_mm

ENDLESS = 10_000.0
"""mm; a width that no text fills: for measuring a text on one line."""


def runs(block: Block, name: str, ink: Ink, origin: Point) -> list[Text]:
    """The runs of a block as items, the block's top left at the origin."""
    return [
        text_item(
            run.text, name, block.size_pt, ink, origin.x + run.x, origin.y + block.baseline(number)
        )
        for number, line in enumerate(block.lines)
        for run in line.runs
    ]


def text_item(text: str, name: str, size_pt: float, ink: Ink, x: float, baseline: float) -> Text:
    """A run as an item; its box is as high as the em, as wide as the ink within the advances.

    The slope of an A or the tail of a j that reaches out of its advance by some hundredths of an em
    is left out: every font lets it, and no box is made wider for it.
    """
    face = font(name)
    em = to_mm(size_pt)
    left = max(face.bearings(text[0]).left, 0.0)
    right = sum(map(face.advance, text)) - max(face.bearings(text[-1]).right, 0.0)
    top = baseline - face.ascent * em
    return Text(
        Point(x, baseline),
        text,
        name,
        size_pt,
        ink,
        Box(x + left * em, top, (right - left) * em, em),
    )
