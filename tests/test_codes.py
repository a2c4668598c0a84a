"""Every code on every page: rendered at 300 dpi, decoded by zxing-cpp, held against codes.csv.

All pages of all PDFs of the demonstration are read, each page as a whole; then the kinds of pages
that the demonstration has none of. `--expand` only repeats pages and is not rendered again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
import zxingcpp
from conftest import OWN_HOST, CodeLine, Deliver, Delivery, opened

from stickergen.measure import MM_PER_INCH, PT_PER_INCH

DPI = 300.0
"""What an office printer resolves at the least (content/presses/office.yaml)."""

NEAR = 0.3
"""mm; how far a code may stand from its line in codes.csv: under a module, and under a pixel at
85 dpi. Tuned: the reader reports whole pixels of 0.085 mm."""

QR: Any = zxingcpp.BarcodeFormat.QRCode

SHARES = 8
"""The demonstration's pages are dealt out to so many tests, so that workers share them."""


@dataclass(frozen=True)
class Found:
    """A code as the decoder saw it: its text, the corner and the sides of the symbol."""

    text: str
    x: float
    y: float
    width: float
    height: float


def decoded(delivery: Delivery, file: str, page: int) -> list[Found]:
    """The codes on a page, counted from 1, read from its picture."""
    with opened(delivery.folder / file) as document:
        picture = document[page - 1].render(scale=DPI / PT_PER_INCH, grayscale=True)
        pixels = picture.to_numpy().squeeze()
        results = zxingcpp.read_barcodes(pixels, formats=QR)
    mm = MM_PER_INCH / DPI
    return [
        Found(
            result.text,
            at.top_left.x * mm,
            at.top_left.y * mm,
            (at.top_right.x - at.top_left.x) * mm,
            (at.bottom_left.y - at.top_left.y) * mm,
        )
        for result in results
        for at in [result.position]
    ]


def faults(found: list[Found], lines: list[CodeLine]) -> list[str]:
    """What differs between a page and its lines; each line answers for one code."""
    told, left = [], list(found)
    for line in lines:
        here = [code for code in left if near(code.x, line.x) and near(code.y, line.y)]
        if len(here) != 1:
            told.append(f"{len(here)} codes at {line.x} {line.y}")
            continue
        code = here[0]
        left.remove(code)
        if code.text != line.url:
            told.append(f"{code.text} instead of {line.url}")
        if not (near(code.width, line.size) and near(code.height, line.size)):
            told.append(f"{code.width} × {code.height} instead of {line.size}")
    return told + [f"{code.text} has no line" for code in left]


def near(length: float, other: float) -> bool:
    return abs(length - other) <= NEAR


def pages(delivery: Delivery) -> list[tuple[str, int]]:
    """Every page of every PDF."""
    found = []
    for file in delivery.pdfs:
        with opened(delivery.folder / file) as document:
            found += [(file, number) for number in range(1, len(document) + 1)]
    return found


def check(delivery: Delivery, wanted: list[tuple[str, int]]) -> int:
    """Compare these pages with the list; the number of codes seen."""
    told, seen = {}, 0
    for file, page in wanted:
        lines = [line for line in delivery.codes if (line.file, line.page) == (file, page)]
        found = decoded(delivery, file, page)
        seen += len(found)
        if different := faults(found, lines):
            told[file, page] = different
    assert told == {}
    return seen


@pytest.mark.parametrize("share", range(SHARES))
def test_every_code_of_the_demonstration_equals_its_line(
    share: int, demonstration: Delivery
) -> None:
    assert check(demonstration, pages(demonstration)[share::SHARES]) > 0


def test_every_line_is_of_a_page_that_exists(demonstration: Delivery) -> None:
    lines = {(line.file, line.page) for line in demonstration.codes}
    assert lines <= set(pages(demonstration))
    files = {file for file, _ in lines}
    assert files == set(demonstration.pdfs) - {"ticket.pdf"}


def test_scam_and_point_of_a_line_stand_in_its_address(demonstration: Delivery) -> None:
    base = "https://hs.example.com"
    assert demonstration.codes
    for line in demonstration.codes:
        path = "/".join(part for part in (line.scam, line.point) if part)
        assert line.url == f"{base}/{path}"
        assert bool(line.point) == (line.file == "stickers.pdf")
        assert bool(line.scam) == (line.file != "flyer-overview-a4.pdf")


OTHER_KINDS: dict[str, dict[str, Any]] = {
    "mixed sheets": {"stickers.count": 100},
    "one-up": {"stickers.stock": "one-up", "stickers.count": 20},
    "waybill on a roll, thermal": {
        **OWN_HOST,
        "press": "thermal-203",
        "stickers.template": "waybill-65x30",
        "stickers.stock": "roll-65x30",
        "stickers.count": 20,
    },
    "parcel-100x50": {"stickers.template": "parcel-100x50", "stickers.stock": "a4-10-101.6x50.8"},
    "round seal": {"stickers.template": "seal-50", "stickers.stock": "a4-20-round50"},
    "A5, two on A4": {
        "flyers": [{"template": "talk-a5", "stock": "a5-2up", "copies": 5}],
    },
}
"""Pages that the demonstration has none of."""


@pytest.mark.parametrize("kind", OTHER_KINDS)
def test_every_code_of_other_kinds_equals_its_line(kind: str, deliver_small: Deliver) -> None:
    only = "flyers" if "flyers" in OTHER_KINDS[kind] else "stickers"
    delivery = deliver_small(OTHER_KINDS[kind], only=only)
    assert check(delivery, pages(delivery)) == len(delivery.codes) > 0


def test_codes_of_a_begun_sheet_equal_their_lines(deliver_small: Deliver) -> None:
    delivery = deliver_small({"stickers.count": 60}, only="stickers", skip=7)
    assert check(delivery, pages(delivery)) == len(delivery.codes) > 0


LINE = CodeLine("a.pdf", 1, 50.0, 20.0, 14.732, "kefu", "j01", "https://hs.example.com/kefu/j01")
SEEN = Found(LINE.url, 50.04, 20.04, 14.73, 14.73)


def test_a_code_that_equals_its_line_is_no_fault() -> None:
    assert faults([SEEN], [LINE]) == []


@pytest.mark.parametrize(
    ("found", "lines"),
    [
        ([], [LINE]),
        ([SEEN], []),
        ([SEEN, SEEN], [LINE]),
        ([SEEN], [LINE, LINE]),
        ([replace(SEEN, text=f"{LINE.url}x")], [LINE]),
        ([replace(SEEN, x=50.4)], [LINE]),
        ([replace(SEEN, y=19.6)], [LINE]),
        ([replace(SEEN, width=15.1)], [LINE]),
        ([replace(SEEN, height=14.3)], [LINE]),
    ],
)
def test_the_comparison_sees_what_differs(found: list[Found], lines: list[CodeLine]) -> None:
    assert faults(found, lines) != []
