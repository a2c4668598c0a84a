"""QR symbols: an address in, modules out.

`symbols` makes the modules, of many addresses at once. Here are the choice of version and level,
the module size, and the outline that is drawn. Source: ISO/IEC 18004:2015.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import qrcode
from qrcode import util
from qrcode.exceptions import DataOverflowError

from stickergen.artwork.symbols import LEVELS, MOST_VERSION, Symbols, symbols

QUIET_ZONE_MODULES = 4
"""ISO/IEC 18004:2015, 5.3.8: four modules of white on all sides."""

LEAST_MODULE = 0.4
"""mm; the least that a phone reads at hand's distance (qrtool.ch, size guide, read 2026-11)."""

_LEAST_LEVEL = "M"
"""Tuned: stickers get scuffed; M restores 15 %, and more is taken where it costs nothing."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """A symbol: its rows of modules, True for dark, without the quiet zone."""

    version: int
    level: str
    modules: tuple[tuple[bool, ...], ...]

    @classmethod
    def of(cls, made: Symbols, number: int) -> Symbol:
        """One of many."""
        return cls(made.version, made.level, made.modules(number))

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


_KNOWN: dict[str, Symbol] = {}
"""The symbols that were made; designs ask for theirs again and again."""

MOST_KNOWN = 20_000
"""Tuned: eight times the designs of 500 delivery points, and 200 MB."""


def symbol(address: str) -> Symbol:
    """The smallest symbol of level M for the address, then the highest level of that version.

    Raises TooLong if no version holds it.
    """
    if address not in _KNOWN:
        prepare([address])
    return _KNOWN[address]


def prepare(addresses: Iterable[str]) -> None:
    """Make the symbols of many addresses at once, so that `symbol` has them.

    Raises TooLong if no version holds one of them.
    """
    if len(_KNOWN) > MOST_KNOWN:
        _KNOWN.clear()
    alike: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    for address in dict.fromkeys(addresses):
        if address not in _KNOWN:
            content = address.encode()
            fit = _fit(util.optimal_mode(content), len(content))
            if fit is None:
                raise TooLong(address)
            alike[fit].append(address)
    for (version, level), texts in alike.items():
        if version <= MOST_VERSION:
            made = symbols(texts, version, level)
            _KNOWN.update((text, Symbol.of(made, n)) for n, text in enumerate(texts))
        else:
            _KNOWN.update((text, _single(text, level, version)) for text in texts)


def batch(addresses: Sequence[str], like: Symbol) -> npt.NDArray[np.bool_]:
    """The modules of many addresses as symbols of one version and level: n × width × width.

    True is dark, rows from the top; each has its best mask. Symbols too large for the batch are
    made one at a time. Raises qrcode's DataOverflowError if one does not fit.
    """
    if like.version <= MOST_VERSION:
        return symbols(addresses, like.version, like.level).all_modules()
    singles = (_single(text, like.level, like.version) for text in addresses)
    return np.array([symbol.modules for symbol in singles], dtype=bool)


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


@lru_cache(maxsize=1024)
def _fit(mode: int, length: int) -> tuple[int, str] | None:
    """Version and level for so many characters in a mode; None if no version holds them."""
    version = _version(mode, length, _LEAST_LEVEL)
    if version is None:
        return None
    return version, next(one for one in LEVELS if _version(mode, length, one) == version)


def _version(mode: int, length: int, level: str) -> int | None:
    """The smallest version that holds so many characters of a mode; None if none does."""
    code = qrcode.QRCode(error_correction=LEVELS[level])
    code.add_data(util.QRData(b"0" * length, mode, check_data=False))
    try:
        version: int = code.best_fit(start=1)
    except (DataOverflowError, ValueError):
        return None
    return version


def _single(address: str, level: str, version: int) -> Symbol:
    """A symbol too large for the batch, at the mask that the package chooses by its own sum."""
    code = qrcode.QRCode(version=version, error_correction=LEVELS[level], border=0)
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
