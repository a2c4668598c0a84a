"""Imposition: how many of which sheet, what stands where, and the slug line in the margin."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickergen.artwork.page import Item, Page, Text
from stickergen.content.campaign import Lot
from stickergen.content.model import Point, Scam
from stickergen.content.source import read
from stickergen.ink import Ink
from stickergen.measure import Box, Edges, Size
from stickergen.press.sheet import (
    SAMPLE,
    SAMPLE_LINE,
    SLUG_PT,
    STRIP,
    Run,
    Sheet,
    flyer_sheets,
    has_room_for_mark,
    label_sheets,
    runs,
    slug,
    whole,
)
from stickergen.press.stock import Placement
from stickergen.shipped import CONTENT

# --- runs ---

ORDERS = st.lists(st.integers(0, 200), min_size=1, max_size=6).map(
    lambda counts: [(f"design-{n}", count) for n, count in enumerate(counts)]
)
UPS_AND_SKIP = st.integers(1, 30).flatmap(
    lambda ups: st.tuples(st.just(ups), st.integers(0, ups - 1))
)


def pieces(found: list[Run]) -> Counter[str]:
    return Counter(
        {
            design: sum(run.places.count(design) * run.copies for run in found)
            for run in found
            for design in run.places
            if design is not None
        }
    )


def is_whole(run: Run) -> bool:
    """Filled with one design."""
    return None not in run.places and len(set(run.places)) == 1


@given(ORDERS, UPS_AND_SKIP)
def test_no_piece_is_lost_and_none_is_added(
    order: list[tuple[str, int]], ups_and_skip: tuple[int, int]
) -> None:
    ups, skip = ups_and_skip
    assert pieces(runs(order, ups, skip)) == Counter({k: n for k, n in order if n})


@given(ORDERS, UPS_AND_SKIP)
def test_places_are_empty_where_labels_are_used_up_and_at_the_very_end(
    order: list[tuple[str, int]], ups_and_skip: tuple[int, int]
) -> None:
    ups, skip = ups_and_skip
    found = runs(order, ups, skip)
    assert all(len(run.places) == ups and run.copies > 0 for run in found)
    on_paper = [place for run in found for place in run.places * run.copies]
    assert on_paper[:skip] == [None] * min(skip, len(on_paper))
    rest = on_paper[skip:]
    while rest and rest[-1] is None:
        rest.pop()
    assert None not in rest


@given(ORDERS, UPS_AND_SKIP)
def test_no_sheet_more_than_the_pieces_need(
    order: list[tuple[str, int]], ups_and_skip: tuple[int, int]
) -> None:
    ups, skip = ups_and_skip
    total = sum(count for _, count in order)
    needed = -(-(total + skip) // ups) if total else 0
    assert sum(run.copies for run in runs(order, ups, skip)) == needed


@given(ORDERS, UPS_AND_SKIP)
def test_whole_sheets_come_first_and_each_part_keeps_the_order(
    order: list[tuple[str, int]], ups_and_skip: tuple[int, int]
) -> None:
    ups, skip = ups_and_skip
    found = runs(order, ups, skip)
    begun, rest = (found[:1], found[1:]) if skip else ([], found)
    kinds = [is_whole(run) for run in rest]
    assert kinds == sorted(kinds, reverse=True)
    wholes = [run for run in rest if is_whole(run)]
    mixed = [run for run in rest if not is_whole(run)]
    assert all(run.copies == 1 for run in begun + mixed)
    for part in (begun, wholes, mixed):
        designs = [place for run in part for place in run.places if place is not None]
        assert designs == sorted(designs)
    assert len({run.places for run in rest}) == len(rest)


def test_remainders_share_sheets() -> None:
    assert runs([("a", 7), ("b", 4), ("c", 3)], 3) == [
        Run(("a", "a", "a"), 2),
        Run(("b", "b", "b"), 1),
        Run(("c", "c", "c"), 1),
        Run(("a", "b", None), 1),
    ]


def test_a_begun_sheet_is_filled_up_first() -> None:
    assert runs([("a", 4), ("b", 3)], 4, skip=3) == [
        Run((None, None, None, "a"), 1),
        Run(("a", "a", "a", "b"), 1),
        Run(("b", "b", None, None), 1),
    ]


def test_nothing_ordered_is_no_sheet() -> None:
    assert runs([("a", 0)], 4, skip=2) == []


# --- sheets ---

PAPER = Size(210, 297)
MARK = Ink(10, 100, 95, 10)
LABELS = tuple(Box(10 + 100 * column, 20 + 60 * row, 90, 50) for row in (0, 1) for column in (0, 1))
SHEET = Box(0, 0, 210, 297)
PLACEMENT = Placement(PAPER, LABELS, LABELS, 0.0, SHEET.inset(Edges.all(4.2)), SHEET)
WHOLE = (Box(0, 0, 210, 297),)
FULL = Placement(PAPER, WHOLE, WHOLE, 0.0, PLACEMENT.printable, SHEET)
POINT = Point(id="j01", name="街乡01", share=1)


def scam(name: str) -> Scam:
    return read(CONTENT / "scams" / f"{name}.yaml", Scam).value


def lot(name: str, printed: int) -> Lot:
    return Lot(POINT, scam(name), printed, 0, printed)


LOTS = [lot("kefu", 9), lot("gouwu", 6)]


def sheets(*, sample: bool = False, skip: int = 0, expand: bool = False) -> list[Sheet]:
    return label_sheets(
        LOTS,
        ["k", "g"],
        PLACEMENT,
        title="活动",
        mark=MARK if sample else None,
        skip=skip,
        expand=expand,
    )


def words(items: tuple[Item, ...]) -> str:
    return "".join(item.text for item in items if isinstance(item, Text)).replace(" ", "")


def test_equal_sheets_are_one_with_copies() -> None:
    found = sheets()
    assert [sheet.copies for sheet in found] == [2, 1, 1]
    assert [sheet.pieces_printed for sheet in found] == [8, 4, 3]
    assert [[piece.design for piece in sheet.pieces] for sheet in found] == [
        ["k"] * 4,
        ["g"] * 4,
        ["k", "g", "g"],
    ]


def test_the_slug_tells_title_type_point_and_number() -> None:
    assert [words(sheet.furniture) for sheet in sheets()] == [
        "活动·冒充客服·街乡01·第1–2张，共4张",
        "活动·虚假购物·街乡01·第3张，共4张",
        "活动·冒充客服1＋虚假购物2·街乡01·第4张，共4张",
    ]


def test_expanded_sheets_are_the_same_sheets_one_by_one() -> None:
    apart = sheets(expand=True)
    assert [sheet.copies for sheet in apart] == [1] * 4
    together = [(sheet.pieces, sheet.copies) for sheet in sheets()]
    grouped = [
        (key, len(list(group))) for key, group in groupby(apart, key=lambda sheet: sheet.pieces)
    ]
    assert grouped == together
    assert [words(sheet.furniture)[-7:] for sheet in apart] == [
        f"第{n}张，共4张" for n in range(1, 5)
    ]


def test_the_slug_begins_where_the_labels_begin() -> None:
    left = min(item.box.x for sheet in sheets(sample=True) for item in sheet.furniture)
    assert left == pytest.approx(LABELS[0].x, abs=0.3)  # the first letter has a side bearing


def test_used_up_labels_carry_nothing() -> None:
    first, *rest = sheets(skip=3)
    assert [piece.box for piece in first.pieces] == [LABELS[3]]
    assert sum(sheet.pieces_printed for sheet in [first, *rest]) == 15


@pytest.mark.parametrize("sample", [True, False])
def test_furniture_stands_outside_the_pieces_where_the_printer_prints(sample: bool) -> None:
    for sheet in sheets(sample=sample):
        boxes = [item.box for item in sheet.furniture]
        assert boxes
        assert all(PLACEMENT.printable.contains(box) for box in boxes)
        assert not any(box.overlaps(piece.box) for box in boxes for piece in sheet.pieces)
        assert (SAMPLE in words(sheet.furniture)) == sample


def test_a_slip_is_no_piece() -> None:
    found = whole(Page(PAPER, ()), "slip/j01", "slip", "j01")
    assert found.pieces_printed == 0
    assert found.copies == 1
    assert [piece.box for piece in found.pieces] == list(WHOLE)


@pytest.mark.parametrize(("copies", "needed"), [(1, 1), (4, 1), (5, 2), (8, 2)])
def test_flyers_fill_their_sheets(copies: int, needed: int) -> None:
    (together,) = flyer_sheets("f", copies, PLACEMENT, 8, words=["传单"], mark=None)
    assert together.copies == needed
    apart = flyer_sheets("f", copies, PLACEMENT, 8, words=["传单"], mark=None, expand=True)
    assert [replace(sheet, copies=needed) for sheet in apart] == [together] * needed


def test_a_flyer_that_is_the_whole_sheet_is_marked_in_its_own_margin() -> None:
    (marked,) = flyer_sheets("f", 1, FULL, 12, words=["传单"], mark=MARK)
    assert words(marked.furniture) == SAMPLE_LINE.replace(" ", "")
    assert all(item.box.bottom <= 12 and item.box.y >= 4.2 for item in marked.furniture)
    (plain,) = flyer_sheets("f", 1, FULL, 12, words=["传单"], mark=None)
    assert plain.furniture == ()


def test_room_for_the_mark_is_a_margin_or_a_flyers_own() -> None:
    assert has_room_for_mark(PLACEMENT)
    assert not has_room_for_mark(FULL)
    assert not has_room_for_mark(FULL, 4.2 + STRIP - 0.1)
    assert has_room_for_mark(FULL, 4.2 + STRIP + 0.1)


# --- slug ---

WORDS = ["防骗小贴士上快递", "冒充客服", "街乡01", "第1–28张，共90张"]


@given(st.floats(STRIP, 30), st.floats(20, 300), st.booleans())
def test_the_slug_stays_in_its_strip_and_drops_words_from_the_front(
    height: float, width: float, sample: bool
) -> None:
    strip = Box(4.2, 4.2, width, height)
    items = slug(strip, WORDS, sample)
    line = words(items).removeprefix(SAMPLE)
    assert any(line == "·".join(WORDS[first:]) for first in range(len(WORDS))) or line == ""
    own = [item for item in items if SAMPLE not in item.text]
    assert all(item.box.right <= strip.right + 0.01 for item in own)
    assert {item.size_pt for item in own} <= set(SLUG_PT)
    assert all(strip.y - 0.01 <= item.box.y for item in items)
    assert all(item.box.bottom <= strip.bottom + 0.01 for item in items)


def test_a_wide_strip_takes_all_words_in_the_largest_size() -> None:
    items = slug(Box(4.2, 4.2, 200, 8), WORDS, mark=MARK)
    assert words(items) == SAMPLE + "·".join(WORDS)
    assert {item.size_pt for item in items if SAMPLE not in item.text} == {SLUG_PT[0]}


def test_a_narrow_strip_keeps_the_number() -> None:
    assert words(slug(Box(0, 0, 24, 8), WORDS, mark=None)) == WORDS[-1]


def test_no_strip_no_slug() -> None:
    assert slug(None, WORDS, mark=MARK) == ()
