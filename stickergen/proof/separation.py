"""Content streams rewritten for one plate: each colour becomes the grey of its ink there.

Comes in: a page of an open PDF, the name of a plate. Goes out: a page in DeviceGray that shows the
plate, black for full ink. What overprints and has no ink on the plate is left out, what does not
overprint clears it (ISO 32000-1, 8.6.7). Limits: soft masks and coloured Type 3 fonts stay as they
are; patterns always paint; transparency is blended plate by plate.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pikepdf

from stickergen.proof.channels import STORED, copied, coverage, picture, shading
from stickergen.proof.interpreter.colours import ODD, PROCESS, Colour
from stickergen.proof.interpreter.machine import (
    COLOURING,
    PAINTING,
    SETTING,
    Machine,
    instructions,
)
from stickergen.proof.interpreter.matrix import Matrix
from stickergen.proof.interpreter.state import Resources, State
from stickergen.proof.interpreter.typefaces import Face

_Line = tuple[Sequence[Any], pikepdf.Operator]

_SHOWING = frozenset(("Tj", "TJ", "'", '"'))
_WAYS = {(True, True): 2, (True, False): 0, (False, True): 1, (False, False): 3}
"""Text rendering modes by whether they fill and stroke (ISO 32000-1, table 106)."""
_CLIPPING = 4  # what is added to them for text that also clips
_PLAIN: dict[tuple[bool, bool, bool], str] = {
    (True, True, False): "B",
    (True, True, True): "b",
    (True, False, False): "f",
    (True, False, True): "f",
    (False, True, False): "S",
    (False, True, True): "s",
    (False, False, False): "n",
    (False, False, True): "n",
}
"""Painting operators by whether they fill, stroke, close."""
_EVEN_ODD = frozenset("fBb")
_DEEPEST = 32  # tuned: forms in forms; a cycle has no end
_GREY_PATTERN = "/PlateGrey"
_KINDS = ("/XObject", "/Shading", "/Pattern")


class Separation:
    """A document as one plate shows it; what its pages share is rewritten once."""

    def __init__(self, pdf: pikepdf.Pdf, plate: str, parsed: dict[Any, Sequence[Any]]) -> None:
        self.plate = plate
        self.pdf = pdf
        self._parsed = parsed
        self._forms: dict[Any, Any] = {}
        self._pictures: dict[Any, Any] = {}
        self._faces: dict[Any, Face] = {}
        self._running: list[Any] = []

    def page(self, page: pikepdf.Object, media: Sequence[Any], resources: Any) -> pikepdf.Page:
        """A page, rewritten."""
        rewriter = _Rewriter(self, resources, State(Matrix()))
        rewriter.begin()
        content = rewriter.rewritten(self._instructions(pikepdf.Page(page)))
        made = pikepdf.Dictionary(
            Type=pikepdf.Name.Page,
            MediaBox=pikepdf.Array(media),
            Resources=rewriter.made_resources(),
            Contents=self.pdf.make_stream(content),
        )
        return pikepdf.Page(self.pdf.make_indirect(made))

    def form(self, form: Any, state: State, around: Any) -> Any:
        """A form as it is placed in a state; None for one within itself."""
        own = "/Resources" in form
        key = (form.objgen, state.inherited, None if own else around.unparse())
        if key not in self._forms:
            made = self._rewritten(form, state, form.Resources if own else around)
            if made is None:
                return None
            self._forms[key] = made
        return self._forms[key]

    def pattern(self, pattern: Any, around: Resources) -> Any:
        """A pattern: a shading in grey, or a tile rewritten; None for a tile within itself."""
        if int(pattern.get("/PatternType", 1)) == 2:
            made = copied(pattern)
            made.Shading = self.shading(pattern.Shading, around)
            return self.pdf.make_indirect(made)
        if int(pattern.get("/PaintType", 1)) == 2:
            return pattern
        return self._rewritten(pattern, State(Matrix()), pattern.get("/Resources", {}), begin=True)

    def shading(self, found: Any, around: Resources) -> Any:
        """A shading in grey."""
        return shading(self.pdf, found, around.space_of(found.ColorSpace), self.plate)

    def picture(self, image: Any, around: Resources, overprint: bool) -> Any:
        """A picture in grey; None if it leaves the plate as it is."""
        key = (image.objgen, overprint) if image.is_indirect else None
        if key is None or key not in self._pictures:
            space = around.space_of(image.get("/ColorSpace", "DeviceGray"))
            made = picture(self.pdf, image, space, self.plate, overprint=overprint)
            if key is None:
                return made
            self._pictures[key] = made
        return self._pictures[key]

    def _instructions(self, content: Any) -> Sequence[Any]:
        """The instructions of a page or a stream, parsed once for all plates."""
        key = content.objgen
        if key not in self._parsed:
            self._parsed[key] = instructions(content)
        return self._parsed[key]

    def resources(self, written: Any) -> Resources:
        """A resource dictionary to read from."""
        return Resources(written, self._faces)

    def _rewritten(self, stream: Any, state: State, resources: Any, begin: bool = False) -> Any:
        """A form or a tile, rewritten; None where it lies within itself."""
        if stream.objgen in self._running or len(self._running) >= _DEEPEST:
            return None
        rewriter = _Rewriter(self, resources, state.saved())
        if begin:
            rewriter.begin()
        self._running.append(stream.objgen)
        content = rewriter.rewritten(self._instructions(stream))
        self._running.pop()
        kept = copied(stream, without=(*STORED, "/Resources", "/Group"))
        made = self.pdf.make_stream(content, kept)
        if isinstance(group := stream.get("/Group"), pikepdf.Dictionary):
            made.Group = copied(group, without=("/CS",))
        made.Resources = rewriter.made_resources()
        return made


class _Rewriter(Machine):
    """One content stream in its rewriting."""

    def __init__(self, separation: Separation, written: Any, state: State) -> None:
        super().__init__(separation.resources(written), state)
        self._separation = separation
        self._written = written
        self._lines: list[_Line] = []
        self._made: dict[str, dict[str, Any]] = {kind: {} for kind in _KINDS}
        self._names: dict[Any, str] = {}

    def begin(self) -> None:
        """Set the colour that pages begin with."""
        self._ink(stroke=False)
        self._ink(stroke=True)

    def rewritten(self, found: Sequence[Any]) -> bytes:
        """The stream of these instructions."""
        for instruction in found:
            try:
                self._instruction(instruction)
            except ODD:
                continue
        return pikepdf.unparse_content_stream(self._lines)

    def made_resources(self) -> pikepdf.Dictionary:
        """The resources that the rewritten stream names."""
        found = self._written
        made = pikepdf.Dictionary()
        if isinstance(found, pikepdf.Dictionary):
            made = copied(found, without=(*_KINDS, "/ColorSpace"))
        for kind, named in self._made.items():
            made[kind] = pikepdf.Dictionary(named)
        space = [pikepdf.Name.Pattern, pikepdf.Name.DeviceGray]
        made.ColorSpace = pikepdf.Dictionary({_GREY_PATTERN: pikepdf.Array(space)})
        return made

    def _instruction(self, instruction: Any) -> None:
        operator, operands = str(instruction.operator), instruction.operands
        if operator in COLOURING:
            COLOURING[operator](self, operands)
            if operands and operator in ("scn", "SCN") and isinstance(operands[-1], pikepdf.Name):
                self._pattern(operands, stroke=operator == "SCN")
            else:
                self._ink(stroke=operator.isupper())
        elif operator in PAINTING:
            self._paint(operator)
        elif operator in _SHOWING:
            self._show(operator, operands)
        elif operator == "Do":
            self._object(str(operands[0]))
        elif operator == "INLINE IMAGE":
            self._inline(operands[0])
        elif operator == "sh":
            self._shading(str(operands[0]))
        else:
            self._lines.append((operands, instruction.operator))
            if operator in SETTING:
                SETTING[operator](self, operands)
            if operator == "gs":  # what a colour puts on the plate may hang on the overprint mode
                self.begin()

    def _write(self, operator: str, *operands: Any) -> None:
        self._lines.append((operands, pikepdf.Operator(operator)))

    def _amount(self, *, stroke: bool) -> float | None:
        """What the current colour puts on the plate; None: nothing, and it clears nothing."""
        state = self.state
        colour = state.stroke if stroke else state.fill
        overprint = state.stroke_overprint if stroke else state.fill_overprint
        if colour.space == "Pattern":
            return 1.0
        return _amount(colour, self._separation.plate, overprint, state.overprint_mode)

    def _seen(self, *, stroke: bool) -> bool:
        return self._amount(stroke=stroke) is not None

    def _ink(self, *, stroke: bool) -> None:
        colour = self.state.stroke if stroke else self.state.fill
        amount = self._amount(stroke=stroke)
        if amount is not None and colour.space != "Pattern":
            self._write("G" if stroke else "g", round(float(min(max(1 - amount, 0.0), 1.0)), 4))

    def _pattern(self, operands: Any, *, stroke: bool) -> None:
        """Set a pattern; one without colours of its own gets the grey of the colour below it."""
        name = str(operands[-1])
        found = self.resources.entry("/Pattern", name)
        key = ("pattern", name)
        if key not in self._names:
            made = self._separation.pattern(found, self.resources)
            if made is None:
                return
            self._names[key] = self._enter("/Pattern", made)
        space = (self.state.stroke_space if stroke else self.state.fill_space).base
        under: list[float] = []
        if len(operands) > 1 and space is not None:
            colour = space.colour([float(value) for value in operands[:-1]])
            under = [round(1 - float(_amount(colour, self._separation.plate, False, 0) or 0), 4)]
        named = pikepdf.Name(_GREY_PATTERN if under else "/Pattern")
        self._write("CS" if stroke else "cs", named)
        self._write("SCN" if stroke else "scn", *under, pikepdf.Name(self._names[key]))

    def _paint(self, operator: str) -> None:
        fills, strokes, closes = PAINTING[operator]
        fills = fills and self._seen(stroke=False)
        strokes = strokes and self._seen(stroke=True)
        plain = _PLAIN[fills, strokes, closes]
        self._write(plain + "*" if operator.endswith("*") and plain in _EVEN_ODD else plain)

    def _show(self, operator: str, operands: Any) -> None:
        mode = int(self.state.rendering)
        clips = mode >= _CLIPPING
        fills = mode % _CLIPPING in (0, 2) and self._seen(stroke=False)
        strokes = mode % _CLIPPING in (1, 2) and self._seen(stroke=True)
        seen = _WAYS[fills, strokes] + _CLIPPING * clips
        if seen != mode:
            self._write("Tr", seen)
        self._write(operator, *operands)
        if seen != mode:
            self._write("Tr", mode)

    def _object(self, name: str) -> None:
        found = self.resources.entry("/XObject", name)
        state = self.state
        if str(found.Subtype) == "/Form":
            key: Any = (name, state.inherited)
            if key not in self._names:
                made = self._separation.form(found, state, self._written)
                self._names[key] = self._enter("/XObject", made) if made is not None else ""
            self._place(self._names[key])
        else:
            self._picture(found, name)

    def _inline(self, inline: Any) -> None:
        image = self._separation.pdf.make_stream(inline.read_raw_bytes(), inline.obj)
        image.Subtype = pikepdf.Name.Image
        self._picture(image, image.objgen)

    def _picture(self, image: Any, source: Any) -> None:
        overprint = self.state.fill_overprint
        if bool(image.get("/ImageMask", False)):
            if self._seen(stroke=False):
                self._place(self._entered(("stencil", source), image))
            return
        key = ("picture", source, overprint)
        if key not in self._names:
            made = self._separation.picture(image, self.resources, overprint)
            self._names[key] = self._enter("/XObject", made) if made is not None else ""
        self._place(self._names[key])

    def _shading(self, name: str) -> None:
        found = self.resources.entry("/Shading", name)
        key = ("shading", name)
        if key not in self._names:
            made = self._separation.shading(found, self.resources)
            self._names[key] = self._enter("/Shading", made)
        self._write("sh", pikepdf.Name(self._names[key]))

    def _place(self, name: str) -> None:
        if name:
            self._write("Do", pikepdf.Name(name))

    def _entered(self, key: Any, made: Any) -> str:
        if key not in self._names:
            self._names[key] = self._enter("/XObject", made)
        return self._names[key]

    def _enter(self, kind: str, made: Any) -> str:
        name = f"/P{len(self._names)}"
        self._made[kind][name] = made
        return name


def _amount(colour: Colour, plate: str, overprint: bool, mode: int) -> float | None:
    """How much ink a colour puts on a plate; None: it leaves the plate as it is."""
    ink = coverage(colour.space, colour.names, colour.values, plate, overprint=overprint)
    if ink == 0 and overprint and mode == 1 and colour.space == "DeviceCMYK" and plate in PROCESS:
        return None  # OPM 1: a zero of DeviceCMYK leaves the ink below
    return ink
