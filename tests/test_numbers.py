"""What each numbered piece has of its own, as operators: its symbol, its number, nothing else.

The operators are read again and held against the `qrcode` package.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
import qrcode

from stickergen.artwork import qr
from stickergen.artwork.numbered import Numbered, parted, places
from stickergen.artwork.page import Code, Page, Panel, Text
from stickergen.artwork.runs import runs
from stickergen.artwork.symbols import LEVELS
from stickergen.content.serial import Numbering
from stickergen.ink import Ink
from stickergen.measure import Box, Point, Size, to_pt
from stickergen.press import numbers
from stickergen.press.numbers import Overlays, address, overlays
from stickergen.press.profile import Press
from stickergen.press.sheet import Piece, Sheet

NUMBERING = Numbering("HS", 6, "mod-11-2")
OFFICE = Press(id="office", name="办公室", dpi=(600,), source="test")
BLACK = Ink(0, 0, 0, 100)

RECTANGLE = re.compile(rb"(\d+) (\d+) (\d+) 1 re\n")
SYMBOL = re.compile(
    rb"q (?P<a>\S+) 0 0 -(?P<d>\S+) (?P<x>\S+) (?P<y>\S+) cm\n"
    rb"(?P<path>(?:\d+ \d+ \d+ 1 re\n)+)f Q\n"
)
"""A symbol: the matrix that puts modules on the page, its path, filled once."""


# --- symbols as the package makes them ---


def url(length: int) -> str:
    """An address of a numbered sticker of this length."""
    page = f"https://a.cn/{'k' * length}"[: length - 10]
    return f"{page}?{places(NUMBERING)[1]}"


def design(address: str, module: float = 0.508) -> Numbered:
    """A piece that is a code."""
    symbol = qr.symbol(address)
    side = symbol.full_width_modules * module
    code = Code(Box(2, 3, side, side), module, symbol, address, "kefu", None)
    return parted(Page(Size(side + 4, side + 6), (code,)), NUMBERING)


def laid_over(one: Numbered, serials: range, press: Press = OFFICE) -> Overlays:
    """A sheet of these pieces beside each other, its content unpacked."""
    pieces = tuple(
        Piece("d", Box(5 + 90 * n, 7, 80, 90), serial) for n, serial in enumerate(serials)
    )
    sheet = Sheet("labels", Size(2000, 300), pieces, (), 1)
    found = overlays([sheet], {"d": one}, NUMBERING, press, {"regular": "F1"})
    return replace(found, contents=tuple(map(zlib.decompress, found.contents)))


def modules(path: bytes, width: int) -> npt.NDArray[np.bool_]:
    """The rectangles of a path as a matrix; none over another, none longer than it might be."""
    found = np.zeros((width, width + 1), bool)
    for x, y, length in (map(int, one) for one in RECTANGLE.findall(path)):
        assert not found[y, x : x + length].any()
        found[y, x : x + length] = True
        assert x == 0 or not found[y, x - 1]
        assert x + length <= width
    return found[:, :-1]


def mask_of(dark: npt.NDArray[np.bool_]) -> int:
    """The mask that a symbol's format information names (ISO/IEC 18004:2015, 7.9.1)."""
    bits = [bool(dark[8, x]) for x in (2, 3, 4)]
    value: int = (bits[0] << 2 | bits[1] << 1 | bits[2]) ^ 0b101
    return value


def of_the_package(text: str, like: qr.Symbol, mask: int) -> npt.NDArray[np.bool_]:
    code = qrcode.QRCode(like.version, LEVELS[like.level], border=0)
    code.add_data(text, optimize=0)
    code.makeImpl(False, mask)
    return np.array(code.modules, dtype=bool)


VERSIONS = {12: 1, 25: 2, 40: 3, 60: 4, 80: 5, 100: 6, 120: 7, 150: 8, 175: 9, 210: 10, 240: 11}
"""Lengths of addresses, and the version that holds them at level M."""


@pytest.mark.parametrize(("length", "version"), VERSIONS.items())
def test_a_path_is_the_symbol_of_the_package(length: int, version: int) -> None:
    one = design(url(length))
    (code,) = one.codes
    assert code.symbol.version == version
    serials = range(1, 6 if version > 10 else 14)
    (content,) = laid_over(one, serials).contents
    found = list(SYMBOL.finditer(content))
    assert len(found) == len(serials)
    for serial, match in zip(serials, found, strict=True):
        dark = modules(match["path"], code.symbol.width_modules)
        text = address(code, NUMBERING, serial)
        assert text == url(length).replace("HS000000X", NUMBERING.code(serial))
        assert (dark == of_the_package(text, code.symbol, mask_of(dark))).all()


def test_symbols_stand_where_their_design_says() -> None:
    one = design(url(40))
    (code,) = one.codes
    (content,) = laid_over(one, range(3)).contents
    for number, match in enumerate(SYMBOL.finditer(content)):
        box = code.symbol_box.moved(Point(5 + 90 * number, 7))
        assert float(match["x"]) == pytest.approx(to_pt(box.x), abs=1e-4)
        assert float(match["y"]) == pytest.approx(to_pt(300 - box.y), abs=1e-4)
        side = float(match["a"]) * code.symbol.width_modules
        assert (match["a"], side) == (match["d"], pytest.approx(to_pt(box.width), abs=1e-4))


def test_two_codes_of_a_piece_and_a_piece_without_a_number() -> None:
    both = replace(design(url(40)), codes=(*design(url(40)).codes, *design(url(60)).codes))
    (content,) = laid_over(both, range(2)).contents
    assert len(SYMBOL.findall(content)) == 4
    slip = Sheet("slip", Size(210, 297), (Piece("slip", Box(0, 0, 210, 297)),), (), 1)
    empty = overlays([slip], {}, NUMBERING, OFFICE, {})
    assert empty.contents == (b"",)


@pytest.mark.parametrize("group", [1, 2, 5, 6, 7, 100])
def test_sheets_are_the_same_however_many_are_made_at_once(
    group: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, size = design(url(40)), Size(300, 300)
    sheets = [
        Sheet("labels", size, tuple(Piece("d", Box(9, 9, 80, 90), 4 * n + k) for k in own), (), 1)
        for n, own in enumerate([range(3), range(0), range(4), range(1), range(3)])
    ]
    whole = overlays(sheets, {"d": one}, NUMBERING, OFFICE, {})
    monkeypatch.setattr(numbers, "_GROUP", group)
    assert overlays(sheets, {"d": one}, NUMBERING, OFFICE, {}) == whole
    assert [bool(content) for content in whole.contents] == [True, False, True, True, True]
    assert overlays(sheets[1:2], {"d": one}, NUMBERING, OFFICE, {}).contents == (b"",)


@pytest.mark.parametrize("shape", [(3, 1, 1), (2, 4, 5), (1, 21, 21)])
@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_runs_are_as_long_as_they_can_be(shape: tuple[int, int, int], share: float) -> None:
    dark = np.random.default_rng(7).random(shape) < share
    found = runs(dark)
    again = np.zeros(shape, bool)
    assert (found.starts[0], found.starts[-1]) == (0, len(found.x))
    for symbol in range(shape[0]):
        for n in range(found.starts[symbol], found.starts[symbol + 1]):
            x, y, end = found.x[n], found.y[n], found.x[n] + found.lengths[n]
            assert not again[symbol, y, max(0, x - 1) : end + 1].any()
            again[symbol, y, x:end] = True
    assert (again == dark).all()


# --- numbers in words ---


def text(x: float = 4.0, *, words: str | None = None, ink: Ink = BLACK) -> Text:
    box = Box(x, 10, 20, 3)
    return Text(Point(x, 12), words or NUMBERING.widest, "regular", 7, ink, box)


def test_a_text_is_parted_around_its_number() -> None:
    whole = text(words=f"编号 {NUMBERING.widest} 真伪")
    panel = Panel(Box(0, 0, 1, 1), BLACK, None, 0)
    one = parted(Page(Size(60, 30), (panel, whole, text(words="别的"))), NUMBERING)
    assert [item.text for item in one.art.items if isinstance(item, Text)] == [
        *("编号 ", " 真伪", "别的")
    ]
    (number,) = one.texts
    before, after = (item for item in one.art.items[1:3] if isinstance(item, Text))
    assert number.text == NUMBERING.widest
    assert before.box.right == pytest.approx(number.at.x) == pytest.approx(number.box.x)
    assert number.box.right == pytest.approx(after.at.x)
    assert one.art.items[0] == panel


def test_numbers_are_written_as_words_or_as_they_stand_in_addresses() -> None:
    code = text(words=places(NUMBERING)[1])
    one = Numbered(Page(Size(60, 30), ()), (), (text(), code))
    (content,) = laid_over(one, range(123, 124)).contents
    assert re.findall(rb"BT /F1 7 Tf \S+ \S+ Td \((.*?)\) Tj ET", content) == [
        *(b"HS-000123-1", b"HS0001231")
    ]
    (at,) = re.findall(rb"(\S+) (\S+) Td \(HS-", content)
    assert [float(one) for one in at] == [
        *(pytest.approx(to_pt(5 + 4), abs=1e-4), pytest.approx(to_pt(300 - 7 - 12), abs=1e-4))
    ]


SHOP = Press(id="shop", name="厂", dpi=(600,), standard="pdf-x-1a", condition="FOGRA39", source="t")


def test_a_shop_gets_the_black_plate_and_overprint_is_said() -> None:
    one = Numbered(Page(Size(60, 30), ()), design(url(40)).codes, (text(),))
    (content,) = laid_over(one, range(1, 2), SHOP).contents
    symbol, number = SYMBOL.search(content), content.index(b"BT ")
    assert symbol is not None
    assert content[: symbol.start()] == b"/Knockout gs\n0 0 0 1 k\n"
    assert content[symbol.end() : number] == b"/Overprint gs\n0 0 0 1 k\n"


def test_an_office_gets_grey() -> None:
    pale = Ink(0, 0, 0, 40)
    one = Numbered(Page(Size(60, 30), ()), design(url(40)).codes, (text(), text(30, ink=pale)))
    (content,) = laid_over(one, range(1, 2)).contents
    assert re.findall(rb"(\S+) g\n", content) == [b"0", b"0", b"0.6"]
    assert b" gs" not in content
    assert b" k\n" not in content


def test_every_place_of_a_number_is_written() -> None:
    """Twice in one text, and beside the address: no piece keeps what stood for its number."""
    words, code = NUMBERING.widest, NUMBERING.widest_code
    text = f"No. {words} / {words}, https://a.cn/k?{code}!"
    line = Text(Point(2, 9), text, "regular", 6, BLACK, Box(2, 7, 90, 2.1))
    found = parted(Page(Size(100, 20), (line,)), NUMBERING)
    assert [text.text for text in found.texts] == [words, words, code]
    left = [text.text for text in found.art.items if isinstance(text, Text)]
    assert [text for text in left if words in text or code in text] == []
    assert {"No. ", " / ", ", https://a.cn/k?", "!"} <= set(left)
