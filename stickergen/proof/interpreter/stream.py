"""One content stream, operator by operator, as marks (ISO 32000-1, annex A lists the operators).

Comes in: the instructions of a page or a form, its resources, the state it begins with. Goes out:
marks. Operators with odd operands are passed over, as viewers do.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pikepdf

from stickergen.measure import MM_PER_INCH, Box, Point, to_pt
from stickergen.proof.interpreter.colours import ODD, Colour
from stickergen.proof.interpreter.machine import PAINTING, SETTING, Machine, matrix, shortened
from stickergen.proof.interpreter.marks import Mark
from stickergen.proof.interpreter.matrix import Matrix
from stickergen.proof.interpreter.parsing import RECTANGLES, corners
from stickergen.proof.interpreter.path import Path, Subpath
from stickergen.proof.interpreter.state import Resources, State, step_of

Place = Callable[[Any, State, "str | None", Resources], Iterable[Mark]]
"""What to do with a form: its object, the state where it is placed, the step, the resources."""

_MOST_STROKES = 2000  # tuned: a path of more subpaths is a picture, and one mark
_OUTLINED, _BOTH = (1, 5), (2, 6)
_UNSEEN = (3, 7)
"""Text rendering modes (ISO 32000-1, table 106): stroke, fill and stroke, nothing."""


class Run(Machine):
    """The interpreter of one content stream."""

    def __init__(self, resources: Resources, state: State, step: str | None, place: Place) -> None:
        super().__init__(resources, state)
        self.marks: list[Mark] = []
        self._steps: list[str | None] = [step]
        self._place = place
        self._path = Path()
        self._clips = False
        self._line = self._text = Matrix()

    def execute(self, content: Any) -> list[Mark]:
        """Run the whole stream."""
        for instruction in shortened(content):
            try:
                operator = str(instruction.operator)
                if operator in SETTING:
                    SETTING[operator](self, instruction.operands)
                elif operator in PAINTING:
                    self._paint(*PAINTING[operator])
                elif operator in _OPERATORS:
                    _OPERATORS[operator](self, instruction.operands)
            except ODD:
                continue
        return self.marks

    # --- paths ---

    def _point(self, x: Any, y: Any) -> Point:
        return self.state.ctm.point(float(x), float(y))

    def _points(self, operands: Any) -> list[Point]:
        return [self._point(x, y) for x, y in zip(operands[::2], operands[1::2], strict=True)]

    def _move(self, operands: Any) -> None:
        self._path.move(self._point(*operands))

    def _line_to(self, operands: Any) -> None:
        self._path.line(self._point(*operands))

    def _curve(self, operands: Any) -> None:
        first, second, to = self._points(list(operands))
        self._path.curve(first, second, to)

    def _curve_from_here(self, operands: Any) -> None:
        second, to = self._points(list(operands))
        self._path.curve_from_here(second, to)

    def _curve_straight_in(self, operands: Any) -> None:
        first, to = self._points(list(operands))
        self._path.curve(first, to, to)

    def _rectangle(self, operands: Any) -> None:
        x, y, width, height = (float(value) for value in operands)
        self._path.rectangle(x, y, width, height, self.state.ctm)

    def _rectangles(self, operands: Any) -> None:
        self._path.rectangles(corners(operands[0]), self.state.ctm)

    def _close(self, _: Any) -> None:
        self._path.close()

    def _clip(self, _: Any) -> None:
        self._clips = True

    def _paint(self, fills: bool, strokes: bool, closes: bool) -> None:
        path, self._path = self._path, Path()
        clips, self._clips = self._clips, False
        if closes:
            path.close()
        box = path.box
        if box is not None:
            if fills and (box.width > 0 or box.height > 0):
                self._fill(box, path.rectangle_alone)
            if strokes:
                self._strokes(list(path.drawn), box)
        if clips:
            around = box or Box(0, 0, -1, -1)
            clip = around if self.state.clip is None else around.common(self.state.clip)
            self.state.clip = clip or Box(math.inf, math.inf, 0, 0)

    def _fill(self, box: Box, rectangle: bool) -> None:
        state = self.state
        self._add(
            Mark(
                "fill",
                box,
                state.fill,
                state.fill_overprint,
                state.overprint_mode,
                rectangle=rectangle,
                opacity=state.fill_opacity,
                step=self._steps[-1],
                blended=state.blends,
            )
        )

    def _strokes(self, drawn: Sequence[Subpath], box: Box) -> None:
        if len(drawn) > _MOST_STROKES:
            self._outline(box)
            return
        for subpath in drawn:
            self._outline(subpath.box, subpath.closed, subpath.rectangle, subpath.segments)

    def _outline(
        self,
        box: Box,
        closed: bool = True,
        rectangle: bool = False,
        segments: tuple[Box, ...] = (),
        font: str | None = None,
    ) -> None:
        state = self.state
        self._add(
            Mark(
                "stroke",
                box,
                state.stroke,
                state.stroke_overprint,
                state.overprint_mode,
                line_width=abs(state.line_width) * state.ctm.scale,
                font=font,
                closed=closed,
                rectangle=rectangle and closed,
                opacity=state.stroke_opacity,
                step=self._steps[-1],
                blended=state.blends,
                segments=segments,
            )
        )

    def _add(self, mark: Mark) -> None:
        left = mark.clipped(self.state.clip)
        if left is not None and left.opacity > 0:
            self.marks.append(left)

    # --- text ---

    def _begin_text(self, _: Any) -> None:
        self._line = self._text = Matrix()

    def _font(self, operands: Any) -> None:
        self.state.face = self.resources.face(str(operands[0]))
        self.state.size = float(operands[1])

    def _text_matrix(self, operands: Any) -> None:
        self._line = self._text = matrix(operands)

    def _next(self, across: float, up: float) -> None:
        self._line = self._text = Matrix(e=across, f=up).then(self._line)

    def _move_text(self, operands: Any) -> None:
        self._next(float(operands[0]), float(operands[1]))

    def _move_text_and_lead(self, operands: Any) -> None:
        self.state.leading = -float(operands[1])
        self._move_text(operands)

    def _new_line(self, _: Any) -> None:
        self._next(0.0, -self.state.leading)

    def _show(self, operands: Any) -> None:
        self._string([bytes(operands[0])])

    def _show_adjusted(self, operands: Any) -> None:
        parts = operands[0]
        self._string(
            [bytes(part) if isinstance(part, pikepdf.String) else float(part) for part in parts]
        )

    def _show_on_new_line(self, operands: Any) -> None:
        self._new_line(())
        self._show(operands)

    def _show_spaced(self, operands: Any) -> None:
        self.state.word_spacing = float(operands[0])
        self.state.character_spacing = float(operands[1])
        self._show_on_new_line(operands[2:])

    def _string(self, parts: Sequence[bytes | float]) -> None:
        """Show strings with shifts in thousandths of an em between them; blanks leave no mark."""
        state, face = self.state, self.state.face
        at = 0.0
        reach: list[float] = []
        read: list[str | None] = []
        for part in parts:
            if isinstance(part, float):
                at -= part / 1000 * state.size * (1.0 if face.vertical else state.stretch)
                continue
            for glyph in face.glyphs(part):
                read.append(glyph.text)
                em = state.size if face.vertical else state.size * state.stretch
                gap = state.character_spacing + state.word_spacing * glyph.word_space
                if face.vertical:
                    inked, advance = (0.0, -em), gap - em
                else:
                    inked = (glyph.inked[0] * em, glyph.inked[1] * em)
                    advance = glyph.advance * em + gap * state.stretch
                if not glyph.blank:
                    reach += [at + inked[0], at + inked[1]]
                at += advance
        if reach:
            self._set(min(reach), max(reach), None if None in read else "".join(map(str, read)))
        shift = Matrix(f=at) if face.vertical else Matrix(e=at)
        self._text = shift.then(self._text)

    def _set(self, start: float, end: float, text: str | None) -> None:
        state, face = self.state, self.state.face
        if state.rendering in _UNSEEN:
            return
        placed = self._text.then(state.ctm)
        if face.vertical:
            box = placed.box(-state.size / 2, start, state.size / 2, end)
        else:
            low, high = (state.rise + part * state.size for part in (face.descent, face.ascent))
            box = placed.box(start, low, end, high)
        outlined = state.rendering in _OUTLINED
        em = abs(state.size) * (face.ascent - face.descent if face.drawn else 1.0)
        size_pt = to_pt(em * placed.upwards)
        mark = Mark(
            "text",
            box,
            state.stroke if outlined else state.fill,
            state.stroke_overprint if outlined else state.fill_overprint,
            state.overprint_mode,
            size_pt=size_pt,
            font=face.name,
            text=text,
            opacity=state.stroke_opacity if outlined else state.fill_opacity,
            step=self._steps[-1],
            blended=state.blends,
        )
        self._add(mark)
        if outlined or state.rendering in _BOTH:
            self._outline(box, font=face.name)

    # --- pictures, shadings, forms ---

    def _object(self, operands: Any) -> None:
        found = self.resources.entry("/XObject", str(operands[0]))
        step = self._steps[-1] or (step_of(found.OC) if "/OC" in found else None)
        if str(found.Subtype) == "/Form":
            for mark in self._place(found, self.state, step, self.resources):
                left = mark.clipped(self.state.clip)
                if left is not None:
                    self.marks.append(left)
        elif str(found.Subtype) == "/Image":
            self._picture(found, step)

    def _inline(self, operands: Any) -> None:
        self._picture(operands[0].obj, self._steps[-1])

    def _picture(self, image: Any, step: str | None) -> None:
        state = self.state
        columns, rows = int(image.Width), int(image.Height)
        stencil = bool(image.get("/ImageMask", False))
        if stencil:
            colour = state.fill
        else:
            space = self.resources.space_of(image.get("/ColorSpace", "Unknown"))
            colour = Colour(space.family, (), space.names)
        sides = [(columns, state.ctm.across), (rows, state.ctm.upwards)]
        self._add(
            Mark(
                "image",
                state.ctm.box(0, 0, 1, 1),
                colour,
                state.fill_overprint,
                state.overprint_mode,
                ppi=min(MM_PER_INCH * count / side for count, side in sides if side > 0),
                pixels=min(columns, rows),
                bits=1 if stencil else int(image.get("/BitsPerComponent", 8)),
                opacity=state.fill_opacity,
                step=step,
                source=image.objgen[0],
                blended=state.blends,
            )
        )

    def _shading(self, operands: Any) -> None:
        found = self.resources.entry("/Shading", str(operands[0]))
        space = self.resources.space_of(found.ColorSpace)
        state = self.state
        if state.clip is not None:
            self._add(
                Mark(
                    "shading",
                    state.clip,
                    Colour(space.family, (), space.names),
                    state.fill_overprint,
                    state.overprint_mode,
                    opacity=state.fill_opacity,
                    step=self._steps[-1],
                    blended=state.blends,
                )
            )

    # --- marked content ---

    def _begin_marked(self, operands: Any) -> None:
        step = None
        if len(operands) > 1 and str(operands[0]) == "/OC":
            step = self.resources.step(str(operands[1]))
        self._steps.append(step or self._steps[-1])

    def _end_marked(self, _: Any) -> None:
        if len(self._steps) > 1:
            self._steps.pop()


_OPERATORS: Mapping[str, Callable[[Run, Any], None]] = {
    "m": Run._move,
    "l": Run._line_to,
    "c": Run._curve,
    "v": Run._curve_from_here,
    "y": Run._curve_straight_in,
    "h": Run._close,
    "re": Run._rectangle,
    RECTANGLES: Run._rectangles,
    "W": Run._clip,
    "W*": Run._clip,
    "BT": Run._begin_text,
    "Tf": Run._font,
    "Tm": Run._text_matrix,
    "Td": Run._move_text,
    "TD": Run._move_text_and_lead,
    "T*": Run._new_line,
    "Tj": Run._show,
    "TJ": Run._show_adjusted,
    "'": Run._show_on_new_line,
    '"': Run._show_spaced,
    "Do": Run._object,
    "sh": Run._shading,
    "INLINE IMAGE": Run._inline,
    "BDC": Run._begin_marked,
    "BMC": Run._begin_marked,
    "EMC": Run._end_marked,
}
