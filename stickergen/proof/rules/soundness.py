"""Rules on files that are broken: what is missing, cut off, empty, or mended on opening.

Comes in: a `Subject`. Goes out: findings; each names what is broken and the first page that paints
it. Clauses of ISO 32000-1; GWG 4.5 is of the Ghent Workgroup's 2015 specification. Lengths are in
bytes. Limits: JPEG, JPEG 2000, JBIG2 and fax pictures are not decoded, inline images not measured;
of fonts the table directory of TrueType is read; a `Q` too many, which viewers pass over, is not
told.
"""

from __future__ import annotations

import re
import struct
import warnings
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import pikepdf

from stickergen.proof.finding import Finding
from stickergen.proof.interpreter.parsing import parsed, without_rectangles
from stickergen.proof.rules import EVERY, rule
from stickergen.proof.rules.inventory import inventory
from stickergen.proof.rules.objects import (
    UNREADABLE,
    Value,
    elements,
    entry,
    is_holder,
    is_stream,
    items,
    label,
    leaves,
    name,
    number,
    once,
    told,
)
from stickergen.proof.subject import Subject

_NAMING = {
    "Tf": ("/Font", 0),
    "Do": ("/XObject", 0),
    "gs": ("/ExtGState", 0),
    "cs": ("/ColorSpace", 0),
    "CS": ("/ColorSpace", 0),
    "sh": ("/Shading", 0),
    "scn": ("/Pattern", -1),
    "SCN": ("/Pattern", -1),
    "BDC": ("/Properties", 1),
    "DP": ("/Properties", 1),
}
"""Operators that name a resource: its category, and which operand may be the name."""

_READ = " ".join(("q Q BT ET", *_NAMING))

_OWN_SPACES = frozenset(("/DeviceGray", "/DeviceRGB", "/DeviceCMYK", "/Pattern"))
"""Colour spaces that need no resource (8.6.3)."""

_OPERATORS = frozenset(
    rb"""b B b* B* BDC BI BMC BT BX c cm CS cs d d0 d1 Do DP EI EMC ET EX f F f* G g gs h i ID j J
    K k l m M MP n q Q re RG rg ri s S SC sc SCN scn sh T* Tc Td TD Tf Tj TJ TL Tm Tr Ts Tw Tz v w
    W W* y ' " true false null""".split()
)
"""All operators (annex A), and the words that stand among operands."""

_NO_WORDS = re.compile(
    rb"\((?:[^()\\]|\\.)*\)|<[0-9A-Fa-f\s]*>|/[^\s\[\]<>(){}/%]*|%[^\r\n]*", re.DOTALL
)
"""Strings, names and comments, in which anything may stand."""

_WORD = re.compile(rb"[^\s\[\]<>(){}/%]*[A-Za-z'\"][^\s\[\]<>(){}/%]*")

_UNDECODED = frozenset(("DCTDecode", "JPXDecode", "JBIG2Decode", "CCITTFaxDecode"))
_UNDECODABLE: tuple[type[Exception], ...] = (*UNREADABLE, zlib.error)
_PIECE = 1 << 20  # bytes decoded at a time. Tuned: quick, and little to hold
_MOST_PACKED = 1 << 20  # bytes. Tuned: what other filters than Flate alone may unfold at once
_MOST_SEARCHED = 1 << 24  # bytes. Tuned: a map in one stream has less; a bomb takes no minute
_MOST_FONT = 1 << 26  # bytes. Tuned: a whole Chinese font has 20 MB
_MOST_REASON = 100  # characters. Tuned: a line of the report

_COMPONENTS = {
    "DeviceGray": 1,
    "DeviceRGB": 3,
    "DeviceCMYK": 4,
    "CalGray": 1,
    "CalRGB": 3,
    "Lab": 3,
    "Indexed": 1,
    "Separation": 1,
}
_TABLES = frozenset((b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp"))
"""What an embedded TrueType font has (9.9)."""
_HEAD_MAGIC = b"\x5f\x0f\x3c\xf5"  # OpenType, table head: magicNumber at 12
_OPENED_AS = re.compile(r"^(?:stream )?<[^>]*>[,: ]*")
"""How qpdf calls a file that was opened from memory."""
_SIZED = re.compile(r"object (\d+) (\d+) .*MediaBox is undefined")
"""qpdf gives a page without a MediaBox that of US Letter, and says so."""
_OF_CONTENT = ("page object ", "stream data")
"""What marks qpdf's warnings on content streams, which are no repairs of the file."""


@dataclass(frozen=True, slots=True)
class _Content:
    """A content stream that is painted: its page or form, and the resources in force."""

    holder: Value
    name: str
    page: int
    resources: Value


@dataclass(frozen=True, slots=True)
class _Fault:
    name: str
    page: int
    reason: str


@dataclass(eq=False)
class _Reading:
    """What was met on the way through all that is painted."""

    repairs: tuple[str, ...]
    sized: frozenset[tuple[int, int]]
    """The pages that have their MediaBox from qpdf."""
    missing: list[tuple[int, str, str]] = field(default_factory=list)
    damaged: list[_Fault] = field(default_factory=list)


# --- the rules ---


@rule("Sound", *EVERY)
def missing_resource(subject: Subject) -> Iterator[Finding]:
    """What a page names and does not have is left out: a whole design, a font, an overprint.

    Each name in a content stream that is painted stands in its resources (7.8.3): those of the
    page, of the tree above it, or of the form. Device spaces and Pattern need none.
    Passes: `/Fm1 Do` with `/XObject << /Fm1 7 0 R >>`.
    Fails: `/Fm1 Do` without it, or 7 0 R is not in the file.
    """
    for page, category, called in _reading(subject).missing:
        values = {"category": category, "name": called}
        yield Finding("missing-resource", page, values=values)


@rule("Sound", *EVERY)
def damaged_stream(subject: Subject) -> Iterator[Finding]:
    """A file cut off or changed on its way prints in part, and the RIP seldom says so.

    Content streams, pictures and fonts can be decoded (7.4); a content stream closes its `q` and
    `BT` (8.4.2, 9.4.1) and has no operators of its own; a picture has as many bytes as its size
    asks for (8.9.5).
    Passes: 100 × 100 pixels of CMYK in 40,000 bytes.
    Fails: the same in 39,000 bytes; `q 1 0 0 1 9 9 cm /Fm1 Do` and no `Q`.
    """
    for fault in _reading(subject).damaged:
        values = {"name": fault.name, "reason": fault.reason}
        yield Finding("damaged-stream", fault.page, values=values)


@rule("GWG 4.5", *EVERY)
def blank_page(subject: Subject) -> Iterator[Finding]:
    """An empty page is paid for, and often it is one whose content was lost.

    Each page leaves a mark, be it white (GWG 2015, 4.5).
    Passes: a page with a line of text.
    Fails: a page without Contents.
    """
    for page in leaves(subject):
        if not subject.painting.pages.get(page.number):
            yield Finding("blank-page", page.number, severity="warning")


@rule("Sound", *EVERY)
def page_without_size(subject: Subject) -> Iterator[Finding]:
    """Without a size each program takes its own: here A4, there Letter.

    A MediaBox on the page or in the tree above it (7.7.3.3).
    Passes: `/MediaBox [0 0 595.28 841.89]` in the root of the page tree.
    Fails: no MediaBox on the way from the page to the root.
    """
    reading = _reading(subject)
    for page in leaves(subject):
        if page.inherited("/MediaBox") is None or page.object.objgen in reading.sized:
            yield Finding("page-without-size", page.number)


@rule("Sound", *EVERY)
def repaired_file(subject: Subject) -> Iterator[Finding]:
    """A file that had to be mended on opening is mended elsewhere in another way, or not at all.

    qpdf reads it without a warning: table of objects, lengths, dictionaries.
    Passes: a file as its program wrote it.
    Fails: one whose line ends were changed by mail, or whose end is missing.
    """
    repairs = _reading(subject).repairs
    if repairs:
        values = {"count": len(repairs), "reason": repairs[0]}
        yield Finding("repaired-file", values=values, severity="warning")


# --- the way through the file ---


@once
def _reading(subject: Subject) -> _Reading:
    inventory(subject)  # has every object read, and qpdf warns as it reads
    warned = [(words, _SIZED.search(words)) for words in _warned(subject.pdf, repairs=True)]
    reading = _Reading(
        tuple(_short(words) for words, sized in warned if sized is None),
        frozenset((int(sized[1]), int(sized[2])) for _, sized in warned if sized is not None),
    )
    _Way(subject.pdf, reading).follow(
        [
            _Content(page.object, "Contents", page.number, page.inherited("/Resources"))
            for page in leaves(subject)
        ]
    )
    return reading


def _warned(pdf: pikepdf.Pdf, repairs: bool) -> Iterator[str]:
    """qpdf's warnings since they were last asked for."""
    for warning in pdf.get_warnings():
        words = str(warning)
        if not (repairs and any(mark in words for mark in _OF_CONTENT)):
            yield words


def _short(words: object) -> str:
    """A line of the report, the same whenever the file is read."""
    return _OPENED_AS.sub("", " ".join(str(words).split()))[:_MOST_REASON]


class _Way:
    """All that is painted, each stream once with each of its resources."""

    def __init__(self, pdf: pikepdf.Pdf, reading: _Reading) -> None:
        self._pdf = pdf
        self._reading = reading
        self._seen: set[object] = set()
        self._waiting: list[_Content] = []

    def follow(self, pages: list[_Content]) -> None:
        """Read the pages, then what they paint with, and so on."""
        with warnings.catch_warnings(record=True) as heard:
            warnings.simplefilter("always")
            self._waiting = list(reversed(pages))
            while self._waiting:
                here = self._waiting.pop()
                for reason in self._faults(here, heard):
                    self._reading.damaged.append(_Fault(here.name, here.page, reason))

    def _faults(self, here: _Content, heard: list[warnings.WarningMessage]) -> list[str]:
        """Why a content stream is damaged; what it names is looked up."""
        streams = [here.holder]
        if not is_stream(here.holder):
            streams = elements(entry(here.holder, "/Contents"))
        odd = [part for part in streams if not is_stream(part) and part is not None]
        if odd:
            return [f"Contents: {told(odd[0])}"]
        heard.clear()
        try:
            data = b"\n".join(stream.read_bytes() for stream in streams if stream is not None)
            instructions = parsed(here.holder, _READ) if streams else []
        except UNREADABLE as error:
            return [_short(error)]
        counted: Counter[str] = Counter()
        named: dict[tuple[str, str], None] = {}
        for instruction in instructions:
            operator = str(instruction.operator)
            counted[operator] += 1
            if operator in _NAMING:
                category, at = _NAMING[operator]
                operands = instruction.operands
                if len(operands) > at and operands and isinstance(operands[at], pikepdf.Name):
                    called = bytes(operands[at]).decode("utf-8", "surrogateescape")
                    named[category, called] = None
        for category, called in named:
            self._look_up(here, category, called)
        reasons = [_short(warning.message) for warning in heard]
        reasons += map(_short, _warned(self._pdf, repairs=False))
        for opens, closes in (("q", "Q"), ("BT", "ET")):
            if counted[opens] > counted[closes]:
                reasons.append(f"{opens} {counted[opens]}, {closes} {counted[closes]}")
        return (reasons or _unknown(here.holder, data))[:1]

    def _look_up(self, here: _Content, category: str, called: str) -> None:
        if category == "/ColorSpace" and called in _OWN_SPACES:
            return
        found = entry(here.resources, category, called)
        whole = {"/XObject": is_stream, "/Font": is_holder, "/ExtGState": is_holder}
        if found is None or (category in whole and not whole[category](found)):
            self._reading.missing.append((here.page, category.removeprefix("/"), label(called)))
            return
        if category in whole or category == "/Pattern":
            self._enter(here, category, label(called), found)

    def _enter(self, here: _Content, category: str, called: str, found: Value) -> None:
        """What hangs on a resource and is painted, or painted with."""
        if category == "/ExtGState":
            found = entry(found, "/SMask", "/G")
        if category == "/Font" and self._first(found):
            self._font(here, called, found)
        elif is_stream(found) and name(entry(found, "/Subtype")) == "Image":
            for image in (found, entry(found, "/SMask"), entry(found, "/Mask")):
                if is_stream(image) and self._first(image):
                    self._tell(here, called, _image_fault(image))
        elif is_stream(found) and name(entry(found, "/Subtype")) != "PS":
            self._wait(here, called, found, entry(found, "/Resources"))

    def _wait(self, here: _Content, called: str, stream: Value, own: Value) -> None:
        resources = own if is_holder(own) else here.resources
        if self._first(stream, None if is_holder(own) else resources):
            self._waiting.append(_Content(stream, called, here.page, resources))

    def _font(self, here: _Content, called: str, font: Value) -> None:
        for _, glyph in items(entry(font, "/CharProcs")):
            if is_stream(glyph):
                self._wait(here, called, glyph, entry(font, "/Resources"))
        for part in (font, *elements(entry(font, "/DescendantFonts"))):
            for key in ("/FontFile", "/FontFile2", "/FontFile3"):
                file = entry(part, "/FontDescriptor", key)
                if is_stream(file) and self._first(file):
                    self._tell(here, called, _font_fault(file, key))

    def _tell(self, here: _Content, called: str, reason: str | None) -> None:
        if reason is not None:
            self._reading.damaged.append(_Fault(called, here.page, reason))

    def _first(self, *values: Value) -> bool:
        """Whether these come together for the first time."""
        key = tuple(_identity(value) for value in values)
        new = key not in self._seen
        self._seen.add(key)
        return new


def _identity(value: Value) -> object:
    if value is None:
        return None
    return value.objgen if value.is_indirect else value.unparse()


def _unknown(holder: Value, data: bytes) -> list[str]:
    """Words of a content stream that are no operators; a parser is asked only if some seem so."""
    if len(data) > _MOST_SEARCHED:
        return []
    seeming = _WORD.findall(_NO_WORDS.sub(b" ", without_rectangles(data)))
    words = {word for word in seeming if word not in _OPERATORS}
    if not words or b"BX" in data:  # between BX and EX unknown ones are allowed (7.8.2)
        return []
    for instruction in pikepdf.parse_content_stream(holder):
        if isinstance(instruction, pikepdf.ContentStreamInlineImage):
            continue
        operator = bytes(instruction.operator)
        if operator not in _OPERATORS:
            return [_short(operator.decode("latin-1"))]
    return []


# --- pictures and fonts ---


def _pieces(stream: Value) -> Iterator[bytes]:
    """The decoded bytes of a stream piece by piece, a predictor left in; nothing is held."""
    filters = [name(found) for found in elements(entry(stream, "/Filter"))]
    if filters != ["FlateDecode"]:
        yield stream.read_bytes()
        return
    left, inflating = stream.read_raw_bytes(), zlib.decompressobj()
    while left and not inflating.eof:
        yield inflating.decompress(left, _PIECE)
        left = inflating.unconsumed_tail
    yield inflating.flush()


def _too_packed(stream: Value) -> bool:
    """Whether a stream is left alone: of filters not known here, or of several that unfold much."""
    filters = [name(found) for found in elements(entry(stream, "/Filter"))]
    packed = number(entry(stream, "/Length")) or 0
    if not filters or filters == ["FlateDecode"]:
        return False
    return bool(_UNDECODED.intersection(filters)) or packed > _MOST_PACKED


def _image_fault(image: Value) -> str | None:
    """Why a picture is damaged; what its size asks for is computed, not made."""
    wanted = _wanted(image)
    if wanted is None or _too_packed(image):
        return None
    there = 0
    try:
        for piece in _pieces(image):
            there += len(piece)
            if there >= wanted:
                return None
    except _UNDECODABLE as error:
        return _short(error)
    return f"{there} < {wanted} bytes"


def _wanted(image: Value) -> int | None:
    """The bytes that a picture's size asks for; None if it says too little."""
    width, height = (number(entry(image, key)) for key in ("/Width", "/Height"))
    if entry(image, "/ImageMask") is True:
        bits, components = 1.0, 1
    else:
        bits = number(entry(image, "/BitsPerComponent")) or 0
        components = _components(entry(image, "/ColorSpace"))
    if not width or not height or not bits or not components:
        return None
    return int(height) * -(-int(width) * components * int(bits) // 8)


def _components(space: Value) -> int:
    """The values of a colour in a space; 0 if it is not known."""
    parts = elements(space)
    family = name(parts[0]) if parts else None
    if family == "ICCBased" and len(parts) > 1:
        return int(number(entry(parts[1], "/N")) or 0)
    if family == "DeviceN" and len(parts) > 1:
        return len(elements(parts[1]))
    return _COMPONENTS.get(family or "", 0)


def _font_fault(file: Value, key: str) -> str | None:
    """Why a font program is damaged."""
    if _too_packed(file):
        return None
    data = b""
    try:
        for piece in _pieces(file):
            data += piece
            if len(data) > _MOST_FONT:
                return None
    except _UNDECODABLE as error:
        return _short(error)
    return _tables_fault(data) if key == "/FontFile2" else None if data else "0 bytes"


def _tables_fault(data: bytes) -> str | None:
    """Why the tables of a TrueType font cannot be read (OpenType, table directory)."""
    try:
        (count,) = struct.unpack_from(">H", data, 4)
        tables = {}
        for number_ in range(count):
            tag, _, start, length = struct.unpack_from(">4sIII", data, 12 + 16 * number_)
            tables[tag] = (start, length)
    except struct.error:
        return "table directory"
    for tag, (start, length) in tables.items():
        if start + length > len(data):
            return _short(tag.decode("latin-1"))
    if missing := _TABLES - tables.keys():
        return min(missing).decode()
    start, _ = tables[b"head"]
    return None if data[start + 12 : start + 16] == _HEAD_MAGIC else "head"
