"""Volumes: every piece on one place of one sheet of one file, in the order that was asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from test_plan import SCAMS

from stickergen.content.campaign import Lot, Plan
from stickergen.content.model import Point
from stickergen.content.serial import Numbering, ranges
from stickergen.press.ticket import serials
from stickergen.press.volume import Bundle, Part, pieces_of, places, sheets_by_designs, volumes

NUMBERING = Numbering("HS", 6, "mod-11-2")


@dataclass(frozen=True)
class Order:
    """Bundles, and how they are dealt out."""

    bundles: tuple[Bundle, ...]
    ups: int
    most_pages: int
    skip: int
    stacked: bool

    @property
    def volumes(self) -> tuple[tuple[Part, ...], ...]:
        return volumes(self.bundles, self.ups, self.most_pages, self.skip)

    @property
    def parts(self) -> list[Part]:
        return [part for volume in self.volumes for part in volume]

    def rows(self, part: Part) -> list[tuple[int | None, ...]]:
        return list(places(part, self.ups, stacked=self.stacked))


@st.composite
def orders(draw: st.DrawFn) -> Order:
    """Any order of a few points; in a stack no place is skipped."""
    start, bundles = draw(st.integers(0, 5000)), []
    slips = draw(st.booleans())
    for number in range(draw(st.integers(1, 4))):
        lots = []
        for scam in SCAMS[: draw(st.integers(1, len(SCAMS)))]:
            printed = draw(st.integers(1, 60))
            lots.append(Lot(Point(id=f"p{number}", name="点", share=1), scam, 0, 0, printed, start))
            start += printed
        slip = f"slip/{number + 1}" if slips else None
        bundles.append(Bundle(tuple(lots), tuple(lot.scam.id for lot in lots), slip))
    ups, stacked = draw(st.integers(1, 12)), draw(st.booleans())
    skip = 0 if stacked else draw(st.integers(0, ups - 1))
    return Order(tuple(bundles), ups, draw(st.integers(2, 9)), skip, stacked)


def numbers(order: Order, part: Part) -> list[int]:
    return [serial for _, serial in pieces_of(order.bundles[part.bundle], part)]


# --- nothing lost, nothing twice ---


@given(orders())
def test_each_piece_of_a_bundle_is_in_one_part(order: Order) -> None:
    for number, bundle in enumerate(order.bundles):
        own = [part for part in order.parts if part.bundle == number]
        assert [n for part in own for n in part.pieces] == [*range(bundle.pieces)]
        sheets = -(-(bundle.pieces + (order.skip if number == 0 else 0)) // order.ups)
        assert [n for part in own for n in part.sheets] == [*range(sheets)]
    assert [part.bundle for part in order.parts] == sorted(part.bundle for part in order.parts)


@given(orders())
def test_each_number_is_once_in_the_order_of_the_lots(order: Order) -> None:
    found = [serial for part in order.parts for serial in numbers(order, part)]
    assert found == [n for bundle in order.bundles for lot in bundle.lots for n in lot.serials]
    assert found == [*range(found[0], found[0] + len(found))]


@given(orders())
def test_each_piece_of_a_part_has_one_place(order: Order) -> None:
    for part in order.parts:
        rows = order.rows(part)
        assert len(rows) == len(part.sheets)
        assert {len(row) for row in rows} == {order.ups}
        placed = [piece for row in rows for piece in row if piece is not None]
        assert sorted(placed) == [*part.pieces]
        assert all(any(piece is not None for piece in row) for row in rows)


@given(orders())
def test_each_piece_keeps_its_design(order: Order) -> None:
    found: Counter[tuple[int, str]] = Counter()
    for part in order.parts:
        bundle = order.bundles[part.bundle]
        designs = {
            n: key for lot, key in zip(bundle.lots, bundle.keys, strict=True) for n in lot.serials
        }
        for key, serial in pieces_of(bundle, part):
            assert designs[serial] == key
            found[part.bundle, key] += 1
    assert found == {
        (n, key): lot.printed
        for n, bundle in enumerate(order.bundles)
        for lot, key in zip(bundle.lots, bundle.keys, strict=True)
    }


# --- volumes ---


@given(orders())
def test_volumes_are_full_but_never_overfull(order: Order) -> None:
    pages = [sum(part.pages for part in volume) for volume in order.volumes]
    assert all(0 < count <= order.most_pages for count in pages)
    # one page may be left: a slip is never the last
    assert all(count >= order.most_pages - 1 for count in pages[:-1])
    slips = len(order.bundles) if order.bundles[0].slip else 0
    assert sum(pages) == slips + sum(len(part.sheets) for part in order.parts)


@given(orders())
def test_each_slip_stands_once_before_its_sheets(order: Order) -> None:
    has_slips = order.bundles[0].slip is not None
    seen = set()
    for part in order.parts:
        assert len(part.sheets) > 0
        assert part.slip == (has_slips and part.bundle not in seen)
        seen.add(part.bundle)


@given(orders())
def test_skipped_places_are_the_first_of_all_and_no_others(order: Order) -> None:
    for number, part in enumerate(order.parts):
        assert part.skipped == (order.skip if number == 0 else 0)
    first, *_ = order.rows(order.parts[0])
    pieces = order.parts[0].pieces
    assert first[: order.skip] == (None,) * order.skip
    assert first[order.skip] == pieces[0]


@given(orders())
def test_only_the_last_sheet_of_a_bundle_has_empty_places(order: Order) -> None:
    if order.stacked:
        return
    for number, part in enumerate(order.parts):
        rows = order.rows(part)
        full = [row for row in rows if None not in row]
        last = part.pieces.stop == order.bundles[part.bundle].pieces
        assert len(rows) - len(full) <= int(last) + int(number == 0 and order.skip > 0)


# --- orders ---


@given(orders())
def test_sheets_one_after_the_other_are_in_the_order_of_the_numbers(order: Order) -> None:
    if order.stacked:
        return
    found = []
    for part in order.parts:
        own = numbers(order, part)
        rows = (piece for row in order.rows(part) for piece in row if piece is not None)
        found += [own[piece - part.pieces.start] for piece in rows]
    assert found == [*range(found[0], found[0] + len(found))]


@given(orders())
def test_piles_cut_and_stacked_are_in_the_order_of_the_numbers(order: Order) -> None:
    """The pile of a part is cut into as many stacks as it has ups; they are laid on each other."""
    if not order.stacked:
        return
    for part in order.parts:
        pile = order.rows(part)
        stacks = [[sheet[up] for sheet in pile] for up in range(order.ups)]
        laid = [piece for stack in stacks for piece in stack if piece is not None]
        assert laid == [*part.pieces]
        # a stack is whole, or ends early, or is empty: nothing falls out between
        for stack in stacks:
            there = [piece is not None for piece in stack]
            assert there == sorted(there, reverse=True)


@given(orders())
def test_sheets_by_designs_are_the_sheets(order: Order) -> None:
    for number, bundle in enumerate(order.bundles):
        own = [part for part in order.parts if part.bundle == number]
        counted = sheets_by_designs(bundle, own, order.ups, stacked=order.stacked)
        assert counted.total() == sum(len(part.sheets) for part in own)
        keys = [key for key, lot in zip(bundle.keys, bundle.lots, strict=True) for _ in lot.serials]
        seen = Counter(
            frozenset(keys[piece] for piece in row if piece is not None)
            for part in own
            for row in order.rows(part)
        )
        assert counted == seen


# --- numbers printed again ---


@given(orders(), st.data())
def test_a_reprint_has_what_is_asked_for_and_no_more(order: Order, data: st.DataObject) -> None:
    plan = Plan(tuple(lot for bundle in order.bundles for lot in bundle.lots))
    first, last = plan.lots[0].serials[0], plan.lots[-1].serials[-1]
    edges = data.draw(st.lists(st.integers(first, last + 1), min_size=2, max_size=6, unique=True))
    wanted = [range(*pair) for pair in batched(sorted(edges))]
    again = plan.within(wanted)
    assert [n for lot in again.lots for n in lot.serials] == [n for one in wanted for n in one]
    whose = {n: (lot.point.id, lot.scam.id) for lot in plan.lots for n in lot.serials}
    for lot in again.lots:
        assert (lot.ordered, lot.spare) == (lot.printed, 0)
        assert {whose[n] for n in lot.serials} == {(lot.point.id, lot.scam.id)}
    assert again.total.printed == sum(map(len, wanted))


def batched(edges: list[int]) -> Iterator[tuple[int, int]]:
    return zip(edges[::2], edges[1::2], strict=False)


@given(orders(), st.data())
def test_the_numbers_on_slips_are_those_of_the_lots(order: Order, data: st.DataObject) -> None:
    lots = [lot for bundle in order.bundles for lot in bundle.lots]
    some = [lot for lot in lots if data.draw(st.booleans())] or lots
    told = serials(some, NUMBERING, most=len(some))
    found = ranges(told, NUMBERING)
    assert [n for one in found for n in one] == [n for lot in some for n in lot.serials]
    assert all(one.stop < other.start for one, other in pairwise(found))
    assert serials(some, None) == ""
    if len(found) > 1:
        few = serials(some, NUMBERING, most=len(found) - 1)
        assert few == f"{NUMBERING.words(found[0][0])} 等 {len(found)} 段"


def test_lots_without_numbers_have_none() -> None:
    lot = Lot(Point(id="p", name="点", share=1), SCAMS[0], 3, 0, 3)
    assert lot.serials == range(0)
    assert lot.within(range(100)) is None
    assert lot.spare == 0
