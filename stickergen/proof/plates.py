"""The plates of a page: what each ink prints, as the shop's separations would show it.

Comes in: the bytes of a PDF. Goes out: coverage 0–255 for each ink, pixels row by row from the top
of the MediaBox. Each page is rewritten in grey once for each plate and rastered by PDFium; a test
holds the result against Ghostscript's separations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt
import pikepdf

from stickergen.proof.interpreter.colours import ALL, NONE, ODD, PROCESS, space_of
from stickergen.proof.pagetree import inherited, media_box
from stickergen.proof.preview import rasters
from stickergen.proof.separation import Separation

Plate = npt.NDArray[np.uint8]
"""Coverage of one ink: 0 is paper, 255 solid."""

_DEEPEST = 16  # tuned: forms in forms in the page's resources


class Plates:
    """A document's separations; what its pages share is prepared once."""

    def __init__(self, data: bytes) -> None:
        self._pdf = pikepdf.open(BytesIO(data))  # a copy of its own: rewriting adds objects
        self._parsed: dict[Any, Sequence[Any]] = {}
        self._separations: dict[str, Separation] = {}
        self._spots: dict[Any, frozenset[str]] = {}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The inks of the document: the process inks, then its spots by name."""
        spots: set[str] = set()
        for page in self._pdf.pages:
            spots |= self._of_resources(inherited(page.obj, "/Resources"), 0)
        return (*PROCESS, *sorted(spots.difference(PROCESS)))

    def render(self, page: int, dpi: float) -> dict[str, Plate]:
        """The plates of a page, counted from 1."""
        found = self._pdf.pages[page - 1].obj
        resources = inherited(found, "/Resources")
        box = media_box(found)
        media = [box.left, box.bottom, box.right, box.top]
        own = self._of_resources(resources, 0)
        wanted = [name for name in self.names if name in PROCESS or name in own]
        out = BytesIO()
        with pikepdf.new() as separated:
            for name in wanted:
                if name not in self._separations:
                    self._separations[name] = Separation(self._pdf, name, self._parsed)
                made = self._separations[name].page(found, media, resources)
                separated.pages.append(made)
            separated.save(out, compress_streams=False)
        self._parsed.pop(found.objgen, None)
        with rasters(out.getvalue()) as pages:
            greys = [pages.grey(number, dpi) for number in range(1, len(wanted) + 1)]
        plates = {name: 255 - grey for name, grey in zip(wanted, greys, strict=True)}
        return {name: plates.get(name, np.zeros_like(greys[0])) for name in self.names}

    def _of_resources(self, resources: Any, depth: int) -> frozenset[str]:
        """The spots that resources name, and the forms, pictures and patterns among them."""
        if resources is None or depth > _DEEPEST:
            return frozenset()
        key = resources.objgen if resources.is_indirect else resources.unparse()
        if key not in self._spots:
            self._spots[key] = frozenset()  # a form that names itself adds nothing
            self._spots[key] = frozenset(self._read(resources, depth))
        return self._spots[key]

    def _read(self, resources: Any, depth: int) -> Iterator[str]:
        named = _entry(resources, "/ColorSpace") or {}
        spaces = [*_values(resources, "/ColorSpace")]
        inside: list[Any] = [*_values(resources, "/XObject"), *_values(resources, "/Pattern")]
        for holder in (*inside, *_values(resources, "/Shading")):
            shading = _entry(holder, "/Shading")
            spaces += [_entry(holder, "/ColorSpace"), _entry(shading, "/ColorSpace")]
            yield from self._of_resources(_entry(holder, "/Resources"), depth + 1)
        for space in spaces:
            if space is not None:
                yield from set(space_of(space, named).names).difference((ALL, NONE))


def total(plates: Mapping[str, Plate], leave_out: Sequence[str] = ()) -> npt.NDArray[np.float64]:
    """Coverage of all inks together, in per cent."""
    inks = [plate for name, plate in plates.items() if name not in leave_out]
    summed: npt.NDArray[np.float64] = np.sum(inks, axis=0, dtype=np.float64)
    return summed * (100 / 255)


def _entry(holder: Any, key: str) -> Any:
    try:
        return holder.get(key)
    except ODD:
        return None


def _values(holder: Any, key: str) -> list[Any]:
    try:
        return list(holder[key].values())
    except ODD:
        return []
