"""Printers: kept and found by name; broken files told with places; the sheet as a finished PDF."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from conftest import opened, page_text
from PIL import Image

from stickergen import printers
from stickergen.calibrating import SHEET_FILE, keep_readings, write_sheet
from stickergen.library import Library
from stickergen.measure import MM_PER_INCH
from stickergen.press.correction import Readings
from stickergen.press.scales import edges
from stickergen.press.stock import Stock, StockFile
from stickergen.problem import InputError, Problem, worded

STOCK = "a4-24-63.5x33.9"
TYPED = ("0.5", "−1", "+0.25", "0")

GOOD = f"""\
id: 三楼
stock: {STOCK}
readings:
  a: 0.5
  b: -1
  c: 0.25
  d: 0
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The person's own folder, in which no printer is kept yet."""
    own = tmp_path / "settings"
    monkeypatch.setattr(printers, "user_config_path", lambda *_, **__: own)
    return own / "printers"


def problems(step: Callable[..., Any], *args: Any) -> list[Problem]:
    """What a step refuses; each problem can be worded."""
    with pytest.raises(InputError) as caught:
        step(*args)
    for problem in caught.value.problems:
        for language in ("zh", "en"):
            wording = worded(problem, language)
            assert wording.sentence
            assert wording.hint
    return list(caught.value.problems)


def codes(step: Callable[..., Any], *args: Any) -> list[str]:
    return [problem.code for problem in problems(step, *args)]


# --- keeping and finding ---


@pytest.mark.parametrize("name", ["三楼", "HP-302", "a", "123", "null", "no", "打" * 40])
def test_what_is_kept_is_found(name: str) -> None:
    kept = keep_readings(STOCK, name, TYPED)
    assert kept.readings == Readings(0.5, -1, 0.25, 0)
    assert kept.stock.id == STOCK
    assert kept.correction.offset.y == pytest.approx(-1, abs=0.3)
    assert printers.find(name, Library()) == kept
    assert printers.known() == [name]


def test_a_printer_is_calibrated_anew() -> None:
    keep_readings(STOCK, "三楼", TYPED)
    again = keep_readings("a4-24-70x36", "三楼", ("0", "0", "0", "0"))
    assert printers.find("三楼", Library()) == again
    assert printers.known() == ["三楼"]


def test_the_folder_is_the_systems(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("APPDATA", str(tmp_path))
    path = printers.printers_folder()
    assert path.parts[-2:] == ("stickergen", "printers")
    if sys.platform == "linux":
        assert path == tmp_path / "stickergen" / "printers"


def test_an_unknown_printer_is_told_with_the_known_ones() -> None:
    keep_readings(STOCK, "三楼北", TYPED)
    keep_readings(STOCK, "HP-302", TYPED)
    (problem,) = problems(printers.find, "三楼南", Library())
    assert (problem.code, problem.values["meant"]) == ("unknown-printer", "三楼北")
    (problem,) = problems(printers.find, "地下室", Library())
    assert problem.values["meant"] == "HP-302、三楼北"
    assert codes(printers.find, "../三楼北", Library()) == ["unknown-printer"]


def test_without_printers_the_hint_is_to_calibrate() -> None:
    assert printers.known() == []
    assert codes(printers.find, "三楼", Library()) == ["no-printer-yet"]


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "三 楼",
        "-a",
        "a/b",
        "a\\b",
        "..",
        "三楼.yaml",
        "a:b",
        "con",
        "LPT1",
        "打" * 41,
        "é",
    ],
)
def test_what_cannot_be_a_file_name_is_no_printers_name(name: str, folder: Path) -> None:
    assert codes(keep_readings, STOCK, name, TYPED) == ["not-a-printer-name"]
    assert not folder.exists()


def test_everything_wrong_is_told_at_once() -> None:
    assert codes(keep_readings, "a4-25", "a b", ("0", "x", "9", "0")) == [
        "not-a-printer-name",
        "reading-not-a-number",
        "reading-off-the-scale",
        "unknown-stock-file",
    ]


def test_impossible_readings_are_not_kept(folder: Path) -> None:
    readings = ("5", "0", "5", "-5")
    assert codes(keep_readings, STOCK, "三楼", readings) == ["correction-too-large"]
    assert not folder.exists()


@pytest.mark.parametrize(
    ("stock", "like"),
    [
        ("a4-4-105x148", "a4-4-99.1x139"),
        ("a4", "a4-4-99.1x139"),
        ("one-up", "a4-10-101.6x50.8"),
        ("roll-60x40", "a4-21-63.5x38.1"),
    ],
)
def test_a_stock_without_edges_is_refused_with_likely_ones(
    stock: str, like: str, tmp_path: Path
) -> None:
    for step in ((keep_readings, stock, "三楼", TYPED), (write_sheet, stock, tmp_path)):
        (problem,) = problems(*step)
        assert problem.code == "stock-not-for-calibration"
        named = problem.values["others"].split("、")
        assert named[0] == like
        for name in named:
            file = Library().get("stocks", name, None, StockFile).value
            assert edges(Stock.of(file))


# --- files that were edited ---


@pytest.mark.parametrize(
    ("old", "new", "code", "line", "column"),
    [
        ("a: 0.5", "a: half", "not-a-number", 4, 6),
        ("b: -1", "b: -6", "out-of-range", 5, 6),
        ("  d: 0\n", "", "missing-field", 4, 3),
        ("c: 0.25", "e: 0.25", "unknown-field", 6, 3),
        ("id: 三楼", "id: 三 楼", "not-a-printer-name", 1, 5),
        ("id: 三楼", "id: 四楼", "id-is-not-file-name", 1, 5),
        ("stock: a4-24-63.5x33.9", "stock: a4-25", "unknown-stock-file", 2, 8),
        ("stock: a4-24-63.5x33.9", "stock: a4", "stock-not-for-calibration", 2, 8),
        ("d: 0", "d: -5", "correction-too-large", 4, 3),
    ],
)
def test_a_broken_file_is_told_with_its_place(
    folder: Path, old: str, new: str, code: str, line: int, column: int
) -> None:
    folder.mkdir(parents=True)
    text = GOOD.replace("a: 0.5", "a: 5") if new == "d: -5" else GOOD
    assert old in text
    (folder / "三楼.yaml").write_text(text.replace(old, new), encoding="utf-8")
    found = {problem.code: problem.place for problem in problems(printers.find, "三楼", Library())}
    place = found[code]
    assert place is not None
    assert Path(place.file).name == "三楼.yaml"
    assert (place.line, place.column) == (line, column)


def test_a_file_written_by_hand_is_read(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "三楼.yaml").write_text(GOOD, encoding="utf-8")
    by_hand = printers.find("三楼", Library())
    assert by_hand == keep_readings(STOCK, "三楼", TYPED)


# --- writing ---


def test_what_cannot_be_written_leaves_the_old(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = keep_readings(STOCK, "三楼", TYPED)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert codes(printers.keep, replace(old, readings=Readings(1, 1, 1, 1))) == [
        "cannot-keep-printer"
    ]
    assert printers.find("三楼", Library()) == old
    assert os.listdir(folder) == ["三楼.yaml"]


def test_a_folder_that_is_a_file_is_told(folder: Path) -> None:
    folder.parent.write_text("not a folder", encoding="utf-8")
    assert codes(keep_readings, STOCK, "三楼", TYPED) == ["cannot-keep-printer"]


# --- the sheet ---


def test_the_sheet_is_written_into_a_folder_or_a_file(tmp_path: Path) -> None:
    folder = tmp_path / "there"
    folder.mkdir()
    assert write_sheet(STOCK, folder) == folder / SHEET_FILE
    named = tmp_path / "made" / "sheet.pdf"
    assert write_sheet(STOCK, named) == named
    assert named.read_bytes() == (folder / SHEET_FILE).read_bytes()
    assert os.listdir(folder) == [SHEET_FILE]
    blocked = folder / SHEET_FILE / "sheet.pdf"
    assert codes(write_sheet, STOCK, blocked) == ["cannot-write"]
    assert codes(write_sheet, "a4-24-63x33", folder) == ["unknown-stock-file"]


def test_the_printed_ticks_stand_at_their_millimetres(tmp_path: Path) -> None:
    """Another library's picture of the PDF: dark at each tick, light between two of them."""
    stock = Stock.of(Library().get("stocks", STOCK, None, StockFile).value)
    with opened(write_sheet(STOCK, tmp_path / SHEET_FILE)) as document:
        assert len(document) == 1
        text = page_text(document[0])
        for words in ("打印机校准", "实际大小", f"--stock{STOCK}", "50mm"):
            assert words in text
        picture = grey(document[0])
    for edge in edges(stock):
        for half in range(-5, 6):
            at, off = half / 2, (half + 0.5) / 2
            assert darkness(picture, edge.upright, edge.middle.x, edge.middle.y, at) > 0.5
            assert darkness(picture, edge.upright, edge.middle.x, edge.middle.y, off) < 0.5


DPI = 1200


def grey(page: pypdfium2.PdfPage) -> Image.Image:
    return page.render(scale=DPI / 72, grayscale=True).to_pil()


def darkness(picture: Image.Image, upright: bool, x: float, y: float, at: float) -> float:
    """How dark a scale is 1 mm off its line, at this place of it."""
    x, y = (x + at, y - 1) if upright else (x + 1, y + at)
    pixel = picture.getpixel((int(x / MM_PER_INCH * DPI), int(y / MM_PER_INCH * DPI)))
    assert isinstance(pixel, int)
    return 1 - pixel / 255
