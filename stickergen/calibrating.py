"""The command `calibrate`: write the sheet to print; keep what was read on it.

Comes in: the name of a stock, where to write; later a printer's name and four readings as typed.
Goes out: `calibrate.pdf`; a kept `Printer`. All problems are told at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from stickergen import printers
from stickergen.artwork.fields import Bound
from stickergen.artwork.layout import missing_glyph
from stickergen.library import Library
from stickergen.press.calibration import TITLE, calibration_sheet
from stickergen.press.correction import Readings
from stickergen.press.draw import draw
from stickergen.press.finish import finish
from stickergen.press.profile import Press
from stickergen.press.sheet import whole
from stickergen.press.stock import Stock, StockFile
from stickergen.printers import Printer
from stickergen.problem import InputError, Place, Problem

SHEET_FILE = "calibrate.pdf"
"""The name of the sheet where only a folder is named."""

PRESS = "office"
"""Whose rules the sheet is drawn by: it is for printers in offices."""

DAY = date(2026, 11, 22)
"""The date in the file: when the sheet got its form. There is no campaign to take one from."""


def write_sheet(stock: str, path: Path, library: Library | None = None) -> Path:
    """The calibration sheet of this stock as a PDF, in this folder or file; the file."""
    library = library or Library()
    document = library.get("stocks", stock, None, StockFile)
    if problem := missing_glyph(Bound(document.value, document).step("name")):
        raise InputError([problem])
    chosen = Stock.of(document.value)
    printers.edges_of(chosen, library, None)
    page, sheet_press = calibration_sheet(chosen), library.get("presses", PRESS, None, Press).value
    sheets = [whole(page, TITLE, "ticket")]
    drawn = draw(sheets, {TITLE: page}, sheet_press)
    title = f"{TITLE} {chosen.name}"
    file = path if path.suffix.lower() == ".pdf" else path / SHEET_FILE
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        printers.replace_file(file, finish(drawn, sheets, sheet_press, title=title, day=DAY))
    except OSError as error:
        values = {"file": file.name, "reason": error.strerror or str(error)}
        raise InputError([Problem("cannot-write", Place(file.as_posix()), values)]) from error
    return file


def keep_readings(
    stock: str, name: str, values: Sequence[str], library: Library | None = None
) -> Printer:
    """The printer calibrated by four readings as typed, kept under this name."""
    library = library or Library()
    problems: list[Problem] = []
    readings, document = None, None
    if not printers.is_name(name):
        problems.append(Problem("not-a-printer-name", None, {"value": name}))
    try:
        readings = Readings.typed(values)
    except InputError as error:
        problems += error.problems
    try:
        document = library.get("stocks", stock, None, StockFile)
    except InputError as error:
        problems += error.problems
    if problems:
        raise InputError(problems)
    assert readings is not None
    assert document is not None
    printer = printers.calibrated(name, Stock.of(document.value), readings, library)
    printers.keep(printer)
    return printer
