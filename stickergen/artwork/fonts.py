"""The fonts of the project: which characters they have, how wide they are, where their ink is.

Comes in: a name (`regular`, `bold`, `black`, `icons`). Goes out: a frozen `Font`; all its
measures are in em, so independent of the size. Source: the tables `cmap`, `hmtx`, `loca` and `glyf`
of the TrueType files in `fonts/` (OpenType 1.9.1). Limits: horizontal setting, no kerning, no
features.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from fontTools.ttLib import TTFont

from stickergen import shipped
from stickergen.problem import MissingError, Problem

FILES = {
    "regular": "NotoSansSC-Regular.ttf",
    "bold": "NotoSansSC-Bold.ttf",
    "black": "NotoSansSC-Black.ttf",
    "icons": "PhosphorFill.ttf",
}
"""The name of a font → its file in `fonts/`."""

ICONS_FILE = "icons.yaml"

_GLYPH_HEAD = struct.Struct(">hhhhh")  # OpenType 1.9.1, `glyf`: contours, xMin, yMin, xMax, yMax


@dataclass(frozen=True, slots=True)
class Bearings:
    """The blank of a glyph left and right of its ink, in em; negative where ink juts out."""

    left: float
    right: float


@dataclass(frozen=True, repr=False)
class Font:
    """One weight: its file and its measures in em.

    `ascent` and `descent` bound the em box, 1 em high together: 0.88 and 0.12 in Noto Sans SC. They
    are `OS/2.sTypoAscender` and `sTypoDescender` (OpenType 1.9.1: the design's em box); the values
    of `hhea`, 1.16 and 0.288 there, make room for stacked accents and would set Chinese too low.
    """

    name: str
    path: Path
    ascent: float
    descent: float
    cap_height: float
    advances: dict[str, float] = field(compare=False)
    inks: dict[str, Bearings] = field(compare=False)

    def __repr__(self) -> str:
        return f"font({self.name!r})"

    def has(self, char: str) -> bool:
        """Whether the font can draw this character."""
        return char in self.advances

    def advance(self, char: str) -> float:
        """How far the pen moves, in em."""
        return self.advances[char]

    def bearings(self, char: str) -> Bearings:
        """The blank beside the ink; a character without ink is blank to its left."""
        return self.inks[char]


class UnknownIcon(Exception):
    """There is no icon of this name; `icons()` has the names there are."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(name)


@cache
def font(name: str) -> Font:
    """The font of this name; MissingError if its file is not there."""
    path = _file(FILES[name])
    with TTFont(path, lazy=True) as opened:
        em = opened["head"].unitsPerEm
        # Numbers for glyph names: to make up real names takes longer than all the rest.
        opened.setGlyphOrder([str(number) for number in range(opened["maxp"].numGlyphs)])
        glyphs = {chr(code): glyph for code, glyph in opened.getBestCmap().items()}
        advances = opened["hmtx"].metrics
        inks = _inks(opened)
        return Font(
            name,
            path,
            opened["OS/2"].sTypoAscender / em,
            -opened["OS/2"].sTypoDescender / em,
            opened["OS/2"].sCapHeight / em,
            {char: advances[glyph][0] / em for char, glyph in glyphs.items()},
            {
                char: _bearings(advances[glyph][0], inks.get(int(glyph)), em)
                for char, glyph in glyphs.items()
            },
        )


def icon(name: str) -> str:
    """The character that draws this icon in the font `icons`."""
    try:
        return _icons()[name]
    except KeyError:
        raise UnknownIcon(name) from None


def icons() -> tuple[str, ...]:
    """The names of all icons."""
    return tuple(_icons())


@cache
def _icons() -> dict[str, str]:
    listed = yaml.safe_load(_file(ICONS_FILE).read_text(encoding="utf-8"))
    return {name: chr(int(code.removeprefix("U+"), 16)) for name, code in listed.items()}


def _file(name: str) -> Path:
    path = shipped.FONTS / name
    if not path.is_file():
        raise MissingError(Problem("font-missing", None, {"file": str(path)}))
    return path


def _inks(opened: Any) -> dict[int, tuple[int, int]]:
    """Glyph number → xMin and xMax; read from the raw table, as fontTools would build objects."""
    data = opened.reader["glyf"]
    places = list(opened["loca"])
    found = {}
    for number, (start, end) in enumerate(pairwise(places)):
        if end > start:
            _, left, _, right, _ = _GLYPH_HEAD.unpack_from(data, start)
            found[number] = (left, right)
    return found


def _bearings(advance: int, ink: tuple[int, int] | None, em: int) -> Bearings:
    left, right = ink or (advance, advance)
    return Bearings(left / em, (advance - right) / em)
