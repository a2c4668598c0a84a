"""What a print shop is told of a job: its files, how they are printed and cut, what is ordered.

Comes in: the products of a job whose press is a shop's, and the counts. Goes out: `OrderPage`s, the
values that the template `order-a4` sets; how a file comes is read off its own sheets. Numbers are
written out here, lengths in mm; the words around them, and what the campaign says of contact, paper
and finishing, stand in the template. Limits: one row of facts for all flyers of a job.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

from stickergen.measure import TOLERANCE
from stickergen.press.finish import CLAIMS
from stickergen.press.product import Product
from stickergen.press.profile import Press
from stickergen.press.ticket import (
    COUNT_ROWS,
    FILE_ROWS,
    CountRow,
    FileRow,
    Table,
    chunks,
    fill,
    number,
    numbered,
)


@dataclass(frozen=True)
class Work:
    """How the stickers, or the flyers, come in their files, and what is cut.

    `imposed`: several pieces, or one, on a sheet that the shop trims; else a page is one piece.
    `paper` is the page with its marks: the least paper that holds the sheet.
    """

    paper: str
    sheet: str
    ups: str
    bleed: str
    imposed: bool
    cut: bool

    @classmethod
    def of(cls, products: Sequence[Product]) -> Work | None:
        """Read off the sheets; None where there are none."""
        sheets = [sheet for product in products for sheet in product.sheets]
        trimmed = [(sheet.trimming, sheet.pieces) for sheet in sheets if sheet.trimming]
        if not trimmed:
            return None
        papers = [(sheet.paper.width, sheet.paper.height) for sheet in sheets]
        trims = [trimming.trim for trimming, _ in trimmed]
        bleeds = sorted({trimming.bleed for trimming, _ in trimmed})
        return cls(
            "×".join(str(_up(max(sides))) for sides in zip(*papers, strict=True)),
            f"{trims[0].width:g}×{trims[0].height:g}",
            number(max(len(pieces) for _, pieces in trimmed)),
            "、".join(f"{bleed:g}" for bleed in bleeds),
            any(piece.box != trimming.trim for trimming, pieces in trimmed for piece in pieces),
            any(trimming.cuts for trimming, _ in trimmed),
        )


def _up(length: float) -> int:
    """Whole millimetres that hold a length."""
    return ceil(length - TOLERANCE)


@dataclass(frozen=True)
class Terms:
    """How the files are to be printed: what holds for all, for the stickers, for the flyers."""

    press: str
    standard: str
    condition: str
    profile: bool
    outlined: bool
    cut: str | None
    stickers: Work | None
    flyers: Work | None
    slips: str
    """Pages of slips.pdf; empty without one."""
    parcels: str
    """Delivery points: each is packed apart."""
    expanded: bool
    serials: str
    """The numbers of the stickers, where each has its own; else empty."""
    stacked: bool
    """Whether piles are to be cut and stacked in the order of their numbers."""

    @classmethod
    def of(
        cls,
        press: Press,
        products: Sequence[Product],
        *,
        points: int = 0,
        expanded: bool,
        serials: str = "",
        stacked: bool = False,
    ) -> Terms:
        """Of a press, what it prints, the delivery points; slips are the office's."""
        stickers = Work.of([product for product in products if product.kind == "stickers"])
        slips = sum(len(product.sheets) for product in products if product.kind == "ticket")
        return cls(
            press.name,
            CLAIMS[press.standard],
            press.condition or "",
            press.profile is not None,
            press.outline,
            press.cut if stickers and stickers.cut else None,
            stickers,
            Work.of([product for product in products if product.kind == "flyer"]),
            number(slips) if slips else "",
            number(points),
            expanded,
            serials,
            stacked,
        )


@dataclass(frozen=True)
class OrderPage:
    """A page of the order; sums stand under the last files and the last counts.

    `last`: where it goes, and who signs. `counted`: the job has counts, here or on another page.
    """

    files: tuple[FileRow, ...]
    sum: FileRow | None
    """None where there is one file."""
    ends: bool
    """Whether the last files are here."""
    terms: Terms | None
    counts: tuple[CountRow, ...]
    total: CountRow | None
    table: Table
    counted: bool
    last: bool
    sample: bool
    number: str
    pages: str


@dataclass(frozen=True)
class _Part:
    """What of the order is never parted."""

    files: tuple[FileRow, ...] = ()
    sum: FileRow | None = None
    ends: bool = False
    terms: Terms | None = None
    counts: tuple[CountRow, ...] = ()
    total: CountRow | None = None
    last: bool = False


def order(
    files: Sequence[FileRow],
    whole: FileRow | None,
    counts: Sequence[CountRow],
    total: CountRow | None,
    terms: Terms,
    *,
    sample: bool,
    fits: Callable[[OrderPage], bool],
) -> list[OrderPage]:
    """The order, page by page: files and `whole`, their sum; terms; counts; where it goes."""
    rows, tables = chunks(files, FILE_ROWS), chunks(counts, COUNT_ROWS)
    parts = [_Part(own) for own in rows[:-1]] + [_Part(rows[-1], whole, ends=True)]
    parts.append(_Part(terms=terms))
    parts += [_Part(counts=own, total=total if own is tables[-1] else None) for own in tables]
    parts.append(_Part(last=True))
    single = terms.stickers is None or not terms.stickers.imposed
    table = Table.of(counts, single=single)

    def page(parts: Sequence[_Part]) -> OrderPage:
        return OrderPage(
            tuple(row for part in parts for row in part.files),
            next((part.sum for part in parts if part.sum), None),
            any(part.ends for part in parts),
            next((part.terms for part in parts if part.terms), None),
            tuple(row for part in parts for row in part.counts),
            next((part.total for part in parts if part.total), None),
            table,
            bool(counts),
            any(part.last for part in parts),
            sample,
            "1",
            "1",
        )

    return numbered(fill(parts, page, fits))


def sum_row(products: Sequence[Product]) -> FileRow | None:
    """The sheets and pieces of all files together; None where there is one file."""
    if len(products) == 1:
        return None
    return FileRow(
        "",
        "",
        "",
        "",
        number(sum(product.pages for product in products)),
        number(sum(product.copies for product in products)),
        number(sum(product.ordered for product in products)),
        number(sum(product.pieces for product in products)),
    )
