"""The rule on ink coverage: how much ink lies on the same spot.

Pages are rastered plate by plate where a spot may be over the limit: flat colours are judged by
their numbers, and only pictures, shadings and inks on top of each other need a look.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from stickergen.measure import MM_PER_INCH, Box
from stickergen.proof.finding import Finding
from stickergen.proof.painted import Colour, Mark
from stickergen.proof.plates import Plates, total
from stickergen.proof.rules import EVERY, rule
from stickergen.proof.rules.objects import leaves
from stickergen.proof.rules.painting import layers_of_pages
from stickergen.proof.rules.pieces import box_of
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
    media = box_of(leaves(subject)[page - 1], "/MediaBox")
    return max(media.width, media.height, 1.0) if media is not None else 1.0


def _suspects(subject: Subject) -> list[int]:
    """The pages to look at: each mark that may be over the limit is on one of them."""
    cut = subject.expected.cut
    pages: list[int] = []
    known: set[Any] = set()
    heavy = [
        [mark for mark in layer.marks if _bound(mark, cut) > HIGH - _ONE_INK]
        for layer in subject.layers
    ]
    for layer in subject.layers:
        page = layer.pages[0]
        below = [mark for number in layers_of_pages(subject)[page] for mark in heavy[number]]
        found = {_identity(mark) for mark in layer.marks if _suspicious(mark, below, cut)}
        if found - known and page not in pages:
            pages.append(page)
        known |= found
    return pages


def _suspicious(mark: Mark, heavy: list[Mark], cut: str | None) -> bool:
    """Whether coverage may be over the limit where a mark lies."""
    bound = _bound(mark, cut)
    if bound == 0 or not (mark.overprint or mark.blended):
        return bound > HIGH
    if mark.colour is None or (mark.colour.inks or {}).keys() != {"Black"}:
        return True  # other inks than black are seldom printed on top of each other
    return any(below.box.overlaps(mark.box) for below in heavy if below is not mark)


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
