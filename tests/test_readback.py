"""Codes of finished pages, decoded and held against the order."""

from __future__ import annotations

import math
import pickle
import sys
from dataclasses import replace
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import numpy as np
import pikepdf
import pytest
from conftest import Delivery
from hypothesis import given
from hypothesis import strategies as st
from printed_codes import PAPER, URL, Printed, order, painted, pdf

from stickergen.measure import Box, to_pt
from stickergen.proof import readback
from stickergen.proof.alike import distinct
from stickergen.proof.expected import CodeAt, Expected
from stickergen.proof.preview import rasters
from stickergen.proof.readback import Readback, common, decoded, read_pages, reading_dpi

ONE = Printed()
OTHER = Printed(url="https://hs.example.com/shuadan/j01", x=40)
TOO_SMALL = Printed(module=0.09)
"""1.1 pixels to a module at 300 dpi, 2.1 at 600: for the second look alone."""


def checks(result: Readback) -> list[str]:
    return [finding.check for finding in result.findings]


def of_page(*codes: Printed, **options: Any) -> bytes:
    return pdf(painted(codes), **options)


# --- good pages ---


def test_a_good_page_gives_no_finding() -> None:
    result = read_pages(of_page(ONE, OTHER), order(ONE, OTHER), [1])
    assert (result.expected, result.read, result.pages_rendered) == (2, 2, 1)
    assert result.findings == ()
    assert {code.text for code in result.seen} == {ONE.url, OTHER.url}


def test_a_code_is_seen_where_it_is() -> None:
    (seen,) = read_pages(of_page(ONE), order(ONE), [1]).seen
    for side in ("x", "y", "width", "height"):
        assert getattr(seen.box, side) == pytest.approx(getattr(ONE.at.box, side), abs=0.2)


def test_places_count_from_the_media_box() -> None:
    crop = [to_pt(length) for length in (5, 5, PAPER.width - 5, PAPER.height - 10)]
    data = of_page(ONE, CropBox=pikepdf.Array(crop), Rotate=90)
    assert read_pages(data, order(ONE), [1]).findings == ()


def test_the_codes_of_a_delivery_are_read(small: Delivery) -> None:
    lines = [line for line in small.codes if line.file == "stickers.pdf"]
    boxes = [Box(line.x, line.y, line.size, line.size) for line in lines]
    codes = [CodeAt(line.page, box, 0.5, line.url) for line, box in zip(lines, boxes, strict=True)]
    expected = Expected("plain", codes=tuple(codes))
    data = (small.folder / "stickers.pdf").read_bytes()
    with pikepdf.open(BytesIO(data)) as document:
        pages = [group[0] for group in distinct(document, expected)]
    result = read_pages(data, expected, pages)
    assert result.findings == ()
    assert result.read == result.expected == len(codes) > 0


def test_no_code_is_expected_and_none_is_there() -> None:
    assert read_pages(of_page(), order(), [1]) == Readback(0, 0, 1, (), ())


# --- what is wrong ---


def test_a_missing_code() -> None:
    result = read_pages(of_page(ONE), order(ONE, OTHER), [1])
    (finding,) = result.findings
    assert (finding.check, finding.page, finding.spot) == ("code-missing", 1, OTHER.at.box)
    assert finding.values == {"url": OTHER.url}
    assert (result.expected, result.read) == (2, 1)


def test_a_wrong_code() -> None:
    fraud = replace(ONE, url="https://hs.example.org/kefu/j01")
    result = read_pages(of_page(fraud), order(ONE), [1])
    (finding,) = result.findings
    assert (finding.check, finding.spot) == ("code-wrong", ONE.at.box)
    assert finding.values == {"url": ONE.url, "found": fraud.url}
    assert result.read == 0


def test_an_extra_code() -> None:
    result = read_pages(of_page(ONE, OTHER), order(ONE), [1])
    (finding,) = result.findings
    assert finding.check == "code-extra"
    assert finding.values == {"url": OTHER.url}
    assert finding.spot is not None
    assert finding.spot.x == pytest.approx(OTHER.x, abs=0.2)
    assert (result.expected, result.read) == (1, 1)


def test_codes_that_changed_places_are_both_wrong() -> None:
    swapped = (replace(ONE, x=OTHER.x), replace(OTHER, x=ONE.x))
    result = read_pages(of_page(*swapped), order(ONE, OTHER), [1])
    assert checks(result) == ["code-wrong", "code-wrong"]


@pytest.mark.parametrize(
    ("by", "told"), [(1.2, []), (1.8, ["code-missing", "code-extra"])], ids=["near", "far"]
)
def test_a_code_belongs_to_its_place(by: float, told: list[str]) -> None:
    moved = replace(ONE, x=ONE.x + by)
    assert checks(read_pages(of_page(moved), order(ONE), [1])) == told


@pytest.mark.parametrize("page", [Printed(x=200), Printed(x=89.9)], ids=["off", "over the edge"])
def test_a_code_that_must_be_off_the_page_is_missing(page: Printed) -> None:
    assert checks(read_pages(of_page(), order(page), [1])) == ["code-missing"]


def test_the_codes_of_a_foreign_file_are_listed() -> None:
    result = read_pages(of_page(ONE, OTHER), Expected("plain"), [1])
    assert {code.text for code in result.seen} == {ONE.url, OTHER.url}
    assert (result.expected, result.read, result.findings) == (0, 0, ())


# --- the second look ---


def test_a_code_that_the_first_look_misses_is_read_at_the_second() -> None:
    data = of_page(TOO_SMALL)
    with rasters(data) as pictures:
        assert decoded(pictures.grey(1, 300)) == []
    result = read_pages(data, order(TOO_SMALL), [1])
    assert result.findings == ()
    (seen,) = result.seen
    assert seen.box.x == pytest.approx(TOO_SMALL.x, abs=0.1)
    assert seen.box.y == pytest.approx(TOO_SMALL.y, abs=0.1)


class NoCode(Exception):
    """What OpenCV raises."""


def opencv(text: str, off: int = 0) -> Any:
    """A stand-in for OpenCV that reads this text so many pixels off, or breaks down."""

    def detect(picture: Any) -> tuple[str, Any, None]:
        assert picture.dtype == np.uint8
        if text == "broken":
            raise NoCode
        far = picture.shape[0] - 1
        corners = [[0, 0], [far, 0], [far, far], [0, far]] if text else []
        return (text, np.array([corners], np.float32) + off, None)

    detector = SimpleNamespace(detectAndDecode=detect)
    return SimpleNamespace(QRCodeDetector=lambda: detector, error=NoCode)


@pytest.mark.parametrize(
    ("module", "told"),
    [
        (None, ["code-missing"]),
        (opencv(""), ["code-missing"]),
        (opencv("broken"), ["code-missing"]),
        (opencv("https://hs.example.org/"), ["code-wrong"]),
        (opencv(URL, off=40), ["code-missing"]),
        (opencv(URL), []),
    ],
    ids=[
        "not installed",
        "reads nothing",
        "breaks down",
        "reads another",
        "reads it elsewhere",
        "reads it",
    ],
)
def test_the_last_reader_is_opencv(
    module: Any, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "cv2", module)
    readback._cv2.cache_clear()
    try:
        assert checks(read_pages(of_page(), order(ONE), [1])) == told
    finally:
        readback._cv2.cache_clear()


# --- resolution and boxes ---


@pytest.mark.parametrize(
    ("press", "reading"), [(203.2, 406.4), (300, 300), (600, 300), (2400, 300), (2540, 317.5)]
)
def test_pages_are_read_at_a_resolution_that_suits_the_press(press: float, reading: float) -> None:
    assert reading_dpi(press) == pytest.approx(reading)


@given(st.floats(min_value=50, max_value=6000))
def test_pixels_and_dots_fall_together(press: float) -> None:
    reading = reading_dpi(press)
    assert reading * (1 + 1e-9) >= readback.LEAST_DPI
    assert reading < 2 * readback.LEAST_DPI
    ratio = max(reading / press, press / reading)
    assert math.isclose(ratio, round(ratio))


def test_a_large_page_is_read_at_what_memory_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readback, "LONGEST_PX", 600)
    (seen,) = read_pages(of_page(ONE), order(ONE), [1]).seen
    assert seen.box.x == pytest.approx(ONE.x, abs=0.3)
    monkeypatch.setattr(readback, "LONGEST_PX", 60)
    assert read_pages(of_page(ONE), Expected("plain"), [1]).seen == ()


BOXES = st.builds(
    Box,
    st.integers(-5, 5).map(float),
    st.integers(-5, 5).map(float),
    st.integers(1, 6).map(float),
    st.integers(1, 6).map(float),
)


@given(BOXES, BOXES)
def test_what_two_boxes_share(one: Box, other: Box) -> None:
    part = common(one, other)
    assert part == common(other, one)
    assert (part is not None) == one.overlaps(other)
    if part is not None:
        assert one.contains(part)
        assert other.contains(part)


# --- pages that are alike ---


def groups(data: bytes, expected: Expected) -> tuple[tuple[int, ...], ...]:
    with pikepdf.open(BytesIO(data)) as document:
        return distinct(document, expected)


def slug(number: int) -> str:
    return f"BT /F1 7 Tf 1 0 0 1 20 20 Tm ({number} ET of 3) Tj ET"


def on_each(page_count: int, *codes: Printed) -> Expected:
    pages = range(1, page_count + 1)
    return Expected(
        "plain", codes=tuple(replace(code.at, page=page) for page in pages for code in codes)
    )


def test_pages_that_differ_in_text_alone_are_alike() -> None:
    data = pdf(*(f"{painted([ONE])} {slug(number)}" for number in (1, 2, 3)))
    assert groups(data, on_each(3, ONE)) == ((1, 2, 3),)


def test_in_a_foreign_file_text_counts() -> None:
    data = pdf(*(f"{painted([ONE])} {slug(number)}" for number in (1, 1, 3)))
    assert groups(data, Expected("plain")) == ((1, 2), (3,))


def test_pages_that_differ_in_their_paths_do_not_stand_for_each_other() -> None:
    data = pdf(painted([ONE]), painted([OTHER]), painted([ONE]))
    assert groups(data, on_each(3, ONE)) == ((1, 3), (2,))


def test_pages_of_which_different_codes_are_expected_do_not_stand_for_each_other() -> None:
    data = pdf(*[painted([ONE])] * 2)
    expected = Expected("plain", codes=(ONE.at, replace(OTHER.at, page=2)))
    assert groups(data, expected) == ((1,), (2,))


@pytest.mark.parametrize("inherited", [False, True])
def test_forms_of_the_same_name_are_told_apart(inherited: bool) -> None:
    document = pikepdf.open(BytesIO(pdf(*["/Code Do"] * 3)))
    forms = [
        pikepdf.Dictionary(XObject=pikepdf.Dictionary(Code=document.make_stream(b"0 0 1 1 re f")))
        for _ in range(2)
    ]
    for page, form in zip(document.pages, (forms[0], forms[1], forms[0]), strict=True):
        page.obj.Resources = form
    if inherited:
        document.Root.Pages.Resources = forms[0]
        del document.pages[0].obj.Resources
        del document.pages[2].obj.Resources
    assert distinct(document, on_each(3)) == ((1, 3), (2,))


def test_a_page_tree_in_a_circle_ends() -> None:
    document = pikepdf.open(BytesIO(pdf(*[painted([ONE])] * 2)))
    document.Root.Pages.Parent = document.Root.Pages
    assert distinct(document, on_each(2, ONE)) == ((1, 2),)


def test_pages_with_annotations_are_told_apart() -> None:
    document = pikepdf.open(BytesIO(pdf(*[painted([ONE])] * 2)))
    document.pages[1].obj.Annots = pikepdf.Array([pikepdf.Dictionary(Subtype=pikepdf.Name.Stamp)])
    assert distinct(document, on_each(2, ONE)) == ((1,), (2,))


@pytest.mark.parametrize(("key", "value"), [("Rotate", 90), ("CropBox", [0, 0, 50, 50])])
def test_pages_that_are_shown_otherwise_are_told_apart(key: str, value: Any) -> None:
    document = pikepdf.open(BytesIO(pdf(*[painted([ONE])] * 2)))
    document.pages[1].obj[f"/{key}"] = pikepdf.Array(value) if key == "CropBox" else value
    assert distinct(document, on_each(2, ONE)) == ((1,), (2,))


# --- sharing the work ---


def test_parts_read_apart_join_to_the_whole() -> None:
    data, expected = pdf(painted([ONE]), "", painted([OTHER])), on_each(3, ONE)
    whole = read_pages(data, expected, [1, 2, 3])
    parts = [read_pages(data, expected, [3]), read_pages(data, expected, [1, 2])]
    assert Readback.joined(parts) == whole
    assert checks(whole) == ["code-missing", "code-missing", "code-extra"]
    assert (whole.expected, whole.read, whole.pages_rendered) == (3, 1, 3)


def test_what_is_read_can_be_sent_between_processes() -> None:
    result = read_pages(of_page(ONE), order(OTHER), [1])
    assert result.findings
    assert pickle.loads(pickle.dumps(result)) == result
