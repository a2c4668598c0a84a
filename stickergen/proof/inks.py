"""How much ink a file takes: the mean of each plate, and the worst spot.

Comes in: the bytes of a PDF, what is expected of it, pages from 1. Goes out: `Coverage` in per
cent. Limits: a figure to estimate by, from some pages; whether any spot holds too much ink is the
rule's matter, which looks at every page that may.
"""

from __future__ import annotations

from collections.abc import Sequence

from stickergen.measure import MM_PER_INCH, Box
from stickergen.proof.expected import Expected
from stickergen.proof.interpreter.colours import Colour
from stickergen.proof.plates import Plate, Plates, total
from stickergen.proof.result import Coverage
from stickergen.proof.rules.coverage import worst
from stickergen.proof.rules.shop import technical

DPI = 100.0
"""Tuned: as the rule looks at it, so that both tell one figure; a page in a tenth of a second."""


def coverage(data: bytes, expected: Expected, pages: Sequence[int]) -> Coverage:
    """The ink on these pages, inside their trim."""
    plates = Plates(data)
    means = dict.fromkeys(plates.names, 0.0)
    most, most_page = 0.0, pages[0]
    for page in pages:
        found = {
            name: _inside(plate, expected, page) for name, plate in plates.render(page, DPI).items()
        }
        for name, plate in found.items():
            means[name] += float(plate.mean()) * (100 / 255) / len(pages)
        no_ink = [n for n in found if technical(Colour("Separation", (), (n,)), expected.cut)]
        percent, _ = worst(total(found, no_ink), DPI)
        if percent > most:
            most, most_page = percent, page
    return Coverage(tuple(pages), tuple(means.items()), most, most_page)


def _inside(plate: Plate, expected: Expected, page: int) -> Plate:
    """The part of a plate inside the trim; all of it where nobody said where that is."""
    trim = _trim(expected, page)
    if trim is None:
        return plate
    px = DPI / MM_PER_INCH
    left, top = max(0, round(trim.x * px)), max(0, round(trim.y * px))
    part = plate[top : round(trim.bottom * px), left : round(trim.right * px)]
    return part if part.size else plate


def _trim(expected: Expected, page: int) -> Box | None:
    kinds = expected.pages or ()
    return expected.frames[kinds[page - 1]].trim if page <= len(kinds) else None
