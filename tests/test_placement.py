"""Where pieces sit for each press: the shop's sheets, single pages inside marks, a label a page."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from stickergen.library import Library
from stickergen.measure import Box, Edges, Point, Size
from stickergen.press import marks
from stickergen.press.marks import Cut, Line, Ring, Trimming
from stickergen.press.placement import CUT_TO_EDGE, place
from stickergen.press.profile import Press, Shelf
from stickergen.press.stock import Placement, Stock, StockFile
from stickergen.problem import InputError, Place

LIBRARY = Library()
STOCKS = {name: Stock.of(file.value) for name, file in LIBRARY.every("stocks", StockFile).items()}
SHEETS = sorted(name for name, stock in STOCKS.items() if stock.kind == "sheet")
ASKED = Place("campaign.yaml", 1, 1)
PARCEL = Size(63.5, 33.9)


def press(name: str) -> Press:
    return LIBRARY.get("presses", name, None, Press).value


def placed(stock: str, size: Size, on: str, shelf: Shelf = "sticker") -> Placement:
    chosen = STOCKS[stock]
    return place(chosen, size, round=chosen.round, press=press(on), shelf=shelf, asked=ASKED)


def test_a_shop_sets_labels_that_touch_apart_for_their_bleed() -> None:
    page = placed("a4-24-63.5x33.9", PARCEL, "shop")
    assert len(page.pieces) == 21
    assert page.bleed == 2
    assert (page.trim.width, page.trim.height) == (210, 297)
    xs, ys = ({box.x for box in page.pieces}, {box.y for box in page.pieces})
    assert sorted(xs)[1] - sorted(xs)[0] == pytest.approx(63.5 + 4)
    assert sorted(ys)[1] - sorted(ys)[0] == pytest.approx(33.9 + 4)


def test_a_shop_keeps_a_grid_that_has_room() -> None:
    stock = STOCKS["a4-15-50x50"]
    page = placed("a4-15-50x50", Size(50, 50), "shop")
    away = Point(-page.trim.x, -page.trim.y)
    assert [box.moved(away) for box in page.pieces] == pytest.approx(list(stock.ups))


@pytest.mark.parametrize("stock", SHEETS)
def test_on_a_shop_sheet_no_bleed_meets_another_or_the_edge(stock: str) -> None:
    assert STOCKS[stock].label is not None
    size = STOCKS[stock].label
    assert size is not None
    paper = STOCKS[stock].paper
    assert paper is not None
    room = 2 * (press("shop").bleed.sticker + CUT_TO_EDGE)
    if size.width + room > paper.width or size.height + room > paper.height:
        with pytest.raises(InputError) as caught:
            placed(stock, size, "shop")
        assert [problem.code for problem in caught.value.problems] == ["piece-bleed-too-large"]
        return
    page = placed(stock, size, "shop")
    bled = [box.inset(Edges.all(-page.bleed)) for box in page.pieces]
    assert not any(one.overlaps(other) for one, other in combinations(bled, 2))
    inside = page.trim.inset(Edges.all(CUT_TO_EDGE))
    assert all(inside.contains(box) for box in bled)


@pytest.mark.parametrize(
    ("stock", "shelf"), [("one-up", "sticker"), ("roll-70x50", "sticker"), ("a5-2up", "flyer")]
)
def test_a_shop_gets_one_piece_a_page_where_it_imposes(stock: str, shelf: Shelf) -> None:
    page = placed(stock, PARCEL, "shop", shelf)
    assert page.pieces == (page.trim,)
    assert page.trim.size == PARCEL
    assert page.bleed == (2 if shelf == "sticker" else 3)


def test_a_label_printer_gets_one_label_a_page_on_its_dots() -> None:
    page = placed("a4-24-70x37", PARCEL, "thermal-203")
    assert page.paper == Size(70, 37)
    (piece,) = page.pieces
    assert all(abs(n * 8 - round(n * 8)) < 1e-9 for n in (piece.x, piece.y))
    assert abs(piece.x - (70 - 63.5) / 2) <= 0.125


@pytest.mark.parametrize("on", ["thermal-203", "thermal-300"])
@pytest.mark.parametrize("stock", sorted(name for name in STOCKS if name.startswith("roll-")))
def test_a_label_is_whole_dots_so_that_both_ends_may_be_counted_from(stock: str, on: str) -> None:
    page = placed(stock, Size(30, 20), on)
    grid = press(on).module_grid
    (piece,) = page.pieces
    for length in (page.paper.width, page.paper.height, piece.x, piece.y):
        assert length / grid == pytest.approx(round(length / grid), abs=1e-6)
    label = STOCKS[stock].label
    assert label is not None
    assert abs(page.paper.width - label.width) <= grid / 2


def test_an_office_prints_the_stock_as_it_is() -> None:
    page = placed("a4-24-63.5x33.9", PARCEL, "office")
    assert page.pieces == STOCKS["a4-24-63.5x33.9"].ups
    assert (page.bleed, page.trim) == (0, Box(0, 0, 210, 297))


# --- marks ---

lengths = st.floats(20, 400)


@given(lengths, lengths, st.floats(0, 10))
def test_marks_lie_outside_the_bleed_and_on_the_page(
    width: float, height: float, bleed: float
) -> None:
    margin = marks.margin(bleed)
    trim = Box(margin, margin, width, height)
    page = Box(0, 0, width + 2 * margin, height + 2 * margin)
    bled = trim.inset(Edges.all(-bleed))
    found = Trimming.of(trim, bleed, ()).marks
    assert sum(isinstance(mark, Line) for mark in found) == 8 + 4 * 2
    strip = marks.slug_strip(page.size)
    for mark in found:
        box = extent(mark)
        assert page.contains(box)
        assert not bled.overlaps(box)
        assert not strip.overlaps(box)


def test_crop_marks_point_at_the_corners() -> None:
    found = marks.marks(Box(20, 20, 50, 30), 2)
    lines = [mark for mark in found if isinstance(mark, Line)][:8]
    on_trim = [line for line in lines if {line.start.x, line.end.x} & {20, 70}]
    assert len(on_trim) == 4
    assert {line.start.y for line in lines[:4]} == {20, 50}


def extent(mark: Line | Ring) -> Box:
    if isinstance(mark, Ring):
        reach = mark.radius
        return Box(mark.center.x - reach, mark.center.y - reach, 2 * reach, 2 * reach)
    left, right = sorted((mark.start.x, mark.end.x))
    top, bottom = sorted((mark.start.y, mark.end.y))
    return Box(left, top, right - left, bottom - top)


def test_a_cut_has_no_sharp_corner() -> None:
    box = Box(0, 0, 40, 20)
    assert Cut.of(box, corner=0, round=False).corner == 1
    assert Cut.of(box, corner=3, round=False).corner == 3
    assert Cut.of(Box(0, 0, 40, 40), corner=0, round=True).corner == 20


# --- press files ---


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"standard": "pdf-x-1a"}, "press-needs"),
        ({"standard": "pdf-x-4", "condition": "FOGRA39"}, "press-needs"),
        ({"cut": "CutContour"}, "press-plain-has"),
        ({"bleed": {"sticker": 2}}, "press-plain-has"),
        ({"standard": "pdf-x-1a", "condition": "FOGRA39", "inks": "grey"}, "press-shop-in-colour"),
        ({"standard": "pdf-x-1a", "condition": "FOGRA39", "cut": "Black"}, "press-cut-reserved"),
        ({"inks": "one-bit", "dpi": [300, 600]}, "press-one-grid"),
        ({}, ""),
    ],
)
def test_a_press_that_cannot_be(changes: dict[str, object], code: str) -> None:
    given = {"id": "x", "name": "某", "dpi": [300], "source": "test"} | changes
    if not code:
        assert Press.model_validate(given).standard == "plain"
        return
    with pytest.raises(ValidationError) as caught:
        Press.model_validate(given)
    assert [error["type"] for error in caught.value.errors()] == [code]
