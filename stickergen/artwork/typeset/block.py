"""Set a text in a width: lines of runs with their places, ready to be drawn as they are.

Comes in: a text, a `Setting`, a width in mm. Goes out: a `Block`, all lengths in mm; a
run is its characters at the font's own advances from its x on. Limits: what cannot be broken
may be wider than the width (then `Block.width` says so, and `excess` is over 0).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from stickergen import measure
from stickergen.artwork.fonts import Font
from stickergen.artwork.typeset import breaks, lines, spacing
from stickergen.artwork.typeset.characters import is_han, is_printable

Align = Literal["left", "center", "right", "justify"]

MOST_STRETCH = 1 / 6
"""The most a gap between Han is widened to fill a line, em. Tuned: wider reads as a space; a line
that would need more stays short."""

_SHARES = {"left": 0.0, "justify": 0.0, "center": 0.5, "right": 1.0}


class MissingGlyph(Exception):
    """The font has no glyph for a character, or none can stand for it; `index` is its place."""

    def __init__(self, char: str, index: int) -> None:
        self.char = char
        self.index = index
        super().__init__(f"{self.named} at {index}")

    @property
    def named(self) -> str:
        """The character as a reader can find it: by code point where it cannot be seen."""
        code = f"U+{ord(self.char):04X}"
        return f"{self.char} ({code})" if is_printable(self.char) else code


@dataclass(frozen=True, slots=True)
class Run:
    """Characters drawn at the font's own advances; `x` from the line's left edge."""

    text: str
    x: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `text[start:end]` of the block is what it sets."""

    runs: tuple[Run, ...]
    width: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Setting:
    """How a text is set: `leading` is a multiple of the size, `words` breaks between phrases only,
    `balance` makes the lines equally wide.
    """

    font: Font
    size_pt: float
    leading: float = 1.5
    align: Align = "left"
    words: bool = False
    balance: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A text set in lines; `leading` from baseline to baseline."""

    text: str
    lines: tuple[Line, ...]
    font: Font
    size_pt: float
    leading: float
    width: float
    height: float

    def baseline(self, number: int) -> float:
        """The baseline of a line, counted from 0, under the top of the block."""
        return self.font.ascent * measure.to_mm(self.size_pt) + number * self.leading


@lru_cache(maxsize=8192)
def set_text(text: str, setting: Setting, width: float) -> Block:
    """The text set in this width; a line feed forces a new line."""
    return _set(text, setting, width)


def excess(text: str, setting: Setting, width: float, height: float) -> int:
    """How many characters must go at the end for the rest to fit the box; 0 if it fits."""
    if _fits(set_text(text, setting, width), width, height):
        return 0
    too_few, enough = 0, len(text)  # an empty text fits any box
    while enough - too_few > 1:
        removed = (too_few + enough) // 2
        if _fits(_set(text[:-removed], setting, width), width, height):
            enough = removed
        else:
            too_few = removed
    return enough


def _fits(block: Block, width: float, height: float) -> bool:
    slack = measure.TOLERANCE
    return block.width <= width + slack and block.height <= height + slack


def _set(text: str, setting: Setting, width: float) -> Block:
    assert setting.size_pt > 0, "a size is over 0"
    assert width > 0, "a width is over 0"
    for index, char in enumerate(text):
        if char != "\n" and not (setting.font.has(char) and is_printable(char)):
            raise MissingGlyph(char, index)
    em = measure.to_mm(setting.size_pt)
    found: list[Line] = []
    start = 0
    for paragraph in text.split("\n") if text else []:
        found += _set_paragraph(paragraph, start, setting, width / em)
        start += len(paragraph) + 1
    leading = setting.leading * em
    return Block(
        text,
        tuple(found),
        setting.font,
        setting.size_pt,
        leading,
        max((line.width for line in found), default=0.0),
        (len(found) - 1) * leading + em if found else 0.0,
    )


def _set_paragraph(text: str, offset: int, setting: Setting, width_em: float) -> list[Line]:
    if not text:
        return [Line((), 0.0, offset, offset)]
    row = spacing.cells(text, setting.font)
    penalties = breaks.ordinary(text)
    if setting.words:
        phrases = breaks.phrased(text)
        penalties = lines.with_wide_phrases_broken(row, phrases, penalties, width_em)
    spans = lines.chosen(row, penalties, lines.Measure(width_em, setting.balance))
    justified = setting.align == "justify"
    if justified and len(spans) > 1:
        tighter = lines.Measure(width_em, setting.balance, squeeze=True)
        squeezed = lines.chosen(row, penalties, tighter)
        spans = squeezed if len(squeezed) < len(spans) else spans
    return [
        _placed(row, span, offset, setting, width_em, justified and span != spans[-1])
        for span in spans
    ]


def _placed(
    row: spacing.Cells,
    span: tuple[int, int],
    offset: int,
    setting: Setting,
    width_em: float,
    filled: bool,
) -> Line:
    """One line: each glyph where it belongs, glyphs at their natural distance joined to runs."""
    start, end = span
    natural = row.width(start, end)
    squeeze = stretch = 0.0
    gaps = sum(_is_gap(row.text, at) for at in range(start + 1, end))
    if setting.align == "justify" and natural > width_em + lines.EXACT:
        give = row.squeezable(start, end)
        squeeze = min(1.0, (natural - width_em) / give) if give else 0.0
    elif filled and gaps and (width_em - natural) / gaps <= MOST_STRETCH:
        stretch = max(0.0, width_em - natural) / gaps
    set_width = natural + gaps * stretch - squeeze * row.squeezable(start, end)
    pen = max(0.0, width_em - set_width) * _SHARES[setting.align]
    if end > start:
        pen -= row.left[start] + row.lead[start]
    em = measure.to_mm(setting.size_pt)
    runs: list[tuple[str, float]] = []
    next_x = None
    for at in range(start, end):
        if at > start and _is_gap(row.text, at):
            pen += stretch
        inside = start < at < end - 1
        if inside:
            pen -= squeeze * row.lead[at]
        x = pen + row.left[at] + row.shift[at]
        if inside:
            pen -= squeeze * row.tail[at]
        if not row.drawn[at]:
            continue
        char = row.text[at]
        if next_x is not None and abs(x - next_x) < lines.EXACT:
            runs[-1] = (runs[-1][0] + char, runs[-1][1])
        else:
            runs.append((char, x))
            next_x = x
        next_x = next_x + setting.font.advance(char)
    placed = tuple(Run(chars, x * em) for chars, x in runs)
    return Line(placed, set_width * em, offset + start, offset + end)


def _is_gap(text: str, at: int) -> bool:
    """Whether two Han meet before this character."""
    return is_han(text[at - 1]) and is_han(text[at])
