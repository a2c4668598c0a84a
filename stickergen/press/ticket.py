"""The job ticket: what to print, how often, on what, and what goes to whom.

Comes in: lots, sheets, products. Goes out: `TicketPage`s, `PackingPage`s and `Slip`s, the
values that the templates `ticket-a4`, `packing-a4` and `slip-a4` set; a delivery point's name keeps
its place in the campaign. Numbers are written out here, with
thousands separators; the words around them stand in the templates.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from stickergen.artwork.fields import Bound
from stickergen.content.campaign import Lot, Plan
from stickergen.content.model import Scam
from stickergen.press.product import Product
from stickergen.press.sheet import Sheet

PACKING_ROWS = 24
"""Delivery points on a page of the packing list. Tuned: the rows of packing-a4 at 8 pt."""


MIXED = "混拼"
"""The name of the row that counts sheets with several types on them."""

PAGE_LINES = 48
"""Lines on a page of the page list. Tuned: rows of one line in pages-a4 at 9 pt."""

LINE_CHARACTERS = 24
"""Characters that a line of the page list holds. Tuned: the columns of pages-a4 at 7 pt."""

TICKET_ROWS = 16
"""Files and counts on a page of the ticket. Tuned: with all its headings at 8 pt."""


@dataclass(frozen=True)
class FileRow:
    """A PDF of the job: its name, what it holds, and the numbers of the order."""

    file: str
    what: str
    stock: str
    size: str
    pages: str
    sheets: str
    pieces: str


@dataclass(frozen=True)
class CountRow:
    """Pieces of one scam type, or of all: ordered + spare + surplus of whole sheets = printed."""

    name: str
    ordered: str
    spare: str
    surplus: str
    printed: str
    sheets: str


@dataclass(frozen=True)
class PackingRow:
    """What one delivery point gets: pieces of each type, all pieces, all sheets."""

    number: str
    name: Bound
    cells: tuple[str, ...]
    total: str
    sheets: str


@dataclass(frozen=True)
class Slip:
    """The separating page before a delivery point's sheets."""

    number: str
    points: str
    name: Bound
    rows: tuple[CountRow, ...]
    total: CountRow
    sample: bool


@dataclass(frozen=True)
class PackingPage:
    """A page of the packing list; `single`: a page is one sticker, sheets need no column."""

    heads: tuple[str, ...]
    rows: tuple[PackingRow, ...]
    total: PackingRow | None
    single: bool
    number: str
    pages: str


@dataclass(frozen=True)
class HowTo:
    """What the instructions speak of: the press, and what of this there is in the job."""

    press: str
    slips: bool = False
    numbered: bool = False
    listed: bool = False
    flyers: bool = False
    halved: bool = False
    expanded: bool = False
    skip: int = 0


@dataclass(frozen=True)
class PageRow:
    """A page of stickers.pdf that does not say by itself how often it is printed."""

    page: str
    point: Bound
    scams: str
    copies: str


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


@dataclass(frozen=True)
class TicketPage:
    """A page of the job ticket; `total` stands under the last counts, `how` on the last page."""

    files: tuple[FileRow, ...]
    counts: tuple[CountRow, ...]
    total: CountRow | None
    how: HowTo | None
    sample: bool
    number: str
    pages: str


def number(value: int) -> str:
    """A whole number with thousands separators."""
    return f"{value:,}"


def count_row(name: str, lots: Sequence[Lot], sheets: int) -> CountRow:
    """The sums of some lots, and the sheets that hold them."""
    total = Plan(tuple(lots)).total
    parts = (total.ordered, total.spare, total.surplus, total.printed, sheets)
    return CountRow(name, *map(number, parts))


def whole_sheets(keys: Collection[str], sheets: Sequence[Sheet]) -> int:
    """How many sheets hold pieces of these designs and no others."""
    return sum(
        sheet.copies for sheet in sheets if all(piece.design in keys for piece in sheet.pieces)
    )


def _mixed(rows: Sequence[CountRow], counted: int, sheets: int) -> tuple[CountRow, ...]:
    """The rows, and one more for the sheets on which several types share the places."""
    if counted == sheets:
        return tuple(rows)
    return (*rows, CountRow(MIXED, "", "", "", "", number(sheets - counted)))


def slip(
    name: Bound,
    lots: Sequence[Lot],
    keys: Sequence[str],
    sheets: Sequence[Sheet],
    position: int,
    points: int,
    sample: bool = False,
) -> Slip:
    """The slip of one delivery point, from its lots, the keys of their designs, its sheets."""
    whole = [whole_sheets([key], sheets) for key in keys]
    rows = [count_row(lot.scam.name, [lot], count) for lot, count in zip(lots, whole, strict=True)]
    copies = sum(sheet.copies for sheet in sheets)
    return Slip(
        str(position),
        str(points),
        name,
        _mixed(rows, sum(whole), copies),
        count_row("", lots, copies),
        sample,
    )


def file_row(product: Product) -> FileRow:
    """A line of the ticket's first table."""
    return FileRow(
        product.file,
        product.what,
        product.stock,
        product.size,
        number(len(product.sheets)),
        number(product.copies),
        number(product.pieces),
    )


def count_rows(
    keyed: Sequence[tuple[Lot, str]], scams: Sequence[Scam], labels: Sequence[Sheet]
) -> tuple[tuple[CountRow, ...], CountRow]:
    """The counts of each scam type and of all; `keyed` are lots with their design keys."""
    rows, whole = [], 0
    for scam in scams:
        own = [(lot, key) for lot, key in keyed if lot.scam.id == scam.id]
        if own:
            sheets = whole_sheets({key for _, key in own}, labels)
            rows.append(count_row(scam.name, [lot for lot, _ in own], sheets))
            whole += sheets
    copies = sum(sheet.copies for sheet in labels)
    total = count_row("", [lot for lot, _ in keyed], copies)
    return _mixed(rows, whole, copies), total


def ticket(
    files: Sequence[FileRow],
    counts: Sequence[CountRow],
    total: CountRow | None,
    how: HowTo,
    sample: bool,
) -> list[TicketPage]:
    """The job ticket, page by page: the files, then the counts, then how to print."""
    rows: list[FileRow | CountRow] = [*files, *counts]
    chunks = [rows[start : start + TICKET_ROWS] for start in range(0, len(rows), TICKET_ROWS)]
    last = len(chunks)
    return [
        TicketPage(
            tuple(row for row in chunk if isinstance(row, FileRow)),
            tuple(row for row in chunk if isinstance(row, CountRow)),
            total if position == last else None,
            how if position == last else None,
            sample,
            str(position),
            str(last),
        )
        for position, chunk in enumerate(chunks, 1)
    ]


def page_list(
    labels: Sequence[tuple[int, Sheet]],
    scams: Mapping[str, str],
    points: Mapping[str, Bound],
    *,
    single: bool = False,
) -> list[PageList]:
    """Point, types and copies of each page.

    `labels` are sheets with their page numbers, `scams` the name of each design's type, `points`
    that of each delivery point.
    """
    rows = [
        PageRow(
            number(page),
            points[sheet.point or ""],
            "＋".join(dict.fromkeys(scams[piece.design] for piece in sheet.pieces)),
            number(sheet.copies),
        )
        for page, sheet in labels
    ]
    chunks: list[list[PageRow]] = []
    lines = PAGE_LINES
    for row in rows:
        taken = -(-len(row.scams) // LINE_CHARACTERS)
        lines += taken
        if lines > PAGE_LINES:
            chunks.append([])
            lines = taken
        chunks[-1].append(row)
    total = number(sum(sheet.copies for _, sheet in labels))
    return [
        PageList(
            tuple(chunk),
            total if position == len(chunks) else None,
            single,
            str(position),
            str(len(chunks)),
        )
        for position, chunk in enumerate(chunks, 1)
    ]


def packing(
    lots: Sequence[Lot],
    scams: Sequence[Scam],
    labels: Sequence[Sheet],
    names: Mapping[str, Bound],
    *,
    single: bool = False,
) -> list[PackingPage]:
    """The packing list, page by page; slips are not counted as sheets."""
    sheets: Counter[str] = Counter()
    for sheet in labels:
        sheets[sheet.point or ""] += sheet.copies
    groups = [list(group) for _, group in groupby(lots, key=lambda lot: lot.point.id)]
    rows = [
        _packing_row(str(position), names[point], own, scams, sheets[point])
        for position, own in enumerate(groups, 1)
        if (point := own[0].point.id)
    ]
    total = _packing_row("", Bound(""), lots, scams, sheets.total())
    chunks = [rows[start : start + PACKING_ROWS] for start in range(0, len(rows), PACKING_ROWS)]
    return [
        PackingPage(
            tuple(scam.name for scam in scams),
            tuple(chunk),
            total if position == len(chunks) else None,
            single,
            str(position),
            str(len(chunks)),
        )
        for position, chunk in enumerate(chunks, 1)
    ]


def _packing_row(
    position: str, name: Bound, lots: Sequence[Lot], scams: Sequence[Scam], sheets: int
) -> PackingRow:
    printed: Counter[str] = Counter()
    for lot in lots:
        printed[lot.scam.id] += lot.printed
    cells = tuple(number(printed[scam.id]) for scam in scams)
    return PackingRow(position, name, cells, number(printed.total()), number(sheets))
