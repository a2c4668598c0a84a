"""Text as paths, for shops that ask for it: 转曲.

Comes in: a character and a font of the project. Goes out: its outline as path steps, in em from
the pen on the baseline, y upwards. Quadratic curves become cubic ones exactly: PDF has no others.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont

from stickergen.artwork.fonts import font

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a path: to its last point; a curve has two control points before it."""

    kind: Literal["move", "line", "curve", "close"]
    points: tuple[Place, ...] = ()


@dataclass(eq=False)
class _Pen(BasePen):  # type: ignore[misc]
    """Records what a glyph draws; the base class makes cubic curves of quadratic ones."""

    glyphs: Any
    steps: list[Step] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(self.glyphs)

    def _moveTo(self, pt: Place) -> None:  # noqa: N802
        self.steps.append(Step("move", (pt,)))

    def _lineTo(self, pt: Place) -> None:  # noqa: N802
        self.steps.append(Step("line", (pt,)))

    def _curveToOne(self, pt1: Place, pt2: Place, pt3: Place) -> None:  # noqa: N802
        self.steps.append(Step("curve", (pt1, pt2, pt3)))

    def _closePath(self) -> None:  # noqa: N802
        self.steps.append(Step("close"))


@cache
def outline(name: str, char: str) -> tuple[Step, ...]:
    """The outline of a character that the font has; none for a blank."""
    opened, glyphs, named = _opened(name)
    pen = _Pen(glyphs)
    glyphs[named[ord(char)]].draw(pen)
    em = opened["head"].unitsPerEm
    return tuple(
        Step(step.kind, tuple((x / em, y / em) for x, y in step.points)) for step in pen.steps
    )


@cache
def _opened(name: str) -> tuple[TTFont, Any, dict[int, str]]:
    opened = TTFont(font(name).path, lazy=True)
    opened.setGlyphOrder([str(number) for number in range(opened["maxp"].numGlyphs)])
    return opened, opened.getGlyphSet(), opened.getBestCmap()
