"""The command `trace`: numbers read off stickers → what was printed under them, and for whom.

Comes in: what a person typed, the folder of a delivery. Goes out: for each number its scam type,
its delivery point, its file and page; or the problem that tells a false sticker from a slip of the
hand. What was delivered decides, not what the campaign says today: the manifest has the ranges,
codes.csv each sticker. Limits: a folder that was printed again in parts knows its own part alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stickergen.content.serial import Mistyped
from stickergen.content.tree import quoted
from stickergen.delivery import MANIFEST
from stickergen.ledger import Ledger, Owned, damaged, ledger, listed
from stickergen.problem import InputError, Place, Problem
from stickergen.proofing import CODES


@dataclass(frozen=True)
class Traced:
    """A sticker that was printed: its number, scam type, delivery point, file and page from 1."""

    serial: str
    scam: str
    point: str
    file: str
    page: int


def trace(folder: Path, typed: Sequence[str]) -> tuple[Traced, ...]:
    """The stickers of these numbers, in order; InputError with all that are none."""
    kept = _ledger(folder)
    numbering = kept.numbering
    unknown = "serial-not-in-reprint" if kept.part else "serial-not-printed"
    example = numbering.words(kept.owned[0].serials[0])
    problems: list[Problem] = []
    wanted: dict[str, Owned] = {}
    for text in typed:
        values = {"value": quoted(text), "first": example, "folder": folder.as_posix()}
        values["last"] = numbering.words(kept.owned[-1].serials[-1])
        try:
            number = numbering.number(text)
        except Mistyped as error:
            problems.append(Problem(error.code, None, values))
            continue
        if (own := kept.of(number)) is None:
            problems.append(Problem(unknown, None, values))
        else:
            wanted[numbering.words(number)] = own
    if problems:
        raise InputError(problems)
    places = {line.serial: line for line in listed(folder, wanted.keys())}
    if wanted.keys() != places.keys():
        raise damaged(folder / CODES)
    return tuple(
        Traced(serial, own.scam_name, own.point_name, places[serial].file, places[serial].page)
        for serial, own in wanted.items()
    )


def _ledger(folder: Path) -> Ledger:
    """Who has which numbers of a delivery; InputError if it is none, or has none."""
    path = folder / MANIFEST
    if not path.is_file():
        raise InputError([Problem("trace-no-delivery", Place(folder.as_posix()))])
    kept = ledger(folder)
    if kept is None:
        raise InputError([Problem("trace-not-numbered", Place(path.as_posix()))])
    return kept
