"""Pictures of a finished PDF, made by another library than the one that drew it.

Comes in: the bytes of a PDF and a list of `Shot`s. Goes out: PNG bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import pypdfium2

from stickergen.measure import PT_PER_INCH, Box, to_pt

LONGEST_PX = 4000
"""Pixels on the longer side of a picture at the most. Tuned: an A4 page at 340 dpi."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture to take: a page from 0, a part of it in mm or None for all, dots per inch."""

    page: int
    part: Box | None
    dpi: float


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
    crop = (0.0, 0.0, 0.0, 0.0)
    if (part := shot.part) is not None:
        crop = (
            to_pt(part.x),
            height - to_pt(part.bottom),
            width - to_pt(part.right),
            to_pt(part.y),
        )
    longest = max(width - crop[0] - crop[2], height - crop[1] - crop[3])
    dpi = min(shot.dpi, LONGEST_PX / longest * PT_PER_INCH)
    image = page.render(scale=dpi / PT_PER_INCH, crop=crop).to_pil()
    out = BytesIO()
    image.save(out, "PNG", dpi=(dpi, dpi), compress_level=6)
    page.close()
    return out.getvalue()
