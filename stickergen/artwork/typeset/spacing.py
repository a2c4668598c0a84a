"""How wide each character of a paragraph is set, before it is broken into lines.

Comes in: a paragraph and a font. Goes out: `Cells`, all in em, so independent of the size.
Sources: clreq 6.3.2 (punctuation width adjustment; 3.1.6 in the older numbering) and 6.3.3 (Han
with Latin and digits); GB/T 15834-2011. Limits: a mark is squeezed by its real blank at most, so
ink never meets ink.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from stickergen.artwork.fonts import Font
from stickergen.artwork.typeset.characters import OPENING, TRAILING, is_han, is_western

HALF = 0.5
"""The most a mark gives up, em: half its body (clreq 6.3.2)."""

WESTERN_GAP = 0.25
"""Between Han and Latin letters or digits, em (clreq 6.3.3: a quarter em at most)."""

INTERPUNCT = 0.5
"""Width of · between Han, em: half a character in mainland China (clreq 5.1)."""

DASH_OVERLAP = 0.02
"""How far the strokes of —— run into each other, em. Tuned: as in the font's own ligature."""

_DASHES = re.compile("—{2,}")


@dataclass(frozen=True)
class Cells:
    """Per character, in em: where its cell begins and ends, where its glyph sits in it.

    `left[i]` and `right[i]` are measured on one endless line. `shift[i]` moves the glyph's origin
    from the cell's left edge. `lead[i]` and `tail[i]` are the blanks a mark loses at the start
    and at the end of a line; `give` is what may be squeezed inside one, as running sums.
    """

    text: str
    left: tuple[float, ...]
    right: tuple[float, ...]
    shift: tuple[float, ...]
    lead: tuple[float, ...]
    tail: tuple[float, ...]
    give: tuple[float, ...]
    drawn: tuple[bool, ...]

    def width(self, start: int, end: int) -> float:
        """The width of a line of these characters, in em."""
        if start >= end:
            return 0.0
        last = end - 1
        return self.right[last] - self.left[start] - self.lead[start] - self.tail[last]

    def squeezable(self, start: int, end: int) -> float:
        """How much narrower the marks inside such a line can be set, in em."""
        return self.give[end - 1] - self.give[start + 1] if end - start > 1 else 0.0


@lru_cache(maxsize=4096)
def cells(text: str, font: Font) -> Cells:
    """The cells of a paragraph; the font has all of its characters."""
    count = len(text)
    width = [font.advance(char) for char in text]
    shift, lead, tail = [0.0] * count, [0.0] * count, [0.0] * count
    drawn = [True] * count
    for at, char in enumerate(text):
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        bearings = font.bearings(char)
        if char in OPENING:
            lead[at] = min(HALF, max(0.0, bearings.left))
            if before in OPENING and before:
                width[at] -= lead[at]
                shift[at], lead[at] = -lead[at], 0.0
        elif char in TRAILING:
            tail[at] = min(HALF, max(0.0, bearings.right))
            apostrophe = char == "’" and is_latin(before) and is_latin(after)
            if after and (after in TRAILING or after in OPENING or apostrophe):
                width[at] -= tail[at]
                tail[at] = 0.0
        elif char == "·":
            trim = min((width[at] - INTERPUNCT) / 2, bearings.left, bearings.right)
            width[at] -= 2 * max(0.0, trim)
            shift[at] = -max(0.0, trim)
        elif char == " " and _parts_scripts(before, after):
            width[at], drawn[at] = WESTERN_GAP, False
    _join_dashes(text, font, width, shift)
    left, right, give, pen = [], [], [0.0], 0.0
    for at, char in enumerate(text):
        if at and _parts_scripts(text[at - 1], char):
            pen += WESTERN_GAP
        left.append(pen)
        pen += width[at]
        right.append(pen)
        give.append(give[-1] + lead[at] + tail[at])
    return Cells(
        text,
        tuple(left),
        tuple(right),
        tuple(shift),
        tuple(lead),
        tuple(tail),
        tuple(give),
        tuple(drawn),
    )


def is_latin(char: str) -> bool:
    """Whether the character is a basic Latin letter."""
    return char.isascii() and char.isalpha()


def _parts_scripts(before: str, after: str) -> bool:
    """Whether Han meets Latin or digits here."""
    if not before or not after:
        return False
    return (is_han(before) and is_western(after)) or (is_western(before) and is_han(after))


def _join_dashes(text: str, font: Font, width: list[float], shift: list[float]) -> None:
    """Set each —— as one stroke in the middle of two em (GB/T 15834-2011, 4.13)."""
    for dashes in _DASHES.finditer(text):
        bearings = font.bearings("—")
        ink = font.advance("—") - bearings.left - bearings.right
        count = dashes.end() - dashes.start()
        stroke = count * ink - (count - 1) * DASH_OVERLAP
        for number, at in enumerate(range(*dashes.span())):
            width[at] = 1.0
            origin = (count - stroke) / 2 - bearings.left + number * (ink - DASH_OVERLAP)
            shift[at] = origin - number
