"""What a PDF is like when it is delivered: its information, its fonts, its forms, its bytes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from conftest import Delivery, forms

from stickergen.artwork.page import Page, Panel
from stickergen.ink import Ink
from stickergen.library import Library
from stickergen.measure import Box, Size
from stickergen.press.draw import draw
from stickergen.press.finish import finish
from stickergen.press.profile import Press
from stickergen.press.sheet import whole

DAY = date(2020, 11, 13)
PAGE = Page(Size(100, 60), (Panel(Box(10, 10, 30, 20), Ink(0, 0, 0, 100), None, 0),))
SHEETS = [whole(PAGE, "a", "ticket"), whole(PAGE, "b", "ticket")]
PRESS = Library().get("presses", "office", None, Press).value


@pytest.fixture(scope="module")
def drawn() -> bytes:
    """Two pages with a panel each."""
    return draw(SHEETS, {"a": PAGE, "b": PAGE}, PRESS)


def finished(drawn: bytes, title: str) -> bytes:
    return finish(drawn, SHEETS, PRESS, title=title, day=DAY)


def information(pdf: pikepdf.Pdf) -> dict[str, str]:
    return {key: str(value) for key, value in pdf.docinfo.items()}


def test_the_information_is_of_the_campaign_not_of_the_clock(drawn: bytes) -> None:
    with pikepdf.open(BytesIO(finished(drawn, "防骗贴纸"))) as pdf:
        assert information(pdf) == {
            "/Title": "防骗贴纸",
            "/Creator": "stickergen",
            "/Producer": "stickergen",
            "/CreationDate": "D:20201113000000+08'00'",
            "/ModDate": "D:20201113000000+08'00'",
            "/Trapped": "/False",
        }
        assert str(pdf.Root.Lang) == "zh-CN"


def test_viewers_are_asked_not_to_scale(drawn: bytes) -> None:
    with pikepdf.open(BytesIO(finished(drawn, "x"))) as pdf:
        assert pdf.Root.ViewerPreferences.PrintScaling == "/None"
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)


def test_finishing_changes_no_page(drawn: bytes) -> None:
    result = BytesIO(finished(drawn, "x"))
    with pikepdf.open(BytesIO(drawn)) as before, pikepdf.open(result) as after:
        assert len(before.pages) == len(after.pages) == 2
        for one, other in zip(before.pages, after.pages, strict=True):
            assert one.mediabox == other.mediabox
            assert one.Contents.read_bytes() == other.Contents.read_bytes()
            assert "/Trans" not in other


def test_the_same_drawing_gives_the_same_bytes(drawn: bytes) -> None:
    assert finished(drawn, "x") == finished(drawn, "x")
    assert finished(drawn, "x") != finished(drawn, "y")


# --- all files of a delivery ---


def test_every_file_has_its_title_and_the_day_of_the_campaign(demonstration: Delivery) -> None:
    titles = set()
    for file in demonstration.pdfs:
        with pikepdf.open(demonstration.folder / file) as pdf:
            found = information(pdf)
        assert found["/CreationDate"] == "D:20201113000000+08'00'"
        assert found["/Title"].startswith("防骗小贴士上快递")
        titles.add(found["/Title"])
    assert len(titles) == len(demonstration.pdfs) == 8


def test_every_file_is_read_without_a_complaint(demonstration: Delivery) -> None:
    for file in demonstration.pdfs:
        path = demonstration.folder / file
        with pikepdf.open(path, attempt_recovery=False) as pdf:
            assert all(page.Contents.read_bytes() for page in pdf.pages)
            assert pdf.get_warnings() == []


@pytest.mark.parametrize("which", ["demonstration", "small"])
def test_every_font_is_embedded_and_none_is_a_standard_one(
    which: str, request: pytest.FixtureRequest
) -> None:
    delivery: Delivery = request.getfixturevalue(which)
    for file in delivery.pdfs:
        with pikepdf.open(delivery.folder / file) as pdf:
            fonts = list(fonts_of(pdf))
            assert fonts
            for font in fonts:
                name = str(font.BaseFont)
                assert "Helvetica" not in name
                assert "/FontFile2" in font.FontDescriptor, name
                assert len(font.FontDescriptor.FontFile2.read_bytes()) > 1000
                assert "/ToUnicode" in font, name


def fonts_of(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """The fonts of a file, each once."""
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font":
            yield item


def test_no_art_is_drawn_twice(demonstration: Delivery) -> None:
    """A form for each design and for each arrangement on a sheet, and no two alike."""
    order = demonstration.built.order
    assert order.stickers is not None
    designs = sum(1 for key in order.designs if key.startswith("parcel-63x34/"))
    entry = demonstration.entries["stickers.pdf"]
    slips = sum(1 for sheet in entry["sheets"] if sheet["kind"] == "slip")
    found = forms(demonstration.folder / "stickers.pdf")
    assert designs == 80
    assert len(found) == len(set(found)) == designs + entry["pages"] + slips


def test_every_page_names_the_size_of_its_paper(demonstration: Delivery) -> None:
    for file in demonstration.pdfs:
        with pikepdf.open(demonstration.folder / file) as pdf:
            sizes = {tuple(float(side) for side in page.mediabox) for page in pdf.pages}
        assert len(sizes) == 1
        assert sizes.pop() == pytest.approx((0, 0, 595.276, 841.89), abs=0.01)
