"""The list of a delivery's codes, codes.csv, whether it has ten lines or a million.

Comes in: the path of the list. Goes out: a `CodeList`: for each file where its lines stand, so that
whoever proves the file reads those alone; the serial numbers that stand there twice. Every line is
looked at once, and none is kept. Lengths in mm from the top left of the page. Limits: a list that a
spreadsheet has put into quotation marks is read whole.
"""

from __future__ import annotations

import csv
import math
import re
from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from stickergen.measure import Box
from stickergen.problem import InputError, Place, Problem
from stickergen.proof.expected import CodeAt, serial_of

CODES = "codes.csv"
"""The list of codes of a delivery."""

LEAST_MODULES = 21
"""The modules of the smallest symbol (ISO/IEC 18004, version 1): where codes.csv does not say how
large a module is, it is no larger than that."""

LONGEST = 5000.0
"""mm; a box beyond it is damage. Tuned: the longest PDF page, 14,400 pt (ISO 32000-1, annex C)."""

HYPHEN = "-"
"""What a serial number has on paper, and in the list's own column, but not in an address."""

MOST_TWICE = 100
"""Serials found twice that are told. Tuned: a list that was pasted twice has as many as lines."""

_MOST_MODULES = 177.5
_FEWEST = 20.5
"""Symbols are 21 to 177 modules wide (ISO/IEC 18004); codes.csv rounds to the thousandth."""

_BOM = b"\xef\xbb\xbf"
_ODD = re.compile(rb'["\r\0]')
"""What makes more of a line than fields between commas."""
_LONGEST_LINE = 100_000  # bytes. Tuned: below the longest field of the csv module, 131,072
_DAMAGE = (ValueError, TypeError, KeyError, csv.Error)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of codes.csv: in which file a code stands, and what must be there."""

    file: str
    code: CodeAt

    @property
    def serial(self) -> str:
        """The serial number in the address, whatever page of the website it leads to."""
        return serial_of(self.code.url)


@dataclass(frozen=True, slots=True)
class Twice:
    """A serial number that stands in the list for the second time, and where it stood first."""

    url: str
    line: int
    first: int


@dataclass(frozen=True)
class Listed:
    """What the list says of one file: where in the list, from byte to byte, or what."""

    path: Path
    columns: tuple[str, ...] = ()
    stretches: tuple[tuple[int, int], ...] = ()
    read: tuple[CodeAt, ...] = ()

    def codes(self) -> tuple[CodeAt, ...]:
        """The codes of the file, in the order of the list."""
        if not self.stretches:
            return self.read
        found: list[CodeAt] = []
        with self.path.open("rb") as file:
            for start, end in self.stretches:
                file.seek(start)
                for line in file.read(end - start).split(b"\n"):
                    if fields := _fields(line):
                        found.append(_row(dict(zip(self.columns, fields, strict=False))).code)
        return tuple(found)


class CodeList:
    """A list of codes. InputError names the first line that is damaged."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._columns: tuple[str, ...] = ()
        self._stretches: dict[str, list[tuple[int, int]]] = {}
        self._read: dict[str, list[CodeAt]] = {}
        self.numbered: frozenset[str] = frozenset()
        """The files whose codes have serial numbers."""
        self.twice: tuple[Twice, ...] = ()
        """The serial numbers that are not the only ones of their kind."""
        try:
            self._scan()
        except _NotPlain:
            self._read_whole()

    def of(self, file: str) -> Listed:
        """What the list says of a file."""
        return Listed(
            self._path,
            self._columns,
            tuple(self._stretches.get(file, ())),
            tuple(self._read.get(file, ())),
        )

    def _scan(self) -> None:
        """Look at every line, and remember where the lines of each file stand."""
        numbered: set[str] = set()
        digests = array("q")
        stretches: dict[str, list[tuple[int, int]]] = defaultdict(list)
        last = None
        for _, start, end, row in self._plain_rows():
            if row.file == last:
                stretches[row.file][-1] = (stretches[row.file][-1][0], end)
            else:
                stretches[row.file].append((start, end))
                last = row.file
            if row.serial:
                numbered.add(row.file)
                digests.append(hash(row.serial))
        self._stretches, self.numbered = dict(stretches), frozenset(numbered)
        if suspects := _repeated(digests):
            found = ((line, row) for line, _, _, row in self._plain_rows())
            self.twice = tuple(_twice(found, suspects))

    def _plain_rows(self) -> Iterator[tuple[int, int, int, Row]]:
        """Each line with its number, and the bytes between which it stands."""
        with self._path.open("rb") as file:
            head = file.readline()
            end = len(head)
            self._columns = tuple(_fields(head.removeprefix(_BOM).removesuffix(b"\n")) or ())
            for number, line in enumerate(file, 2):
                start, end = end, end + len(line)
                fields = _fields(line.removesuffix(b"\n"))
                if fields is None:
                    continue
                try:
                    yield number, start, end, _row(dict(zip(self._columns, fields, strict=False)))
                except _DAMAGE as error:
                    raise _damaged(number) from error

    def _read_whole(self) -> None:
        rows = list(_numbered_rows(self._path))
        read: dict[str, list[CodeAt]] = defaultdict(list)
        for _, row in rows:
            read[row.file].append(row.code)
        serials = [row.serial for _, row in rows if row.serial]
        self._columns, self._stretches, self._read = (), {}, dict(read)
        self.numbered = frozenset(row.file for _, row in rows if row.serial)
        self.twice = tuple(_twice(iter(rows), _repeated(array("q", map(hash, serials)))))


def code_rows(path: Path) -> Iterator[Row]:
    """The lines of codes.csv."""
    return (row for _, row in _numbered_rows(path))


class _NotPlain(Exception):
    """A line is more than fields between commas."""


def _fields(line: bytes) -> Sequence[str] | None:
    """The fields of a line without its end; None if it is empty."""
    line = line.removesuffix(b"\r")
    if len(line) > _LONGEST_LINE or _ODD.search(line):
        raise _NotPlain
    return line.decode(errors="replace").split(",") if line else None


def _numbered_rows(path: Path) -> Iterator[tuple[int, Row]]:
    """Each line with its number, however it is written."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="\n") as file:
        reader = csv.DictReader(file)
        try:
            for line in reader:
                there = {column: field for column, field in line.items() if field is not None}
                yield reader.line_num, _row(there)
        except _DAMAGE as error:
            raise _damaged(reader.line_num) from error


def _row(line: Mapping[str, str]) -> Row:
    x, y, size = (float(line[column]) for column in ("x_mm", "y_mm", "size_mm"))
    module = float(line["module_mm"]) if "module_mm" in line else size / LEAST_MODULES
    page = int(line["page"])
    modules = size / module if module else math.nan
    on_paper = 0 < size <= LONGEST and abs(x) + abs(y) <= LONGEST
    if page < 1 or not on_paper or not _FEWEST <= modules <= _MOST_MODULES:
        raise ValueError(line)
    if "serial" in line and line["serial"].replace(HYPHEN, "") != serial_of(line["url"]):
        raise ValueError(line)
    return Row(line["file"], CodeAt(page, Box(x, y, size, size), module, line["url"]))


def _damaged(line: int) -> InputError:
    return InputError([Problem("codes-list-damaged", Place(CODES, line), {"file": CODES})])


def _repeated(digests: array[int]) -> frozenset[int]:
    """The digests that are there more than once."""
    ordered = np.sort(np.frombuffer(digests, np.int64)) if digests else np.empty(0, np.int64)
    return frozenset(ordered[1:][ordered[1:] == ordered[:-1]].tolist())


def _twice(rows: Iterator[tuple[int, Row]], suspects: frozenset[int]) -> Iterator[Twice]:
    """The serials that are there before; `suspects` are the digests of those that may be."""
    first: dict[str, int] = {}
    told = 0
    for line, row in rows:
        serial = row.serial
        if told == MOST_TWICE or not (serial and hash(serial) in suspects):
            continue
        if serial in first:
            told += 1
            yield Twice(row.code.url, line, first[serial])
        else:
            first[serial] = line
