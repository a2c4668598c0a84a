"""Who has which numbers: what a delivery says of it, and whether a reprint agrees.

Comes in: the folder of a delivery. Goes out: its `Ledger`, from the manifest; the problem of an
order that would now print other stickers under these numbers. Limits: wording and artwork may have
changed since; only type, delivery point and the form of the number are held against each other.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from stickergen.content.campaign import Lot
from stickergen.content.model import Campaign, CheckSystem
from stickergen.content.serial import Mistyped, Numbering
from stickergen.content.source import Document
from stickergen.delivery import MANIFEST
from stickergen.problem import InputError, Place, Problem

DAMAGE = (
    OSError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    OverflowError,
    RecursionError,
)
"""What comes of lists that are not as they were written."""


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
    """All numbers of a delivery; `part`: it is a reprint of some."""

    campaign: str
    numbering: Numbering
    owned: tuple[Owned, ...]
    part: bool

    def of(self, number: int) -> Owned | None:
        """Who has a number; None if it was not printed."""
        return next((one for one in self.owned if number in one.serials), None)


def ledger(folder: Path) -> Ledger | None:
    """The ledger of a delivery; None if it is not numbered, InputError if it cannot be read."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8-sig"))
        serials = manifest.get("serials")
        if serials is None:
            return None
        numbering = _numbering(serials)
        owned = tuple(
            _owned(numbering, one, point) for point in serials["points"] for one in point["ranges"]
        )
        if not owned:
            raise ValueError(MANIFEST)
        return Ledger(str(manifest["campaign"]), numbering, owned, bool(serials["part"]))
    except (*DAMAGE, Mistyped) as error:
        raise damaged(MANIFEST) from error


def damaged(file: str) -> InputError:
    """A list that is not as it was written."""
    return InputError([Problem("manifest-damaged", Place(file), {"file": file})])


def agree(
    campaign: Document[Campaign], numbering: Numbering, lots: Iterable[Lot], folder: Path
) -> None:
    """Refuse to print other stickers under the numbers of a delivery that lies in this folder."""
    kept = ledger(folder) if _is_of(folder, campaign.value.id) else None
    if kept is None or kept.part:
        return
    place = campaign.place("stickers", "serial")
    for lot in lots:
        number = lot.serials.start
        while number in lot.serials:
            values = {"serial": numbering.words(number), "folder": folder.as_posix()}
            if kept.numbering != numbering:
                values["was"] = kept.numbering.words(min(number, kept.numbering.last))
                raise InputError([Problem("reprint-numbered-otherwise", place, values)])
            own = kept.of(number)
            if own is None:
                raise InputError([Problem("reprint-never-printed", place, values)])
            if (own.scam, own.point) != (lot.scam.id, lot.point.id):
                values["was"] = f"{own.scam_name} · {own.point_name}"
                values["now"] = f"{lot.scam.name} · {lot.point.name}"
                raise InputError([Problem("reprint-differs", place, values)])
            number = own.serials.stop


def _is_of(folder: Path, campaign: str) -> bool:
    """Whether a folder has the manifest of this campaign; other programs have manifests, too."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8-sig"))
        return bool(manifest["campaign"] == campaign)
    except DAMAGE:
        return False


def _numbering(serials: Mapping[str, Any]) -> Numbering:
    check: CheckSystem = serials["check"]
    if check not in get_args(CheckSystem):
        raise ValueError(check)
    return Numbering(str(serials["prefix"]), int(serials["digits"]), check)


def _owned(numbering: Numbering, one: Mapping[str, Any], point: Mapping[str, Any]) -> Owned:
    first, last = (numbering.number(str(one[end])) for end in ("first", "last"))
    if last < first:
        raise ValueError(one)
    return Owned(
        range(first, last + 1),
        str(one["scam"]),
        str(one["name"]),
        str(point["point"]),
        str(point["name"]),
    )
