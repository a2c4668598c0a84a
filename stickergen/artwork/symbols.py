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
from functools import lru_cache
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

_CHUNK = 512
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
        self._data = data
        # Only of bytes can a bit be changed alone: in the other modes each text is its own shape.
        shape = _shape if mode == util.MODE_8BIT_BYTE else _shape.__wrapped__
        self._shape = shape(mode, data.shape[1], version, level)
        base = np.frombuffer(self._shape.base(data[0].tobytes()), np.uint8)
        self._flips = data ^ base

    def best(self) -> tuple[Words, npt.NDArray[np.uint8]]:
        """The rows of each text at its best mask, and the masks."""
        width = _width(self._shape.version)
        rows = np.empty((len(self._data), width), np.uint64)
        masks = np.empty(len(self._data), np.uint8)
        made, changes = self._shape.made, dict(self._each_change())
        for start in range(0, len(self._data), _CHUNK):
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
            yield at, self._shape.changes(at, int(differing[at]))


class _Shape:
    """All symbols of one mode, length, version and level: one of them, and what each bit changes.

    Which one it is does not matter, as the symbols are affine: it is the first that was asked for.
    """

    def __init__(self, mode: int, version: int, level: str) -> None:
        self.version = version
        self._mode, self._level = mode, LEVELS[level]
        self._content = b""
        self.made: Words = np.empty(0, np.uint64)
        self._bits: dict[tuple[int, int], Words] = {}

    def base(self, content: bytes) -> bytes:
        """The text of the one symbol, this one if there is none yet; it is made at each mask."""
        if not self._content:
            self._content = content
            code = self._code(content)
            self.made = np.stack([_drawn(code, mask) for mask in range(MASKS)])
        return self._content

    def changes(self, at: int, differing: int) -> Words:
        """What the values of a byte change, as far as they are made of these bits."""
        found = np.zeros((256, 2, _width(self.version)), np.uint64)
        for bit in (1 << n for n in range(8) if differing >> n & 1):
            found[bit] = self._bit(at, bit)
        for value in range(3, 256):
            found[value] = found[value & -value] ^ found[value & (value - 1)]
        return found

    def _bit(self, at: int, bit: int) -> Words:
        if (at, bit) not in self._bits:
            other = bytearray(self._content)
            other[at] ^= bit
            self._bits[at, bit] = _drawn(self._code(bytes(other)), 0) ^ self.made[0]
        return self._bits[at, bit]

    def _code(self, content: bytes) -> qrcode.QRCode[Any]:
        code = qrcode.QRCode(self.version, self._level)
        code.add_data(util.QRData(content, self._mode, check_data=False))
        return code


@lru_cache(maxsize=64)
def _shape(mode: int, length: int, version: int, level: str) -> _Shape:
    """The shape of texts, kept: the next thousand texts are of the same."""
    assert length
    return _Shape(mode, version, level)


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
