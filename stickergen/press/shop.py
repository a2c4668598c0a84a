"""What a print shop is told of a job: its files, how they are printed and cut, what is ordered.

Comes in: the products of a job whose press is a shop's, and the counts. Goes out: `OrderPage`s, the
values that the template `order-a4` sets; how a file comes is read off its own sheets. Numbers are
written out here, lengths in mm; the words around them, and what the campaign says of contact, paper
and finishing, stand in the template. Limits: one row of facts for all flyers of a job.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from stickergen.press.finish import CLAIMS
from stickergen.press.product import Product
from stickergen.press.profile import Press
from stickergen.press.ticket import CountRow, FileRow, file_row, number

Row = TypeVar("Row")

ORDER_ROWS = 15
"""Files and counts on an order of one page. Tuned: 17 fit with the longest texts; two to spare."""

FILE_ROWS = 20
"""Files on a page of a longer order. Tuned: 33 fit with the terms; 20, if all take two lines."""

COUNT_ROWS = 30
"""Counts on a page of a longer order. Tuned: with contact and signatures 38 fit."""


@dataclass(frozen=True)
class Work:
    """How the stickers, or the flyers, come in their files, and what is cut.

    `imposed`: several pieces, or one, on a sheet that the shop trims; else a page is one piece.
    """

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
        trims = [trimming.trim for trimming, _ in trimmed]
        bleeds = sorted({trimming.bleed for trimming, _ in trimmed})
        return cls(
            f"{trims[0].width:g}×{trims[0].height:g}",
            number(max(len(pieces) for _, pieces in trimmed)),
            "、".join(f"{bleed:g}" for bleed in bleeds),
            any(piece.box != trimming.trim for trimming, pieces in trimmed for piece in pieces),
            any(trimming.cuts for trimming, _ in trimmed),
        )


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
    expanded: bool

    @classmethod
    def of(cls, press: Press, products: Sequence[Product], *, expanded: bool) -> Terms:
        """Of a press and what it prints; slips are the office's."""
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
            expanded,
        )


@dataclass(frozen=True)
class OrderPage:
    """A page of the order; `terms` follow the last files; `total` and `last` the last counts.

    `single`: every page is one piece, so that pieces and sheets are the same number.
    """

    files: tuple[FileRow, ...]
    terms: Terms | None
    counts: tuple[CountRow, ...]
    total: CountRow | None
    single: bool
    last: bool
    sample: bool
    number: str
    pages: str


def order(
    products: Sequence[Product],
    counts: Sequence[CountRow],
    total: CountRow | None,
    terms: Terms,
    *,
    sample: bool,
) -> list[OrderPage]:
    """The order, page by page: all on one if there is room, else files and terms, then counts."""
    files = [file_row(product) for product in products if product.kind != "ticket"]
    pages: list[tuple[Sequence[FileRow], Terms | None, Sequence[CountRow]]]
    if len(files) + len(counts) <= ORDER_ROWS:
        pages = [(files, terms, counts)]
    else:
        fronts, backs = _chunks(files, FILE_ROWS), _chunks(counts, COUNT_ROWS)
        pages = [(own, terms if own is fronts[-1] else None, ()) for own in fronts]
        pages += [((), None, own) for own in backs]
    return [
        OrderPage(
            tuple(own_files),
            own_terms,
            tuple(own_counts),
            total if position == len(pages) else None,
            terms.stickers is None or not terms.stickers.imposed,
            position == len(pages),
            sample,
            str(position),
            str(len(pages)),
        )
        for position, (own_files, own_terms, own_counts) in enumerate(pages, 1)
    ]


def _chunks(rows: Sequence[Row], length: int) -> list[Sequence[Row]]:
    """The rows in parts of at most so many; one empty part where there are none."""
    return [rows[start : start + length] for start in range(0, max(1, len(rows)), length)]
