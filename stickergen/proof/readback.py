"""Every code on every page that differs, decoded and held against the order.

Comes in: the bytes of a PDF, what is expected of it, which pages to read. Goes out: a `Readback`.
Pages are rendered at a multiple or a fraction of the press's resolution and decoded by zxing-cpp.
A code it misses is looked at again alone and larger, at last by OpenCV's detector where that is
installed: a code counts as missing when all of them miss it. Of pages that follow a good one, a
glance is enough as long as it reads what was ordered and what else is new holds no code. Limits: QR
codes only; PDFium is not thread-safe, so deal pages out to processes. Symbols: ISO/IEC 18004.
"""

from __future__ import annotations

import importlib
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import zxingcpp

from stickergen.measure import MM_PER_INCH, Box, Point
from stickergen.proof.expected import CodeAt, Expected
from stickergen.proof.finding import Finding
from stickergen.proof.likeness import LARGE_PX, MOST_SEEN, Area, differing
from stickergen.proof.preview import Grey, Rasters, rasters

LEAST_DPI = 300.0
"""Pages are read at this resolution or the next above that suits the press. Tuned: 4.7 pixels to
a module of 0.4 mm; of 20,000 codes at 3 to 7 pixels a module zxing-cpp 3.1 missed none."""

CLOSER = 2
"""How much larger the second look is. Tuned: 600 dpi and more, a phone held close."""

LONGEST_PX = 15_000
"""Pixels on the longer side of a page at the most. Tuned: an A0 poster at 300 dpi, 150 MB."""

NEAR = 1.5
"""mm; how far the centre of a code may be from its place. Tuned: far below the distance of two
codes, above what a reading may be off (a pixel of 0.085 mm, a module of 0.5 mm)."""

BINARIZERS = (
    zxingcpp.Binarizer.LocalAverage,
    zxingcpp.Binarizer.GlobalHistogram,
    zxingcpp.Binarizer.FixedThreshold,
)
"""How black is told from white: the usual way first, in the second look the others too."""

GLANCE: dict[str, Any] = {
    "binarizer": zxingcpp.Binarizer.FixedThreshold,
    "try_rotate": False,
    "try_downscale": False,
}
"""How black on white is read that stands upright and sharp. Tuned: a third of the time."""
if "try_invert" in (zxingcpp.read_barcodes.__doc__ or ""):  # not known to zxing-cpp 2.3
    GLANCE["try_invert"] = False

QR: Any = zxingcpp.BarcodeFormat.QRCode
"""The one kind of code that is looked for; the typing of the library differs by version."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A code in a picture: what it says, and its symbol's box in pixels."""

    text: str
    box_px: Box


@dataclass(frozen=True, slots=True)
class CodeSeen:
    """A code that was decoded: the page from 1, its symbol's box, what it says."""

    page: int
    box: Box
    text: str


@dataclass(frozen=True)
class Readback:
    """Of the pages that were read: codes expected, codes that say what they must, all seen."""

    expected: int
    read: int
    pages_rendered: int
    findings: tuple[Finding, ...]
    seen: tuple[CodeSeen, ...]

    @classmethod
    def joined(cls, parts: Iterable[Readback]) -> Readback:
        """Readings of different pages of one file as one, in the order of the pages."""
        found = list(parts)
        findings = [finding for part in found for finding in part.findings]
        seen = [code for part in found for code in part.seen]
        return cls(
            sum(part.expected for part in found),
            sum(part.read for part in found),
            sum(part.pages_rendered for part in found),
            tuple(sorted(findings, key=lambda finding: finding.page or 0)),
            tuple(sorted(seen, key=lambda code: code.page)),
        )


def read_pages(data: bytes, expected: Expected, pages: Sequence[int]) -> Readback:
    """Decode these pages, counted from 1."""
    codes = None if expected.codes is None else by_page(expected)
    dpi = reading_dpi(expected.dpi)
    with rasters(data) as pictures:
        reader = _Reader(pictures, dpi)
        return Readback.joined(
            reader.read(page, None if codes is None else codes.get(page, ())) for page in pages
        )


def by_page(expected: Expected) -> Mapping[int, Sequence[CodeAt]]:
    """The codes that must be on each page that has any."""
    found: dict[int, list[CodeAt]] = defaultdict(list)
    for code in expected.codes or ():
        found[code.page].append(code)
    return dict(found)


def reading_dpi(press_dpi: float) -> float:
    """The least resolution from LEAST_DPI up at which a pixel is a whole number of the press's
    dots, or a dot a whole number of pixels: 300 for a plate of 2400 dpi, 406.4 for a head of 203.2.
    """
    if press_dpi < LEAST_DPI:
        return press_dpi * math.ceil(LEAST_DPI / press_dpi)
    return press_dpi / math.floor(press_dpi / LEAST_DPI)


def common(box: Box, other: Box) -> Box | None:
    """The area that two boxes share; None if it is none, as what is to be rastered needs one."""
    part = box.common(other)
    return part if part is not None and part.width > 0 and part.height > 0 else None


def decoded(picture: Grey, **how: Any) -> list[Decoded]:
    """The codes that zxing-cpp finds in a picture; `how` are options of read_barcodes."""
    return [
        Decoded(code.text, _around((at.x, at.y) for at in _corners(code.position)))
        for code in zxingcpp.read_barcodes(picture, formats=QR, **how)
    ]


def decoded_by_any(picture: Grey) -> list[Decoded]:
    """The codes in a picture, by the first reader that finds one."""
    if not picture.size:
        return []
    for binarizer in BINARIZERS:
        if found := decoded(picture, binarizer=binarizer):
            return found
    return _opencv(picture)


class _Reader:
    """Reads pages one after the other."""

    def __init__(self, pictures: Rasters, dpi: float) -> None:
        self._pictures = pictures
        self._dpi = dpi
        self._good: Grey | None = None
        """The last page that was looked at closely and had what was ordered, and nothing else."""

    def read(self, page: int, codes: Sequence[CodeAt] | None) -> Readback:
        """Read a page; `codes` are those that must be on it, None if nobody said."""
        paper = self._pictures.box(page)
        dpi = min(self._dpi, LONGEST_PX * MM_PER_INCH / max(paper.width, paper.height))
        picture = self._pictures.glimpse(page, dpi)
        if codes is None:
            return Readback(0, 0, 1, (), tuple(_all_seen(page, decoded(picture), dpi)))
        seen = self._at_a_glance(picture, page, codes, dpi)
        if seen is not None:
            return Readback(len(codes), len(codes), 1, (), tuple(seen))
        seen = _all_seen(page, decoded(picture), dpi)
        if _as_ordered(codes, seen):
            self._good = picture.copy()
        for code in codes:
            if not any(_near(code, other) for other in seen):
                seen += _second_look(self._pictures, code, CLOSER * dpi)
        return _held(page, codes, seen)

    def _at_a_glance(
        self, picture: Grey, page: int, codes: Sequence[CodeAt], dpi: float
    ) -> list[CodeSeen] | None:
        """What stands on a page much like the last good one; None if it needs a closer look."""
        if self._good is None or picture.shape != self._good.shape:
            return None
        seen = _all_seen(page, decoded(picture, **GLANCE), dpi)
        if not _as_ordered(codes, seen):
            return None
        symbols = [Area.of(_in_pixels(code.box, dpi), picture) for code in codes]
        looked_at = 0
        for area in differing(picture, self._good, symbols):
            part = area.seen(picture)
            looked_at += part.size
            too_much = looked_at > MOST_SEEN * picture.size or area.side >= LARGE_PX
            if too_much or decoded(part):
                return None
        return seen


def _as_ordered(codes: Sequence[CodeAt], seen: Sequence[CodeSeen]) -> bool:
    """Whether what was seen are the codes of an order, each once and in its place."""
    if len(seen) != len(codes):
        return False
    places: dict[str, list[CodeSeen]] = defaultdict(list)
    for one in seen:
        places[one.text].append(one)
    return all(sum(_near(code, one) for one in places[code.url]) == 1 for code in codes)


def _held(page: int, codes: Sequence[CodeAt], seen: Sequence[CodeSeen]) -> Readback:
    """What was seen on a page, held against the codes that must be on it."""
    findings: list[Finding] = []
    for code in codes:
        findings += _judged(code, [other.text for other in seen if _near(code, other)])
    read = len(codes) - len(findings)
    findings += [
        Finding("code-extra", page, other.box, {"url": other.text})
        for other in seen
        if not any(_near(code, other) for code in codes)
    ]
    return Readback(len(codes), read, 1, tuple(findings), tuple(seen))


def _judged(code: CodeAt, read: Sequence[str]) -> Iterator[Finding]:
    """What is wrong with a code where these texts were read."""
    if not read:
        yield Finding("code-missing", code.page, code.box, {"url": code.url})
    elif others := [text for text in read if text != code.url]:
        values = {"url": code.url, "found": others[0]}
        yield Finding("code-wrong", code.page, code.box, values)


def _second_look(pictures: Rasters, code: CodeAt, dpi: float) -> list[CodeSeen]:
    """What is read at the place of a code, seen alone and larger."""
    part = common(code.zone, pictures.box(code.page))
    if part is None:
        return []
    found = decoded_by_any(pictures.grey(code.page, dpi, part))
    seen = [_seen(code.page, other, dpi, Point(part.x, part.y)) for other in found]
    return [other for other in seen if _near(code, other)]


def _opencv(picture: Grey) -> list[Decoded]:
    """What OpenCV's detector reads, a decoder of other descent; nothing where it is not there."""
    if (cv2 := _cv2()) is None:
        return []
    try:
        text, corners, _ = cv2.QRCodeDetector().detectAndDecode(picture)
    except cv2.error:  # raised for patterns that are no codes (OpenCV issue 27807)
        return []
    return [Decoded(text, _around(corners.reshape(-1, 2).tolist()))] if text else []


@cache
def _cv2() -> Any:
    """OpenCV if it is installed: 50 MB that a reading rarely needs."""
    try:
        return importlib.import_module("cv2")
    except ImportError:
        return None


def _near(code: CodeAt, seen: CodeSeen) -> bool:
    return math.dist(_centre(code.box), _centre(seen.box)) <= NEAR


def _centre(box: Box) -> tuple[float, float]:
    return (box.x + box.width / 2, box.y + box.height / 2)


def _all_seen(page: int, found: Iterable[Decoded], dpi: float) -> list[CodeSeen]:
    """Codes of a whole page."""
    return [_seen(page, code, dpi, Point(0, 0)) for code in found]


def _in_pixels(box: Box, dpi: float) -> Box:
    px = dpi / MM_PER_INCH
    return Box(box.x * px, box.y * px, box.width * px, box.height * px)


def _seen(page: int, code: Decoded, dpi: float, corner: Point) -> CodeSeen:
    """A decoded code on its page; `corner` is where the picture's top left lies."""
    mm, box = MM_PER_INCH / dpi, code.box_px
    at = Box(box.x * mm, box.y * mm, box.width * mm, box.height * mm)
    return CodeSeen(page, at.moved(corner), code.text)


def _corners(position: Any) -> tuple[Any, ...]:
    return (position.top_left, position.top_right, position.bottom_right, position.bottom_left)


def _around(corners: Iterable[tuple[float, float]]) -> Box:
    """The upright box around points."""
    xs, ys = zip(*corners, strict=True)
    return Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))
