"""Fonts of a PDF as far as text must be measured and read: widths, em box, Unicode.

Comes in: a font dictionary. Goes out: a `Face`, which turns the bytes of a string into glyphs.
Widths are parts of an em. Limits: predefined multi-byte encodings are taken for two bytes a
character beyond ASCII; the text of a font without ToUnicode is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from stickergen.proof.interpreter.colours import ODD

_ASCENT, _DESCENT = 0.88, -0.12
"""The ideographic em box as Noto Sans SC has it (OS/2, sTypoAscender and sTypoDescender)."""
_HALF_EM = 0.5  # tuned: about the mean width of Latin letters, where a font tells no widths
_BYTES_MIXED = re.compile(r"EUC|RKSJ|GBK|GBpc|B5|KSC|HKscs|ETen")
"""Predefined CMaps whose ASCII is one byte (ISO 32000-1, table 118)."""

_RANGES = re.compile(r"beginbfrange(.*?)endbfrange", re.DOTALL)
_CHARACTERS = re.compile(r"beginbfchar(.*?)endbfchar", re.DOTALL)
_PAIR = re.compile(r"<([0-9A-Fa-f\s]+)>\s*<([0-9A-Fa-f\s]*)>")
_RANGE = re.compile(
    r"<([0-9A-Fa-f\s]+)>\s*<([0-9A-Fa-f\s]+)>\s*(?:<([0-9A-Fa-f\s]*)>|\[([^\]]*)\])"
)
_HEX = re.compile(r"<([0-9A-Fa-f\s]*)>")
_LARGEST_RANGE = 0x10000  # two bytes: a longer range is a fault of the file


_OPENING = frozenset("“‘（《〈「『【〔［｛")
_CLOSING = frozenset("”’）》〉」』】〕］｝，。、；：")
"""Punctuation that fills one half of its full-width em, as Noto Sans SC draws it: lines are aligned
by that half, and the empty one may hang out."""
_FULL_WIDTH = 0.9  # em; tuned: the forms of Latin text are half as wide


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character code of a string: its advance in em, its text if known, whether a blank."""

    advance: float
    text: str | None
    word_space: bool

    @property
    def blank(self) -> bool:
        """Whether it leaves no ink."""
        return self.word_space or (self.text is not None and self.text.isspace())

    @property
    def inked(self) -> tuple[float, float]:
        """Where its ink begins and ends on the way of its advance, in em."""
        if self.advance >= _FULL_WIDTH and self.text in _OPENING:
            return self.advance / 2, self.advance
        if self.advance >= _FULL_WIDTH and self.text in _CLOSING:
            return 0.0, self.advance / 2
        return 0.0, self.advance


@dataclass(frozen=True, eq=False)
class Face:
    """A font of a PDF. `ascent` and `descent` bound what it draws, in em; y upwards."""

    name: str
    ascent: float = _ASCENT
    descent: float = _DESCENT
    unit: float = 0.001
    two_bytes: bool = False
    mixed: bool = False
    vertical: bool = False
    drawn: bool = False
    """A Type 3 font: its glyphs are little pages, its size is a mere factor."""
    default: float = _HALF_EM
    widths: Mapping[int, float] = field(default_factory=dict)
    unicode: Mapping[int, str] = field(default_factory=dict)

    def glyphs(self, string: bytes) -> Iterator[Glyph]:
        """The characters of a string."""
        for code, length in self._codes(string):
            advance = self.widths.get(code, self.default)
            yield Glyph(advance, self.unicode.get(code), length == 1 and code == 32)

    def _codes(self, string: bytes) -> Iterator[tuple[int, int]]:
        at = 0
        while at < len(string):
            pair = self.two_bytes and not (self.mixed and string[at] < 0x80)
            length = 2 if pair else 1
            yield int.from_bytes(string[at : at + length], "big"), length
            at += length


def face_of(font: Any) -> Face:
    """The face of a font dictionary; what is broken in it takes its default."""
    kind = str(font.get("/Subtype", "")).removeprefix("/")
    composite = kind == "Type0"
    own = _part(lambda: font.DescendantFonts[0], font) if composite else font
    name = str(font.get("/BaseFont", font.get("/Name", ""))).removeprefix("/")
    descriptor = own.get("/FontDescriptor", {})
    drawn = kind == "Type3"
    unit = _part(lambda: abs(float(font.FontMatrix[0])), 0.001) if drawn else 0.001
    ascent, descent = _part(lambda: _bounds(font if drawn else descriptor, unit, drawn), None) or (
        _ASCENT,
        _DESCENT,
    )
    encoding = str(font.get("/Encoding", "")) if composite else ""
    if composite:
        default = _part(lambda: float(own.get("/DW", 1000)) * unit, 1.0)
        widths = _part(lambda: _composite_widths(own, unit), {})
    else:
        missing = 1000 * _HALF_EM if "/Widths" not in font else 0
        default = _part(lambda: float(descriptor.get("/MissingWidth", missing)) * unit, _HALF_EM)
        widths = _part(lambda: _simple_widths(font, unit), {})
    return Face(
        name=name,
        ascent=ascent,
        descent=descent,
        unit=unit,
        two_bytes=composite,
        mixed=bool(_BYTES_MIXED.search(encoding)),
        vertical=encoding.endswith("V"),
        drawn=drawn,
        default=default,
        widths=widths,
        unicode=_part(lambda: _unicode(font), {}),
    )


def _part(read: Any, instead: Any) -> Any:
    try:
        return read()
    except ODD:
        return instead


def _bounds(source: Any, unit: float, drawn: bool) -> tuple[float, float] | None:
    """Ascent and descent; None where the font names none, or more than an em together."""
    if drawn:
        box = [float(edge) * unit for edge in source.FontBBox]
        ascent, descent = box[3], box[1]
        return (ascent, descent) if ascent > descent else None
    ascent, descent = float(source.Ascent) * unit, -abs(float(source.Descent)) * unit
    return (ascent, descent) if 0 < ascent - descent <= 1.01 else None


def _simple_widths(font: Any, unit: float) -> dict[int, float]:
    first = int(font.FirstChar)
    return {first + n: float(width) * unit for n, width in enumerate(font.Widths)}


def _composite_widths(font: Any, unit: float) -> dict[int, float]:
    """/W: `first [w …]` and `first last w` (ISO 32000-1, 9.7.4.3)."""
    widths: dict[int, float] = {}
    items = list(font.get("/W", []))
    at = 0
    while at + 1 < len(items):
        first = int(items[at])
        try:
            run = [float(width) for width in items[at + 1]]
        except TypeError:
            last = min(int(items[at + 1]), first + _LARGEST_RANGE)
            width = float(items[at + 2]) * unit
            widths.update((code, width) for code in range(first, last + 1))
            at += 3
        else:
            widths.update((first + n, width * unit) for n, width in enumerate(run))
            at += 2
    return widths


def _unicode(font: Any) -> dict[int, str]:
    """The ToUnicode map (ISO 32000-1, 9.10.3)."""
    if "/ToUnicode" not in font:
        return {}
    cmap = font.ToUnicode.read_bytes().decode("latin-1")
    found: dict[int, str] = {}
    for block in _CHARACTERS.findall(cmap):
        for code, text in _PAIR.findall(block):
            found[int("".join(code.split()), 16)] = _text(text)
    for block in _RANGES.findall(cmap):
        for first, last, start, listed in _RANGE.findall(block):
            low, high = (int("".join(code.split()), 16) for code in (first, last))
            codes = range(low, min(high, low + _LARGEST_RANGE) + 1)
            if listed:
                found.update(zip(codes, map(_text, _HEX.findall(listed)), strict=False))
            elif text := _text(start):
                head, tail = text[:-1], ord(text[-1])
                found.update(
                    (code, head + chr(tail + n))
                    for n, code in enumerate(codes)
                    if tail + n < 0x110000
                )
    return found


def _text(digits: str) -> str:
    raw = bytes.fromhex("".join(digits.split()))
    return raw.decode("utf-16-be", errors="replace") if len(raw) > 1 else raw.decode("latin-1")
