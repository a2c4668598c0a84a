"""The printers of this computer: their calibration, kept by name in the person's own folder.

Comes in: a name, the stock that was printed on, four readings in mm; later the name alone. Goes
out: a `Printer` with its correction. The readings are kept, not what follows from them: a person
can look them up and change them, and the file is read like any other, with places.

Limits: a correction holds for one way of feeding one paper size; whoever feeds two ways keeps two
names.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from math import hypot
from pathlib import Path
from typing import Annotated

from platformdirs import user_config_path
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from stickergen.content.model import DEVICE, Identifier, Model, Part
from stickergen.library import Library, files_in, load
from stickergen.measure import Size
from stickergen.press.correction import (
    LETTERS,
    MOST_READING,
    Correction,
    Edge,
    Readings,
    correction,
)
from stickergen.press.profile import Press
from stickergen.press.scales import edges
from stickergen.press.stock import Stock, StockFile
from stickergen.problem import InputError, Place, Problem, nearest

MOST_NAMED = 4
"""How many stocks a message names that can be calibrated with."""

_NAME = re.compile(r"(?!-)[A-Za-z0-9_\-〇\u3400-\u4dbf\u4e00-\u9fff]{1,40}")
"""Letters, digits, Chinese characters, - and _; it stands in a file name and on the command line,
where what begins with - is an option."""


def is_name(name: str) -> bool:
    """Whether a printer can be called so."""
    return bool(_NAME.fullmatch(name)) and not DEVICE.fullmatch(name)


def _named(value: str) -> str:
    if not is_name(value):
        raise PydanticCustomError("not-a-printer-name", "not a printer's name")
    return value


Reading = Annotated[float, Field(ge=-MOST_READING, le=MOST_READING, allow_inf_nan=False)]


class ReadingsFile(Model):
    """The four readings as written in a printer's file."""

    a: Reading = Field(description="小尺 A 的读数，毫米，往右为正，如 0.5")
    b: Reading = Field(description="小尺 B 的读数，毫米，往下为正，如 -1")
    c: Reading = Field(description="小尺 C 的读数，毫米，往右、往下为正")
    d: Reading = Field(description="小尺 D 的读数，毫米，往右为正")


class PrinterFile(Part):
    """A printer as written in its file."""

    id: Annotated[str, AfterValidator(_named)] = Field(
        description="打印机名，与文件名相同：汉字、字母、数字、- 和 _，如 三楼"
    )
    stock: Identifier = Field(description="校准用的纸张，如 a4-24-63.5x33.9")
    readings: ReadingsFile = Field(description="校准页上四把小尺的读数")


@dataclass(frozen=True, slots=True)
class Printer:
    """A calibrated printer; `stock` is what its sheet was printed on."""

    id: str
    stock: Stock
    readings: Readings
    correction: Correction


def calibrated(
    name: str,
    stock: Stock,
    readings: Readings,
    library: Library,
    *,
    asked: Place | None = None,
    written: Place | None = None,
) -> Printer:
    """The printer of these readings; problems are told where stock and readings were written."""
    found = edges_of(stock, library, asked)
    return Printer(name, stock, readings, correction(found, readings, written))


def edges_of(stock: Stock, library: Library, asked: Place | None) -> tuple[Edge, ...]:
    """The edges to read at; an InputError that names like stocks if this one has none."""
    if found := edges(stock):
        return found
    others = [Stock.of(file.value) for file in library.every("stocks", StockFile).values()]
    near = sorted((other for other in others if edges(other)), key=lambda it: _unlike(stock, it))
    values = {"stock": stock.id, "others": "、".join(other.id for other in near[:MOST_NAMED])}
    raise InputError([Problem("stock-not-for-calibration", asked, values)])


def _unlike(stock: Stock, other: Stock) -> tuple[bool, float]:
    """How far another stock is from this one: another paper, then the difference of the labels."""
    if stock.label is None or other.label is None:
        return (stock.paper != other.paper, 0.0)
    wider, higher = stock.label.width - other.label.width, stock.label.height - other.label.height
    return (stock.paper != other.paper, hypot(wider, higher))


def printers_folder() -> Path:
    """Where printers are kept: below the folder that the system has for settings."""
    return user_config_path("stickergen", appauthor=False, roaming=True) / "printers"


def known() -> list[str]:
    """The names of the printers kept, in order."""
    return sorted(path.stem for path in files_in(printers_folder()))


def find(name: str, library: Library) -> Printer:
    """The printer of this name; its stock is looked for in the library."""
    files = {path.stem: path for path in files_in(printers_folder())}
    if not files:
        raise InputError([Problem("no-printer-yet", None, {"value": name})])
    if name not in files:
        values = {"value": name, "meant": nearest(name, files) or "、".join(files)}
        raise InputError([Problem("unknown-printer", None, values)])
    document = load(files[name], PrinterFile)
    file, asked = document.value, document.place("stock")
    stock = Stock.of(library.get("stocks", file.stock, asked, StockFile).value)
    readings = Readings(**file.readings.model_dump())
    written = document.place("readings")
    return calibrated(name, stock, readings, library, asked=asked, written=written)


def correction_for(name: str, press: Press, papers: Iterable[Size], library: Library) -> Correction:
    """The correction of a printer that is to print on these papers for this press."""
    if press.for_shop or press.feeds != "sheets":
        raise InputError([Problem("printer-with-press", None, {"value": name, "press": press.id})])
    printer = find(name, library)
    for paper in papers:
        own = printer.stock.paper
        if paper != own:
            values = {"value": name, "stock": printer.stock.id}
            values |= {"width": f"{paper.width:g}", "height": f"{paper.height:g}"}
            raise InputError([Problem("printer-on-other-paper", None, values)])
    return printer.correction


def keep(printer: Printer) -> Path:
    """Write the printer's file, over an earlier one of its name; the file."""
    path = printers_folder() / f"{printer.id}.yaml"
    lines = [
        "# 打印机校准，由 stickergen calibrate 写成。读数单位毫米：往右、往下为正。",
        f'id: "{printer.id}"',
        f'stock: "{printer.stock.id}"',
        "readings:",
        *(
            f"  {letter.lower()}: {reading:g}"
            for letter, reading in zip(LETTERS, astuple(printer.readings), strict=True)
        ),
    ]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, ("\n".join(lines) + "\n").encode())
    except OSError as error:
        values = {"file": path.name, "reason": error.strerror or str(error)}
        raise InputError(
            [Problem("cannot-keep-printer", Place(path.as_posix()), values)]
        ) from error
    return path


def replace_file(path: Path, content: bytes) -> None:
    """Write a file whole: what was there before stays until all of it is on the disk.

    A link is followed; what is there and is no file (a folder, a device) is left alone.
    """
    path = path.resolve()
    if path.exists() and not path.is_file():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    stage = path.with_name(f".{path.name}.new")
    try:
        stage.write_bytes(content)
        os.replace(stage, path)
    finally:
        stage.unlink(missing_ok=True)
