"""Placing: where the pieces sit on the page that a press prints.

Comes in: a stock, a piece, a press. Goes out: a `Placement`. Millimetres; origin top left.

A device prints the stock as it is. A label printer takes one label a page. A print shop trims and
cuts: flyers and single stickers come one to a page inside marks, so that the shop imposes them;
sticker sheets keep their paper, and where their labels leave no room for bleed they are set wider.

Limits: a shop's sheet is cut, not folded; its grain and gripper are the shop's business.
"""

from __future__ import annotations

from math import floor

from stickergen.measure import TOLERANCE, Box, Edges, Point, Size
from stickergen.press import marks
from stickergen.press.profile import Press, Shelf
from stickergen.press.stock import Grid, Placement, Stock
from stickergen.problem import InputError, Place, Problem

CUT_TO_EDGE = 2.0
"""From a cut line's bleed to the sheet's edge at the least (redprinting.co.kr sticker guide: gaps
between stickers and to the edge of at least 2 mm)."""


SLUG_TO_EDGE = 3.0
"""From a trimmed sheet's edge to its slug line. Tuned: as far as other text stays from a cut."""


def place(
    stock: Stock, size: Size, *, round: bool, press: Press, shelf: Shelf, asked: Place
) -> Placement:
    """The page of a piece; InputError, told at `asked`, if it does not fit."""
    if not press.for_shop:
        if press.feeds == "labels":
            return _label(stock, size, round, press, asked)
        return stock.for_piece(size, round=round, bleed=0.0, place=asked)
    if found := stock.misfits(size, round=round, bleed=0.0, place=asked):
        raise InputError(found)
    bleed = max(press.bleed.sticker if shelf == "sticker" else press.bleed.flyer, stock.bleed)
    if shelf == "flyer" or stock.kind != "sheet":
        return _one_up(size, bleed)
    return _sheet(stock, size, round, bleed, asked)


def _label(stock: Stock, size: Size, round: bool, press: Press, asked: Place) -> Placement:
    """One label, one page; page and piece on the printer's dots.

    A page that is no whole number of dots high is rastered from its lower edge by some drivers and
    from its upper by others: then nothing on it would be on the dots for both.
    """
    if found := stock.misfits(size, round=round, bleed=0.0, place=asked):
        raise InputError(found)
    label = stock.label or size
    grid = press.module_grid
    paper = Size(_whole(label.width, grid), _whole(label.height, grid))
    left, top = ((label.width - size.width) / 2, (label.height - size.height) / 2)
    piece = Box(_whole(left, grid), _whole(top, grid), size.width, size.height)
    page = Box(0, 0, paper.width, paper.height)
    return Placement(paper, (page,), (piece,), 0.0, page, page)


def _whole(length: float, grid: float) -> float:
    """The nearest whole number of dots."""
    return floor(length / grid + 0.5) * grid


def _one_up(size: Size, bleed: float) -> Placement:
    """The piece alone inside its marks; the slug line outside them."""
    margin = marks.margin(bleed)
    trim = Box(margin, margin, size.width, size.height)
    paper = Size(size.width + 2 * margin, size.height + 2 * margin)
    return Placement(paper, (trim,), (trim,), bleed, marks.slug_strip(paper), trim)


def _sheet(stock: Stock, size: Size, round: bool, bleed: float, asked: Place) -> Placement:
    """Stickers on a sheet that the shop trims to the stock's paper and cuts through to the backing.

    The grid of the stock is kept where its gaps hold the bleed of both neighbours.
    """
    assert stock.paper is not None
    assert stock.grid is not None
    sheet = Box(0, 0, stock.paper.width, stock.paper.height)
    inside = sheet.inset(Edges.all(bleed + CUT_TO_EDGE))
    placed = stock.for_piece(size, round=round, bleed=0.0, place=asked).pieces
    apart = all(gap >= 2 * bleed - TOLERANCE for gap in stock.grid.gaps(size))
    if not (apart and all(inside.contains(piece) for piece in placed)):
        placed = _apart(inside, size, bleed)
    if not placed:
        values = {"stock": stock.id, "bleed": bleed, "room": 0.0}
        values |= {"piece_width": size.width, "piece_height": size.height}
        raise InputError([Problem("piece-bleed-too-large", asked, values)])
    margin = marks.margin(bleed)
    away = Point(margin, margin)
    pieces = tuple(piece.moved(away) for piece in placed)
    paper = Size(sheet.width + 2 * margin, sheet.height + 2 * margin)
    trim = sheet.moved(away)
    printable = trim.inset(Edges.all(SLUG_TO_EDGE))
    return Placement(paper, pieces, pieces, bleed, printable, trim)


def _apart(inside: Box, size: Size, bleed: float) -> tuple[Box, ...]:
    """As many pieces as fit with twice the bleed between them, in the middle of the sheet."""
    gap = 2 * bleed
    columns = _count(inside.width, size.width, gap)
    rows = _count(inside.height, size.height, gap)
    if columns * rows == 0:
        return ()
    width = columns * size.width + (columns - 1) * gap
    height = rows * size.height + (rows - 1) * gap
    first = Point(inside.x + (inside.width - width) / 2, inside.y + (inside.height - height) / 2)
    pitch = Size(size.width + gap, size.height + gap)
    return Grid(first, pitch, columns, rows).boxes(size)


def _count(room: float, length: float, gap: float) -> int:
    return max(0, floor((room + gap + TOLERANCE) / (length + gap)))
