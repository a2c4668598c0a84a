"""What the pages paint: the content streams of a PDF as layers of marks on paper.

Comes in: an open PDF, broken or not: what cannot be read paints nothing. Goes out: a `Painting`:
`Layer`s of `Mark`s in millimetres from the top left corner of the page's MediaBox, and their order
on each page. Limits: /Rotate and /UserUnit are not heeded; a clipping path counts as the box around
it; text is measured by its em box; optional content counts as shown; the inside of a tiling pattern
is not read; of a file that multiplies its forms beyond `MOST_MARKS`, the rest is left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pikepdf

from stickergen.measure import PT_PER_MM, Box
from stickergen.proof.interpreter.colours import ODD, Colour
from stickergen.proof.interpreter.marks import Layer, Mark, MarkKind, Painting
from stickergen.proof.interpreter.matrix import Matrix
from stickergen.proof.interpreter.state import Resources, State
from stickergen.proof.interpreter.stream import Run
from stickergen.proof.interpreter.typefaces import Face
from stickergen.proof.pagetree import Rectangle, inherited, media_box, rectangle

__all__ = ["MOST_MARKS", "Colour", "Layer", "Mark", "MarkKind", "Painting", "painting"]

MOST_MARKS = 2_000_000
"""Tuned: 1,330 sheets of 24 pieces have 150,000; ten forms that place each other ten times each
would have 10,000,000,000."""

_DEEPEST = 32  # tuned: forms in forms; our own files have 2


def painting(pdf: pikepdf.Pdf) -> Painting:
    """What the pages of a file paint."""
    painted = _Painted()
    try:
        for number, page in enumerate(pdf.pages, start=1):
            painted.page(number, page.obj)
    except ODD:
        pass  # a broken page tree: what hangs on its sound branches has been read
    return painted.whole()


class _Painted:
    """What has been read of a file: a stream is run once for each way in which it is placed."""

    def __init__(self) -> None:
        self._faces: dict[Any, Face] = {}
        self._resources: dict[Any, Resources] = {}
        self._forms: dict[Any, tuple[Mark, ...]] = {}
        self._running: list[Any] = []
        self._left = MOST_MARKS
        self._marks: dict[Any, tuple[Mark, ...]] = {}
        self._orders: dict[int, list[Any]] = {}
        self._painted_by: dict[Any, list[Any]] = {}

    def whole(self) -> Painting:
        """All layers that have marks, and the order in which each page paints them."""
        pages: dict[Any, list[int]] = defaultdict(list)
        for page, order in self._orders.items():
            for key in dict.fromkeys(order):
                if self._marks[key]:
                    pages[key].append(page)
        numbers = {key: number for number, key in enumerate(pages)}
        return Painting(
            tuple(Layer(tuple(shown), self._marks[key]) for key, shown in pages.items()),
            {
                page: tuple(numbers[key] for key in order if key in numbers)
                for page, order in self._orders.items()
            },
        )

    def page(self, number: int, page: Any) -> None:
        """Read a page, if no page before it was the same."""
        media = media_box(page)
        written = inherited(page, "/Resources")
        key = (_content(page), _identity(written), media)
        if key not in self._painted_by:
            self._painted_by[key] = self._run(page, media, self._read(written), key)
        self._orders[number] = self._painted_by[key]

    def _run(self, page: Any, media: Rectangle, resources: Resources, key: Any) -> list[Any]:
        """The keys of the layers that a page paints, one above the other."""
        order: list[Any] = []

        def own() -> None:
            """What the page painted itself since the last form."""
            if run.marks:
                order.append((key, len(order)))
                self._marks[order[-1]] = tuple(run.marks)
                run.marks.clear()

        def place(form: Any, state: State, step: str | None, around: Resources) -> tuple[()]:
            own()
            layer = (self._key(form, state.ctm, state, step, around), state.clip)
            if layer not in self._marks:
                marks = self._form(form, state.ctm, state, step, around)
                cut = (mark.clipped(state.clip) for mark in marks)
                self._marks[layer] = tuple(mark for mark in cut if mark is not None)
            order.append(layer)
            return ()

        scale = 1 / PT_PER_MM
        ctm = Matrix(scale, 0, 0, -scale, -media.left * scale, media.top * scale)
        run = Run(resources, State(ctm, media.on(media)), None, place)
        run.execute(pikepdf.Page(page))
        own()
        return order

    def _place(
        self, form: Any, state: State, step: str | None, around: Resources
    ) -> Iterator[Mark]:
        """A form within a form: run without its place once, and moved there."""
        key = self._key(form, state.ctm.still, state, step, around)
        if key not in self._forms:
            self._forms[key] = self._form(form, state.ctm.still, state, step, around)
        marks = self._forms[key]
        self._left -= len(marks)
        shift = state.ctm.shift
        if self._left > 0:
            yield from (mark.moved(shift) for mark in marks)

    def _key(
        self, form: Any, ctm: Matrix, state: State, step: str | None, around: Resources
    ) -> tuple[Any, ...]:
        own = "/Resources" in form
        return (form.objgen, ctm, state.inherited, step, None if own else around)

    def _form(
        self, form: Any, ctm: Matrix, state: State, step: str | None, around: Resources
    ) -> tuple[Mark, ...]:
        """The marks of a form placed by a matrix; a form within itself paints nothing."""
        if form.objgen in self._running or len(self._running) >= _DEEPEST:
            return ()
        inside = state.saved()
        inside.ctm = _matrix(form).then(ctm)
        inside.clip = _bounds(form, inside.ctm)
        resources = self._read(form.Resources) if "/Resources" in form else around
        self._running.append(form.objgen)
        try:
            return tuple(Run(resources, inside, step, self._place).execute(form))
        finally:
            self._running.pop()

    def _read(self, written: Any) -> Resources:
        key = _identity(written)
        if key not in self._resources:
            self._resources[key] = Resources(written, self._faces)
        return self._resources[key]


def _identity(written: Any) -> Any:
    """What two equal resource dictionaries have in common: their object, or their text."""
    try:
        return written.unparse()
    except ODD:
        return None


def _content(page: Any) -> bytes | None:
    try:
        written = page.Contents
        parts = [written] if isinstance(written, pikepdf.Stream) else list(written)
        return b"\n".join(part.read_bytes() for part in parts)
    except ODD:
        return None


def _matrix(form: Any) -> Matrix:
    try:
        a, b, c, d, e, f = (float(value) for value in form.Matrix)
    except ODD:
        return Matrix()
    return Matrix(a, b, c, d, e, f)


def _bounds(form: Any, ctm: Matrix) -> Box | None:
    """The box that clips a form."""
    box = rectangle(form.get("/BBox"))
    return None if box is None else ctm.box(box.left, box.bottom, box.right, box.top)
