"""A series: its volumes as products, their sheets, where each type first stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from test_plan import SCAMS
from test_volume import NUMBERING, Order, orders

from stickergen.artwork.page import Page, Text
from stickergen.content.campaign import Lot
from stickergen.content.model import Point
from stickergen.content.serial import Numbering
from stickergen.measure import Box, Size
from stickergen.press.product import Product
from stickergen.press.profile import Press
from stickergen.press.series import Series
from stickergen.press.sheet import Sheet
from stickergen.press.stock import Placement
from stickergen.press.volume import Bundle, pieces_of

OFFICE = Press(id="office", name="办公室", dpi=(600,), source="test")


def series(order: Order) -> Series:
    """The series of an order, with empty designs."""
    pieces = tuple(Box(10, 20 + 12 * n, 120, 10) for n in range(order.ups))
    paper = Box(0, 0, 140, 40 + 12 * order.ups)
    keys = {key for bundle in order.bundles for key in (*bundle.keys, bundle.slip or "")}
    return Series(
        Product("stickers.pdf", "stickers", "w", (), "s", "z", OFFICE, numbering=NUMBERING),
        title="活动",
        day=date(2020, 11, 13),
        profile=None,
        designs={key: Page(Size(120, 10), ()) for key in keys},
        letters={},
        bundles=order.bundles,
        volumes=order.volumes,
        placement=Placement(Size(paper.width, paper.height), pieces, pieces, 0, paper, paper),
        mark=None,
        stacked=order.stacked,
        trimming=None,
        ruler=(),
    )


def slug(sheet: Sheet) -> str:
    """The slug line without blanks; numbers and words are items of their own."""
    texts = [item for item in (*sheet.shared, *sheet.furniture) if isinstance(item, Text)]
    line = "".join(text.text for text in sorted(texts, key=lambda text: text.at.x))
    return line.replace(" ", "")


def own(sheet: Sheet) -> list[int]:
    return [piece.serial for piece in sheet.pieces if piece.serial is not None]


@settings(max_examples=40)
@given(orders())
def test_sheets_are_those_of_the_places(order: Order) -> None:
    made = series(order)
    assert len(made.volumes) == len({made.file(n) for n in range(len(made.volumes))})
    for number, volume in enumerate(order.volumes):
        product = made.volume(number)
        assert (product.file, len(product.sheets)) == (made.file(number), made.pages(number))
        sheets = iter(product.sheets)
        for part in volume:
            bundle = order.bundles[part.bundle]
            point = bundle.lots[0].point
            if part.slip:
                slip = next(sheets)
                assert (slip.kind, slip.point, slip.pieces[0].design) == (
                    "slip",
                    point.id,
                    bundle.slip,
                )
            pieces = pieces_of(bundle, part)
            for row, sheet in zip(order.rows(part), sheets, strict=False):
                assert (sheet.kind, sheet.point, sheet.copies) == ("labels", point.id, 1)
                wanted = [
                    (*pieces[piece - part.pieces.start], box)
                    for piece, box in zip(row, made.placement.pieces, strict=True)
                    if piece is not None
                ]
                assert [(p.design, p.serial, p.box) for p in sheet.pieces] == wanted
        assert next(sheets, None) is None


@settings(max_examples=40)
@given(orders())
def test_first_pieces_of_each_type_are_on_the_sheets(order: Order) -> None:
    made = series(order)
    products = [made.volume(n) for n in range(len(made.volumes))]
    firsts = made.firsts()
    assert firsts.keys() == {key for bundle in order.bundles for key in bundle.keys}
    for scam, first in firsts.items():
        sheet = products[first.volume].sheets[first.page]
        assert [piece.design for piece in sheet.pieces if piece.box == first.box] == [scam]
        before = [s for product in products[: first.volume] for s in product.sheets]
        assert not any(scam in sheet.designs for sheet in before)


@settings(max_examples=40)
@given(orders())
def test_the_whole_counts_all_volumes(order: Order) -> None:
    made = series(order)
    products = [made.volume(n) for n in range(len(made.volumes))]
    assert made.whole.pages == made.whole.copies == sum(product.pages for product in products)
    assert made.whole.pieces == sum(product.pieces for product in products)
    assert made.whole.sheets[0] == products[0].sheets[0]
    alone = [made.alone(n).volume(n) for n in range(len(made.volumes))]
    assert alone == products


@settings(max_examples=40)
@given(orders())
def test_the_slug_line_says_which_numbers(order: Order) -> None:
    made = series(order)
    for number, volume in enumerate(order.volumes):
        sheets = [sheet for sheet in made.volume(number).sheets if sheet.kind == "labels"]
        for part in volume:
            pile = [sheets.pop(0) for _ in part.sheets]
            for place, sheet in enumerate(pile, 1):
                told = [n for one in pile for n in own(one)] if order.stacked else own(sheet)
                ends = dict.fromkeys([min(told), max(told)])
                assert "至".join(map(NUMBERING.words, ends)) in slug(sheet)
                if order.stacked:
                    assert f"第{place}张，共{len(pile)}张" in slug(sheet)


def test_the_slug_line_of_the_number_that_is_as_wide_as_any() -> None:
    """`widest` stands in the line for the numbers; a number may be the very same."""
    numbering = next(
        one
        for prefix in ("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        for one in [Numbering(prefix, 4, "mod-37-2")]
        if one.words(0) == one.widest
    )
    lot = Lot(Point(id="p", name="点", share=1), SCAMS[0], 3, 0, 3, 0)
    order = Order((Bundle((lot,), ("kefu",)),), 3, 2, 0, False)
    made = series(order)
    made = replace(made, product=replace(made.product, numbering=numbering))
    (sheet,) = made.volume(0).sheets
    assert f"{numbering.words(0)}至{numbering.words(2)}" in slug(sheet)
    assert not any(numbering.widest in item.text for item in sheet.shared if isinstance(item, Text))
