"""Rules that hold a file against its order: pages, sizes, bleed, safe area, codes.

All need the expected facts: of a foreign file they say nothing. A text that lies on no piece is
furniture of the page, and must stay off the pieces with their bleed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce

from stickergen.measure import Box, Edges
from stickergen.proof.expected import CodeAt, Expected, Frame, Up
from stickergen.proof.finding import Finding
from stickergen.proof.pagetree import rectangle
from stickergen.proof.painted import Layer, Mark
from stickergen.proof.rules import EVERY, rule
from stickergen.proof.rules.objects import Leaf, entry, leaves, number, once, told
from stickergen.proof.rules.painting import (
    COVERING,
    Placed,
    middle,
    named,
    places,
)
from stickergen.proof.subject import Subject

SAME_SIZE = 0.1
"""mm; boxes that differ by less are the same. Tuned: a guillotine holds no less."""

WITHIN = 0.05
"""mm; boxes may stick out so far. Tuned: what rounding in a PDF adds up to, and no eye sees."""

_GRID = 0.5  # mm; tuned: of a fill, less on the piece is a hairline that touches it


# --- pages ---


@rule("Order", *EVERY)
def page_count(subject: Subject) -> Iterator[Finding]:
    """A page too few is a sheet that is not printed; a page too many is printed for nothing.

    Passes: as many pages as the order lists. Fails: the last page lost on the way.
    """
    wanted, found = subject.expected.pages, len(leaves(subject))
    if wanted is not None and len(wanted) != found:
        yield Finding("page-count", values={"pages": found, "wanted": len(wanted)})


@rule("Order", *EVERY)
def page_size(subject: Subject) -> Iterator[Finding]:
    """A page of another size is scaled by someone on the way, and codes leave the printer's dots.

    MediaBox and TrimBox are held against the order to 0.1 mm. UserUnit enlarges a page, and Rotate
    turns it.
    Passes: an A4 page as ordered. Fails: the same file saved as Letter, or with `/Rotate 90`.
    """
    for leaf in leaves(subject):
        frame = frame_of(subject.expected, leaf.number)
        media = box_of(leaf, "/MediaBox")
        if frame is None:
            continue
        yield from _scaled_or_turned(leaf)
        if media is None:
            continue
        trim = next((box for key in _FINISHED if (box := box_of(leaf, key)) is not None), media)
        for name, box, wanted in (
            ("MediaBox", media, frame.media),
            ("TrimBox", trim, frame.trim),
        ):
            if not _same(box, wanted):
                values = {"box": name, "size": _size(box), "wanted": _size(wanted)}
                yield Finding("page-size", leaf.number, box, values)


def _scaled_or_turned(leaf: Leaf) -> Iterator[Finding]:
    unit, turned = entry(leaf.object, "/UserUnit"), leaf.inherited("/Rotate")
    if number(unit) not in (None, 1):
        values = {"box": "UserUnit", "size": told(unit), "wanted": "1"}
        yield Finding("page-size", leaf.number, values=values)
    if (number(turned) or 0) % 360:
        values = {"box": "Rotate", "size": f"{told(turned)}°", "wanted": "0°"}
        yield Finding("page-size", leaf.number, values=values)


_FINISHED = ("/TrimBox", "/ArtBox", "/CropBox")
"""Where the finished size stands, and what it is if it stands nowhere (ISO 32000-1, 14.11.2)."""


# --- pieces ---


@rule("Order", *EVERY)
def bleed_missing(subject: Subject) -> Iterator[Finding]:
    """Where colour ends at the cut, a cut half a millimetre off leaves a white edge.

    What touches the trim edge of a piece must reach the whole bleed.
    Passes: a panel that ends 2 mm outside the trim, with 2 mm of bleed.
    Fails: a panel that ends on the trim.
    """

    def short(page: int, frame: Frame, marks: tuple[Mark, ...]) -> Iterator[Finding]:
        ups = _Ups(frame)
        for mark in marks:
            if mark.kind not in COVERING or (mark.colour is not None and mark.colour.white):
                continue
            up = ups.of(mark.box)
            missed = _missed(mark.box, up.trim, frame.bleed) if up is not None else None
            if missed is not None:
                values = {"reach": round(missed, 2), "bleed": frame.bleed}
                yield Finding("bleed-missing", page, mark.box, values)

    yield from (
        finding
        for page, frame, layer in _framed(subject)
        if frame.bleed > 0
        for finding in short(page, frame, layer.marks)
    )


@rule("Order", *EVERY)
def text_outside_safe_area(subject: Subject) -> Iterator[Finding]:
    """Text near the cut is cut off on some pieces of every stack.

    Passes: text 2 mm inside, with a safe distance of 2 mm. Fails: text 1 mm inside; a slug line
    that runs over a piece.
    """

    def outside(page: int, frame: Frame, marks: tuple[Mark, ...]) -> Iterator[Finding]:
        ups = _Ups(frame)
        for mark in marks:
            if mark.kind != "text":
                continue
            up = ups.of(mark.box)
            if up is not None and not in_safe_area(up, mark.box):
                values = {"text": (mark.text or "?").strip()}
                yield Finding("text-outside-safe-area", page, mark.box, values)

    yield from (
        finding
        for page, frame, layer in _framed(subject)
        for finding in outside(page, frame, layer.marks)
    )


@rule("Order", *EVERY)
def code_outside_safe_area(subject: Subject) -> Iterator[Finding]:
    """A code needs its quiet zone whole: 4 modules that the knife must not reach either.

    Passes: symbol and quiet zone inside the safe area. Fails: the quiet zone ends on the trim.
    """
    known: dict[int, _Ups] = {}
    kept: set[tuple[int, Box]] = set()
    for code in subject.expected.codes or ():
        frame = frame_of(subject.expected, code.page)
        if frame is None:
            continue
        zone = code.zone
        if (id(frame), zone) in kept:
            continue
        if id(frame) not in known:
            known[id(frame)] = _Ups(frame)
        up = known[id(frame)].of(zone)
        if up is not None and in_safe_area(up, zone):
            kept.add((id(frame), zone))
        else:
            yield Finding("code-outside-safe-area", code.page, zone)


# --- codes ---


@rule("ISO/IEC 18004 9.1", *EVERY)
def quiet_zone_covered(subject: Subject) -> Iterator[Finding]:
    """Ink in the quiet zone hides where the code ends, and phones do not find it.

    What lies below the white that a code is painted on does no harm.
    Passes: 4 modules of white on all sides. Fails: a frame drawn 2 modules around the code.
    """
    yield from (
        Finding(
            "quiet-zone-covered",
            code.ordered.page,
            mark.box,
            {
                "what": (mark.text or "").strip() or named(mark.colour),
                "module": code.ordered.module,
            },
        )
        for code in _codes(subject)
        for mark in code.intruders
    )


@rule("ISO/IEC 18004 9.1", *EVERY)
def code_on_colour(subject: Subject) -> Iterator[Finding]:
    """On a coloured ground a code loses contrast; on red and yellow under a scanner's red, all.

    Passes: a white box, 4 modules larger all around, then the code. Fails: the code on a panel.
    """
    yield from (
        Finding(
            "code-on-colour",
            code.ordered.page,
            code.ordered.box,
            {"ink": named(code.ground.colour)},
        )
        for code in _codes(subject)
        if code.ground is not None
    )


@rule("GWG 4.9", *EVERY)
def code_not_black(subject: Subject) -> Iterator[Finding]:
    """A code in several inks is blurred by every one that is out of register.

    Black alone, not overprinting, as a path: K100 has the contrast of four inks (FOGRA39: 85.5
    against 86.7) and one plate.
    Passes: `0 0 0 1 k`, `0 g`. Fails: C75 M68 Y67 K90; a picture of a code.
    """
    yield from (
        Finding("code-not-black", code.ordered.page, mark.box, {"ink": named(mark.colour)})
        for code in _codes(subject)
        for mark in code.symbol
        if mark.colour is None or not mark.colour.black_alone or mark.overprint
    )


@rule("Order", *EVERY)
def code_size(subject: Subject) -> Iterator[Finding]:
    """A code drawn smaller has smaller modules: it still scans on the screen, and not on paper.

    What is painted of a symbol is as large as ordered, to half a module on each side.
    Passes: 24 modules of 0.5 mm across 12 mm. Fails: the same symbol drawn 9.6 mm wide.
    """
    for code in _codes(subject):
        if not code.symbol:
            continue  # the reading of the codes tells
        painted = reduce(Box.around, (mark.box for mark in code.symbol))
        half = code.ordered.module / 2
        if not painted.contains(code.ordered.box, half):
            values = {"size": _size(painted), "wanted": _size(code.ordered.box)}
            yield Finding("code-size", code.ordered.page, painted, values)


@dataclass(frozen=True, slots=True)
class _Code:
    """A code as it is painted: its own marks, what lies in its quiet zone, a coloured ground."""

    ordered: CodeAt
    symbol: tuple[Mark, ...]
    intruders: tuple[Mark, ...]
    ground: Mark | None


@once
def _codes(subject: Subject) -> tuple[_Code, ...]:
    """The expected codes; those that equal layers paint in the same place are looked at once."""
    found: dict[tuple[object, ...], _Code] = {}
    near: dict[tuple[int, Box], list[Placed]] = {}
    of_layer = places(subject)
    for code in subject.expected.codes or ():
        zone = code.zone
        around: list[int] = []
        for layer in subject.painting.pages.get(code.page, ()):
            if (layer, zone) not in near:
                near[layer, zone] = of_layer[layer].near(zone)
            if near[layer, zone]:
                around.append(layer)
        key = (zone, code.module, *around)
        if key not in found:
            marks = (placed.mark for layer in around for placed in near[layer, zone])
            found[key] = _painted(code, tuple(marks))
    return tuple(found.values())


def _painted(code: CodeAt, marks: tuple[Mark, ...]) -> _Code:
    box, zone = code.box, code.zone
    dark = [n for n, mark in enumerate(marks) if _dark(mark) and box.contains(mark.box, WITHIN)]
    first = dark[0] if dark else len(marks)
    white = max((n for n in range(first) if _white_box(marks[n], zone)), default=None)
    ground = None
    if white is None:
        below = [mark for mark in marks[:first] if mark.kind in COVERING]
        under = [mark for mark in below if mark.box.contains(box, WITHIN)]
        ground = under[-1] if under and _dark(under[-1]) else None
    free = zone.inset(Edges.all(WITHIN))
    intruders = tuple(
        mark
        for n, mark in enumerate(marks)
        if n not in dark
        and (white is None or n > white)
        and mark is not ground
        and _dark(mark)
        and any(part.overlaps(free) for part in mark.inked)
    )
    return _Code(code, tuple(marks[n] for n in dark), intruders, ground)


def _white_box(mark: Mark, zone: Box) -> bool:
    return (
        mark.kind == "fill"
        and mark.colour is not None
        and mark.colour.white
        and not mark.overprint
        and mark.opacity == 1
        and mark.box.contains(zone, WITHIN)
    )


def _dark(mark: Mark) -> bool:
    return mark.colour is None or not mark.colour.white


# --- frames ---


def frame_of(expected: Expected, page: int) -> Frame | None:
    """The boxes that a page (from 1) was ordered with."""
    pages = expected.pages or ()
    return expected.frames[pages[page - 1]] if page <= len(pages) and expected.frames else None


def in_safe_area(up: Up, box: Box) -> bool:
    """Whether a box is not in danger of being cut."""
    if not up.round:
        return up.safe.contains(box, WITHIN)
    centre, radius = middle(up.safe), up.safe.width / 2
    reach = max(
        math.hypot(x - centre.x, y - centre.y)
        for x in (box.x, box.right)
        for y in (box.y, box.bottom)
    )
    return reach <= radius + WITHIN


class _Ups:
    """The pieces of a page, found by place."""

    def __init__(self, frame: Frame) -> None:
        around = Edges.all(-frame.bleed)
        self._ups = [(up.trim.inset(around), up) for up in frame.ups]

    def of(self, box: Box) -> Up | None:
        """The piece that the middle of a box lies on, else one that the box touches."""
        spot = middle(box)
        touched = None
        for n, (reach, up) in enumerate(self._ups):
            if reach.x <= spot.x <= reach.right and reach.y <= spot.y <= reach.bottom:
                # Marks come piece by piece: the next one is likely to lie here too.
                self._ups.insert(0, self._ups.pop(n))
                return up
            if touched is None and reach.overlaps(box, WITHIN):
                touched = up
        return touched


def _framed(subject: Subject) -> Iterator[tuple[int, Frame, Layer]]:
    """Each layer with each of the frames that its pages have, and the first such page."""
    for layer in subject.layers:
        found: Mapping[int, tuple[int, Frame]] = {
            id(frame): (page, frame)
            for page in reversed(layer.pages)
            if (frame := frame_of(subject.expected, page)) is not None
        }
        for page, frame in found.values():
            yield page, frame, layer


def _missed(box: Box, trim: Box, bleed: float) -> float | None:
    """How far a box that touches the trim edge reaches beyond it, where that is not enough."""
    if not trim.overlaps(box, _GRID):
        return None
    reaches = (trim.x - box.x, trim.y - box.y, box.right - trim.right, box.bottom - trim.bottom)
    short = [reach for reach in reaches if -SAME_SIZE <= reach < bleed - SAME_SIZE]
    return max(min(short), 0.0) if short else None


def box_of(leaf: Leaf, key: str) -> Box | None:
    """A box of a page in mm from the top left corner of its MediaBox."""
    found = rectangle(leaf.inherited(key))
    return None if leaf.media is None or found is None else found.on(leaf.media)


def _same(box: Box, other: Box) -> bool:
    return box.contains(other, SAME_SIZE) and other.contains(box, SAME_SIZE)


def _size(box: Box) -> str:
    return f"{box.width:.1f} × {box.height:.1f} mm"
