"""Where a page differs from another one: the pages of a volume differ in their numbers alone.

Comes in: the rasters of two pages, boxes in pixels that are not asked about. Goes out: the areas
that are large enough to hold a code. Limits: areas nearer to each other than `APART` are one.
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

AROUND_PX = 24
"""What is seen around an area. Tuned: the quiet zone of a symbol with modules of 0.5 mm."""


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

    def seen(self, raster: Grey) -> Grey:
        """The area with what is around it."""
        rows, columns = (
            slice(max(0, side.start - AROUND_PX), side.stop + AROUND_PX)
            for side in (self.rows, self.columns)
        )
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


def _stretches(flags: npt.NDArray[np.bool_]) -> Iterator[slice]:
    """Where flags are set, short gaps included, and there are enough of them."""
    places = np.flatnonzero(flags)
    if not places.size:
        return
    breaks = np.flatnonzero(np.diff(places) > APART_PX)
    firsts = places[np.concatenate(([0], breaks + 1))]
    lasts = places[np.concatenate((breaks, [places.size - 1]))]
    for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True):
        if last + 1 - first >= LEAST_SYMBOL_PX:
            yield slice(first, last + 1)
