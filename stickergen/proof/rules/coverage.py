"""The rule on ink coverage: how much ink lies on the same spot.

Pages are rastered plate by plate where a spot may be over the limit: flat colours are judged by
their numbers, and only pictures, shadings and inks on top of each other need a look.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from stickergen.measure import MM_PER_INCH, Box
from stickergen.proof.finding import Finding
from stickergen.proof.pagetree import media_box
from stickergen.proof.painted import Colour, Mark
from stickergen.proof.plates import Plates, total
from stickergen.proof.rules import EVERY, rule
from stickergen.proof.rules.objects import leaves
from stickergen.proof.rules.painting import Places
from stickergen.proof.rules.shop import technical
from stickergen.proof.subject import Subject

HIGH = 280.0
MOST = 300.0
"""Per cent. Digital presses and label stock take 280 to 300; GWG 4.22 (2015) warns above 320 on
sheetfed offset, its variant for labels of 2022 above 300."""

WINDOW = 3.87
"""mm; the mean is taken over a square of 15 mm² (GWG 4.22)."""

_DPI = 100.0  # tuned: 15 pixels to the window, a page in a tenth of a second
_MOST_PX = 5000  # tuned: an A0 sheet at that resolution; banners are looked at more coarsely
_ONE_INK = 100.0
_PICTURES = frozenset(("DeviceGray", "CalGray", "DeviceRGB", "CalRGB", "Lab", "Separation"))
"""Spaces whose pictures stay below the limit whatever their pixels: one ink, or separated as RGB
is here, with full black generation."""


@rule("GWG 4.22", *EVERY)
def ink_coverage(subject: Subject) -> Iterator[Finding]:
    """Too much ink does not dry: it sets off on the next sheet, cracks, and closes up text.

    The mean of all inks together in the worst square of 15 mm²; a cut line's spot is no ink.
    Passes: C100 M75 K35 (210 %). Fails: C90 M80 Y70 K80 (320 %).
    """
    plates: Plates | None = None
    for page in _suspects(subject):
        plates = plates or Plates(subject.data)
        dpi = min(_DPI, _MOST_PX / _longest(subject, page) * MM_PER_INCH)
        found = plates.render(page, dpi)
        no_ink = [
            n for n in found if technical(Colour("Separation", (), (n,)), subject.expected.cut)
        ]
        percent, spot = worst(total(found, no_ink), dpi)
        if round(percent) > HIGH:
            values = {"percent": round(percent), "most": round(MOST)}
            grave = round(percent) > MOST
            yield Finding("ink-coverage", page, spot, values, "error" if grave else "warning")


def worst(coverage: npt.NDArray[np.float64], dpi: float) -> tuple[float, Box]:
    """The square window with the highest mean, and that mean."""
    side = max(1, round(WINDOW * dpi / MM_PER_INCH))
    rows, columns = (max(1, length - side + 1) for length in coverage.shape)
    sums = np.zeros((coverage.shape[0] + 1, coverage.shape[1] + 1))
    sums[1:, 1:] = coverage.cumsum(0).cumsum(1)
    across = np.minimum(np.arange(columns) + side, coverage.shape[1])
    down = np.minimum(np.arange(rows) + side, coverage.shape[0])
    means = sums[np.ix_(down, across)] + sums[:rows, :columns]
    means = (means - sums[:rows][:, across] - sums[down][:, :columns]) / side**2
    row, column = divmod(int(means.argmax()), columns)
    pixel = MM_PER_INCH / dpi
    return float(means.max()), Box(column * pixel, row * pixel, side * pixel, side * pixel)


def _longest(subject: Subject, page: int) -> float:
    """The longer side of a page."""
    media = media_box(leaves(subject)[page - 1].object)
    box = media.on(media)
    return max(box.width, box.height, 1.0)


class _Inked:
    """The marks of a layer that may be over the limit: by themselves, or with others below."""

    def __init__(self, number: int, marks: Sequence[Mark], cut: str | None) -> None:
        bounds = [(mark, _bound(mark, cut)) for mark in marks]
        self.alone = {_identity(mark) for mark, bound in bounds if bound > HIGH and not _adds(mark)}
        self.adding = [mark for mark, bound in bounds if bound > 0 and _adds(mark)]
        self.heavy = [
            mark
            for mark, bound in bounds
            if bound > HIGH - _ONE_INK or (bound > 0 and _adds(mark) and not _black(mark))
        ]
        self._places = Places(number, self.heavy)

    def together(self, lower: _Inked | None) -> set[Any]:
        """Its marks that add ink to others below them, each with those; None: to paper."""
        if lower is None:
            return {_identity(mark) for mark in self.adding if not _black(mark)}
        found = set()
        for mark in self.adding:
            under = (placed.mark for placed in lower._places.near(mark.box))
            met = frozenset(_identity(below) for below in under if below is not mark)
            if met:
                found.add((_identity(mark), met))
        return found


def _suspects(subject: Subject) -> list[int]:
    """The pages to look at: all that may be over the limit is on one of them.

    What lies above and what below is not asked: a layer may be painted on others on each page.
    """
    cut = subject.expected.cut
    inked = [_Inked(n, layer.marks, cut) for n, layer in enumerate(subject.layers)]
    pages: list[int] = []
    known: set[Any] = set()
    asked: set[tuple[int, int | None]] = set()
    for page, numbers in subject.painting.pages.items():
        layers = set(numbers)
        found = {mark for number in layers for mark in inked[number].alone}
        uppers = [number for number in layers if inked[number].adding]
        lowers = [number for number in layers if inked[number].heavy]
        for upper, lower in product(uppers, [*lowers, None]):
            if (upper, lower) not in asked:
                asked.add((upper, lower))
                found |= inked[upper].together(None if lower is None else inked[lower])
        if found - known:
            pages.append(page)
        known |= found
    return pages


def _adds(mark: Mark) -> bool:
    """Whether the inks below a mark stay."""
    return mark.overprint or mark.blended


def _black(mark: Mark) -> bool:
    """Whether it is in black alone: other inks are seldom printed on top of each other."""
    return mark.colour is not None and (mark.colour.inks or {}).keys() == {"Black"}


def _bound(mark: Mark, cut: str | None) -> float:
    """The most that a mark covers by itself, in per cent; marks for the shop have own rules."""
    colour = mark.colour
    if colour is None or technical(colour, cut):
        return 0.0
    if colour.values:
        return colour.total
    return 0.0 if colour.space in _PICTURES and mark.kind == "image" else 4 * _ONE_INK


def _identity(mark: Mark) -> Any:
    """What equal marks have in common wherever they lie."""
    size = (round(mark.box.width, 1), round(mark.box.height, 1))
    return (mark.kind, mark.colour, mark.source, mark.overprint, size)
