"""The calibration sheet of a stock, and the ruler that tells whether a page was printed to size.

Comes in: a `Stock`, or a free strip. Goes out: a `Page` with four scales (`scales`) and what a
person does with them, in Chinese; the items of a 50 mm ruler. Millimetres.

Limits: a stock for which `scales.edges` finds nothing has no calibration sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from stickergen.artwork.fonts import font
from stickergen.artwork.page import Item, Page, Panel, Rule, Text
from stickergen.artwork.text import runs
from stickergen.artwork.typeset import Setting, set_text
from stickergen.ink import Ink
from stickergen.measure import TOLERANCE, Box, Edges, Point, Size, to_mm
from stickergen.press.correction import LETTERS, Edge, Side
from stickergen.press.scales import (
    BLACK,
    LINE,
    POINTERS,
    arrow_box,
    between,
    cap_height,
    edges,
    in_line,
    inked,
    printable,
    scale,
)
from stickergen.press.stock import Stock

RULER = 50.0
"""mm; long enough for a scaling of 2 % to show as a whole millimetre."""

RULER_WORDS = ("50 mm，量一下：不是 50 就没按实际大小打印", "50 mm")
"""What stands behind the ruler: the first that has room."""

LEAST_STRIP = Size(60.0, 2.7)
"""mm; the least free strip that a ruler is set in. Tuned: 50 mm and their words; 6 pt and air."""

TITLE = "打印机校准"
STEPS = (
    "先量这把尺，正好 50 毫米再往下做；不是 50 就没按实际大小打印："
    "选“实际大小”（100%），不要选“适合页面”，重新打印。",
    "最好直接印在标签纸上；舍不得就印在白纸上，再盖住一张标签纸，四边对齐，对着光看。",
    "箭头指着纸的上边。记住这一边朝哪里放进纸盒，以后每次都这样放。",
    "灰线是切口应该在的地方。在 A、B、C、D 四处，看标签真正的切口压在小尺的哪一格："
    "一小格是 0.5 毫米，两格之间估一半。",
    "往右、往下是 +，往左、往上是 −，正好在 0 就写 0。填在下面。",
)
TYPE_IN = "最后在电脑上输入下面一行，打印机名自己起，A B C D 换成读数，中间空一格："
COMMAND = "stickergen calibrate --stock {stock} --printer 打印机名 --readings A B C D"
EXAMPLE = "例：--readings 0.5 -1 0 0.5"

_PALE = Ink(0, 0, 0, 30)
_WHITE = Ink(0, 0, 0, 0)
_TINT = Ink(0, 0, 0, 8)

_SIDES: dict[Side, str] = {"left": "左边", "right": "右边", "top": "上边", "bottom": "下边"}

_NOTES_WIDTH = 150.0
"""mm; tuned: 40 characters of 10 pt a line."""

_NOTES_PT = (10.0, 9.0, 8.0, 7.0, 6.0)
"""Sizes tried for the instructions; nothing under 6 pt is set (house style)."""

_AIR = 4.0
"""mm inside the frame of the instructions."""

_RULER_PT, _RULER_HEIGHT = 6.0, 2.4

_BREAK = 1.0
"""mm on either side of a scale and its letter that no outline runs in: there the real cut is
read."""


def calibration_sheet(stock: Stock) -> Page:
    """The page to print and to read: every label's outline in grey, scales, instructions."""
    found = edges(stock)
    assert found, "ask `edges` first whether this stock will do"
    top = arrow_box(found, stock)
    assert stock.paper is not None
    assert top is not None
    within = printable(stock)
    scales = [
        tuple(scale(edge, letter, within)) for letter, edge in zip(LETTERS, found, strict=True)
    ]
    breaks = [_break(items, within) for items in scales]
    drawn = (item for items in scales for item in items)
    items = (*_outlines(stock), *breaks, *_arrow(top), *drawn, *_notes(stock, found))
    return Page(stock.paper, items)


def _outlines(stock: Stock) -> list[Panel]:
    """Where the cuts should be, in the middle of a pale line: a misfit shows at once."""
    half = LINE / 2
    return [
        Panel(
            label.inset(Edges.all(-half)),
            None,
            Rule(_PALE, LINE),
            (label.width / 2 if stock.round else stock.corner) + half,
        )
        for label in stock.ups
    ]


def _break(items: Sequence[Item], within: Box) -> Panel:
    """White under a scale and its letter: what lies there are the real cut and the scale."""
    box = items[0].box
    for item in items:
        if not isinstance(item, Text) or item.text not in POINTERS.values():
            box = box.around(item.box)
    left, top = max(box.x - _BREAK, within.x), max(box.y - _BREAK, within.y)
    right = min(box.right + _BREAK, within.right)
    bottom = min(box.bottom + _BREAK, within.bottom)
    return Panel(Box(left, top, right - left, bottom - top), _WHITE, None, 0)


def _arrow(box: Box) -> tuple[Text, ...]:
    """Which edge of the paper is the top one."""
    middle = box.x + box.width / 2
    return (
        in_line("↑", 24, middle, box.y + 8, "bold", share=0.5),
        in_line("纸的上边", 8, middle, box.y + 12.5, share=0.5),
    )


def _notes(stock: Stock, found: Sequence[Edge]) -> tuple[Item, ...]:
    """The instructions on white in the middle of the sheet, as large as the room there allows."""
    free = between(found, stock)
    width = min(_NOTES_WIDTH, free.width)
    left = free.x + (free.width - width) / 2
    for size_pt in _NOTES_PT:
        written = _written(size_pt, width - 2 * _AIR, stock.name, stock.id, found)
        height = max(item.box.bottom for item in written) + 2 * _AIR
        if height <= free.height:
            break
    top = free.y + (free.height - height) / 2
    frame = Panel(Box(left, top, width, height), _WHITE, Rule(BLACK, LINE), 0)
    return (frame, *(_moved(item, Point(left + _AIR, top + _AIR)) for item in written))


def _written(
    size_pt: float, width: float, name: str, stock: str, found: Sequence[Edge]
) -> list[Item]:
    """The instructions in this size and width, from the origin on."""
    em = to_mm(size_pt)
    items: list[Item] = [*_paragraph(TITLE, 1.8 * size_pt, "bold", 0, 0, width)]
    y = 2.7 * em
    items += _paragraph(name, size_pt, "regular", 0, y, width)
    y += 2 * em
    for number, step in enumerate(STEPS, 1):
        items += _paragraph(f"{number}.", size_pt, "bold", 0, y, width)
        lines = _paragraph(step, size_pt, "regular", 1.6 * em, y, width - 1.6 * em)
        items += lines
        y = max(line.box.bottom for line in lines) + 0.6 * em
        if number == 1:
            bottom = y + 1.2 * em
            items += _ruled(1.6 * em, bottom, 1.2 * em)
            items.append(in_line(RULER_WORDS[-1], size_pt, 1.6 * em + RULER + 0.8 * em, bottom))
            y = bottom + 0.8 * em
    y += 0.4 * em
    for letter, edge in zip(LETTERS, found, strict=True):
        baseline = y + 1.4 * em
        where = f"第 {edge.row} 行第 {edge.column} 枚标签的{_SIDES[edge.side]}"
        blank = Box(17 * em, y, 7 * em, 2 * em)
        items += [
            in_line(letter, 1.2 * size_pt, 1.6 * em, baseline, "bold"),
            in_line(where, size_pt, 3.4 * em, baseline),
            Panel(blank, None, Rule(BLACK, LINE), 0),
            in_line("毫米（写上 + 或 −）", size_pt, blank.right + 0.6 * em, baseline),
        ]
        y = blank.bottom + 0.4 * em
    y += 0.6 * em
    items += _paragraph(TYPE_IN, size_pt, "regular", 0, y, width)
    y = items[-1].box.bottom + 0.5 * em
    typed: list[Item] = []
    inner = y + 0.6 * em
    for words in (COMMAND.format(stock=stock), EXAMPLE):
        typed += _paragraph(words, size_pt, "regular", 0.8 * em, inner, width - 1.6 * em)
        inner = typed[-1].box.bottom + 0.4 * em
    tint = Panel(Box(0, y, width, inner + 0.2 * em - y), _TINT, None, 0)
    return [*items, tint, *typed]


def _paragraph(
    words: str, size_pt: float, name: str, x: float, y: float, width: float
) -> list[Text]:
    block = set_text(words, Setting(font(name), size_pt, words=True), width)
    return runs(block, name, BLACK, Point(x, y))


def _moved(item: Item, by: Point) -> Item:
    box = item.box.moved(by)
    if isinstance(item, Text):
        return replace(item, at=Point(item.at.x + by.x, item.at.y + by.y), box=box)
    return replace(item, box=box)


def ruler(strip: Box) -> tuple[Item, ...]:
    """A ruler of 50 mm at the left of a strip, in the middle of its height; () without room."""
    if strip.width < LEAST_STRIP.width - TOLERANCE or strip.height < LEAST_STRIP.height - TOLERANCE:
        return ()
    left, bottom = strip.x + LINE / 2, strip.y + (strip.height + _RULER_HEIGHT) / 2
    items = _ruled(left, bottom, _RULER_HEIGHT)
    baseline = strip.y + (strip.height + cap_height(_RULER_PT)) / 2
    for words in RULER_WORDS:
        text = in_line(words, _RULER_PT, left + RULER + 1.5, baseline)
        if text.box.right <= strip.right:
            return (*items, text)
    return tuple(items)


def _ruled(left: float, bottom: float, height: float) -> tuple[Item, ...]:
    """The line and the ticks of the ruler, from the middle of its first tick on."""
    ticks = (
        (left + at - LINE / 2, height if at % 10 == 0 else height / 2)
        for at in range(0, round(RULER) + 1, 5)
    )
    return (
        inked(Box(left, bottom - LINE, RULER, LINE)),
        *(inked(Box(x, bottom - tall, LINE, tall)) for x, tall in ticks),
    )
