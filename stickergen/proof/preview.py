"""Pictures of a finished PDF, made by another library than the one that drew it.

Comes in: the bytes of a PDF; a list of `Shot`s, or pages to raster. Goes out: PNG bytes to look
at, and grey pixels to read. PDFium is not thread-safe: share work out to processes, never threads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2

from stickergen.measure import PT_PER_INCH, Box, to_mm, to_pt

Grey = npt.NDArray[np.uint8]
"""Pixels row by row from the top; 0 is black, 255 is paper."""

PNG_LEVEL = 3
"""Tuned: of flat art 3 makes a seventh fewer bytes than 6, in three quarters of the time."""

LONGEST_PX = 4000
"""Pixels on the longer side of a picture at the most. Tuned: an A4 page at 340 dpi."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture to take: a page from 0, a part of it in mm or None for all, dots per inch."""

    page: int
    part: Box | None
    dpi: float


@dataclass(frozen=True, eq=False, slots=True)
class Rasters:
    """The pages of an open PDF as pixels, each with the whole of its MediaBox, unturned."""

    document: Any
    _open: dict[int, Any] = field(default_factory=dict)
    """The page that was asked for last: to open one takes PDFium a fifth of its rendering."""
    _bitmaps: dict[tuple[Any, ...], Any] = field(default_factory=dict)
    """The bitmap that was painted last: fresh memory for one takes a third of its rendering."""

    def box(self, page: int) -> Box:
        """The whole of a page; pages count from 1. Nothing of a page that is not there."""
        if page > len(self.document):
            return Box(0, 0, 0, 0)
        width, height = self._page(page).get_size()
        return Box(0, 0, to_mm(width), to_mm(height))

    def grey(self, page: int, dpi: float, part: Box | None = None) -> Grey:
        """A page, counted from 1, or a part of it that lies on the page."""
        return self.glimpse(page, dpi, part).copy()

    def glimpse(self, page: int, dpi: float, part: Box | None = None) -> Grey:
        """The same as long as nothing else is looked at: then its pixels are overwritten."""
        found = self._page(page)
        crop = (0.0, 0.0, 0.0, 0.0) if part is None else _crop(found, part)
        bitmap = found.render(
            scale=dpi / PT_PER_INCH, crop=crop, grayscale=True, bitmap_maker=self._bitmap
        )
        pixels: Grey = bitmap.to_numpy().reshape(bitmap.height, bitmap.width)
        return pixels

    def _bitmap(self, *size: int, **how: Any) -> Any:
        """A bitmap as PDFium's binding makes it, or the last one if it was the same."""
        key = (size, *sorted(how.items()))
        if key not in self._bitmaps:
            self._bitmaps.clear()
            self._bitmaps[key] = pypdfium2.PdfBitmap.new_native(*size, **how)
        return self._bitmaps[key]

    def close(self) -> None:
        """Close the document and what is open of it."""
        self._open.clear()
        self.document.close()

    def _page(self, page: int) -> Any:
        if page not in self._open:
            self._open.clear()
            found = self.document[page - 1]
            found.set_rotation(0)
            found.set_cropbox(*found.get_mediabox())
            self._open[page] = found
        return self._open[page]


@contextmanager
def rasters(pdf: bytes) -> Iterator[Rasters]:
    """A PDF opened for rastering, closed again."""
    document = pypdfium2.PdfDocument(pdf)
    pages = Rasters(document)
    try:
        yield pages
    finally:
        pages.close()


def pictures(pdf: bytes, shots: Sequence[Shot]) -> list[bytes]:
    """A PNG for each shot."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [_picture(document, shot) for shot in shots]
    finally:
        document.close()


def _picture(document: pypdfium2.PdfDocument, shot: Shot) -> bytes:
    page = document[shot.page]
    width, height = page.get_size()
    crop = (0.0, 0.0, 0.0, 0.0) if shot.part is None else _crop(page, shot.part)
    longest = max(width - crop[0] - crop[2], height - crop[1] - crop[3])
    dpi = min(shot.dpi, LONGEST_PX / longest * PT_PER_INCH)
    image = page.render(scale=dpi / PT_PER_INCH, crop=crop).to_pil()
    out = BytesIO()
    image.save(out, "PNG", dpi=(dpi, dpi), compress_level=PNG_LEVEL)
    page.close()
    return out.getvalue()


def _crop(page: Any, part: Box) -> tuple[float, float, float, float]:
    """What PDFium cuts off a page to leave a part of it: left, bottom, right, top in pt."""
    width, height = page.get_size()
    return (to_pt(part.x), height - to_pt(part.bottom), width - to_pt(part.right), to_pt(part.y))
