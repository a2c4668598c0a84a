"""Numbers that were printed before: no order gives them to other stickers, or loses who has them.

Comes in: an order, the folder it is to be delivered into. Goes out: the deliveries that agree with
it, or the problem. Known are the deliveries above the folder, and in `output` here or beside the
campaign. Held against each other are type, delivery point, number and address. Limits: wording and
artwork may have changed since.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from stickergen.content.campaign import Lot
from stickergen.delivery import MANIFEST
from stickergen.ledger import Ledger, Owned, ledger, listed
from stickergen.order import Order, Stickers
from stickergen.press.numbers import address
from stickergen.problem import InputError, Place, Problem
from stickergen.proofing import CODES

OUTPUT = "output"
"""The folder of deliveries, unless another is named."""

LONGEST_NAME = 60
"""Characters of a folder's name. Tuned: five ranges, and room for what stands above it."""


def reprint_name(stickers: Stickers) -> str:
    """The folder of a reprint: the same for the same numbers, however they were typed."""
    assert stickers.numbering is not None
    width, parts = stickers.numbering.digits, []
    for numbers in _runs([lot.serials for lot in stickers.plan.lots]):
        ends = dict.fromkeys((numbers.start, numbers.stop - 1))
        parts.append("-".join(f"{end:0{width}}" for end in ends))
    name = f"reprint-{stickers.numbering.prefix}{'+'.join(parts)}"
    if len(name) <= LONGEST_NAME:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{name[: LONGEST_NAME - len(digest) - 1]}-{digest}"


def agree(order: Order, folder: Path) -> tuple[Path, ...]:
    """The deliveries that a reprint agrees with, none if none is known.

    InputError if it would print other stickers under old numbers.
    """
    assert order.stickers is not None
    found = []
    for kept in _deliveries(order, folder):
        problem = _difference(order, order.stickers, kept)
        if problem is not None:
            raise InputError([problem])
        if _is_own(order, kept):
            found.append(kept.folder)
    return tuple(found)


def keep_ledger(order: Order, folder: Path) -> None:
    """Refuse to replace a numbered delivery by one that does not say the same of its numbers.

    A sample was never handed out.
    """
    kept = None
    if (folder / MANIFEST).is_file():
        with suppress(InputError):  # what cannot be read says nothing
            kept = ledger(folder)
    if kept is None or kept.part or kept.sample:
        return
    same = 0
    if order.stickers is not None and order.stickers.numbering == kept.numbering:
        for lot, numbers, own in _shared(kept, order.stickers.plan.lots):
            same += len(numbers) if own is not None and _is_same(own, lot, kept) else 0
    if same < sum(len(own.serials) for own in kept.owned):
        ends = {"first": kept.owned[0].serials[0], "last": kept.owned[-1].serials[-1]}
        values = {end: kept.numbering.words(number) for end, number in ends.items()}
        values["folder"] = folder.as_posix()
        raise InputError([Problem("numbers-would-be-lost", Place(folder.as_posix()), values)])


def _deliveries(order: Order, folder: Path) -> Iterator[Ledger]:
    """The known deliveries of all numbers of a campaign; first those that are near."""
    above = (*Path(os.path.abspath(folder)).parents, *folder.resolve().parents)
    known = (order.campaign.path.parent / OUTPUT, Path(OUTPUT), *above)
    looked: set[Path] = set()
    for path in known:
        if path.resolve() in looked or not os.path.lexists(path / MANIFEST):
            continue
        looked.add(path.resolve())
        if _is_delivery(path):
            try:
                kept = ledger(path)
            except InputError as error:
                raise _unknown(path / MANIFEST) from error
            if kept is None or kept.part:
                continue
            if not kept.sample or (order.sample and _is_own(order, kept)):  # else never handed out
                yield kept


def _is_delivery(folder: Path) -> bool:
    """Whether a manifest is one of ours; other programs have such files, too."""
    path = folder / MANIFEST
    if not path.is_file():
        raise _unknown(path)
    try:
        manifest = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise _unknown(path) from error
    return isinstance(manifest, dict) and "campaign" in manifest and "files" in manifest


def _is_own(order: Order, kept: Ledger) -> bool:
    return kept.campaign == order.campaign.value.id


def _difference(order: Order, stickers: Stickers, kept: Ledger) -> Problem | None:
    """The first number that was another sticker's.

    Another campaign's delivery need not have these numbers, but those that it has are printed.
    """
    campaign, numbering = order.campaign, stickers.numbering
    assert numbering is not None
    values = {"folder": kept.folder.as_posix()}
    shared: list[tuple[Lot, range]] = []
    for lot, numbers, own in _shared(kept, stickers.plan.lots):
        values["serial"] = numbering.words(numbers.start)
        if kept.numbering != numbering:
            if not _is_own(order, kept):
                return None
            values["was"] = kept.numbering.words(min(numbers.start, kept.numbering.last))
            place = campaign.place("stickers", "serial")
            return Problem("reprint-numbered-otherwise", place, values)
        if own is not None and not _is_same(own, lot, kept):
            values["was"] = _told(own.scam_name, own.scam, own.point_name, own.point)
            values["now"] = _told(lot.scam.name, lot.scam.id, lot.point.name, lot.point.id)
            return Problem("reprint-differs", campaign.place("stickers"), values)
        if own is not None:
            shared.append((lot, numbers))
        elif _is_own(order, kept):
            return Problem("reprint-never-printed", campaign.place("stickers"), values)
    return _led_elsewhere(order, stickers, kept, shared)


def _led_elsewhere(
    order: Order, stickers: Stickers, kept: Ledger, shared: Sequence[tuple[Lot, range]]
) -> Problem | None:
    """The first number whose code had another address."""
    numbering = kept.numbering
    serials = {numbering.words(number) for _, numbers in shared for number in numbers}
    was = _addresses(kept.folder, serials)
    for lot, numbers in shared:
        codes = tuple(order.designs[stickers.key(lot)].codes)
        for number in numbers:
            serial = numbering.words(number)
            now = sorted(address(code, numbering, number) for code in codes)
            if was[serial] != now:
                values = {"serial": serial, "folder": kept.folder.as_posix()}
                values |= {"was": " ".join(was[serial]), "now": " ".join(now)}
                return Problem("reprint-leads-elsewhere", order.campaign.place("link"), values)
    return None


def _shared(kept: Ledger, lots: Sequence[Lot]) -> Iterator[tuple[Lot, range, Owned | None]]:
    """The numbers of lots in runs that a ledger gives to one, or to nobody."""
    for lot in lots:
        number = lot.serials.start
        while number in lot.serials:
            own = kept.of(number)
            if own is not None:
                stop = own.serials.stop
            else:
                starts = (one.serials.start for one in kept.owned)
                stop = min((one for one in starts if one > number), default=lot.serials.stop)
            numbers = range(number, min(stop, lot.serials.stop))
            yield lot, numbers, own
            number = numbers.stop


def _is_same(own: Owned, lot: Lot, kept: Ledger) -> bool:
    """Whether a number is still of one type, and for one point: it may have a better name now, but
    not that of another.
    """
    others = {one.point_name for one in kept.owned if one.point != own.point}
    ids = (own.scam, own.point) == (lot.scam.id, lot.point.id)
    return ids and lot.point.name not in others


def _told(scam_name: str, scam: str, point_name: str, point: str) -> str:
    return f"{scam_name} ({scam}) · {point_name} ({point})"


def _addresses(folder: Path, serials: Collection[str]) -> Mapping[str, list[str]]:
    """Where the codes of these numbers lead, in alphabetical order; each number has some."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    try:
        for line in listed(folder, serials):
            found[line.serial].append(line.url)
    except InputError as error:
        raise _unknown(folder / CODES) from error
    if len(found) < len(serials):
        raise _unknown(folder / CODES)
    return {serial: sorted(urls) for serial, urls in found.items()}


def _unknown(file: Path) -> InputError:
    """A list cannot be read, so nobody knows what was printed."""
    values = {"file": file.name, "folder": file.parent.as_posix()}
    return InputError([Problem("reprint-unknown", Place(file.as_posix()), values)])


def _runs(ranges: Sequence[range]) -> list[range]:
    """The ranges in order, those that touch as one."""
    found: list[range] = []
    for one in sorted(ranges, key=lambda own: own.start):
        if found and found[-1].stop == one.start:
            found[-1] = range(found[-1].start, one.stop)
        else:
            found.append(one)
    return found
