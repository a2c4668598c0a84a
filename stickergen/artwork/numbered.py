"""Numbered designs: what all pieces of a design share, and what differs with their number.

Comes in: a `Page` laid out with `Numbering.widest` for a number. Goes out: `Numbered`: its art, and
the codes and texts that each piece has of its own, at the places that the layout gave them. Digits
are of one width and addresses of one length, so nothing moves; a check character narrower than
the widest leaves its text that much shorter at its right end. Lengths are in mm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from stickergen.artwork.fonts import font
from stickergen.artwork.page import Code, Item, Page, Panel, Text
from stickergen.content.serial import Numbering
from stickergen.ink import Ink
from stickergen.measure import Box, Point, to_mm

_WHITE = Ink(0, 0, 0, 0)


@dataclass(frozen=True)
class Numbered:
    """A design in parts: `art` has all but the symbols and the numbers in texts.

    The quiet zones of codes are in the art, painted white; `texts` are `words` or `code` of the
    number alone, as `places` has them.
    """

    art: Page
    codes: tuple[Code, ...]
    texts: tuple[Text, ...]


def parted(page: Page, numbering: Numbering) -> Numbered:
    """The parts of a design."""
    art: list[Item] = []
    codes: list[Code] = []
    texts: list[Text] = []
    for item in page.items:
        if isinstance(item, Code):
            codes.append(item)
            art.append(Panel(item.box, _WHITE, None, 0.0))
        elif isinstance(item, Text):
            for part in _split(item, places(numbering)):
                (texts if part.text in places(numbering) else art).append(part)
        else:
            art.append(item)
    return Numbered(replace(page, items=tuple(art)), tuple(codes), tuple(texts))


def places(numbering: Numbering) -> tuple[str, str]:
    """What stands for the number in a design: in words, and in addresses."""
    return numbering.widest, numbering.widest_code


def _split(item: Text, places: Sequence[str]) -> Iterator[Text]:
    """The item in parts: the numbers, and what stands before, between and after the widest."""
    parts = [text for text in re.split(f"({'|'.join(map(re.escape, places))})", item.text) if text]
    if len(parts) < 2:
        yield item
        return
    x = item.at.x
    for text in parts:
        width = to_mm(item.size_pt) * sum(font(item.font).advance(char) for char in text)
        box = Box(x, item.box.y, width, item.box.height)
        yield replace(item, at=Point(x, item.at.y), text=text, box=box)
        x += width
