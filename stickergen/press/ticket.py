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


@dataclass(frozen=True)
class PackingPage:
    """A page of the packing list."""

    heads: tuple[str, ...]
    rows: tuple[PackingRow, ...]
    total: PackingRow | None
    number: str
    pages: str


@dataclass(frozen=True)
class TicketPage:
    """A page of the job ticket; `total` stands under the last counts, `press` on the last page."""

    files: tuple[FileRow, ...]
    counts: tuple[CountRow, ...]
    total: CountRow | None
    press: str | None
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


def holding(keys: Collection[str], sheets: Sequence[Sheet]) -> int:
    """How many sheets hold a piece of one of these designs."""
    return sum(
        sheet.copies for sheet in sheets if any(piece.design in keys for piece in sheet.pieces)
    )


def slip(
    name: Bound,
    lots: Sequence[Lot],
    keys: Sequence[str],
    sheets: Sequence[Sheet],
    position: int,
    points: int,
) -> Slip:
    """The slip of one delivery point, from its lots, the keys of their designs, its sheets."""
    rows = tuple(
        count_row(lot.scam.name, [lot], holding([key], sheets))
        for lot, key in zip(lots, keys, strict=True)
    )
    total = count_row("合计", lots, sum(sheet.copies for sheet in sheets))
    return Slip(str(position), str(points), name, rows, total)


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
    rows = []
    for scam in scams:
        own = [(lot, key) for lot, key in keyed if lot.scam.id == scam.id]
        if own:
            sheets = holding({key for _, key in own}, labels)
            rows.append(count_row(scam.name, [lot for lot, _ in own], sheets))
    total = count_row("合计", [lot for lot, _ in keyed], sum(sheet.copies for sheet in labels))
    return tuple(rows), total


def ticket(
    files: Sequence[FileRow],
    counts: Sequence[CountRow],
    total: CountRow | None,
    press: str,
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
            press if position == last else None,
            sample,
            str(position),
            str(last),
        )
        for position, chunk in enumerate(chunks, 1)
    ]


def packing(
    lots: Sequence[Lot],
    scams: Sequence[Scam],
    labels: Sequence[Sheet],
    names: Mapping[str, Bound],
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
    total = _packing_row("", Bound("合计"), lots, scams, sheets.total())
    chunks = [rows[start : start + PACKING_ROWS] for start in range(0, len(rows), PACKING_ROWS)]
    return [
        PackingPage(
            tuple(scam.name for scam in scams),
            tuple(chunk),
            total if position == len(chunks) else None,
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
