"""The graphics state of a content stream (ISO 32000-1, 8.4) and the resources it draws on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import pikepdf

from stickergen.measure import Box
from stickergen.proof.interpreter.colours import BLACK, GREY, ODD, Colour, Space, space_of
from stickergen.proof.interpreter.matrix import Matrix
from stickergen.proof.interpreter.typefaces import Face, face_of

_NO_FACE = Face("")


@dataclass(slots=True)
class State:
    """What `q` saves and `Q` brings back; `clip` is in mm, `ctm` leads there."""

    ctm: Matrix
    clip: Box | None = None
    fill: Colour = BLACK
    stroke: Colour = BLACK
    fill_space: Space = GREY
    stroke_space: Space = GREY
    line_width: float = 1.0
    fill_overprint: bool = False
    stroke_overprint: bool = False
    overprint_mode: int = 0
    fill_opacity: float = 1.0
    stroke_opacity: float = 1.0
    blends: bool = False
    face: Face = field(default=_NO_FACE)
    size: float = 0.0
    character_spacing: float = 0.0
    word_spacing: float = 0.0
    stretch: float = 1.0
    leading: float = 0.0
    rise: float = 0.0
    rendering: int = 0

    def saved(self) -> State:
        """A copy."""
        return State(*(getattr(self, name) for name in _NAMES))

    @property
    def inherited(self) -> tuple[Any, ...]:
        """All that a form takes over from where it is placed, but for the place itself."""
        return tuple(getattr(self, name) for name in _NAMES[2:])


_NAMES = tuple(each.name for each in fields(State))
assert _NAMES[:2] == ("ctm", "clip"), "the place comes first"


class Resources:
    """A resource dictionary, each entry read once."""

    def __init__(self, written: Any, faces: dict[Any, Face]) -> None:
        self._written = written
        self._faces = faces
        self._spaces: dict[str, Space] = {}
        self._steps: dict[str, str | None] = {}

    def entry(self, kind: str, name: str) -> Any:
        """A named resource; None if there is none."""
        try:
            return self._written[kind][name]
        except ODD:
            return None

    def space(self, name: str) -> Space:
        """A colour space by its name."""
        if name not in self._spaces:
            named = self._group("/ColorSpace")
            self._spaces[name] = space_of(pikepdf.Name(name), named)
        return self._spaces[name]

    def space_of(self, written: Any) -> Space:
        """The colour space that an image or a shading names."""
        return space_of(written, self._group("/ColorSpace"))

    def face(self, name: str) -> Face:
        """A font by its name."""
        font = self.entry("/Font", name)
        return _NO_FACE if font is None else self.face_of(font)

    def face_of(self, font: Any) -> Face:
        """The face of a font dictionary."""
        try:
            key = font.objgen if font.is_indirect else font.unparse()
            if key not in self._faces:
                self._faces[key] = face_of(font)
            return self._faces[key]
        except ODD:
            return _NO_FACE

    def pattern(self, name: str, under: Space) -> Colour:
        """The colour of a pattern: the colorants that it is known to use."""
        found = self.entry("/Pattern", name)
        try:
            space = self.space_of(found.Shading.ColorSpace)
        except ODD:
            space = under
        return Colour("Pattern", (), space.names)

    def step(self, name: str) -> str | None:
        """The processing step of marked content by its properties' name."""
        if name not in self._steps:
            self._steps[name] = step_of(self.entry("/Properties", name))
        return self._steps[name]

    def _group(self, kind: str) -> Mapping[str, Any] | Any:
        try:
            return self._written[kind]
        except ODD:
            return {}


def step_of(group: Any) -> str | None:
    """The processing step that an optional content group stands for (ISO 19593-1)."""
    try:
        if "/OCGs" in group:
            group = group.OCGs if "/GTS_Metadata" in group.OCGs else group.OCGs[0]
        return str(group.GTS_Metadata.GTS_ProcStepsType).removeprefix("/")
    except ODD:
        return None
