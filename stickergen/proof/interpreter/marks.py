"""Marks on paper: the painting operations of a PDF as values, in mm from the page's top left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from stickergen.measure import Box, Edges, Point
from stickergen.proof.interpreter.colours import Colour

MarkKind = Literal["fill", "stroke", "text", "image", "shading"]


@dataclass(frozen=True, slots=True)
class Mark:
    """One painting operation: what, where, in which colour, and how.

    `box` is the path itself for a stroke, without its width; the em boxes for a text; cut off by
    what clips it. A stroke of several subpaths is several marks, and `segments` bound its parts.
    `ppi` is the resolution on paper (the lower of the two directions), `pixels` the lesser side of
    the picture, `bits` its depth, `source` its object number. `blended` is true where the ink below
    shows in the colour, but for mere opacity. A stroke with a `font` is the outline of a text.
    `step` is the processing step (ISO 19593-1) that it belongs to.
    """

    kind: MarkKind
    box: Box
    colour: Colour | None
    overprint: bool
    overprint_mode: int
    line_width: float | None = None
    size_pt: float | None = None
    font: str | None = None
    text: str | None = None
    ppi: float | None = None
    closed: bool = True
    rectangle: bool = False
    pixels: int | None = None
    bits: int | None = None
    opacity: float = 1.0
    step: str | None = None
    segments: tuple[Box, ...] = ()
    source: int | None = None
    blended: bool = False

    @property
    def reach(self) -> Box:
        """The box around all its ink: that of a stroke with its width."""
        return self.box if self.line_width is None else self.box.inset(self._half_width)

    @property
    def inked(self) -> tuple[Box, ...]:
        """The boxes outside which it leaves no ink: those of a stroke with its width."""
        if not self.segments:
            return (self.reach,)
        return tuple(part.inset(self._half_width) for part in self.segments)

    @property
    def _half_width(self) -> Edges:
        return Edges.all(-(self.line_width or 0.0) / 2)

    def moved(self, by: Point) -> Mark:
        """The same mark elsewhere."""
        return Mark(
            self.kind,
            self.box.moved(by),
            self.colour,
            self.overprint,
            self.overprint_mode,
            self.line_width,
            self.size_pt,
            self.font,
            self.text,
            self.ppi,
            self.closed,
            self.rectangle,
            self.pixels,
            self.bits,
            self.opacity,
            self.step,
            tuple(part.moved(by) for part in self.segments),
            self.source,
            self.blended,
        )

    def clipped(self, clip: Box | None) -> Mark | None:
        """What a clipping box leaves of it."""
        if clip is None or clip.contains(self.box, 0.0):
            return self
        left = self.box.common(clip)
        return None if left is None else replace(self, box=left)


@dataclass(frozen=True, slots=True)
class Layer:
    """Marks that one or more pages paint in the same places; `pages` from 1, in order.

    A form placed straight on a page is a layer, and so is what a page paints itself before, between
    and after its forms.
    """

    pages: tuple[int, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Painting:
    """What a file paints. `pages`, from 1, have the numbers of their layers from 0 as they are
    painted, one above the other: a layer that a page paints twice is there twice.
    """

    layers: tuple[Layer, ...]
    pages: Mapping[int, tuple[int, ...]]
