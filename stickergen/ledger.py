"""Who has which numbers: what a delivery says of it.

Comes in: the folder of a delivery. Goes out: its `Ledger`, from the manifest; the lines of
codes.csv for some of its numbers. Limits: who can write there can change both.
"""

from __future__ import annotations

import csv
from codecs import BOM_UTF8
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, StrictBool

from stickergen.content.model import Serial
from stickergen.content.serial import Mistyped, Numbering
from stickergen.delivery import MANIFEST
from stickergen.problem import InputError, Place, Problem
from stickergen.proofing import CODES


@dataclass(frozen=True, slots=True)
class Owned:
    """Numbers of one scam type for one delivery point; both by id and by name."""

    serials: range
    scam: str
    scam_name: str
    point: str
    point_name: str


@dataclass(frozen=True)
class Ledger:
    """All numbers of the delivery in a folder, in order."""

    folder: Path
    campaign: str
    sample: bool
    part: bool
    """Whether it is a reprint of some of a campaign's numbers."""
    numbering: Numbering
    owned: tuple[Owned, ...]

    def of(self, number: int) -> Owned | None:
        """Who has a number; None if it was not printed."""
        return next((one for one in self.owned if number in one.serials), None)


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of codes.csv: a code that was printed, on a page from 1."""

    serial: str
    url: str
    file: str
    page: int


class _Range(BaseModel):
    scam: str
    name: str
    first: str
    last: str


class _Point(BaseModel):
    point: str
    name: str
    ranges: tuple[_Range, ...]


class _Serials(BaseModel):
    prefix: str
    digits: int
    check: str
    part: StrictBool
    points: tuple[_Point, ...]


class _Manifest(BaseModel):
    """What is needed here of what `press.product.manifest` wrote."""

    campaign: str
    sample: StrictBool
    serials: _Serials | None = None


def ledger(folder: Path) -> Ledger | None:
    """The ledger of a delivery; None if it is not numbered, InputError if it cannot be read."""
    path = folder / MANIFEST
    try:
        manifest = _Manifest.model_validate_json(path.read_bytes().removeprefix(BOM_UTF8))
        if manifest.serials is None:
            return None
        return _ledger(folder, manifest, manifest.serials)
    except (OSError, ValueError, Mistyped) as error:
        raise damaged(path) from error


def listed(folder: Path, serials: Collection[str]) -> Iterator[Listed]:
    """The lines of codes.csv with these numbers; a million lines pass in a few seconds.

    InputError if it cannot be read.
    """
    try:
        with (folder / CODES).open(encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file)
            heads = next(lines)
            serial, *others = map(heads.index, ("serial", "url", "file", "page"))
            for line in lines:
                if line[serial] in serials:
                    url, name, page = (line[column] for column in others)
                    if int(page) < 1:
                        raise ValueError(page)
                    yield Listed(line[serial], url, name, int(page))
    except (OSError, ValueError, IndexError, StopIteration, csv.Error) as error:
        raise damaged(folder / CODES) from error


def damaged(file: Path) -> InputError:
    """A list that is not as it was written."""
    return InputError([Problem("manifest-damaged", Place(file.as_posix()), {"file": file.name})])


def _ledger(folder: Path, manifest: _Manifest, serials: _Serials) -> Ledger:
    about = serials.model_dump(include={"prefix", "digits", "check"})
    numbering = Numbering.of(Serial.model_validate(about))
    owned = tuple(
        Owned(_numbers(numbering, one), one.scam, one.name, point.point, point.name)
        for point in serials.points
        for one in point.ranges
    )
    if not owned:
        raise ValueError(MANIFEST)
    return Ledger(folder, manifest.campaign, manifest.sample, serials.part, numbering, owned)


def _numbers(numbering: Numbering, one: _Range) -> range:
    first, last = map(numbering.number, (one.first, one.last))
    if last < first:
        raise ValueError(one.last)
    return range(first, last + 1)
