"""Calibration: simulated printers are read and put right; the sheet and the ruler by geometry."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations, pairwise
from math import cos, hypot, radians, sin

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from stickergen.artwork.page import Item, Panel, Text
from stickergen.content.source import read
from stickergen.measure import Box, Edges, Point, Size, close, to_mm, to_pt
from stickergen.press.calibration import EXAMPLE, RULER_WORDS, TITLE, calibration_sheet, ruler
from stickergen.press.correction import LETTERS, Correction, Edge, Readings, correction
from stickergen.press.scales import between, edges, printable, room, scale
from stickergen.press.stock import Stock, StockFile
from stickergen.problem import InputError, Place, worded
from stickergen.shipped import CONTENT

STOCKS = {
    path.stem: Stock.of(read(path, StockFile).value)
    for path in sorted((CONTENT / "stocks").glob("*.yaml"))
}
USABLE = {name: stock for name, stock in STOCKS.items() if edges(stock)}

ACROSS, DOWN = "a4-24-63.5x33.9", "a4-24-70x36"
"""A stock whose C lies across from A, one whose C lies down from B."""
ROUND = ("a4-48-round30", "a4-20-round50")
SIMULATED = (ACROSS, DOWN, *ROUND)
A4 = Size(210, 297)

Printer = Callable[[float, float], tuple[float, float]]


def printer(wanted: Correction) -> Printer:
    """A printer that this correction puts right: turned back, scaled back, moved back."""
    angle = radians(-wanted.skew_degrees)

    def lands(x: float, y: float) -> tuple[float, float]:
        x, y = (x - wanted.offset.x) / wanted.scale, (y - wanted.offset.y) / wanted.scale
        return x * cos(angle) - y * sin(angle), x * sin(angle) + y * cos(angle)

    return lands


def is_beyond(edge: Edge, x: float, y: float) -> bool:
    """Whether a place on the paper lies beyond the edge, off the label."""
    box = edge.label
    if edge.round:
        middle_x, middle_y = box.x + box.width / 2, box.y + box.height / 2
        return hypot(x - middle_x, y - middle_y) > box.width / 2
    return {"left": x < box.x, "right": x > box.right, "top": y < box.y, "bottom": y > box.bottom}[
        edge.side
    ]


def seen(edge: Edge, lands: Printer) -> float:
    """Where a person sees the edge cross the printed scale, to a thousandth of a micrometre."""
    low, high = -6.0, 6.0
    starts = edge.side in ("left", "top")

    def beyond(reading: float) -> bool:
        x, y = edge.middle.x, edge.middle.y
        x, y = (x + reading, y) if edge.upright else (x, y + reading)
        return is_beyond(edge, *lands(x, y)) == starts

    while high - low > 1e-9:
        middle = (low + high) / 2
        low, high = (middle, high) if beyond(middle) else (low, middle)
    return (low + high) / 2


corrections = st.builds(
    Correction,
    offset=st.builds(Point, st.floats(-4, 4), st.floats(-4, 4)),
    scale=st.floats(0.98, 1.02),
    skew_degrees=st.floats(-1, 1),
)


@pytest.mark.parametrize("name", SIMULATED)
@given(wanted=corrections)
def test_readings_give_the_correction_back(name: str, wanted: Correction) -> None:
    found_edges = edges(STOCKS[name])
    numbers = [seen(edge, printer(wanted)) for edge in found_edges]
    assume(all(abs(number) <= 5 for number in numbers))
    found = correction(found_edges, Readings(*numbers))
    for x in (0.0, A4.width):
        for y in (0.0, A4.height):
            here, there = found.at(Point(x, y)), wanted.at(Point(x, y))
            assert hypot(here.x - there.x, here.y - there.y) < 0.01


@given(
    wanted=corrections,
    x=st.floats(0, 210),
    y=st.floats(0, 297),
    height=st.sampled_from([297.0, 210.0, 148.0]),
)
def test_a_corrected_page_lands_where_it_should(
    wanted: Correction, x: float, y: float, height: float
) -> None:
    a, b, c, d, e, f = wanted.matrix(Size(210, height))
    across, up = to_pt(x), to_pt(height - y)
    across, up = a * across + c * up + e, b * across + d * up + f
    printed = Point(to_mm(across), height - to_mm(up))
    landed = printer(wanted)(printed.x, printed.y)
    assert landed == pytest.approx((x, y), abs=1e-6)


def test_the_matrix_is_the_correction_in_points() -> None:
    """By hand: 1 mm right and 2 mm down on A4 is to the right and downwards in points."""
    moved = Correction(Point(1, 2), 1.0, 0.0).matrix(A4)
    assert moved == pytest.approx((1, 0, 0, 1, to_pt(1), to_pt(-2)))
    scaled = Correction(Point(0, 0), 1.01, 0.0).matrix(A4)  # about the top left corner
    assert scaled == pytest.approx((1.01, 0, 0, 1.01, 0, to_pt(-2.97)))
    turned = Correction(Point(0, 0), 1.0, 1.0).matrix(A4)  # clockwise on paper
    assert turned[1] == pytest.approx(-sin(radians(1)))


def test_no_error_needs_no_correction() -> None:
    for name in SIMULATED:
        found = correction(edges(STOCKS[name]), Readings(0, 0, 0, 0))
        assert (found.scale, found.skew_degrees) == pytest.approx((1, 0))
        assert (found.offset.x, found.offset.y) == pytest.approx((0, 0))


def test_a_reading_moves_what_it_measures() -> None:
    """By hand: the label's left edge is seen 1 mm to the right, so everything must go there."""
    found = correction(edges(STOCKS[ACROSS]), Readings(1, 0, 1, 1))
    assert found.at(Point(0, 0)).x == pytest.approx(1)
    assert found.at(Point(210, 297)).x == pytest.approx(211)
    found = correction(edges(STOCKS[ACROSS]), Readings(0, -1, 0, 0))
    assert found.at(Point(100, 100)) == Point(pytest.approx(100), pytest.approx(99))


@pytest.mark.parametrize(
    ("readings", "what"),
    [
        (Readings(3.7, 0, 3.7, -5), "skew_degrees"),  # 8.7 mm over 237 mm
        (Readings(-4, 0, 4, -4), "scale"),  # 8 mm over 195 mm
        (Readings(5, 5, 4.8, 4.6), "offset"),  # at the corner more than at the edges
    ],
)
def test_what_no_printer_is_off_by_is_a_slip(readings: Readings, what: str) -> None:
    place = Place("三楼.yaml", 4, 1)
    with pytest.raises(InputError) as caught:
        correction(edges(STOCKS[ACROSS]), readings, place)
    (problem,) = caught.value.problems
    assert (problem.code, problem.place) == ("correction-too-large", place)
    values = problem.values
    beyond = {
        "offset": max(abs(values["x"]), abs(values["y"])) > 5,
        "scale": abs(values["percent"] - 100) > 3,
        "skew_degrees": abs(values["degrees"]) > 2,
    }
    assert [name for name, is_so in beyond.items() if is_so] == [what]
    assert f"{values['degrees']:+.2f}" in worded(problem, "zh").sentence


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0.5", 0.5),
        ("+0.5", 0.5),
        ("-1", -1.0),
        ("−1.5", -1.5),
        ("－１．５", -1.5),
        ("＋０．２５", 0.25),
        (" 0 ", 0.0),
        ("0。5", 0.5),
        (".5", 0.5),
        ("- 2", -2.0),
        ("1.25，", 1.25),
        ("1、", 1.0),
        ("负1", -1.0),
        ("0.5毫米", 0.5),
        ("0.5 mm", 0.5),
        ("5", 5.0),
        ("0.3333333", 0.33),
        ("−5.0", -5.0),
    ],
)
def test_readings_as_people_type_them(typed: str, number: float) -> None:
    assert Readings.typed([typed, "0", "1", "-2"]) == Readings(number, 0, 1, -2)


def test_wrong_readings_are_told_with_their_letters() -> None:
    with pytest.raises(InputError) as caught:
        Readings.typed(["half", "5.1", "0.5", ""])
    told = {(problem.code, problem.values["letter"]) for problem in caught.value.problems}
    assert told == {
        ("reading-not-a-number", "A"),
        ("reading-off-the-scale", "B"),
        ("reading-not-a-number", "D"),
    }
    for typed in ("1 2", "0,5", "1-", "1e1", "inf", "nan", "5.01", "٣"):
        with pytest.raises(InputError):
            Readings.typed(["0", "0", "0", typed])
    with pytest.raises(InputError) as caught:
        Readings.typed(["0", "0", "0"])
    (problem,) = caught.value.problems
    assert (problem.code, problem.values) == ("readings-not-four", {"count": 3})


# --- the scales ---


def test_which_stocks_can_be_calibrated_with() -> None:
    unusable = {name for name in STOCKS if name not in USABLE}
    sheets = {name for name in unusable if STOCKS[name].kind == "sheet"}
    assert sheets == {"a4", "a4-2-210x148.5", "a4-4-105x148", "a5-2up"}
    assert unusable - sheets == {name for name in STOCKS if STOCKS[name].kind != "sheet"}


def test_where_the_scales_of_an_ordinary_sheet_lie() -> None:
    found = edges(STOCKS[ACROSS])
    assert [(edge.side, edge.row, edge.column) for edge in found] == [
        ("left", 1, 1),
        ("top", 1, 2),
        ("right", 1, 3),
        ("left", 8, 1),
    ]
    assert found[0].middle == Point(7.21, 12.9 + 33.9 / 2)


def test_labels_up_to_the_paper_edge_are_read_at_inner_edges() -> None:
    found = edges(STOCKS[DOWN])
    assert [(edge.side, edge.row, edge.column) for edge in found] == [
        ("right", 1, 1),
        ("bottom", 1, 2),
        ("bottom", 7, 2),
        ("right", 8, 1),
    ]


@pytest.mark.parametrize("name", USABLE)
def test_edges_are_far_apart_and_can_be_printed_across(name: str) -> None:
    stock = USABLE[name]
    a, b, c, d = edges(stock)
    assert (a.upright, b.upright, d.upright) == (True, False, True)
    assert d.middle.y - a.middle.y > 130
    apart = c.middle.x - a.middle.x if c.upright else c.middle.y - b.middle.y
    assert apart > 94
    for edge in (a, b, c, d):
        around = Box(edge.middle.x, edge.middle.y, 0, 0).inset(Edges.all(-2))
        assert printable(stock).contains(around)
        assert edge.label in stock.ups


def test_a_round_edge_bends_away_from_its_scale() -> None:
    left = Edge(Box(0, 0, 30, 30), "left", 1, 1, True)
    assert left.crossing(0) == 0
    assert left.crossing(9) == pytest.approx(3)  # 15 − √(15² − 9²)
    bottom = replace(left, side="bottom")
    assert bottom.crossing(-9) == pytest.approx(27)
    assert replace(left, round=False).crossing(9) == 0


def inks(items: list[Item]) -> list[Item]:
    """The items as far as there is ink: a figure is less high than its em."""
    return [replace(item, box=item.box.inset(Edges(0.4, 0, 0.4, 0))) for item in items]


@pytest.mark.parametrize("name", USABLE)
def test_a_scale_keeps_to_its_room_and_its_words_apart(name: str) -> None:
    stock = USABLE[name]
    for letter, edge in zip(LETTERS, edges(stock), strict=True):
        items = list(scale(edge, letter, printable(stock)))
        assert all(room(edge).contains(item.box) for item in inks(items))
        assert all(printable(stock).contains(item.box) for item in items)
        texts = [item for item in inks(items) if isinstance(item, Text)]
        assert letter in [text.text for text in texts]
        assert not any(one.box.overlaps(other.box) for one, other in combinations(texts, 2))
        panels = [item for item in items if isinstance(item, Panel)]
        for text in texts:
            if text.text[0] in "+−0":
                assert not any(text.box.overlaps(panel.box) for panel in panels)


def test_ticks_stand_each_half_millimetre_and_numbers_at_theirs() -> None:
    for edge in edges(STOCKS["a4-8-105x74.25"]):  # nothing cut off at the paper's edge
        items = list(scale(edge, "A", Box(0, 0, 210, 297)))
        *ticks, line = [item.box for item in items if isinstance(item, Panel)]
        nought = edge.middle.x if edge.upright else edge.middle.y
        middles = [
            (box.x + box.right if edge.upright else box.y + box.bottom) / 2 - nought
            for box in ticks
        ]
        assert middles == pytest.approx([half / 2 for half in range(-10, 11)])
        assert (line.width if edge.upright else line.height) == pytest.approx(10.1)
        numbers = {
            item.text: item.box
            for item in items
            if isinstance(item, Text) and item.text[0] in "+−0"
        }
        assert list(numbers) == ["−4", "−2", "0", "+2", "+4"]
        for words, box in numbers.items():
            middle = box.x + box.width / 2 if edge.upright else box.y + box.height / 2
            assert close(middle, nought + int(words.replace("−", "-")), 0.3)


@pytest.mark.parametrize("name", USABLE)
def test_two_millimetres_either_way_have_their_figures(name: str) -> None:
    stock = USABLE[name]
    for letter, edge in zip(LETTERS, edges(stock), strict=True):
        items = scale(edge, letter, printable(stock))
        assert {"−2", "0", "+2"} <= {item.text for item in items if isinstance(item, Text)}


# --- the sheet ---


@pytest.mark.parametrize("name", USABLE)
def test_a_sheet_can_be_printed_and_read(name: str) -> None:
    stock = USABLE[name]
    page = calibration_sheet(stock)
    assert page.size == stock.paper
    texts = [item for item in page.items if isinstance(item, Text)]
    assert min(text.size_pt for text in texts) >= 6
    whole = "".join(text.text for text in texts)
    assert TITLE in whole
    assert f"--stock {stock.id} " in whole
    outlines, rest = page.items[: len(stock.ups)], page.items[len(stock.ups) :]
    for label, outline in zip(stock.ups, outlines, strict=True):
        assert isinstance(outline, Panel)
        assert outline.rule is not None
        assert outline.rule.ink.k < 50
        assert close(outline.box.x + outline.rule.width / 2, label.x)
        assert close(outline.box.right - outline.rule.width / 2, label.right)
    assert all(printable(stock).contains(item.box) for item in inks(list(rest)))
    white = [item for item in rest if isinstance(item, Panel) and item.fill and not item.fill.total]
    (frame,) = (item for item in white if item.rule)
    assert between(edges(stock), stock).contains(frame.box)
    inside = rest[rest.index(frame) + 1 :]
    assert all(frame.box.contains(item.box) for item in inside)
    boxes = [item.box for item in inside if isinstance(item, Text)]
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))


@pytest.mark.parametrize("name", USABLE)
def test_no_outline_runs_through_a_scale_or_its_letter(name: str) -> None:
    """White lies over the outlines, and the scale with its letter on white, with 1 mm of air."""
    stock = USABLE[name]
    within = printable(stock)
    items = calibration_sheet(stock).items
    breaks = [n for n, item in enumerate(items) if item in white_without_frame(items)]
    assert len(breaks) == len(LETTERS)
    assert min(breaks) >= len(stock.ups)
    for letter, edge, number in zip(LETTERS, edges(stock), breaks, strict=True):
        white = items[number].box
        for item in scale(edge, letter, within):
            if not isinstance(item, Text) or "标签" not in item.text:
                assert items.index(item) > number
                assert white.contains(item.box)
        along = [edge.middle.y - 6, edge.middle.y + 3.5] if edge.upright else [edge.middle.x + 4]
        for at in along:
            x, y = (edge.middle.x, at) if edge.upright else (at, edge.middle.y)
            assert white.contains(Box(x, y, 0, 0).inset(Edges.all(-1)))


def white_without_frame(items: Sequence[Item]) -> list[Panel]:
    panels = [item for item in items if isinstance(item, Panel)]
    return [item for item in panels if item.fill and not item.fill.total and not item.rule]


def test_the_ruler_comes_first_and_in_full_size() -> None:
    texts = [item for item in calibration_sheet(STOCKS[ACROSS]).items if isinstance(item, Text)]
    words = {item.text: item for item in texts}
    ruler, body = words["50 mm"], words["2."]
    assert words["1."].box.y < ruler.box.y < body.box.y
    assert ruler.size_pt == body.size_pt == 10
    whole = "".join(item.text for item in texts).replace(" ", "")
    assert whole.index("不是50就没按实际大小打印") < whole.index("50mm") < whole.index("箭头")
    assert EXAMPLE.replace(" ", "") in whole


def test_a_small_sheet_takes_smaller_type() -> None:
    stock = small_stock(rows=8, height=16)
    written = [item for item in calibration_sheet(stock).items if isinstance(item, Text)]
    title = next(item for item in written if item.text == TITLE)
    assert title.size_pt < 18
    assert edges(small_stock(rows=8, height=13)) == ()  # no room for the instructions


def small_stock(rows: int, height: float) -> Stock:
    """Three columns on a sheet that is just so high."""
    file = StockFile(
        id="small",
        name="小张",
        kind="sheet",
        paper=(150, 20 + rows * height),
        label=(40, height),
        first=(12, 10),
        pitch=(43, height),
        columns=3,
        rows=rows,
        source="test",
    )
    return Stock.of(file)


# --- the ruler ---


def ticks_of(items: tuple[Item, ...]) -> list[float]:
    """The middles of the ruler's ticks."""
    boxes = [item.box for item in items if isinstance(item, Panel) and item.box.width < 1]
    return [box.x + box.width / 2 for box in boxes]


@given(x=st.floats(0, 50), y=st.floats(0, 250), width=st.floats(60, 200), height=st.floats(2.7, 12))
def test_the_ruler_is_50_mm_and_stays_in_its_strip(
    x: float, y: float, width: float, height: float
) -> None:
    strip = Box(x, y, width, height)
    items = ruler(strip)
    ticks = ticks_of(items)
    assert ticks[-1] - ticks[0] == pytest.approx(50)
    assert all(right - left == pytest.approx(5) for left, right in pairwise(ticks))
    assert all(strip.contains(item.box) for item in items)


def test_the_ruler_says_as_much_as_there_is_room_for() -> None:
    def said(width: float) -> str:
        return "".join(item.text for item in ruler(Box(0, 0, width, 3)) if isinstance(item, Text))

    assert (said(110), said(60)) == RULER_WORDS


def test_no_ruler_without_room() -> None:
    assert ruler(Box(0, 0, 59, 10)) == ()
    assert ruler(Box(0, 0, 200, 2.6)) == ()
