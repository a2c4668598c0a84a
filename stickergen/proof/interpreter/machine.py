"""The graphics state machine: what the operators do that paint nothing.

Comes in: instructions of a content stream, its resources, the state it begins with. Goes out: the
`State` as it is when something is painted. `stream` reads marks with it, plates are made with it.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pikepdf

from stickergen.proof.interpreter.colours import CMYK, GREY, ODD, RGB, Colour, Space
from stickergen.proof.interpreter.matrix import Matrix
from stickergen.proof.interpreter.parsing import parsed
from stickergen.proof.interpreter.state import Resources, State

_NOT_BLENDING = ("/Normal", "/Compatible")
_MOST_SAVED = 512  # tuned: Acrobat's own limit is 28; a stream without Q must not eat the memory

PAINTING: Mapping[str, tuple[bool, bool, bool]] = {
    "S": (False, True, False),
    "s": (False, True, True),
    "f": (True, False, False),
    "F": (True, False, False),
    "f*": (True, False, False),
    "B": (True, True, False),
    "B*": (True, True, False),
    "b": (True, True, True),
    "b*": (True, True, True),
    "n": (False, False, False),
}
"""Painting operators: whether each fills, strokes, closes first."""


def instructions(content: Any) -> Sequence[Any]:
    """The instructions of a page or a form; none where they cannot be parsed."""
    return _read(content, pikepdf.parse_content_stream)


def shortened(content: Any) -> Sequence[Any]:
    """The same with each long run of rectangles as one."""
    return _read(content, parsed)


def _read(content: Any, parse: Callable[[Any], Sequence[Any]]) -> Sequence[Any]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a stream that ends early is read as far as it goes
            return parse(content)
    except ODD:
        return ()


class Machine:
    """The state of a content stream in its run."""

    def __init__(self, resources: Resources, state: State) -> None:
        self.resources = resources
        self.state = state
        self._saved: list[State] = []

    # --- graphics state ---

    def save(self, _: Any = None) -> None:
        """`q`."""
        if len(self._saved) < _MOST_SAVED:
            self._saved.append(self.state.saved())

    def restore(self, _: Any = None) -> None:
        """`Q`."""
        if self._saved:
            self.state = self._saved.pop()

    def concatenate(self, operands: Any) -> None:
        """`cm`."""
        self.state.ctm = matrix(operands).then(self.state.ctm)

    def parameters(self, operands: Any) -> None:
        """`gs`: what an ExtGState sets; `op` follows `OP` unless it is given (8.6.7)."""
        found = self.resources.entry("/ExtGState", str(operands[0]))
        state = self.state
        if "/OP" in found:
            state.stroke_overprint = state.fill_overprint = bool(found.OP)
        if "/op" in found:
            state.fill_overprint = bool(found["/op"])
        if "/OPM" in found:
            state.overprint_mode = int(found.OPM)
        if "/ca" in found:
            state.fill_opacity = float(found.ca)
        if "/CA" in found:
            state.stroke_opacity = float(found.CA)
        if "/BM" in found:
            state.blends = str(found.BM) not in _NOT_BLENDING
        if "/LW" in found:
            state.line_width = abs(float(found.LW))
        if "/Font" in found:
            state.face = self.resources.face_of(found.Font[0])
            state.size = float(found.Font[1])

    # --- colour ---

    def fill_space(self, operands: Any) -> None:
        """`cs`."""
        self.state.fill_space = self.resources.space(str(operands[0]))
        self.state.fill = self.state.fill_space.initial

    def stroke_space(self, operands: Any) -> None:
        """`CS`."""
        self.state.stroke_space = self.resources.space(str(operands[0]))
        self.state.stroke = self.state.stroke_space.initial

    def fill_colour(self, operands: Any) -> None:
        """`sc`, `scn`."""
        self.state.fill = self._colour(self.state.fill_space, operands)

    def stroke_colour(self, operands: Any) -> None:
        """`SC`, `SCN`."""
        self.state.stroke = self._colour(self.state.stroke_space, operands)

    def _colour(self, space: Space, operands: Any) -> Colour:
        if operands and isinstance(operands[-1], pikepdf.Name):
            return self.resources.pattern(str(operands[-1]), space.base or space)
        return space.colour([float(value) for value in operands])


def matrix(operands: Iterable[Any]) -> Matrix:
    """The matrix that six operands write."""
    a, b, c, d, e, f = (float(value) for value in operands)
    return Matrix(a, b, c, d, e, f)


def _device(space: Space, stroke: bool) -> Callable[[Machine, Any], None]:
    """An operator that sets space and colour at once."""

    def set_both(machine: Machine, operands: Any) -> None:
        colour = space.colour([float(value) for value in operands])
        if stroke:
            machine.state.stroke_space, machine.state.stroke = space, colour
        else:
            machine.state.fill_space, machine.state.fill = space, colour

    return set_both


def _number(name: str, factor: float = 1.0) -> Callable[[Machine, Any], None]:
    """An operator that sets one number of the state."""

    def set_number(machine: Machine, operands: Any) -> None:
        setattr(machine.state, name, factor * float(operands[0]))

    return set_number


COLOURING: Mapping[str, Callable[[Machine, Any], None]] = {
    "k": _device(CMYK, stroke=False),
    "K": _device(CMYK, stroke=True),
    "rg": _device(RGB, stroke=False),
    "RG": _device(RGB, stroke=True),
    "g": _device(GREY, stroke=False),
    "G": _device(GREY, stroke=True),
    "cs": Machine.fill_space,
    "CS": Machine.stroke_space,
    "sc": Machine.fill_colour,
    "scn": Machine.fill_colour,
    "SC": Machine.stroke_colour,
    "SCN": Machine.stroke_colour,
}
"""The operators that set a colour."""

SETTING: Mapping[str, Callable[[Machine, Any], None]] = {
    **COLOURING,
    "q": Machine.save,
    "Q": Machine.restore,
    "cm": Machine.concatenate,
    "gs": Machine.parameters,
    "w": _number("line_width"),
    "Tc": _number("character_spacing"),
    "Tw": _number("word_spacing"),
    "Tz": _number("stretch", 0.01),
    "TL": _number("leading"),
    "Ts": _number("rise"),
    "Tr": _number("rendering"),
}
"""All operators that set the graphics state, but for the font and the place of text."""
