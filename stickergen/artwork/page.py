"""The one finished thing between layout and drawing: a `Page` of placed items.

Millimetres, origin top left, y downwards; items are in drawing order and nothing is left to decide.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from stickergen.artwork.qr import QUIET_ZONE_MODULES, Symbol
from stickergen.ink import Ink
from stickergen.measure import Box, Point, Size


@dataclass(frozen=True, slots=True)
class Rule:
    """A line: its ink and its width in mm."""

    ink: Ink
    width: float


@dataclass(frozen=True, slots=True)
class Panel:
    """A rectangle, filled or ruled or both; the rule runs inside the box. `corner` is a radius."""

    box: Box
    fill: Ink | None
    rule: Rule | None
    corner: float

    def moved(self, by: Point) -> Panel:
        """The same item elsewhere."""
        return replace(self, box=self.box.moved(by))


@dataclass(frozen=True, slots=True)
class Text:
    """A run of characters at their natural advances, from a point on the baseline."""

    at: Point
    text: str
    font: str
    size_pt: float
    ink: Ink
    box: Box
    """The ink box that checks look at: em height, advance width."""

    def moved(self, by: Point) -> Text:
        """The same item elsewhere."""
        return replace(self, at=Point(self.at.x + by.x, self.at.y + by.y), box=self.box.moved(by))


@dataclass(frozen=True, slots=True)
class Code:
    """A QR symbol with its quiet zone: `box` holds both, on painted white."""

    box: Box
    module: float
    symbol: Symbol
    address: str
    scam: str | None
    point: str | None

    @property
    def symbol_box(self) -> Box:
        """The symbol without its quiet zone."""
        quiet = QUIET_ZONE_MODULES * self.module
        side = self.symbol.width_modules * self.module
        return Box(self.box.x + quiet, self.box.y + quiet, side, side)

    def moved(self, by: Point) -> Code:
        """The same item elsewhere."""
        return replace(self, box=self.box.moved(by))


PICTURE_FORMATS = ("PNG", "JPEG", "TIFF", "WEBP")
"""What Pillow may read a picture as: no format that another program would have to run for."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture file scaled into a box."""

    box: Box
    path: Path

    def moved(self, by: Point) -> Picture:
        """The same item elsewhere."""
        return replace(self, box=self.box.moved(by))


Item = Panel | Text | Code | Picture


@dataclass(frozen=True, slots=True)
class Page:
    """A finished piece: its trimmed size, its shape, its items.

    Fills may reach `bleed` beyond the trim; texts and codes stay `safe` inside it.
    """

    size: Size
    items: tuple[Item, ...]
    round: bool = False
    corner: float = 0.0
    bleed: float = 0.0
    safe: float = 0.0

    @property
    def codes(self) -> Iterator[Code]:
        """The codes on the page."""
        return (item for item in self.items if isinstance(item, Code))

    def described(self) -> str:
        """The page as text, one item a line, mm with two decimals: what tests compare."""
        return "\n".join(_described(item) for item in self.items)


def _described(item: Item) -> str:
    box = item.box
    place = f"{box.x:.2f} {box.y:.2f} {box.width:.2f}×{box.height:.2f}"
    match item:
        case Text():
            return f"text {place} {item.font} {item.size_pt:g}pt {item.text}"
        case Code():
            return f"code {place} v{item.symbol.version}-{item.symbol.level} {item.address}"
        case Panel():
            fill = "none" if item.fill is None else f"{item.fill.total:g}%"
            return f"panel {place} fill {fill} corner {item.corner:g}"
        case Picture():
            return f"picture {place} {item.path.name}"
