"""The four scales of a calibration sheet: which label edges they lie across, and how they look.

Comes in: a `Stock`. Goes out: the four `Edge`s that `correction` wants readings from, and the items
of a scale. Millimetres; right and down are positive.

A is the first upright label edge in the top row, D the same in the bottom row, B the topmost level
edge. C is the last upright edge in the top row, or the lowest level edge where the upright ones lie
too near to each other. Only edges that a scale can be printed across count, so where labels reach
the paper's edge it is their inner edges.

Limits: a stock of one label, with edges in one direction only, or with edges that lie close
together has no four that will do; nor have rolls and one-up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from stickergen.artwork.fonts import font
from stickergen.artwork.page import Item, Panel, Text
from stickergen.artwork.text import ENDLESS, text_item
from stickergen.artwork.typeset import Setting, set_text
from stickergen.ink import Ink
from stickergen.measure import Box, Edges, Point, Size, close, to_mm
from stickergen.press.correction import MOST_READING, Edge, Side
from stickergen.press.stock import Stock

LEAST_BASE = 0.45
"""How far apart the edges lie at least, as a share of the paper's side. Tuned: what a reading is
off by is little more than doubled at the far end of the sheet."""

LEAST_CLEAR = 2.0
"""mm that a scale can be printed on either side of its nought at least. Tuned: an office printer is
seldom off by more."""

LEAST_NOTES = Size(100.0, 80.0)
"""mm between the scales; what the instructions take at their smallest size."""

ARROW = Size(20.0, 14.0)
"""mm; the arrow to the top edge with its words."""

ARROW_PLACES = (0.25, 0.75, 0.35, 0.65)
"""Where its middle may be, as a share of the printable width; the first that is free."""

BLACK = Ink(0, 0, 0, 100)

LINE = 0.2
"""mm; outlines, frames, the ruler and the nought of a scale."""

_HAIRLINE = 0.1
"""mm; two dots at 600 dpi. Tuned: the ticks half a millimetre apart stay apart."""

_HALF, _ODD, _EVEN, _FAR = 1.6, 2.6, 3.6, 6.0
"""mm; ticks of half, odd and even millimetres, and of −2 and +2. Numbers stand at the even ones, in
two rows: with its sign a number is wider than the 2 mm to the next."""

_NUMBER_PT, _LETTER_PT, _SIDE_PT = 7.0, 14.0, 7.0

_GAP = 0.4
"""mm between a tick and its number."""

_WIDE, _UP, _DOWN, _BESIDE = 5.6, 9.2, 5.4, 10.2
"""mm; what a scale takes: along itself, on the side of its numbers, on the side of its letter, and
on the side of the words. A test holds the drawing to it."""

POINTERS: dict[Side, str] = {"left": "标签→", "right": "←标签", "top": "标签↓", "bottom": "标签↑"}
"""Where the label lies that has this edge: between two labels there are two edges."""


def edges(stock: Stock) -> tuple[Edge, ...]:
    """The edges of the scales A, B, C and D; none if this stock has no four that will do."""
    if stock.kind != "sheet" or stock.paper is None:
        return ()
    usable = [edge for edge in _all(stock) if printable(stock).contains(room(edge, LEAST_CLEAR))]
    upright = [edge for edge in usable if edge.upright]
    level = [edge for edge in usable if not edge.upright]
    if not upright or not level:
        return ()
    first, last = _row(upright, 0), _row(upright, -1)
    a, d, across = first[0], last[0], first[-1]
    middle = stock.paper.width / 2
    b, down = (
        min(_row(level, which), key=lambda edge: abs(edge.middle.x - middle)) for which in (0, -1)
    )
    wide = across.middle.x - a.middle.x >= LEAST_BASE * stock.paper.width
    found = (a, b, across if wide else down, d)
    return found if _far_apart(found, stock) else ()


def _all(stock: Stock) -> Iterator[Edge]:
    """The four edges of every label."""
    assert stock.grid is not None
    for number, label in enumerate(stock.ups):
        row, column = divmod(number, stock.grid.columns)
        for side in POINTERS:
            yield Edge(label, side, row + 1, column + 1, stock.round)


def _row(found: Sequence[Edge], which: int) -> list[Edge]:
    """The highest (0) or lowest (-1) of these edges, from left to right."""
    level = sorted(edge.middle.y for edge in found)[which]
    row = [edge for edge in found if close(edge.middle.y, level)]
    return sorted(row, key=lambda edge: edge.middle.x)


def _far_apart(found: Sequence[Edge], stock: Stock) -> bool:
    """Whether readings there tell scale and skew, and scales and instructions find room."""
    assert stock.paper is not None
    a, b, c, d = (edge.middle.y for edge in found)
    least = LEAST_BASE * stock.paper.height
    rooms = [room(edge) for edge in found]
    notes = between(found, stock)
    return (
        d - a >= least
        and (found[2].upright or c - b >= least)
        and not any(one.overlaps(other) for one, other in combinations(rooms, 2))
        and arrow_box(found, stock) is not None
        and notes.width >= LEAST_NOTES.width
        and notes.height >= LEAST_NOTES.height
    )


def room(edge: Edge, clear: float = _WIDE) -> Box:
    """What a scale takes that reaches so far beyond the label, with its numbers and its words."""
    x, y = edge.middle.x, edge.middle.y
    match edge.side:
        case "left":
            return Box(x - clear, y - _UP, clear + _BESIDE, _UP + _DOWN)
        case "right":
            return Box(x - _BESIDE, y - _UP, clear + _BESIDE, _UP + _DOWN)
        case "top":
            return Box(x - _BESIDE, y - clear, _BESIDE + _UP, clear + _WIDE)
        case "bottom":
            return Box(x - _BESIDE, y - _WIDE, _BESIDE + _UP, clear + _WIDE)


def between(found: Sequence[Edge], stock: Stock) -> Box:
    """The middle of the sheet, between the scales at the top and those at the bottom."""
    a, b, c, d = (room(edge) for edge in found)
    high, low = ([a, b, c], [d]) if found[2].upright else ([a, b], [c, d])
    whole = printable(stock)
    top, bottom = max(box.bottom for box in high), min(box.y for box in low)
    return Box(whole.x, top, whole.width, bottom - top)


def arrow_box(found: Sequence[Edge], stock: Stock) -> Box | None:
    """Where at the top edge of the sheet no scale stands in the way of the arrow to it."""
    whole = printable(stock)
    rooms = [room(edge) for edge in found]
    for share in ARROW_PLACES:
        left = whole.x + share * whole.width - ARROW.width / 2
        box = Box(left, whole.y, ARROW.width, ARROW.height)
        if not any(one.overlaps(box) for one in rooms):
            return box
    return None


def printable(stock: Stock) -> Box:
    """The part of a sheet that an office printer reaches."""
    assert stock.paper is not None
    return Box(0, 0, stock.paper.width, stock.paper.height).inset(Edges.all(stock.unprintable))


# --- the drawing ---


def scale(edge: Edge, letter: str, within: Box) -> Iterator[Item]:
    """Ticks and numbers as far as they lie within the box, the letter, where the label is."""
    most = round(MOST_READING)
    ticks = [_tick(edge, half) for half in range(-2 * most, 2 * most + 1)]
    shown = [box for box in ticks if within.contains(box)]
    yield from (inked(box) for box in shown)
    first, last = shown[0], shown[-1]
    if edge.upright:
        yield inked(Box(first.x, edge.middle.y, last.right - first.x, LINE))
    else:
        yield inked(Box(edge.middle.x - LINE, first.y, LINE, last.bottom - first.y))
    for number in range(-most, most + 1):
        if number % 2 == 0 and _tick(edge, 2 * number) in shown:
            text = _number(edge, number)
            if abs(number) == 2:
                text = _inwards(text, within)
            if within.contains(text.box):
                yield text
    yield from _words(edge, letter)


def _length(half: int) -> float:
    """How long the tick at so many half millimetres is."""
    if half % 4:
        return _HALF if half % 2 else _ODD
    return _FAR if abs(half) == 4 else _EVEN


def _tick(edge: Edge, half: int) -> Box:
    """The tick at so many half millimetres."""
    x, y, at, length = edge.middle.x, edge.middle.y, half / 2, _length(half)
    width = _HAIRLINE if half else LINE
    if edge.upright:
        return Box(x + at - width / 2, y - length, width, length)
    return Box(x, y + at - width / 2, length, width)


def _number(edge: Edge, number: int) -> Text:
    """A number at the end of its tick; with its sign, which is what readers forget."""
    words = f"{number:+d}".replace("-", "−") if number else "0"
    x, y, end = edge.middle.x, edge.middle.y, _length(2 * number) + _GAP
    if edge.upright:
        return in_line(words, _NUMBER_PT, x + number, y - end, share=0.5)
    return in_line(words, _NUMBER_PT, x + end, y + number + cap_height(_NUMBER_PT) / 2)


def _inwards(text: Text, within: Box) -> Text:
    """The number at a long tick, beside which there is room, moved in from the paper's edge."""
    box = text.box
    x = min(max(box.x, within.x), within.right - box.width)
    y = min(max(box.y, within.y), within.bottom - box.height)
    return text.moved(Point(x - box.x, y - box.y))


def _words(edge: Edge, letter: str) -> Iterator[Text]:
    """The letter of a scale, and on which side the label lies whose edge is meant."""
    x, y, cap = edge.middle.x, edge.middle.y, cap_height(_LETTER_PT)
    if edge.upright:
        under = y + 2 * _GAP + cap
        aside, share = (2.5, 0.0) if edge.side == "left" else (-2.5, 1.0)
        yield in_line(letter, _LETTER_PT, x, under, "bold", share=0.5)
        yield in_line(POINTERS[edge.side], _SIDE_PT, x + aside, under, share=share)
    else:
        aside = 5.2 if edge.side == "top" else -3.4
        yield in_line(letter, _LETTER_PT, x - 2, y + cap / 2, "bold", share=1)
        yield in_line(POINTERS[edge.side], _SIDE_PT, x - 1.5, y + aside, share=1)


def in_line(
    words: str, size_pt: float, x: float, baseline: float, name: str = "regular", share: float = 0
) -> Text:
    """Words in one run; `share` of their width stands to the left of x."""
    width = set_text(words, Setting(font(name), size_pt), ENDLESS).width
    return text_item(words, name, size_pt, BLACK, x - share * width, baseline)


def cap_height(size_pt: float) -> float:
    """How high a capital or a figure is."""
    return font("regular").cap_height * to_mm(size_pt)


def inked(box: Box) -> Panel:
    """A box of black."""
    return Panel(box, BLACK, None, 0)
