"""Finished volumes: what other eyes see, and that a reprint has the same pieces."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO, StringIO
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pikepdf
import pypdfium2
import pytest
import zxingcpp
from conftest import SMALL, campaign_folder
from test_numbers import NUMBERING, SYMBOL

from stickergen.content.serial import ranges
from stickergen.job import impose
from stickergen.measure import PT_PER_INCH, Point, to_mm
from stickergen.order import ready
from stickergen.press.correction import Correction
from stickergen.press.numbers import written as margin_of
from stickergen.press.product import Product, code_lines, placed
from stickergen.press.series import Series, printed
from stickergen.press.sheet import Sheet

NUMBERED = {
    **SMALL,
    "stickers.count": 60,
    "stickers.serial": {"prefix": "HS", "digits": 6},
    "flyers": [],
}
"""Three label sheets of a point and two of the other."""

HOST = {"issuer.hosts": ["wh.cn"], "link.base": "https://wh.cn"}
"""Labels on a roll have no room to say that they are samples."""


@dataclass(frozen=True)
class Made:
    """A series, its first volume, the finished file."""

    series: Series
    product: Product
    pdf: bytes

    @property
    def lines(self) -> list[dict[str, str]]:
        """Its lines of codes.csv."""
        codes = placed(self.product, self.series.designs)
        head = "file,page,x,y,size,module,scam,point,url,serial\n"
        return list(csv.DictReader(StringIO(head + code_lines(self.product, codes))))


def made(
    folder: Path,
    changes: dict[str, object],
    serials: str | None = None,
    correction: Correction | None = None,
) -> Made:
    """The first volume of a small numbered campaign."""
    campaign = campaign_folder(folder, NUMBERED | changes)
    for name, words in PRESSES.items():
        (campaign / "presses").mkdir(exist_ok=True)
        (campaign / "presses" / f"{name}.yaml").write_text(words, encoding="utf-8")
    order = ready(campaign / "campaign.yaml", "stickers", None, serials)
    series = impose(order, correction=correction).series
    assert series is not None
    product = series.volume(0)
    return Made(series, product, printed(series, product))


PRESSES = {
    "outlined": "id: outlined\nname: 转曲\nstandard: pdf-x-1a\ncondition: FOGRA39\ndpi: [600]\n"
    "bleed: {sticker: 2, flyer: 3}\ncut: CutContour\noutline: true\nsource: test\n",
    "plain-outlined": "id: plain-outlined\nname: 转曲\ndpi: [300, 600, 1200]\noutline: true\n"
    "source: test\n",
}


@pytest.fixture(
    scope="module", params=["office", "shop", "outlined", "plain-outlined", "thermal-203"]
)
def volume(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A volume on each kind of press."""
    return made(tmp_path_factory.mktemp("numbers"), {**HOST, "press": request.param})


def rendered(pdf: bytes, page: int, dpi: float) -> npt.NDArray[np.uint8]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        bitmap = document[page].render(scale=dpi / PT_PER_INCH, grayscale=True)
        found: npt.NDArray[np.uint8] = bitmap.to_numpy().copy()
        return found.reshape(bitmap.height, bitmap.width)
    finally:
        document.close()


def labels(made: Made) -> Iterator[tuple[int, Sheet]]:
    """The label sheets and their pages, from 0."""
    sheets = enumerate(made.product.sheets)
    return ((page, sheet) for page, sheet in sheets if sheet.kind == "labels")


def test_other_eyes_read_what_the_list_says(volume: Made) -> None:
    assert_read(volume)


def test_a_printer_that_is_off_gets_the_numbers_where_the_art_is(tmp_path: Path) -> None:
    assert_read(made(tmp_path, {}, correction=Correction(Point(0.9, -0.7), 1.004, 0.3)))


def assert_read(volume: Made) -> None:
    """All codes are where the list says, and say what it says."""
    lines = volume.lines
    assert len(lines) == volume.product.pieces > 60
    for page, _ in labels(volume):
        own = [line for line in lines if line["page"] == str(page + 1)]
        found = zxingcpp.read_barcodes(rendered(volume.pdf, page, 300))
        assert sorted(one.text for one in found) == sorted(line["url"] for line in own)
        places = {line["url"]: (float(line["x"]), float(line["y"])) for line in own}
        for one in found:
            corner = one.position.top_left
            at = to_mm(corner.x * PT_PER_INCH / 300), to_mm(corner.y * PT_PER_INCH / 300)
            assert at == pytest.approx(places[one.text], abs=0.4)
        assert all(line["url"].endswith("?" + line["serial"].replace("-", "")) for line in own)


def test_each_number_stands_once_on_its_page(volume: Made) -> None:
    """As text where a reader has fonts, as glyphs where it has none; the margin has its ends."""
    with pikepdf.open(BytesIO(volume.pdf)) as pdf:
        fonts = [item for item in pdf.objects if _is(item, "/Type", "/Font")]
        for page, sheet in labels(volume):
            words = [NUMBERING.words(piece.serial) for piece in sheet.pieces if piece.serial]
            margin = [words[n] for n in (0, -1) if margin_of(sheet)]
            assert written(volume, pdf, page) == words + margin
    if volume.product.press.outline:
        assert fonts == []
        return
    document = pypdfium2.PdfDocument(volume.pdf)
    for page, sheet in labels(volume):
        text = document[page].get_textpage().get_text_range()
        for piece in sheet.pieces:
            assert NUMBERING.words(piece.serial or 0) in text
        assert NUMBERING.widest not in text
    document.close()


def _is(item: pikepdf.Object, key: str, value: str) -> bool:
    return isinstance(item, pikepdf.Dictionary) and item.get(key) == value


def overlay(pdf: pikepdf.Pdf, page: int) -> bytes:
    """The last content of a page."""
    found: bytes = list(pdf.pages[page].obj.Contents)[-1].read_bytes()
    return found


def written(made: Made, pdf: pikepdf.Pdf, page: int) -> list[str]:
    """The numbers in words on a page, in the order in which they were written."""
    content = overlay(pdf, page)
    if made.product.press.outline:
        glyphs = re.findall(rb" cm /\w+-(\d+) Do Q", content)
        text = "".join(chr(int(glyph)) for glyph in glyphs)
    else:
        text = "".join(one.decode() for one in re.findall(rb"\((.+?)\) Tj", content))
    assert re.fullmatch(r"( ?HS-\d{6}-[\dX])*", text)
    return re.findall(r"HS-\d{6}-[\dX]", text)


def test_signs_that_pdf_strings_know_are_written_as_they_are(tmp_path: Path) -> None:
    """In a slug line that stands on each page anew, as it counts the sheets of a pile."""
    title = r"Parcels (No. 1)) \n"
    one = made(tmp_path, {"title": title, "stickers.cut_and_stack": True})
    document = pypdfium2.PdfDocument(one.pdf)
    text = document[1].get_textpage().get_text_range()
    document.close()
    assert title in text


def test_glyphs_look_as_text_does(tmp_path: Path) -> None:
    """A sheet in outlines and the same in fonts: a dot in a thousand may differ at the edges."""
    texts, paths = (
        made(tmp_path / press, {"press": press}) for press in ("office", "plain-outlined")
    )
    page, _ = next(labels(texts))
    a, b = (rendered(one.pdf, page, 600) < 128 for one in (texts, paths))
    assert 0 < (a != b).sum() < a.sum() / 1000


@pytest.mark.parametrize("dpi", [73, 97.3, 143.7, 211, 333.3])
def test_no_seams_between_modules(volume: Made, dpi: float) -> None:
    """A finder's core is nine modules of black, whatever the dots of the screen."""
    page, sheet = next(labels(volume))
    picture = rendered(volume.pdf, page, dpi)
    down, across = picture.shape[0] / sheet.paper.height, picture.shape[1] / sheet.paper.width
    cores = 0
    for one in placed(volume.product, volume.series.designs):
        if one.page == page + 1:
            rows = inside(one.box.y + 2 * one.module, 3 * one.module, down)
            columns = inside(one.box.x + 2 * one.module, 3 * one.module, across)
            core = picture[rows, columns]
            assert core.size >= 4
            assert core.min() == core.max() <= 50  # the darkest that the black plate alone gives
            cores += 1
    assert cores == len(sheet.pieces)


def inside(at: float, length: float, scale: float) -> slice:
    """The pixels that lie in a span as a whole."""
    return slice(math.ceil(at * scale - 0.01), math.floor((at + length) * scale + 0.01))


# --- numbers printed again ---


@dataclass(frozen=True)
class Drawn:
    """A piece as it is written in the file, without its place."""

    art: bytes
    path: bytes
    module: bytes
    number: bytes


NUMBER = re.compile(rb"BT (/\S+ \S+ Tf) \S+ \S+ (Td \(.+?\) Tj ET)\n")


def drawn(made: Made) -> dict[int, Drawn]:
    """Each numbered piece of a file."""
    found = {}
    with pikepdf.open(BytesIO(made.pdf)) as pdf:
        for page, sheet in labels(made):
            content = overlay(pdf, page)
            numbers = NUMBER.findall(content)[: len(sheet.pieces)]  # the margin's come last
            parts = zip(
                sheet.pieces,
                arts(pdf.pages[page]),
                SYMBOL.finditer(content),
                numbers,
                strict=True,
            )
            for piece, art, symbol, number in parts:
                assert piece.serial is not None
                found[piece.serial] = Drawn(art, symbol["path"], symbol["a"], b" ".join(number))
    return found


def arts(page: pikepdf.Page) -> list[bytes]:
    """The forms of the pieces inside the form of the sheet, in their order."""
    first = next(iter(page.obj.Contents)).read_bytes()
    name = re.findall(rb"/(\S+) Do", first)[0]
    sheet = page.obj.Resources.XObject[f"/{name.decode()}"]
    names = re.findall(rb"/(\S+) Do", sheet.read_bytes())
    return [sheet.Resources.XObject[f"/{name.decode()}"].read_bytes() for name in names]


@pytest.mark.parametrize("wanted", ["3-9", "20,45-62"])
@pytest.mark.parametrize("press", ["office", "shop"])
def test_pieces_printed_again_are_the_same(tmp_path: Path, wanted: str, press: str) -> None:
    first = drawn(made(tmp_path / "first", {"press": press}))
    again = drawn(made(tmp_path / "again", {"press": press}, wanted))
    numbers = [n for n in first if any(n in one for one in ranges(wanted, NUMBERING))]
    assert [*again] == numbers
    for number, piece in again.items():
        assert piece == first[number]
    assert len({piece.path for piece in first.values()}) == len(first)
