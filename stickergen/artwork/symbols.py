"""QR symbols by the thousand: texts of one version and level in, modules out.

Comes in: texts. Goes out: `Symbols`: n × width rows of modules as 64-bit words, and n masks. The
modules are those of the `qrcode` package for the same mask; the mask is the one of least penalty
of the complete symbol, its format included (ISO/IEC 18004:2015, 7.8.3; `qrcode` and segno leave the
format out, ZXing and libqrencode do not).

A symbol is affine over GF(2) in the bits of its data: padding, error correction (a linear code) and
masking only add. So the texts of one length are the symbol of one of them, plus, for every bit in
which they differ, the change that this bit makes. The package makes these few symbols; all others
are sums of them, and the penalties of the eight masks are bit operations on whole rows.

Limits: versions 1–10, whose rows fit a word; one segment a symbol, as `qrcode` makes it without
optimizing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import qrcode
from qrcode import util
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_L, ERROR_CORRECT_M, ERROR_CORRECT_Q

Words = npt.NDArray[np.integer[Any]]
"""Always uint64; what numpy's stubs make of a shift is no more than an integer."""

Counts = npt.NDArray[np.int64]

LEVELS = {"H": ERROR_CORRECT_H, "Q": ERROR_CORRECT_Q, "M": ERROR_CORRECT_M, "L": ERROR_CORRECT_L}
"""Highest first: H restores about 30 %, Q 25 %, M 15 %, L 7 % (ISO/IEC 18004, table 8)."""

MOST_VERSION = 10
"""57 modules: the 64 bits of a word also hold the 4 that the penalties look beyond an edge."""

MASKS = 8

RUN, BLOCK, FINDER, SHARE = 3, 3, 40, 10
"""The weights N1 to N4 of ISO/IEC 18004:2015, table 11."""

_CHUNK = 256
"""Symbols at a time. Tuned: their rows stay in a core's cache."""


@dataclass(frozen=True, eq=False)
class Symbols:
    """Symbols of one version and level: `rows` is n × width, bit x of row y the module (x, y).

    `masks` holds the number of each symbol's mask, 0 to 7.
    """

    version: int
    level: str
    rows: Words
    masks: npt.NDArray[np.uint8]

    @property
    def width_modules(self) -> int:
        """Modules on a side."""
        return _width(self.version)

    def modules(self, number: int) -> tuple[tuple[bool, ...], ...]:
        """One symbol, row by row, True for dark."""
        return tuple(map(tuple, self._dark(self.rows[number]).tolist()))

    def all_modules(self) -> npt.NDArray[np.bool_]:
        """All symbols, n × width × width, True for dark."""
        return self._dark(self.rows)

    def _dark(self, rows: Words) -> npt.NDArray[np.bool_]:
        places = np.arange(self.width_modules, dtype=np.uint64)
        found: npt.NDArray[np.bool_] = (rows[..., None] >> places & np.uint64(1)).astype(bool)
        return found


def symbols(texts: Sequence[str], version: int, level: str) -> Symbols:
    """The symbol of each text, in their order.

    Raises qrcode's DataOverflowError if one does not fit the version.
    """
    assert 1 <= version <= MOST_VERSION
    width = _width(version)
    rows = np.empty((len(texts), width), np.uint64)
    masks = np.empty(len(texts), np.uint8)
    families: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    contents = [text.encode() for text in texts]
    for number, content in enumerate(contents):
        families[util.optimal_mode(content), len(content)].append(number)
    for (mode, length), numbers in families.items():
        # Only in byte mode is a character eight bits; of the others each is a family of its own.
        groups = [numbers] if mode == util.MODE_8BIT_BYTE else [[number] for number in numbers]
        for group in groups:
            data = np.frombuffer(b"".join(contents[n] for n in group), np.uint8)
            family = _Family(data.reshape(len(group), length), mode, version, level)
            rows[group], masks[group] = family.best()
    return Symbols(version, level, rows, masks)


class _Family:
    """Texts of one mode and length."""

    def __init__(self, data: npt.NDArray[np.uint8], mode: int, version: int, level: str) -> None:
        self._basis = _basis(version, LEVELS[level])
        first = data[0].tobytes()
        if mode == util.MODE_8BIT_BYTE:
            base, self._symbol = self._basis.like(first)
        else:
            base, self._symbol = first, self._basis.drawn(first, mode)
        self._flips = data ^ np.frombuffer(base, np.uint8)

    def best(self) -> tuple[Words, npt.NDArray[np.uint8]]:
        """The rows of each text at its best mask, and the masks."""
        width = _width(self._basis.version)
        rows = np.empty((len(self._flips), width), np.uint64)
        masks = np.empty(len(self._flips), np.uint8)
        made, changes = self._symbol ^ self._basis.masks, dict(self._each_change())
        for start in range(0, len(self._flips), _CHUNK):
            part = slice(start, start + _CHUNK)
            change = np.zeros((len(self._flips[part]), 2, width), np.uint64)
            for at, table in changes.items():
                change ^= table[self._flips[part, at]]
            scores = np.stack([penalties(change ^ symbol) for symbol in made])
            masks[part] = best = scores.argmin(axis=0)
            rows[part] = (change ^ made[best])[:, 0]
        return rows, masks

    def _each_change(self) -> Iterator[tuple[int, Words]]:
        """Where texts differ from the base, what each change of the byte there changes:
        256 × 2 × width, rows and columns.
        """
        differing = np.bitwise_or.reduce(self._flips, axis=0)
        for at in np.flatnonzero(differing).tolist():
            yield at, self._basis.changes(at, int(differing[at]))


class _Basis:
    """What changes the symbols of one version and level: each mask, with the format that tells of
    it, against the first (8 × 2 × width); each bit of a text in byte mode.

    As symbols are affine, a change is the same in any of them, and as texts of any length begin at
    the same place, so is a bit's in all lengths.
    """

    def __init__(self, version: int, level: int) -> None:
        self.version, self._level = version, level
        code = self._code(b"", util.MODE_8BIT_BYTE)
        symbols = np.stack([_drawn(code, mask) for mask in range(MASKS)])
        self.masks: Words = symbols ^ symbols[0]
        self._made: dict[int, tuple[bytes, Words]] = {}
        self._bits: dict[tuple[int, int], Words] = {}

    def drawn(self, content: bytes, mode: int) -> Words:
        """The symbol of a text at the first mask."""
        return _drawn(self._code(content, mode), 0)

    def like(self, content: bytes) -> tuple[bytes, Words]:
        """A text in byte mode as long as this one, and its symbol: the first that was asked for."""
        if len(content) not in self._made:
            self._made[len(content)] = (content, self.drawn(content, util.MODE_8BIT_BYTE))
        return self._made[len(content)]

    def changes(self, at: int, differing: int) -> Words:
        """What the values of a byte change, as far as they are made of these bits."""
        found = np.zeros((256, 2, _width(self.version)), np.uint64)
        for bit in (1 << n for n in range(8)):  # the values below are sums of lower bits
            change = self._bit(at, bit) if differing & bit else np.uint64(0)
            found[bit : 2 * bit] = found[:bit] ^ change
        return found

    def _bit(self, at: int, bit: int) -> Words:
        if (at, bit) not in self._bits:
            made = tuple(self._made.values())  # another thread may add to them
            content, symbol = next(one for one in made if len(one[0]) > at)
            other = bytearray(content)
            other[at] ^= bit
            self._bits[at, bit] = symbol ^ self.drawn(bytes(other), util.MODE_8BIT_BYTE)
        return self._bits[at, bit]

    def _code(self, content: bytes, mode: int) -> qrcode.QRCode[Any]:
        code = qrcode.QRCode(self.version, self._level)
        code.add_data(util.QRData(content, mode, check_data=False))
        return code


@cache
def _basis(version: int, level: int) -> _Basis:
    """Each basis, made once: the next thousand texts need the same."""
    return _Basis(version, level)


def _drawn(code: qrcode.QRCode[Any], mask: int) -> Words:
    """Rows and columns of a symbol as the package makes it, 2 × width."""
    code.makeImpl(False, mask)  # its codewords are kept for the next mask
    modules = np.array(code.modules, dtype=bool)
    return np.stack([_packed(modules), _packed(modules.T)])


def penalties(lines: Words) -> Counts:
    """The penalty of each symbol, from its 2 × width rows and columns (ISO/IEC 18004, 7.8.3.1).

    Beyond its edges a symbol is light: the quiet zone belongs to it.
    """
    width = lines.shape[2]
    # Bit x of `alike` tells of the modules x and x + 1, and so on.
    alike: Words = ~(lines ^ lines >> 1) & np.uint64((1 << width - 1) - 1)
    found = _runs(alike) + FINDER * _ones(_finders(lines))
    rows, pairs = lines[:, 0], alike[:, 0]
    found += BLOCK * _ones(pairs[:, :-1] & pairs[:, 1:] & ~(rows[:, :-1] ^ rows[:, 1:]))
    # Every five per cent that the dark modules are away from a half.
    total = width * width
    found += SHARE * (np.abs(20 * _ones(rows) - 10 * total) // total)
    return found


def _runs(alike: Words) -> Counts:
    """Three for five modules alike in a row, and one for each more."""
    five = alike & alike >> 1
    five &= five >> 2
    return _ones(five) + (RUN - 1) * _ones(five & ~(five << 1))


def _finders(lines: Words) -> Words:
    """Where dark-light-dark-dark-dark-light-dark begins, with four light modules on a side."""
    light = ~lines
    pattern = lines & light >> 1 & lines >> 2 & lines >> 3 & lines >> 4 & light >> 5 & lines >> 6
    two = lines | lines >> 1
    four = two | two >> 2
    two = lines << 1 | lines << 2
    found: Words = pattern & (~(four >> 7) | ~(two | two << 2))
    return found


def _ones(words: Words) -> Counts:
    """How many bits are set in all the words of each symbol."""
    counted = np.bitwise_count(words)
    found: Counts = counted.sum(axis=tuple(range(1, words.ndim)), dtype=np.int64)
    return found


def _packed(modules: npt.NDArray[np.bool_]) -> Words:
    """Each row of modules as a word, its first module in the lowest bit."""
    places = np.arange(modules.shape[1], dtype=np.uint64)
    found: Words = np.bitwise_or.reduce(modules.astype(np.uint64) << places, axis=1)
    return found


def _width(version: int) -> int:
    """Modules on a side (ISO/IEC 18004:2015, 5.3.2)."""
    return 17 + 4 * version
