"""The job ticket and the slips: what to print, how often, on what, and what lies behind a slip.

Comes in: lots, sheets, products. Goes out: `TicketPage`s and `Slip`s, the values that the templates
`ticket-a4` and `slip-a4` set. Numbers are written out here, with thousands separators; the words
around them stand in the templates. Limits: rows that could fill a page come in parts of a fixed
length; which parts share a page is asked of the layout (`fill`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, TypeVar

from stickergen.artwork.fields import Bound
from stickergen.content.campaign import Lot, Plan
from stickergen.content.model import Scam
from stickergen.content.serial import Numbering
from stickergen.press.product import Product
from stickergen.press.sheet import Sheet, span
from stickergen.press.volume import Bundle, Part, sheets_by_designs

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Row = TypeVar("Row")
PageOf = TypeVar("PageOf")
Numbered = TypeVar("Numbered", bound="DataclassInstance")
"""A page that has fields `number` and `pages`."""


MOST_RANGES = 4
"""Ranges of numbers that a row of a slip names. Tuned: five types with so many fit on a slip."""

NONE = "—"
"""The sheets of a type that has none of its own."""

MIXED = "混拼"
"""The name of the row that counts sheets with several types on them."""


FILE_ROWS = 10
"""Files that are never parted. Tuned: a page holds two such parts, if all take two lines."""

COUNT_ROWS = 30
"""Counts that are never parted, more than there are scam types. Tuned: a page holds 38."""


@dataclass(frozen=True)
class FileRow:
    """A PDF of the job, or all: its name, what it holds, and the numbers of the order."""

    file: str
    what: str
    stock: str
    size: str
    pages: str
    sheets: str
    ordered: str
    pieces: str
    corner: str = ""
    """Radius of the corners; empty where they are square."""
    round: bool = False
    roll: str = ""
    """The label of the roll, where a sheet's stock is printed label by label; else empty."""


@dataclass(frozen=True)
class CountRow:
    """Pieces of one scam type, or of all: ordered + spare + surplus of whole sheets = printed."""

    name: str
    ordered: str
    spare: str
    surplus: str
    printed: str
    sheets: str
    serials: str = ""
    """Their numbers, where each piece has its own."""


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
class HowTo:
    """What the instructions speak of: the press, and the number of each step the job needs.

    A step that the job does without is empty. `span` and `copies` are the slug's words and the
    number of a page that is printed more than once, `alone` of one that is not; `skip` is how many
    labels of the first sheet are used up.
    """

    press: str
    grey: bool
    skip: str
    numbered: str = ""
    span: str = ""
    copies: str = ""
    alone: str = ""
    listed: str = ""
    slips: str = ""
    expanded: str = ""
    volumes: str = ""
    stacked: str = ""
    skipped: str = ""
    flyers: str = ""
    halved: str = ""


@dataclass(frozen=True)
class Table:
    """Which columns the counts have: `single`: a page is one piece, sheets need no column."""

    single: bool
    surplus: bool
    mixed: bool

    @classmethod
    def of(cls, counts: Sequence[CountRow], *, single: bool) -> Table:
        """What there is to tell of these counts."""
        surplus = any(row.surplus not in ("", "0") for row in counts)
        return cls(single, surplus, any(row.name == MIXED for row in counts))


@dataclass(frozen=True)
class TicketPage:
    """A page of the job ticket; `total` stands under the last counts, `how` comes last.

    `slips`: the sheets of a file hold separating pages, those of the counts do not.
    """

    files: tuple[FileRow, ...]
    counts: tuple[CountRow, ...]
    total: CountRow | None
    how: HowTo | None
    table: Table
    slips: bool
    counted: bool
    """Whether the job has counts, here or on another page."""
    sample: bool
    number: str
    pages: str


def number(value: int) -> str:
    """A whole number with thousands separators."""
    return f"{value:,}"


def count_row(
    name: str, lots: Sequence[Lot], sheets: int, numbering: Numbering | None = None
) -> CountRow:
    """The sums of some lots, the sheets that hold them, their numbers."""
    total = Plan(tuple(lots)).total
    return CountRow(
        name,
        number(total.ordered),
        number(total.spare),
        number(total.surplus),
        number(total.printed),
        number(sheets) if sheets else NONE,
        serials(lots, numbering),
    )


def serials(lots: Sequence[Lot], numbering: Numbering | None, most: int = MOST_RANGES) -> str:
    """The numbers of some lots, those that follow on each other as one range; of more ranges than
    `most` how many there are.
    """
    if numbering is None:
        return ""
    ranges: list[range] = []
    for lot in lots:
        own = lot.serials
        if ranges and ranges[-1].stop == own.start:
            own = range(ranges.pop().start, own.stop)
        ranges.append(own)
    if len(ranges) > most:
        return f"{numbering.words(ranges[0][0])} 等 {len(ranges)} 段"
    ends = ([numbering.words(one[0]), numbering.words(one[-1])] for one in ranges)
    return "、".join(" 至 ".join(dict.fromkeys(both)) for both in ends)


class Printed(Protocol):
    """What the counts ask of sheets: their designs, for whom, how often they are printed."""

    @property
    def designs(self) -> frozenset[str]: ...  # noqa: D102
    @property
    def point(self) -> str | None: ...  # noqa: D102
    @property
    def copies(self) -> int: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Alike:
    """Sheets with the same designs, of an order whose sheets are made volume by volume."""

    designs: frozenset[str]
    point: str | None
    copies: int


def alike(
    bundles: Sequence[Bundle], parts: Sequence[Sequence[Part]], ups: int, *, stacked: bool
) -> list[list[Printed]]:
    """The sheets of each bundle by what is on them; `parts` are those of each volume."""
    own: dict[int, list[Part]] = {}
    for part in (part for volume in parts for part in volume):
        own.setdefault(part.bundle, []).append(part)
    return [
        [
            Alike(designs, bundle.lots[0].point.id, count)
            for designs, count in sheets_by_designs(
                bundle, own[number], ups, stacked=stacked
            ).items()
        ]
        for number, bundle in enumerate(bundles)
    ]


def whole_sheets(keys: Collection[str], sheets: Sequence[Printed]) -> int:
    """How many sheets hold pieces of these designs and no others."""
    return sum(sheet.copies for sheet in sheets if sheet.designs.issubset(keys))


def _mixed(rows: Sequence[CountRow], counted: int, sheets: int) -> tuple[CountRow, ...]:
    """The rows, and one more for the sheets on which several types share the places."""
    if counted == sheets:
        return tuple(rows)
    return (*rows, CountRow(MIXED, "", "", "", "", number(sheets - counted)))


def slip(
    name: Bound,
    lots: Sequence[Lot],
    keys: Sequence[str],
    sheets: Sequence[Printed],
    position: int,
    points: int,
    sample: bool = False,
    numbering: Numbering | None = None,
) -> Slip:
    """The slip of one delivery point, from its lots, the keys of their designs, its sheets."""
    by_key: dict[str, list[Lot]] = {}  # of a design several, where some numbers are printed again
    for key, lot in zip(keys, lots, strict=True):
        by_key.setdefault(key, []).append(lot)
    whole = [whole_sheets([key], sheets) for key in by_key]
    rows = [
        count_row(own[0].scam.name, own, count, numbering)
        for own, count in zip(by_key.values(), whole, strict=True)
    ]
    copies = sum(sheet.copies for sheet in sheets)
    return Slip(
        str(position),
        str(points),
        name,
        _mixed(rows, sum(whole), copies),
        count_row("", lots, copies, numbering),
        sample,
    )


def file_row(product: Product) -> FileRow:
    """A line of the ticket's first table; the slips and the ticket are ordered by nobody."""
    return FileRow(
        product.file,
        product.what,
        product.stock,
        product.size,
        number(product.pages),
        number(product.copies),
        number(product.ordered),
        number(product.pieces),
        f"{product.corner:g}" if product.corner else "",
        product.round,
        f"{product.roll.width:g}×{product.roll.height:g}" if product.roll else "",
    )


def example(labels: Sequence[Sheet], *, single: bool = False) -> dict[str, str]:
    """Of the first page printed more than once: `span` and `copies`; `alone` of one that is not.

    `span` and `alone` are what the slug lines of these pages say; `single`: a page is one piece.
    """
    found: dict[str, str] = {}
    passed: Counter[str | None] = Counter()
    for sheet in labels:
        first = passed[sheet.point] + 1
        passed[sheet.point] += sheet.copies
        if sheet.copies == 1:
            found.setdefault("alone", span(first, first, single=single))
        elif "span" not in found:
            last = passed[sheet.point]
            found |= {"span": span(first, last, single=single), "copies": number(sheet.copies)}
    return found


def chunks(rows: Sequence[Row], length: int) -> list[tuple[Row, ...]]:
    """The rows in parts of at most so many."""
    return [tuple(rows[start : start + length]) for start in range(0, len(rows), length)]


def fill(
    parts: Sequence[Row],
    page: Callable[[Sequence[Row]], PageOf],
    fits: Callable[[PageOf], bool],
) -> list[PageOf]:
    """Pages of the parts, in order: all on one if it fits, else each page filled before the next.

    A part that does not fit a page of its own has one all the same: the layout says what is wrong.
    """
    assert parts
    if fits(whole := page(parts)):
        return [whole]
    pages: list[list[Row]] = [[parts[0]]]
    for part in parts[1:]:
        if len(pages[-1]) + 1 < len(parts) and fits(page([*pages[-1], part])):
            pages[-1].append(part)
        else:
            pages.append([part])
    return [page(own) for own in pages]


def numbered(pages: Sequence[Numbered]) -> list[Numbered]:
    """The pages, each with its number and how many there are."""
    return [
        replace(page, number=str(position), pages=str(len(pages)))
        for position, page in enumerate(pages, 1)
    ]


def count_rows(
    keyed: Sequence[tuple[Lot, str]],
    scams: Sequence[Scam],
    labels: Sequence[Printed],
    numbering: Numbering | None = None,
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
    total = count_row("", [lot for lot, _ in keyed], copies, numbering)
    return _mixed(rows, whole, copies), total


_Part = tuple[tuple[FileRow, ...], tuple[CountRow, ...], HowTo | None]
"""What of the ticket is never parted."""


def ticket(
    files: Sequence[FileRow],
    counts: Sequence[CountRow],
    total: CountRow | None,
    how: HowTo,
    *,
    single: bool,
    sample: bool,
    fits: Callable[[TicketPage], bool],
) -> list[TicketPage]:
    """The job ticket, page by page: the files, then the counts, then how to print."""
    tables = chunks(counts, COUNT_ROWS)
    parts: list[_Part] = [(own, (), None) for own in chunks(files, FILE_ROWS)]
    parts += [((), own, None) for own in tables]
    parts.append(((), (), how))
    table = Table.of(counts, single=single)

    def page(parts: Sequence[_Part]) -> TicketPage:
        ends = any(own and own is tables[-1] for _, own, _ in parts)
        return TicketPage(
            tuple(row for own, _, _ in parts for row in own),
            tuple(row for _, own, _ in parts for row in own),
            total if ends else None,
            next((own for _, _, own in parts if own), None),
            table,
            bool(how.slips),
            bool(counts),
            sample,
            "1",
            "1",
        )

    return numbered(fill(parts, page, fits))
