"""Drawing, seen by other eyes: tiny pages rendered to pixels, and the PDF's own operators."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest
from numpy.typing import NDArray
from PIL import Image

from stickergen.artwork.fonts import font
from stickergen.artwork.layout import lay_out
from stickergen.artwork.page import Code, Item, Page, Panel, Picture, Rule, Text
from stickergen.artwork.qr import QUIET_ZONE_MODULES, symbol
from stickergen.artwork.template import Template
from stickergen.ink import Ink
from stickergen.library import Library, house
from stickergen.measure import Box, Point, Size, to_mm, to_pt
from stickergen.order import trial_scopes
from stickergen.press.draw import draw
from stickergen.press.pictures import separated
from stickergen.press.profile import Press
from stickergen.press.sheet import Piece, Sheet, whole
from stickergen.proof.preview import Shot, pictures

PAPER = Size(20, 12)
DPI = 254.0
PIXELS = 10
"""To a millimetre, at DPI."""

BLACK, WHITE, RED = Ink(0, 0, 0, 100), Ink(0, 0, 0, 0), Ink(0, 100, 100, 0)

Pixels = NDArray[np.int16]


@cache
def press(name: str = "office") -> Press:
    return Library().get("presses", name, None, Press).value


def drawn(*items: Item, paper: Size = PAPER, on: str = "office") -> bytes:
    """The PDF of one page with these items, for a press."""
    page = Page(paper, items)
    return draw([whole(page, "page", "flyer")], {"page": page}, press(on))


def seen(pdf: bytes, number: int = 0) -> Pixels:
    """A page as RGB values, ten pixels a millimetre."""
    (png,) = pictures(pdf, [Shot(number, None, DPI)])
    return np.asarray(Image.open(BytesIO(png)).convert("RGB")).astype(np.int16)


def dark(pixels: Pixels) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = pixels.sum(axis=2) < 384
    return found


def extent(mask: NDArray[np.bool_]) -> Box:
    """What the marked pixels span, in mm."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    left, top = columns[0] / PIXELS, rows[0] / PIXELS
    return Box(left, top, (columns[-1] + 1) / PIXELS - left, (rows[-1] + 1) / PIXELS - top)


def same(one: Box, other: Box, tolerance: float = 0.11) -> bool:
    return one.contains(other, tolerance) and other.contains(one, tolerance)


def at(pixels: Pixels, x: float, y: float) -> tuple[int, ...]:
    return tuple(int(part) for part in pixels[int(y * PIXELS), int(x * PIXELS)])


def area(mask: NDArray[np.bool_]) -> float:
    """Square millimetres."""
    return float(mask.sum()) / PIXELS**2


# --- panels ---


def test_an_empty_page_is_white_paper() -> None:
    pixels = seen(drawn())
    assert pixels.shape == pytest.approx((120, 200, 3), abs=1)
    assert (pixels == 255).all()


def test_a_panel_is_filled_to_its_edges() -> None:
    box = Box(2, 3, 7, 4)
    mask = dark(seen(drawn(Panel(box, BLACK, None, 0))))
    assert same(extent(mask), box)
    assert area(mask) == pytest.approx(28, abs=1.2)  # pdfium fills the pixels it touches


def test_a_rule_runs_inside_its_box() -> None:
    box = Box(2, 3, 10, 6)
    pixels = seen(drawn(Panel(box, None, Rule(BLACK, 1), 0)))
    mask = dark(pixels)
    assert same(extent(mask), box)
    assert area(mask) == pytest.approx(60 - 8 * 4, abs=0.5)
    assert at(pixels, 7, 6) == (255, 255, 255)
    assert dark(pixels)[int(3.5 * PIXELS), int(7 * PIXELS)]


def test_a_panel_with_fill_and_rule() -> None:
    pixels = seen(drawn(Panel(Box(2, 3, 10, 6), RED, Rule(BLACK, 1), 0)))
    assert dark(pixels)[35, 70]
    red, green, blue = at(pixels, 7, 6)
    assert red > 150
    assert max(green, blue) < 90


@pytest.mark.parametrize("corner", [0, 1, 3])
def test_corners_are_rounded(corner: float) -> None:
    square = dark(seen(drawn(Panel(Box(2, 2, 12, 8), BLACK, None, 0))))
    mask = dark(seen(drawn(Panel(Box(2, 2, 12, 8), BLACK, None, corner))))
    lost = (4 - np.pi) * corner**2
    assert area(square & ~mask) == pytest.approx(lost, abs=1.3)
    assert not (mask & ~square).any()
    assert bool(mask[21, 21]) == (corner == 0)
    assert same(extent(mask), Box(2, 2, 12, 8))


def test_later_items_cover_earlier_ones() -> None:
    pixels = seen(
        drawn(Panel(Box(2, 2, 8, 8), BLACK, None, 0), Panel(Box(4, 4, 4, 4), WHITE, None, 0))
    )
    assert at(pixels, 6, 6) == (255, 255, 255)
    assert dark(pixels)[30, 30]


# --- text ---


def text(words: str, at: Point, size_pt: float = 20, name: str = "black", ink: Ink = BLACK) -> Text:
    return Text(at, words, name, size_pt, ink, Box(at.x, at.y, 0, 0))


def test_text_stands_on_its_baseline() -> None:
    """A letter without curves: from the baseline to the cap height, ink where its bearings say."""
    face, em = font("black"), to_mm(20)
    mask = dark(seen(drawn(text("H", Point(3, 9)))))
    bearings = face.bearings("H")
    left = 3 + bearings.left * em
    right = 3 + (face.advance("H") - bearings.right) * em
    height = face.cap_height * em
    assert same(extent(mask), Box(left, 9 - height, right - left, height), 0.15)


def test_characters_stand_at_their_natural_advances() -> None:
    em = to_mm(12)
    alone = [dark(seen(drawn(text("中", Point(2 + n * em, 9), 12)))) for n in range(3)]
    together = dark(seen(drawn(text("中中中", Point(2, 9), 12))))
    assert area(together ^ (alone[0] | alone[1] | alone[2])) < 0.15


def test_weights_differ() -> None:
    areas = [
        area(dark(seen(drawn(text("防骗", Point(2, 9), 20, name)))))
        for name in ("regular", "bold", "black")
    ]
    assert areas == sorted(areas)
    assert areas[2] > 1.4 * areas[0]


def test_text_takes_its_ink() -> None:
    pixels = seen(drawn(text("■", Point(3, 9), 20, "regular", RED)))
    reddish = (pixels[:, :, 0] > 150) & (pixels[:, :, 1] < 90)
    assert area(reddish) > 5


# --- codes ---


def code(module: float = 0.4, left: float = 1, top: float = 1) -> Code:
    made = symbol("https://hs.example.com/")
    side = module * made.full_width_modules
    return Code(Box(left, top, side, side), module, made, "https://hs.example.com/", None, None)


def test_a_code_is_drawn_module_by_module() -> None:
    """At 0.4 mm a module is four pixels wide, so that each pixel is all dark or all light."""
    item = code()
    pixels = seen(drawn(item, paper=Size(16, 16)))
    expected = np.kron(
        np.pad(np.array(item.symbol.modules), QUIET_ZONE_MODULES), np.ones((4, 4), dtype=bool)
    )
    side = expected.shape[0]
    found = pixels[10 : 10 + side, 10 : 10 + side]
    middle = np.zeros_like(expected)
    middle[1::4, 1::4] = middle[2::4, 2::4] = True
    assert (dark(found) == expected)[middle].all()
    assert (found[expected & middle] < 60).all()
    assert (found[~expected & middle] == 255).all()


def test_dark_areas_have_no_seams() -> None:
    """A finder's outer ring is one dark stretch of seven modules, at any resolution."""
    item = code(0.43)
    corner = item.symbol_box
    for dpi in (72, 111, 254):
        (png,) = pictures(drawn(item, paper=Size(16, 16)), [Shot(0, None, dpi)])
        grey = np.asarray(Image.open(BytesIO(png)).convert("L"))
        scale = dpi / 25.4
        row = int((corner.y + 0.5 * item.module) * scale)
        inside = grey[row, int((corner.x + 0.2) * scale) + 1 : int((corner.x + 2.8) * scale)]
        assert int(inside.max()) - int(inside.min()) < 60


def test_the_quiet_zone_is_painted_white() -> None:
    item = code()
    paper = Size(16, 16)
    pixels = seen(drawn(Panel(Box(0, 0, 16, 16), RED, None, 0), item, paper=paper))
    inside = item.box
    assert at(pixels, inside.x + 0.2, inside.y + 0.2) == (255, 255, 255)
    assert at(pixels, inside.right - 0.2, inside.bottom - 0.2) == (255, 255, 255)
    assert at(pixels, inside.x - 0.3, inside.y + 0.2)[1] < 90


# --- pictures ---


def test_a_picture_fills_its_box_the_right_way_up(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    image = Image.new("RGB", (4, 2), "white")
    image.putpixel((0, 0), (0, 0, 0))
    image.putpixel((3, 1), (255, 0, 0))
    image.save(path)
    pixels = seen(drawn(Picture(Box(4, 2, 12, 6), path)))
    assert at(pixels, 5.5, 3.5)[0] < 60
    red, green, blue = at(pixels, 14.5, 6.5)
    assert (red > 180, green < 90, blue < 90) == (True, True, True)
    assert at(pixels, 8.5, 3.5) == (255, 255, 255)
    mask = pixels.min(axis=2) < 128
    assert same(extent(mask), Box(4, 2, 12, 6), 0.35)


def test_a_transparent_picture_stands_on_white_paper(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    image = Image.new("RGBA", (2, 1), (0, 0, 0, 0))
    image.putpixel((1, 0), (0, 0, 0, 128))
    image.save(path)
    pixels = seen(drawn(Picture(Box(2, 2, 8, 4), path)))
    assert at(pixels, 3, 4) == (255, 255, 255)
    assert 90 < at(pixels, 9, 4)[0] < 170


def test_a_photograph_is_turned_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    path = tmp_path / "a.png"
    image = Image.new("RGB", (8, 4), "white")
    image.paste("black", (0, 0, 2, 4))  # left as the sensor saw it, top as one held the telephone
    image.save(path, exif=exif)
    pixels = seen(drawn(Picture(Box(2, 1, 4, 8), path)))
    assert at(pixels, 4, 2)[0] < 60
    assert at(pixels, 4, 7) == (255, 255, 255)


def test_a_picture_is_converted_once_for_a_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Size] = []

    def counted(path: Path, on: Press, size: Size) -> Image.Image:
        asked.append(size)
        return separated(path, on, size)

    monkeypatch.setattr("stickergen.press.draw.separated", counted)
    path = tmp_path / "a.png"
    Image.new("RGB", (8, 4), "red").save(path)
    small, large = Box(1, 1, 4, 2), Box(1, 1, 8, 4)
    pages = {
        name: Page(PAPER, (Picture(box, path),))
        for name, box in (("a", small), ("b", small), ("c", large))
    }
    sheets = [whole(page, name, "flyer") for name, page in pages.items()]
    draw(sheets, pages, press())
    assert asked == [small.size, large.size]


# --- the PDF's own words ---


@cache
def sticker() -> Page:
    """A real piece, with everything on it."""
    template = Library().get("templates", "parcel-63x34", None, Template)
    scopes, style, dots = trial_scopes(template.value, Library())
    return lay_out(template, scopes[:1], style, dots)[0]


def streams(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Stream]:
    """The content of all pages and form XObjects."""
    for page in pdf.pages:
        page.contents_coalesce()
        contents = page.obj.Contents
        assert isinstance(contents, pikepdf.Stream)
        yield contents
    for item in pdf.objects:
        if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Form":
            yield item


def operators(pdf: bytes) -> list[tuple[list[object], str]]:
    with pikepdf.open(BytesIO(pdf)) as opened:
        return [
            (list(instruction.operands), str(instruction.operator))
            for stream in streams(opened)
            for instruction in pikepdf.parse_content_stream(stream)
        ]


def sheet_of(pieces: Sequence[Piece], copies: int = 1) -> Sheet:
    return Sheet("labels", Size(210, 297), tuple(pieces), (), copies)


def grid(design: str, count: int) -> list[Piece]:
    size = sticker().size
    return [Piece(design, Box(5, 5 + 40 * n, size.width, size.height)) for n in range(count)]


def test_a_shop_is_spoken_to_in_cmyk_alone(tmp_path: Path) -> None:
    Image.new("RGBA", (3, 3), "red").save(tmp_path / "a.png")
    items = (*sticker().items, Picture(Box(0, 0, 3, 3), tmp_path / "a.png"))
    pdf = drawn(*items, paper=Size(90, 60), on="shop")
    names = {name for _, name in operators(pdf)}
    assert "k" in names
    assert names & {"rg", "RG", "g", "G", "cs", "sc", "SC", "scn", "sh"} == set()
    with pikepdf.open(BytesIO(pdf)) as opened:
        images = [
            item
            for item in opened.objects
            if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Image"
        ]
        assert [str(image.ColorSpace) for image in images] == ["/DeviceCMYK"]
        assert all("/SMask" not in image and "/Mask" not in image for image in images)


def colours(pdf: bytes, *names: str) -> list[tuple[float, ...]]:
    """What the colour operators of these names say, in per cent."""
    return [
        tuple(round(float(part) * 100, 3) for part in operands)  # type: ignore[arg-type]
        for operands, name in operators(pdf)
        if name in names
    ]


def test_inks_are_those_of_the_house() -> None:
    inks = {(ink.c, ink.m, ink.y, ink.k) for ink in house().inks.values()} | {(0, 0, 0, 100)}
    said = set(colours(drawn(*sticker().items, paper=sticker().size, on="shop"), "k", "K"))
    assert len(said) >= 4
    assert said <= inks


def test_a_code_is_black_alone() -> None:
    for_shop = colours(drawn(code(), paper=Size(16, 16), on="shop"), "k")
    assert for_shop[-2:] == [(0, 0, 0, 0), (0, 0, 0, 100)]
    in_office = drawn(code(), paper=Size(16, 16))
    assert colours(in_office, "g")[-2:] == [(100,), (0,)]
    assert colours(in_office, "k") == []


def states(pdf: bytes) -> list[tuple[str, str]]:
    """Each fill of text or shape with the overprint state that it is painted in."""
    found, state = [], ""
    for operands, name in operators(pdf):
        if name == "gs":
            state = str(operands[0])
        elif name in ("Tj", "TJ", "f", "f*", "S"):
            found.append((state, name))
    return found


def test_black_text_overprints_and_everything_else_knocks_out() -> None:
    black, red = (text("只", Point(1, 9), 8, "regular", ink) for ink in (BLACK, RED))
    panel = Panel(Box(1, 1, 3, 2), BLACK, None, 0)
    line = Panel(Box(1, 1, 3, 2), None, Rule(BLACK, 0.3), 0)
    thick = Panel(Box(1, 1, 9, 9), None, Rule(BLACK, 1), 0)
    pdf = drawn(black, red, panel, line, thick, code(), paper=Size(30, 30), on="shop")
    over, out = "/Overprint", "/Knockout"
    wanted = [over, out, out, over, out, out, out]
    assert [state for state, _ in states(pdf)] == wanted
    assert {state for state, _ in states(drawn(black, red, panel))} == {""}


def test_outlined_text_covers_what_the_text_would() -> None:
    words = text("骗A1只", Point(1, 9), 12, "bold")
    shop = press("shop")
    page = Page(PAPER, (words,))
    as_text, as_paths = (
        draw([whole(page, "p", "flyer")], {"p": page}, one)
        for one in (shop, shop.model_copy(update={"outline": True}))
    )
    assert not {"Tj", "TJ"} & {name for _, name in operators(as_paths)}
    one, other = dark(seen(as_text)), dark(seen(as_paths))
    assert (one ^ other).sum() < 0.08 * one.sum()  # the two are smoothed differently
    assert same(extent(one), extent(other))


def test_a_code_is_one_path() -> None:
    names = [name for _, name in operators(drawn(code(), paper=Size(16, 16)))]
    assert sum(name in ("f", "f*", "F") for name in names) == 2
    assert names.count("m") == names.count("h") >= len(list(code().symbol.outlines()))


def test_every_font_is_embedded() -> None:
    pdf = drawn(*sticker().items, text("只", Point(1, 9), 8, "regular"), paper=sticker().size)
    with pikepdf.open(BytesIO(pdf)) as opened:
        fonts = [o for o in opened.objects if isinstance(o, pikepdf.Dictionary)]
        fonts = [o for o in fonts if o.get("/Type") == "/Font"]
        assert len(fonts) >= 3
        for item in fonts:
            assert "/FontFile2" in item.FontDescriptor, item.BaseFont
            assert re.match(r"/[A-Z0-9]{6}\+", str(item.BaseFont))
        assert not [item for item in fonts if "Helvetica" in str(item.BaseFont)]


def test_the_text_can_be_read_out_of_the_file() -> None:
    document = pypdfium2.PdfDocument(drawn(*sticker().items, paper=sticker().size))
    words = document[0].get_textpage().get_text_bounded()
    document.close()
    assert "96110" in words
    assert "洪山公安分局" in words


def test_the_page_has_the_size_of_the_paper() -> None:
    with pikepdf.open(BytesIO(drawn(paper=Size(210, 297)))) as opened:
        box = [float(edge) for edge in opened.pages[0].MediaBox]
    assert box == pytest.approx([0, 0, to_pt(210), to_pt(297)], abs=0.001)


# --- forms ---


def forms(pdf: bytes) -> int:
    with pikepdf.open(BytesIO(pdf)) as opened:
        found = [o for o in opened.objects if isinstance(o, pikepdf.Stream)]
        return sum(item.get("/Subtype") == "/Form" for item in found)


def test_a_design_is_drawn_once() -> None:
    one = draw([sheet_of(grid("d", 1))], {"d": sticker()}, press())
    many = draw([sheet_of(grid("d", 6))], {"d": sticker()}, press())
    assert forms(one) == forms(many) == 2
    assert len(many) - len(one) < 600


def test_equal_sheets_share_their_arrangement() -> None:
    sheets = [sheet_of(grid("d", 3)), sheet_of(grid("d", 3)), sheet_of(grid("d", 2))]
    pdf = draw(sheets, {"d": sticker()}, press())
    assert forms(pdf) == 3
    assert (seen(pdf, 0) == seen(pdf, 1)).all()
    assert (seen(pdf, 0) != seen(pdf, 2)).any()


def test_a_piece_lies_where_the_sheet_says() -> None:
    page = Page(Size(10, 5), (Panel(Box(1, 1, 3, 2), BLACK, None, 0),))
    sheet = Sheet("labels", Size(40, 30), (Piece("d", Box(20, 8, 10, 5)),), (), 1)
    mask = dark(seen(draw([sheet], {"d": page}, press())))
    assert same(extent(mask), Box(21, 9, 3, 2))


def test_furniture_stands_on_the_sheet() -> None:
    furniture = (Panel(Box(1, 27, 5, 1), BLACK, None, 0),)
    sheet = Sheet("labels", Size(40, 30), (), furniture, 1)
    assert same(extent(dark(seen(draw([sheet], {}, press())))), Box(1, 27, 5, 1))


def test_the_same_pages_give_the_same_bytes() -> None:
    first = draw([sheet_of(grid("d", 2))], {"d": sticker()}, press())
    assert draw([sheet_of(grid("d", 2))], {"d": sticker()}, press()) == first


def test_each_page_is_told() -> None:
    told: list[int] = []
    draw([sheet_of(grid("d", 1))] * 3, {"d": sticker()}, press(), lambda: told.append(1))
    assert len(told) == 3
