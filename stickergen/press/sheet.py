"""Imposition: which piece sits on which place of which sheet, and how often each sheet is printed.

Comes in: the plan's lots, the place of the pieces on a stock (`Placement`), finished pages by key.
Goes out: `Sheet`s in printing order; sheets that are the same are one Sheet with a number of
copies. Millimetres; the slug line and the sample mark stand in the margin, outside the pieces.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice
from typing import Literal

from stickergen.artwork.fonts import font
from stickergen.artwork.page import Item, Page, Text
from stickergen.artwork.text import ENDLESS
from stickergen.artwork.text import runs as runs_of
from stickergen.artwork.typeset import Setting, set_text
from stickergen.content.campaign import Lot
from stickergen.content.serial import Numbering
from stickergen.ink import Ink
from stickergen.measure import Box, Point, Size, to_mm, to_pt
from stickergen.press import marks
from stickergen.press.marks import Trimming
from stickergen.press.stock import Placement
from stickergen.press.volume import Bundle, Part, pieces_of, places

SLUG_PT = (7.0, 6.5, 6.0)
"""Sizes tried for the slug line; nothing under 6 pt is set (house style)."""

SLUG_FONT = "regular"

MARK_PT = 9.0
"""Size of the sample mark, smaller in a lower strip. Tuned: is seen before the slug line."""

STRIP = to_mm(SLUG_PT[-1]) + 0.6
"""mm; the least height of a margin that takes the slug line. Tuned: 0.3 mm of air on each side."""

BESIDE_MARK = 3.0
"""mm; from a crop mark to the slug line above it. Tuned: the mark is no stroke of the line."""

SAMPLE = "样张"
SAMPLE_LINE = "样张 · 示范网址，不得投放"

_BLACK = Ink(0, 0, 0, 100)

_BETWEEN = " 至 "

Kind = Literal["slip", "labels", "flyer", "ticket"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A design on a sheet: the key of its page, and where its trim box lies."""

    design: str
    box: Box
    serial: int | None = None
    """Its own number, where each has one."""


@dataclass(frozen=True, slots=True)
class Run:
    """Equal sheets in a row: the design of each place (None: left empty), how many sheets."""

    places: tuple[str | None, ...]
    copies: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of the PDF: everything on it, and how many times it is printed."""

    kind: Kind
    paper: Size
    pieces: tuple[Piece, ...]
    furniture: tuple[Item, ...]
    copies: int
    point: str | None = None
    numbered: bool = False
    """Whether its slug line says how often it is printed."""
    trimming: Trimming | None = None
    """What a shop cuts; None: the page is used as it leaves the printer."""
    shared: tuple[Item, ...] = ()
    """Furniture that is the same on many sheets: the ruler, words of the slug line."""

    @property
    def designs(self) -> frozenset[str]:
        """The designs on it."""
        return frozenset(piece.design for piece in self.pieces)

    @property
    def pieces_printed(self) -> int:
        """Stickers or flyers on all copies; a slip or a ticket is not a piece."""
        return len(self.pieces) * self.copies if self.kind in ("labels", "flyer") else 0


def runs(designs: Sequence[tuple[str, int]], ups: int, skip: int = 0) -> list[Run]:
    """Sheets for so many pieces of each design, in order: whole sheets of one design, then mixed.

    `skip` places of the first sheet stay empty: they are used up already.
    """
    assert 0 <= skip < ups
    found: list[Run] = []
    left = [(design, count) for design, count in designs if count > 0]
    if skip and left:
        first = list(islice(_each(left), ups - skip))
        taken = Counter(first)
        left = [(design, count - taken[design]) for design, count in left]
        padding = ups - skip - len(first)
        found.append(Run((*[None] * skip, *first, *[None] * padding), 1))
    found += [Run((design,) * ups, n // ups) for design, n in left if n >= ups]
    remainders = _each([(design, count % ups) for design, count in left])
    while mixed := tuple(islice(remainders, ups)):
        found.append(Run((*mixed, *[None] * (ups - len(mixed))), 1))
    return found


def _each(designs: Sequence[tuple[str, int]]) -> Iterator[str]:
    return (design for design, count in designs for _ in range(count))


def label_sheets(
    lots: Sequence[Lot],
    keys: Sequence[str],
    placement: Placement,
    *,
    title: str,
    mark: Ink | None,
    skip: int = 0,
    expand: bool = False,
    trimming: Trimming | None = None,
    ruler: tuple[Item, ...] = (),
) -> list[Sheet]:
    """The label sheets of lots that are imposed together; `keys` are their designs, in step.

    They are those of one delivery point, which the slug line then names, or those of all.
    """
    names = {key: lot.scam.name for key, lot in zip(keys, lots, strict=True)}
    counts: Counter[str] = Counter()
    for key, lot in zip(keys, lots, strict=True):
        counts[key] += lot.printed
    points = {lot.point.id: lot.point.name for lot in lots}
    point, named = points.popitem() if len(points) == 1 else (None, "")
    single = len(placement.pieces) == 1
    found = runs([*counts.items()], len(placement.pieces), skip)
    total = sum(run.copies for run in found)
    margin = _free_margin(placement)
    sheets: list[Sheet] = []
    number = 1
    for run in found:
        pieces = tuple(
            Piece(design, box)
            for design, box in zip(run.places, placement.pieces, strict=True)
            if design is not None
        )
        cut = trimming.around(piece.box for piece in pieces) if trimming else None
        for first, last in _spans(number, run.copies, expand):
            words = [title, _types(run, names), named, _numbers(first, last, total, single)]
            line = slug(margin, words, mark)
            copies = last - first + 1
            sheets.append(
                Sheet(
                    "labels",
                    placement.paper,
                    pieces,
                    line,
                    copies,
                    point,
                    numbered=any(item.ink == _BLACK for item in line),  # not the mark alone
                    trimming=cut,
                    shared=ruler,
                )
            )
        number += run.copies
    return sheets


def numbered_sheets(
    bundle: Bundle,
    part: Part,
    placement: Placement,
    numbering: Numbering,
    *,
    title: str,
    mark: Ink | None,
    stacked: bool,
    trimming: Trimming | None = None,
    ruler: tuple[Item, ...] = (),
) -> Iterator[Sheet]:
    """The sheets of a part of a numbered order: each piece with its number, each sheet once.

    The slug line names the numbers on the sheet; in a pile to be cut and stacked, those of the
    pile.
    """
    names = {key: lot.scam.name for key, lot in zip(bundle.keys, bundle.lots, strict=True)}
    point = bundle.lots[0].point
    ups, margin = len(placement.pieces), _free_margin(placement)
    numbered, count = pieces_of(bundle, part), len(part.sheets)
    pile = _serials(numbering, [serial for _, serial in numbered])
    slugs: dict[tuple[str, int], tuple[Text, ...]] = {}
    shared: tuple[Text, ...]
    for number, row in enumerate(places(part, ups, stacked=stacked), 1):
        pieces = tuple(
            Piece(design, box, serial)
            for place, box in zip(row, placement.pieces, strict=True)
            if place is not None
            for design, serial in [numbered[place - part.pieces.start]]
        )
        types = _types(Run(tuple(piece.design for piece in pieces), 1), names)
        words = [title, types, point.name]
        if stacked:
            where = f"{pile} 裁切叠放，第{number}张，共{count}张"
            own, shared = slug(margin, [*words, where], mark), ()
        else:
            serials = [piece.serial for piece in pieces if piece.serial is not None]
            ends = sorted({serials[0], serials[-1]})
            if (types, len(ends)) not in slugs:  # a line is set once, with the widest numbers
                wide = _BETWEEN.join(numbering.widest for _ in ends)
                slugs[types, len(ends)] = slug(margin, [*words, wide], mark)
            own, shared = _filled(slugs[types, len(ends)], numbering, ends)
        yield Sheet(
            "labels",
            placement.paper,
            pieces,
            own,
            1,
            point.id,
            numbered=any(item.ink == _BLACK for item in own),
            trimming=trimming.around(piece.box for piece in pieces) if trimming else None,
            shared=(*shared, *ruler),
        )


def flyer_sheets(
    key: str,
    copies: int,
    placement: Placement,
    margin: float,
    *,
    words: Sequence[str],
    mark: Ink | None,
    expand: bool = False,
    trimming: Trimming | None = None,
) -> list[Sheet]:
    """The sheets of one flyer. A flyer that is the whole sheet carries no slug line; its sample
    mark stands in its own margin, `margin` mm wide, where nothing else is printed.
    """
    ups = len(placement.pieces)
    total = -(-copies // ups)
    pieces = tuple(Piece(key, box) for box in placement.pieces)
    if (strip := _free_margin(placement)) is not None:
        furniture = slug(strip, words, mark)
    else:
        strips = [_own_margin(placement, piece, margin) for piece in placement.pieces]
        furniture = tuple(item for own in strips for item in slug(own, [], mark))
    sheet = Sheet("flyer", placement.paper, pieces, furniture, total, trimming=trimming)
    return [replace(sheet, copies=1)] * total if expand else [sheet]


def whole(page: Page, key: str, kind: Kind, point: str | None = None) -> Sheet:
    """A sheet that is one page and nothing else: a slip, a page of the ticket."""
    box = Box(0, 0, page.size.width, page.size.height)
    return Sheet(kind, page.size, (Piece(key, box),), (), 1, point)


def ruler_strip(placement: Placement) -> Box | None:
    """The lowest free strip that the slug line leaves, from the first piece's left edge on."""
    left = [strip for strip in placement.strips(STRIP) if strip != placement.strip(STRIP)]
    return _from_first_piece(placement, left[-1]) if left else None


def has_room_for_mark(placement: Placement, margin: float = 0.0) -> bool:
    """Whether the sample mark finds a margin outside the pieces, or in a flyer's own margin."""
    own = _own_margin(placement, placement.pieces[0], margin)
    return (_free_margin(placement) or own) is not None


def slug(strip: Box | None, words: Sequence[str], mark: Ink | None) -> tuple[Text, ...]:
    """The slug line in a free strip, in the middle of its height, the sample mark before it.

    `mark` is the ink of the sample mark; None where this is no sample.

    Where the strip is too narrow at the smallest size, words are left out from the front: the
    sheet's number is what the person at the printer needs most.
    """
    if strip is None:
        return ()
    items: list[Text] = []
    left = strip.x
    if mark is not None:
        size_pt = min(MARK_PT, to_pt(strip.height))
        items += _line(SAMPLE if words else SAMPLE_LINE, "bold", size_pt, mark, strip, left)
        left = max(item.box.right for item in items) + 2 * to_mm(SLUG_PT[0])
    for first in range(len(words)):
        text = " · ".join(word for word in words[first:] if word)
        for size_pt in SLUG_PT:
            line = _line(text, SLUG_FONT, size_pt, _BLACK, strip, left)
            if max(item.box.right for item in line) <= strip.right:
                return (*items, *line)
    return tuple(items)


def _line(text: str, name: str, size_pt: float, ink: Ink, strip: Box, left: float) -> list[Text]:
    block = set_text(text, Setting(font(name), size_pt), ENDLESS)
    return runs_of(block, name, ink, Point(left, strip.y + (strip.height - block.height) / 2))


def _free_margin(placement: Placement) -> Box | None:
    """The strip outside all labels, from the first piece's left edge on; else outside the trim."""
    strip = placement.strip(STRIP)
    if strip is None:
        return None if placement.trim.y < STRIP else marks.slug_strip(placement.paper)
    return _from_first_piece(placement, strip)


def _from_first_piece(placement: Placement, strip: Box) -> Box:
    left = max(strip.x, placement.pieces[0].x)
    if placement.pieces[0] == placement.trim and placement.trim.x > 0:
        left += BESIDE_MARK
    return Box(left, strip.y, strip.right - left, strip.height)


def _own_margin(placement: Placement, piece: Box, margin: float) -> Box | None:
    """The strip inside the top margin of a flyer that fills its part of the sheet."""
    top = max(placement.printable.y, piece.y)
    room = piece.y + margin - top
    if room < STRIP:
        return None
    return Box(piece.x + margin, top, piece.width - 2 * margin, room)


def _spans(number: int, copies: int, expand: bool) -> list[tuple[int, int]]:
    if not expand:
        return [(number, number + copies - 1)]
    return [(n, n) for n in range(number, number + copies)]


def _types(run: Run, names: dict[str, str]) -> str:
    groups = [(key, len(list(group))) for key, group in groupby(run.places) if key is not None]
    if len(groups) == 1:
        return names[groups[0][0]]
    return "＋".join(f"{names[key]} {count}" for key, count in groups)


def _numbers(first: int, last: int, total: int, single: bool) -> str:
    return f"{span(first, last, single=single)}，共{total}{_unit(single)}"


def span(first: int, last: int, *, single: bool) -> str:
    """The numbers of equal sheets as the slug line says them; of pieces where a page is one."""
    numbers = str(first) if first == last else f"{first}–{last}"
    return f"第{numbers}{_unit(single)}"


def _serials(numbering: Numbering, serials: Sequence[int]) -> str:
    """The first and the last of some numbers, as they are printed."""
    return _BETWEEN.join(map(numbering.words, sorted({serials[0], serials[-1]})))


def _filled(
    line: Sequence[Text], numbering: Numbering, serials: Sequence[int]
) -> tuple[tuple[Text, ...], tuple[Text, ...]]:
    """A line in which the widest numbers stand for these: what has numbers, and the rest."""
    left = [numbering.words(serial) for serial in reversed(serials)]
    own, shared = [], []
    for item in line:
        if numbering.widest in item.text:
            text = re.sub(re.escape(numbering.widest), lambda _: left.pop(), item.text)
            own.append(replace(item, text=text))
        else:
            shared.append(item)
    return tuple(own), tuple(shared)


def _unit(single: bool) -> str:
    return "枚" if single else "张"
