"""The packing list, what goes to whom, and the list of pages, how often each is printed.

Comes in: lots, label sheets. Goes out: `PackingPage`s and `PageList`s, the values that the
templates `packing-a4` and `pages-a4` set; a delivery point's name keeps its place in the campaign.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from stickergen.artwork.fields import Bound
from stickergen.content.campaign import Lot
from stickergen.content.model import Scam
from stickergen.content.serial import Numbering
from stickergen.press.sheet import Sheet
from stickergen.press.ticket import Printed, chunks, number, serials

PACKING_ROWS = 24
"""Delivery points on a page of the packing list. Tuned: the rows of packing-a4 at 8 pt."""

PAGE_LINES = 44
"""Lines on a page of the page list. Tuned: at 7 pt, if each row is another delivery point's."""

LINE_CHARACTERS = 24
"""Characters that a line of the page list holds. Tuned: the columns of pages-a4 at 7 pt."""


@dataclass(frozen=True)
class PackingRow:
    """What one delivery point gets: pieces of each type, all pieces, all sheets, their numbers."""

    number: str
    name: Bound
    cells: tuple[str, ...]
    total: str
    sheets: str
    serials: str = ""


@dataclass(frozen=True)
class PackingPage:
    """A page of the packing list; `single`: a page is one sticker, sheets need no column."""

    heads: tuple[str, ...]
    rows: tuple[PackingRow, ...]
    total: PackingRow | None
    single: bool
    serials: bool
    number: str
    pages: str


@dataclass(frozen=True)
class PageRow:
    """A page of stickers.pdf that does not say by itself how often it is printed.

    `first`: of another delivery point than the row above it.
    """

    page: str
    point: Bound
    scams: str
    copies: str
    first: bool


@dataclass(frozen=True)
class PageList:
    """A page of the list of pages; the last has the `total` of copies.

    `single`: a page is one sticker, so copies are pieces.
    """

    rows: tuple[PageRow, ...]
    total: str | None
    single: bool
    number: str
    pages: str


def page_list(
    labels: Sequence[tuple[int, Sheet]],
    scams: Mapping[str, str],
    points: Mapping[str, Bound],
    *,
    single: bool = False,
) -> list[PageList]:
    """Point, types and copies of each page.

    `labels` are sheets with their page numbers, `scams` the name of each design's type, `points`
    that of each delivery point; a page for all of them names none.
    """
    rows = [
        PageRow(
            number(page),
            points[sheet.point] if sheet.point else Bound(""),
            "＋".join(dict.fromkeys(scams[piece.design] for piece in sheet.pieces)),
            number(sheet.copies),
            position > 0 and sheet.point != labels[position - 1][1].point,
        )
        for position, (page, sheet) in enumerate(labels)
    ]
    filled: list[list[PageRow]] = []
    lines = PAGE_LINES
    for row in rows:
        taken = -(-len(row.scams) // LINE_CHARACTERS)
        lines += taken
        if lines > PAGE_LINES:
            filled.append([])
            lines = taken
        filled[-1].append(row)
    total = number(sum(sheet.copies for _, sheet in labels))
    return [
        PageList(
            tuple(chunk),
            total if position == len(filled) else None,
            single,
            str(position),
            str(len(filled)),
        )
        for position, chunk in enumerate(filled, 1)
    ]


def packing(
    lots: Sequence[Lot],
    scams: Sequence[Scam],
    labels: Sequence[Printed],
    names: Mapping[str, Bound],
    *,
    single: bool = False,
    numbering: Numbering | None = None,
) -> list[PackingPage]:
    """The packing list, page by page; slips are not counted as sheets."""
    sheets: Counter[str] = Counter()
    for sheet in labels:
        sheets[sheet.point or ""] += sheet.copies
    groups = [list(group) for _, group in groupby(lots, key=lambda lot: lot.point.id)]
    rows = [
        _packing_row(str(position), names[point], own, scams, sheets[point], numbering)
        for position, own in enumerate(groups, 1)
        if (point := own[0].point.id)
    ]
    total = _packing_row("", Bound(""), lots, scams, sheets.total(), numbering)
    parts = chunks(rows, PACKING_ROWS)
    return [
        PackingPage(
            tuple(scam.name for scam in scams),
            part,
            total if position == len(parts) else None,
            single,
            numbering is not None,
            str(position),
            str(len(parts)),
        )
        for position, part in enumerate(parts, 1)
    ]


def _packing_row(
    position: str,
    name: Bound,
    lots: Sequence[Lot],
    scams: Sequence[Scam],
    sheets: int,
    numbering: Numbering | None,
) -> PackingRow:
    printed: Counter[str] = Counter()
    for lot in lots:
        printed[lot.scam.id] += lot.printed
    cells = tuple(number(printed[scam.id]) for scam in scams)
    total = number(printed.total())
    own = serials(lots, numbering, most=1)
    return PackingRow(position, name, cells, total, number(sheets), own)
