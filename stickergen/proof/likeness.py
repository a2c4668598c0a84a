"""Where a page differs from another one: the pages of a volume differ in their numbers alone.

Comes in: the rasters of two pages, boxes in pixels that are not asked about. Goes out: the areas
that are large enough to hold a code, and how a reader sees them on their page. Limits: areas near
to each other are one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stickergen.measure import Box
from stickergen.proof.preview import Grey

LEAST_SYMBOL_PX = 21
"""A symbol has 21 modules at the least (ISO/IEC 18004, version 1), and no module shows in less than
a pixel. Tuned: zxing-cpp needs 1.3."""

APART_PX = 12
"""Tuned: a millimetre at 300 dpi, more than the light rows and columns of small symbols."""

APART = 4
"""The same for larger symbols: part of what came before. Tuned: a symbol begins with a finder
pattern of 7 modules, and no row or column of it is all light beside its timing pattern (ISO/IEC
18004, 6.3), so that gaps are of one module."""

BLOCK_PX = 24
"""A reader tells black from white by the averages of blocks. Tuned: zxing-cpp's are of 8 pixels,
on a page and on the page at a third of its size; cut between them, an area is read as its page."""

AROUND_PX = 2 * BLOCK_PX
"""What is seen around an area. Tuned: an average takes in two blocks of 8 pixels on each side; the
quiet zone of a symbol with modules of a millimetre."""

MOST_SEEN = 0.75
"""The part of a page up to which areas are looked at, not the page. Tuned: to look at the numbers
of 24 stickers is to look at a fifth."""

SHRUNK_PX = 3 * LEAST_SYMBOL_PX
"""Areas so high and wide are looked at in a strip of WIDE_PX, for which a reader looks at a third
of the size too, as it does with the page: some codes are read there alone."""

WIDE_PX = 528
"""Tuned: zxing-cpp shrinks what is larger than 500 pixels; a multiple of BLOCK_PX."""

LARGE_PX = 9 * LEAST_SYMBOL_PX
"""An area so high and wide asks for the page. Tuned: zxing-cpp shrinks a page to a ninth too."""


@dataclass(frozen=True, slots=True)
class Area:
    """Rows and columns of a raster."""

    rows: slice
    columns: slice

    @classmethod
    def of(cls, box_px: Box, raster: Grey) -> Area:
        """The pixels that a box touches."""
        return cls(
            slice(max(0, int(box_px.y)), min(raster.shape[0], int(box_px.bottom) + 1)),
            slice(max(0, int(box_px.x)), min(raster.shape[1], int(box_px.right) + 1)),
        )

    @property
    def side(self) -> int:
        """The shorter side."""
        rows, columns = self.rows, self.columns
        return int(min(rows.stop - rows.start, columns.stop - columns.start))

    def seen(self, raster: Grey) -> Grey:
        """The area with what is around it, cut where the blocks of its page meet."""
        rows, columns = map(_in_blocks, (self.rows, self.columns))
        if self.side >= SHRUNK_PX:
            last = (raster.shape[1] - WIDE_PX) // BLOCK_PX * BLOCK_PX
            start = max(0, min(columns.start, last))
            columns = slice(start, max(columns.stop, start + WIDE_PX))
        return np.ascontiguousarray(raster[rows, columns])


def differing(raster: Grey, known: Grey, apart: Iterable[Area]) -> Iterator[Area]:
    """The areas in which two rasters of one size differ and a code has room."""
    other = raster != known
    for area in apart:
        other[area.rows, area.columns] = False
    for rows in _stretches(other.any(axis=1)):
        for columns in _stretches(other[rows].any(axis=0)):
            for inner in _stretches(other[rows, columns].any(axis=1)):
                yield Area(slice(rows.start + inner.start, rows.start + inner.stop), columns)


def _in_blocks(side: slice) -> slice:
    """Whole blocks around a stretch."""
    first = max(0, side.start - AROUND_PX) // BLOCK_PX
    return slice(first * BLOCK_PX, -(-(side.stop + AROUND_PX) // BLOCK_PX) * BLOCK_PX)


def _stretches(flags: npt.NDArray[np.bool_]) -> Iterator[slice]:
    """Where flags are set, short gaps included, and there are enough of them."""
    places = np.flatnonzero(flags)
    if not places.size:
        return
    breaks = np.flatnonzero(np.diff(places) > APART_PX)
    start = int(places[0])
    for end, following in zip(places[breaks].tolist(), places[breaks + 1].tolist(), strict=True):
        if following - end > (end + 1 - start) / APART:
            yield from _large_enough(start, end + 1)
            start = following
    yield from _large_enough(start, int(places[-1]) + 1)


def _large_enough(start: int, stop: int) -> Iterator[slice]:
    if stop - start >= LEAST_SYMBOL_PX:
        yield slice(start, stop)
