"""The fonts of the project: which characters they have, how wide they are, where their ink is.

Comes in: a name (`regular`, `bold`, `black`, `icons`). Goes out: a frozen `Font`; all its
measures are in em, so independent of the size. Source: the tables `cmap`, `hhea`, `hmtx`, `loca`
and `glyf` of the TrueType files in `fonts/` (OpenType 1.9.1). Limits: horizontal setting, no
kerning, no features.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
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

_X_MIN, _X_MAX = 2, 6
"""Where a glyph's head has them, in bytes from its beginning (OpenType 1.9.1, `glyf`)."""


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
    left: dict[str, float] = field(compare=False)
    right: dict[str, float] = field(compare=False)

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
        return Bearings(self.left[char], self.right[char])


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
        cmap = opened.getBestCmap()
        chars, glyphs = [*map(chr, cmap)], [*map(int, cmap.values())]
        advances, left, right = (_measures(opened)[:, glyphs] / em).tolist()
        return Font(
            name,
            path,
            opened["OS/2"].sTypoAscender / em,
            -opened["OS/2"].sTypoDescender / em,
            opened["OS/2"].sCapHeight / em,
            dict(zip(chars, advances, strict=True)),
            dict(zip(chars, left, strict=True)),
            dict(zip(chars, right, strict=True)),
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


def _measures(opened: Any) -> npt.NDArray[np.int64]:
    """Of each glyph the advance and the blank left and right of its ink: 3 × n, in font units.

    Read from the raw tables, as fontTools would build objects of all glyphs. One without ink is
    blank to its left.
    """
    metrics = np.frombuffer(opened.reader["hmtx"], ">u2")[: 2 * opened["hhea"].numberOfHMetrics : 2]
    places = np.array(opened["loca"].locations)
    has_ink = np.diff(places) > 0
    found = np.empty((3, len(has_ink)), np.int64)
    advance, left, right = found
    advance[: len(metrics)], advance[len(metrics) :] = metrics, metrics[-1]  # the last holds on
    data, starts = np.frombuffer(opened.reader["glyf"], np.uint8), places[:-1][has_ink]
    x_min, x_max = (data[starts[:, None] + [n, n + 1]].view(">i2")[:, 0] for n in (_X_MIN, _X_MAX))
    left[:], right[:] = advance, 0
    left[has_ink], right[has_ink] = x_min, advance[has_ink] - x_max
    return found
