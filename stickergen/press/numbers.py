"""What each numbered piece has of its own, as PDF operators: its symbol and its number in words.

Comes in: sheets whose pieces have serials, their designs, the names of the fonts in the drawn file.
Goes out: for each sheet a content stream that is painted over the shared art. A symbol is one path
of merged runs in whole modules, filled once, so that no seam shows between them; its matrix puts it
in its place. Points, y upwards (ISO 32000-1, 8.3.4, 8.5.2). Symbols are made some sheets at a time.
Limits: symbols of one design are of one size.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from zlib_ng import zlib_ng

from stickergen.artwork import qr
from stickergen.artwork.fonts import font
from stickergen.artwork.numbered import Numbered, places
from stickergen.artwork.page import Code, Text
from stickergen.artwork.runs import runs
from stickergen.content.link import numbered
from stickergen.content.serial import Numbering
from stickergen.ink import Ink
from stickergen.measure import Box, Size, to_pt
from stickergen.press import separations
from stickergen.press.outlines import Step, outline
from stickergen.press.profile import Press
from stickergen.press.sheet import SLUG_FONT, Sheet

DEFLATE = 5
"""The level at which contents are packed. Tuned: half the time of 6 for a twentieth more bytes."""

_GROUP = 1024
"""Pieces at a time. Tuned: as fast as all at once; their symbols in operators are 4 MB."""

_CHUNK = 256
"""Symbols at a time. Tuned: their modules stay in a core's cache."""

_SPECIAL = re.compile(r"[()\\]")
"""What a backslash stands before in a string (ISO 32000-1, 7.3.4.2)."""

_BLACK = Ink(0, 0, 0, 100)


@dataclass(frozen=True)
class Overlays:
    """The content streams of sheets, packed by deflate, empty where nothing is numbered; the forms
    that they name: glyphs, an em a unit wide.
    """

    contents: tuple[bytes, ...]
    glyphs: Mapping[str, bytes]


def overlays(
    sheets: Sequence[Sheet],
    designs: Mapping[str, Numbered],
    numbering: Numbering,
    press: Press,
    fonts: Mapping[str, str],
) -> Overlays:
    """What stands on these sheets beside their shared art.

    `designs` are those of numbered pieces, `fonts` the names in the file by our own.
    """
    pen, contents = _Pen(numbering, press, fonts), []
    step = max(1, _GROUP // max(1, *(len(sheet.pieces) for sheet in sheets)))
    for group in (sheets[first : first + step] for first in range(0, len(sheets), step)):
        symbols = _symbols(group, designs, numbering)
        for drawn in (pen.sheet(sheet, designs, symbols) for sheet in group):
            contents.append(zlib_ng.compress(drawn, DEFLATE) if drawn else b"")
    return Overlays(tuple(contents), pen.glyphs)


def written(sheet: Sheet) -> tuple[Text, ...]:
    """The parts of a slug line that are written with the numbers, as they are ASCII: without them
    all sheets of a design are one page.
    """
    if all(piece.serial is None for piece in sheet.pieces):
        return ()
    texts = (item for item in sheet.furniture if isinstance(item, Text))
    return tuple(text for text in texts if text.font == SLUG_FONT and text.text.isascii())


_Which = tuple[str, int, int]
"""Design, which of its codes, serial."""


def _symbols(
    sheets: Sequence[Sheet], designs: Mapping[str, Numbered], numbering: Numbering
) -> dict[_Which, bytes]:
    """The path of each symbol."""
    serials: defaultdict[str, list[int]] = defaultdict(list)
    for sheet in sheets:
        for piece in sheet.pieces:
            if piece.serial is not None:
                serials[piece.design].append(piece.serial)
    found: dict[_Which, bytes] = {}
    for key, own in serials.items():
        for which, code in enumerate(designs[key].codes):
            addresses = [address(code, numbering, serial) for serial in own]
            paths = _paths(addresses, code)
            found |= {(key, which, n): path for n, path in zip(own, paths, strict=True)}
    return found


def address(code: Code, numbering: Numbering, serial: int) -> str:
    """Where the code of this piece leads."""
    return numbered(code.address, numbering.code(serial))


def _paths(addresses: Sequence[str], code: Code) -> Iterator[bytes]:
    """Each symbol as operators in modules: a rectangle for each run."""
    width = code.symbol.width_modules
    operators = _operators(width)
    for first in range(0, len(addresses), _CHUNK):
        found = runs(qr.batch(addresses[first : first + _CHUNK], code.symbol))
        which = (found.y * width + found.x) * width + found.lengths - 1
        written = operators[which].tolist()
        for begin, end in pairwise(found.starts.tolist()):
            yield b"".join(written[begin:end])


@lru_cache(maxsize=8)
def _operators(width: int) -> npt.NDArray[np.object_]:
    """The operator of every run there can be, by row, column and length less one."""
    sides = range(width)
    every = [b"%d %d %d 1 re\n" % (x, y, n + 1) for y in sides for x in sides for n in sides]
    return np.array(every, dtype=object)


@dataclass(frozen=True)
class _Begun:
    """What all pieces of a design at one place share: the matrices of their symbols, the points
    where their texts begin.
    """

    matrices: tuple[bytes, ...]
    texts: tuple[tuple[Text, tuple[float, float]], ...]


def _begun(design: Numbered, place: Box, paper: Size) -> _Begun:
    left, top = to_pt(place.x), to_pt(paper.height - place.y)
    matrices = []
    for code in design.codes:
        box, module = code.symbol_box, to_pt(code.module)
        x, y = left + to_pt(box.x), top - to_pt(box.y)
        matrices.append(b"q %.6f 0 0 %.6f %.4f %.4f cm\n" % (module, -module, x, y))
    texts = ((text, (left + to_pt(text.at.x), top - to_pt(text.at.y))) for text in design.texts)
    return _Begun(tuple(matrices), tuple(texts))


class _Pen:
    """Writes the operators of a sheet."""

    def __init__(self, numbering: Numbering, press: Press, fonts: Mapping[str, str]) -> None:
        self._numbering, self._press, self._fonts = numbering, press, fonts
        self._begun: dict[tuple[str, Box], _Begun] = {}
        self.glyphs: dict[str, bytes] = {}

    def sheet(
        self, sheet: Sheet, designs: Mapping[str, Numbered], symbols: dict[_Which, bytes]
    ) -> bytes:
        """The symbols of all pieces, taken out of `symbols`, then their numbers and those of the
        margin; empty without.
        """
        codes: list[bytes] = []
        texts: dict[Ink, list[bytes]] = defaultdict(list)
        for piece in sheet.pieces:
            if piece.serial is None:
                continue
            key = (piece.design, piece.box)
            if key not in self._begun:  # a sheet has a few places, a volume thousands of pieces
                self._begun[key] = _begun(designs[piece.design], piece.box, sheet.paper)
            begun = self._begun[key]
            for which, matrix in enumerate(begun.matrices):
                codes += (matrix, symbols.pop((piece.design, which, piece.serial)), b"f Q\n")
            for text, at in begun.texts:
                texts[text.ink].append(self._text(text, self._number(text, piece.serial), at))
        for text in written(sheet):
            at = (to_pt(text.at.x), to_pt(sheet.paper.height - text.at.y))
            texts[text.ink].append(self._text(text, text.text, at))
        parts = [self._ink(_BLACK, separations.KNOCKOUT), *codes] if codes else []
        for ink, own in texts.items():
            parts += [self._ink(ink, separations.of_text(ink)), *own]
        return b"".join(parts)

    def _ink(self, ink: Ink, state: str) -> bytes:
        """The ink and the overprint of what follows, as `draw` writes them."""
        if not self._press.for_shop:
            return b"%s\n" % self._colour(ink)
        return b"%s\n%s\n" % (state.encode(), self._colour(ink))

    def _colour(self, ink: Ink) -> bytes:
        if self._press.writes_grey(ink):
            return b"%g g" % (1 - ink.k / 100)
        return b"%g %g %g %g k" % tuple(part / 100 for part in (ink.c, ink.m, ink.y, ink.k))

    def _number(self, item: Text, serial: int) -> str:
        """What stands in the place of the widest number."""
        words, _ = places(self._numbering)
        return (self._numbering.words if item.text == words else self._numbering.code)(serial)

    def _text(self, item: Text, text: str, at: tuple[float, float]) -> bytes:
        size = item.size_pt
        if not self._press.outline:
            named = self._fonts[item.font].encode()
            string = _SPECIAL.sub(r"\\\g<0>", text).encode()
            return b"BT /%s %g Tf %.4f %.4f Td (%s) Tj ET\n" % (named, size, *at, string)
        parts, x = [], at[0]
        for char in text:
            place = (size, size, x, at[1], self._glyph(item.font, char))
            parts.append(b"q %g 0 0 %g %.4f %.4f cm /%s Do Q\n" % place)
            x += font(item.font).advance(char) * size
        return b"".join(parts)

    def _glyph(self, name: str, char: str) -> bytes:
        """The name of the form that draws a character, where all text is outlined."""
        key = f"{name}-{ord(char)}"
        if key not in self.glyphs:
            self.glyphs[key] = b"\n".join(map(_operator, outline(name, char))) + b"\nf"
        return key.encode()


_STEPS = {"move": b"m", "line": b"l", "curve": b"c", "close": b"h"}


def _operator(step: Step) -> bytes:
    numbers = [b"%.5f" % number for point in step.points for number in point]
    return b" ".join([*numbers, _STEPS[step.kind]])
