"""Volumes: the sheets of a numbered order dealt out to files of a set number of pages.

Comes in: bundles (what a delivery point gets, lot after lot), the ups of a sheet. Goes out: for
each volume its `Part`s: which sheets and which pieces of which bundle. Pieces run in the order of
their numbers, from sheet to sheet; or by cut-and-stack, so that the pile of a part, cut and its
stacks laid one on the other, is in the order of the numbers. No sheet is made here: a million
stickers are a few hundred parts.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from stickergen.content.campaign import Lot


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a delivery point gets: its lots in the order of their numbers, and their designs.

    `slip` is the design of the page before its sheets.
    """

    lots: tuple[Lot, ...]
    keys: tuple[str, ...]
    slip: str | None = None

    @property
    def pieces(self) -> int:
        """Stickers of all lots."""
        return sum(lot.printed for lot in self.lots)


@dataclass(frozen=True, slots=True)
class Part:
    """The sheets of a bundle in one volume, and the pieces on them, both counted from 0.

    `slip`: the bundle's slip comes before them. `skipped` places of its first sheet stay empty.
    """

    bundle: int
    sheets: range
    pieces: range
    slip: bool
    skipped: int = 0

    @property
    def pages(self) -> int:
        """Pages of the volume."""
        return len(self.sheets) + self.slip


def volumes(
    bundles: Sequence[Bundle], ups: int, most_pages: int, skip: int = 0
) -> tuple[tuple[Part, ...], ...]:
    """The parts of each volume; no slip is the last page of a volume.

    `skip` places of the first sheet are used up already.
    """
    assert 0 <= skip < ups
    assert most_pages > 1
    found: list[tuple[Part, ...]] = []
    volume: list[Part] = []
    room = most_pages
    for number, bundle in enumerate(bundles):
        skipped = skip if number == 0 else 0
        slip = bundle.slip is not None
        sheets = -(-(bundle.pieces + skipped) // ups)
        at = 0
        while at < sheets:
            if room < 1 + slip:
                found.append(tuple(volume))
                volume, room = [], most_pages
            taken = range(at, min(sheets, at + room - slip))
            first, last = (max(0, n * ups - skipped) for n in (taken.start, taken.stop))
            pieces = range(first, min(bundle.pieces, last))
            volume.append(Part(number, taken, pieces, slip, skipped if at == 0 else 0))
            room -= volume[-1].pages
            at, slip = taken.stop, False
    return (*found, tuple(volume)) if volume else tuple(found)


def places(part: Part, ups: int, *, stacked: bool) -> Iterator[tuple[int | None, ...]]:
    """For each sheet of a part the piece at each place; None where it stays empty."""
    assert not (stacked and part.skipped)
    count, pieces = len(part.sheets), part.pieces
    for sheet in range(count):
        if stacked:
            first = pieces.start + sheet
            row = range(first, first + ups * count, count)
        else:
            first = pieces.start + sheet * ups - part.skipped
            row = range(first, first + ups)
        yield tuple(piece if piece in pieces else None for piece in row)


def place_of(piece: int, part: Part, ups: int, *, stacked: bool) -> tuple[int, int]:
    """On which sheet of a part a piece stands, and at which place of it, both from 0."""
    number = piece - part.pieces.start
    if stacked:
        up, sheet = divmod(number, len(part.sheets))
    else:
        sheet, up = divmod(number + part.skipped, ups)
    return sheet, up


def pieces_of(bundle: Bundle, part: Part) -> list[tuple[str, int]]:
    """The design and the number of each piece of a part, in order."""
    found: list[tuple[str, int]] = []
    begin = 0
    for lot, key in zip(bundle.lots, bundle.keys, strict=True):
        own = range(max(begin, part.pieces.start), min(begin + lot.printed, part.pieces.stop))
        found += [(key, lot.serials[piece - begin]) for piece in own]
        begin += lot.printed
    return found


def sheets_by_designs(
    bundle: Bundle, parts: Sequence[Part], ups: int, *, stacked: bool
) -> Counter[frozenset[str]]:
    """How many sheets of a bundle hold pieces of these designs and no others."""
    ends = list(accumulate(lot.printed for lot in bundle.lots))
    found: Counter[frozenset[str]] = Counter()
    for part in parts:
        for row in places(part, ups, stacked=stacked):
            own = [piece for piece in row if piece is not None]
            if not stacked:  # they run on: what stands between the first and the last is known
                own = [own[0], *(end for end in ends if own[0] < end <= own[-1])]
            found[frozenset(bundle.keys[bisect_right(ends, piece)] for piece in own)] += 1
    return found
