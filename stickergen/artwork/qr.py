"""QR symbols: an address in, modules out.

The `qrcode` package makes the symbol and chooses its mask. Ours is the choice of version and
level, the module size, and the outline that is drawn. Source: ISO/IEC 18004:2015.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import qrcode
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_L, ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.exceptions import DataOverflowError

QUIET_ZONE_MODULES = 4
"""ISO/IEC 18004:2015, 5.3.8: four modules of white on all sides."""

LEAST_MODULE = 0.4
"""mm; the least that a phone reads at hand's distance (qrtool.ch, size guide, read 2026-11)."""

_LEVELS = {"H": ERROR_CORRECT_H, "Q": ERROR_CORRECT_Q, "M": ERROR_CORRECT_M, "L": ERROR_CORRECT_L}
"""Highest first: H restores about 30 %, Q 25 %, M 15 %, L 7 % (ISO/IEC 18004, table 8)."""

_LEAST_LEVEL = "M"
"""Tuned: stickers get scuffed; M restores 15 %, and more is taken where it costs nothing."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """A symbol: its rows of modules, True for dark, without the quiet zone."""

    version: int
    level: str
    modules: tuple[tuple[bool, ...], ...]

    @property
    def width_modules(self) -> int:
        """Modules on a side: 17 + 4 × version."""
        return len(self.modules)

    @property
    def full_width_modules(self) -> int:
        """Modules on a side with the quiet zone."""
        return self.width_modules + 2 * QUIET_ZONE_MODULES

    def outlines(self) -> Iterator[tuple[tuple[int, int], ...]]:
        """Closed outlines of the dark areas, corners in modules, y down; holes run the other way.

        One path of outlines has no seams between modules, as rows of rectangles would.
        """
        return _outlines(self.modules)


class TooLong(Exception):
    """The address does not fit the largest symbol."""


@lru_cache(maxsize=4096)
def symbol(address: str) -> Symbol:
    """The smallest symbol of level M for the address, then the highest level of that version.

    Raises TooLong if no version holds it.
    """
    version = _version(address, _LEAST_LEVEL)
    if version is None:
        raise TooLong(address)
    level = next(level for level in _LEVELS if _version(address, level) == version)
    return _made(address, level, version)


@dataclass(frozen=True, slots=True)
class Dots:
    """What a press can print: the grid that modules are a multiple of, the least module; mm."""

    grid: float
    least_module: float = LEAST_MODULE


def module_size(side: float, symbol: Symbol, dots: Dots) -> float | None:
    """The largest module in mm for a code with its quiet zone in a square of this side.

    A multiple of the press's dots; None if it would be smaller than the press can print well.
    """
    size = math.floor(side / symbol.full_width_modules / dots.grid + 1e-6) * dots.grid
    return size if size >= dots.least_module - 1e-9 else None


def least_size(dots: Dots) -> float:
    """The smallest module in mm that this press prints well: a multiple of its dots."""
    return math.ceil(dots.least_module / dots.grid - 1e-6) * dots.grid


def _version(address: str, level: str) -> int | None:
    """The smallest version that holds the address at this level; None if none does."""
    code = qrcode.QRCode(error_correction=_LEVELS[level])
    code.add_data(address, optimize=0)
    try:
        version: int = code.best_fit(start=1)
    except (DataOverflowError, ValueError):
        return None
    return version


def _made(address: str, level: str, version: int) -> Symbol:
    code = qrcode.QRCode(version=version, error_correction=_LEVELS[level], border=0)
    code.add_data(address, optimize=0)
    code.make(fit=False)
    rows = tuple(tuple(bool(module) for module in row) for row in code.modules)
    return Symbol(version, level, rows)


def _outlines(modules: tuple[tuple[bool, ...], ...]) -> Iterator[tuple[tuple[int, int], ...]]:
    """Trace the borders between dark and light, dark to the right of the direction of travel."""
    width = len(modules)

    def dark(x: int, y: int) -> bool:
        return 0 <= x < width and 0 <= y < width and modules[y][x]

    ahead: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for y in range(width + 1):
        for x in range(width + 1):
            if dark(x, y) and not dark(x, y - 1):
                ahead.setdefault((x, y), []).append((1, 0))
            if not dark(x, y) and dark(x, y - 1):
                ahead.setdefault((x + 1, y), []).append((-1, 0))
            if dark(x, y) and not dark(x - 1, y):
                ahead.setdefault((x, y + 1), []).append((0, -1))
            if not dark(x, y) and dark(x - 1, y):
                ahead.setdefault((x, y), []).append((0, 1))
    while ahead:
        start = min(ahead)
        at, corners, heading = start, [], (0, 0)
        while at in ahead:
            ways = ahead[at]
            # At a point where two dark modules touch by a corner, turn right: they stay apart.
            right = (-heading[1], heading[0])
            way = right if right in ways else ways[0]
            ways.remove(way)
            if not ways:
                del ahead[at]
            if way != heading:
                corners.append(at)
            heading = way
            at = (at[0] + way[0], at[1] + way[1])
        yield tuple(corners)
