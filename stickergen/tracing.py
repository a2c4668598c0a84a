"""The command `trace`: numbers read off stickers → what was printed under them, and for whom.

Comes in: what a person typed, the folder of a delivery. Goes out: for each number its scam type,
its delivery point, its file and page; or the problem that tells a false sticker from a slip of the
hand. What was delivered decides, not what the campaign says today: the manifest has the ranges,
codes.csv each sticker. Limits: a folder that was printed again in parts knows its own part alone.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from stickergen.content.model import CheckSystem
from stickergen.content.serial import Mistyped, Numbering
from stickergen.content.tree import quoted
from stickergen.delivery import MANIFEST
from stickergen.problem import InputError, Place, Problem
from stickergen.proofing import CODES

_DAMAGE = (
    OSError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    OverflowError,
    RecursionError,
)
"""What comes of lists that are not as they were written."""


@dataclass(frozen=True)
class Traced:
    """A sticker that was printed: its number, scam type, delivery point, file and page from 1."""

    serial: str
    scam: str
    point: str
    file: str
    page: int


@dataclass(frozen=True, slots=True)
class _Range:
    """Numbers of one scam type for one delivery point."""

    serials: range
    scam: str
    point: str


def trace(folder: Path, typed: Sequence[str]) -> tuple[Traced, ...]:
    """The stickers of these numbers, in order; InputError with all that are none."""
    numbering, ranges, unknown = _numbered(folder)
    example = numbering.words(ranges[0].serials[0])
    problems: list[Problem] = []
    wanted: dict[str, _Range] = {}
    for text in typed:
        values = {"value": quoted(text), "first": example, "folder": folder.as_posix()}
        values["last"] = numbering.words(ranges[-1].serials[-1])
        try:
            number = numbering.number(text)
        except Mistyped as error:
            problems.append(Problem(error.code, None, values))
            continue
        own = next((one for one in ranges if number in one.serials), None)
        if own is None:
            problems.append(Problem(unknown, None, values))
        else:
            wanted[numbering.words(number)] = own
    if problems:
        raise InputError(problems)
    places = dict(_places(folder, wanted.keys()))
    if wanted.keys() != places.keys():
        raise _damaged(CODES)
    return tuple(
        Traced(serial, own.scam, own.point, *places[serial]) for serial, own in wanted.items()
    )


def _numbered(folder: Path) -> tuple[Numbering, list[_Range], str]:
    """How a delivery is numbered, who got which numbers, and what to say of all others."""
    path = folder / MANIFEST
    if not path.is_file():
        raise InputError([Problem("trace-no-delivery", Place(folder.as_posix()))])
    try:
        serials = json.loads(path.read_text(encoding="utf-8-sig")).get("serials")
        if serials is None:
            raise InputError([Problem("trace-not-numbered", Place(path.as_posix()))])
        numbering = _numbering(serials)
        ranges = [
            _range(numbering, one, str(point["name"]))
            for point in serials["points"]
            for one in point["ranges"]
        ]
    except (*_DAMAGE, Mistyped) as error:
        raise _damaged(MANIFEST) from error
    if not ranges:
        raise _damaged(MANIFEST)
    unknown = "serial-not-in-reprint" if serials.get("part") else "serial-not-printed"
    return numbering, ranges, unknown


def _numbering(serials: Mapping[str, Any]) -> Numbering:
    check: CheckSystem = serials["check"]
    if check not in get_args(CheckSystem):
        raise ValueError(check)
    return Numbering(str(serials["prefix"]), int(serials["digits"]), check)


def _range(numbering: Numbering, one: Mapping[str, Any], point: str) -> _Range:
    first, last = (numbering.number(str(one[end])) for end in ("first", "last"))
    if last < first:
        raise ValueError(one)
    return _Range(range(first, last + 1), str(one["name"]), point)


def _places(folder: Path, wanted: Collection[str]) -> Iterator[tuple[str, tuple[str, int]]]:
    """File and page of these numbers; a million lines of codes.csv pass in a few seconds."""
    try:
        with (folder / CODES).open(encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file)
            heads = next(lines)
            serial, name, page = (heads.index(head) for head in ("serial", "file", "page"))
            for line in lines:
                if line[serial] in wanted:
                    if int(line[page]) < 1:
                        raise ValueError(line[page])
                    yield line[serial], (line[name], int(line[page]))
    except (*_DAMAGE, StopIteration, csv.Error) as error:
        raise _damaged(CODES) from error


def _damaged(file: str) -> InputError:
    return InputError([Problem("manifest-damaged", Place(file), {"file": file})])
