"""Colours as a PDF says them: colour spaces read from resources, and what plates they fall on.

Comes in: colour space objects and operands. Goes out: `Space`s and `Colour`s; amounts are 0–1.
Limits: no profile is consulted. ICC-based colour of four channels counts as CMYK, of one as grey.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf

from stickergen.proof.interpreter.functions import evaluated

PROCESS = ("Cyan", "Magenta", "Yellow", "Black")
ALL = "All"
"""The colorant that falls on every plate: registration colour (ISO 32000-1, 8.6.6.4)."""
NONE = "None"
"""The colorant that falls on no plate (ISO 32000-1, 8.6.6.4)."""

_SHORT = {"G": "DeviceGray", "RGB": "DeviceRGB", "CMYK": "DeviceCMYK", "I": "Indexed"}
"""Abbreviations of inline images (ISO 32000-1, table 93)."""
_CHANNELS = {
    "DeviceGray": 1,
    "CalGray": 1,
    "DeviceRGB": 3,
    "CalRGB": 3,
    "Lab": 3,
    "DeviceCMYK": 4,
    "Indexed": 1,
    "Separation": 1,
}
_DEEPEST = 4  # an Indexed of a DeviceN of an ICCBased is 3 deep; a cycle has no end
_PALE = 0.004  # tuned: one step of eight bits, which no plate holds


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour as the file says it.

    `space` is DeviceCMYK, DeviceGray, DeviceRGB, Separation, DeviceN, ICCBased, Lab, Indexed,
    Pattern …; `values` 0–1; `names` the colorants of Separation and DeviceN. `alternate` is what
    a device without these colorants shows instead, None if there is none or it cannot be told.
    """

    space: str
    values: tuple[float, ...]
    names: tuple[str, ...] = ()
    alternate: Colour | None = None

    @property
    def inks(self) -> Mapping[str, float] | None:
        """The amount on each plate, without those that get nothing; None: not an ink colour."""
        match (self.space, self.values):
            case ("DeviceCMYK" | "ICCBased", (_, _, _, _)):
                amounts = dict(zip(PROCESS, self.values, strict=True))
            case ("DeviceGray" | "CalGray" | "ICCBased", (grey,)):
                amounts = {"Black": 1 - grey}
            case ("Separation" | "DeviceN", _):
                amounts = dict(zip(self.names, self.values, strict=False))
            case _:
                return None
        return {name: part for name, part in amounts.items() if part > _PALE and name != NONE}

    @property
    def white(self) -> bool:
        """Whether it is the colour of the paper."""
        if self.space in ("DeviceRGB", "CalRGB", "ICCBased") and len(self.values) == 3:
            return all(value > 1 - _PALE for value in self.values)
        return self.inks == {}

    @property
    def black_alone(self) -> bool:
        """Whether it is solid black and nothing else."""
        inks = self.inks or {}
        return inks.keys() == {"Black"} and inks["Black"] > 1 - _PALE

    @property
    def total(self) -> float:
        """Coverage of all inks together, in per cent."""
        return 100 * sum((self.inks or {}).values())


BLACK = Colour("DeviceGray", (0.0,))
"""The colour that pages begin with (ISO 32000-1, 8.4.1)."""


@dataclass(frozen=True, slots=True, eq=False)
class Space:
    """A colour space: its family, its channels, the colorants, what stands for them."""

    family: str
    channels: int
    names: tuple[str, ...] = ()
    base: Space | None = None
    tint: Any = None
    table: bytes = b""
    """Of an Indexed space: the colours of the base space one after the other."""

    @property
    def initial(self) -> Colour:
        """The colour that `cs` sets (ISO 32000-1, 8.6.3)."""
        match self.family:
            case "DeviceCMYK":
                return self.colour((0.0, 0.0, 0.0, 1.0))
            case "Separation" | "DeviceN":
                return self.colour((1.0,) * self.channels)
            case _:
                return self.colour((0.0,) * self.channels)

    def colour(self, values: Sequence[float]) -> Colour:
        """The colour of these values; too many or too few are as if cut or filled with 0."""
        fitted = (*values, *(0.0,) * self.channels)[: self.channels]
        if self.family == "Indexed" and self.base is not None and self.table:
            return self.base.colour(self._entry(int(fitted[0])))
        return Colour(self.family, fitted, self.names, self._alternate(fitted))

    def _entry(self, index: int) -> list[float]:
        assert self.base is not None, "an Indexed space has a base"
        start = index * self.base.channels
        return [byte / 255 for byte in self.table[start : start + self.base.channels]]

    def _alternate(self, values: Sequence[float]) -> Colour | None:
        if self.base is None or self.tint is None:
            return None
        try:
            found = evaluated(self.tint, values)
        except ODD:
            return None
        return None if found is None else self.base.colour(found)


ODD = (
    ArithmeticError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    pikepdf.PdfError,
    getattr(pikepdf, "PikepdfError", pikepdf.PdfError),  # since 10, the root of all its errors
)
"""What reading the objects of a broken file may raise."""

GREY = Space("DeviceGray", 1)
RGB = Space("DeviceRGB", 3)
CMYK = Space("DeviceCMYK", 4)
_UNKNOWN = Space("Unknown", 0)
_PATTERN = Space("Pattern", 0)
_DEVICE = {space.family: space for space in (GREY, RGB, CMYK, _PATTERN)}


def space_of(written: Any, named: Mapping[str, Any] | Any = None, depth: int = 0) -> Space:
    """The colour space of a name or an array; `named` are the resources' /ColorSpace."""
    if depth > _DEEPEST:
        return _UNKNOWN
    try:
        if isinstance(written, (pikepdf.Name, str)):
            name = str(written).removeprefix("/")
            name = _SHORT.get(name, name)
            if name in _DEVICE:
                return _DEVICE[name]
            return space_of(named[f"/{name}"], named, depth + 1)
        return _of_array(written, named, depth + 1)
    except ODD:
        return _UNKNOWN


def _of_array(written: Any, named: Any, depth: int) -> Space:
    family = str(written[0]).removeprefix("/")
    family = _SHORT.get(family, family)
    match family:
        case "DeviceGray" | "DeviceRGB" | "DeviceCMYK":
            return _DEVICE[family]
        case "ICCBased":
            return Space(family, int(written[1].N))
        case "Separation":
            name = str(written[1]).removeprefix("/")
            return Space(family, 1, (name,), space_of(written[2], named, depth), written[3])
        case "DeviceN":
            names = tuple(str(name).removeprefix("/") for name in written[1])
            base = space_of(written[2], named, depth)
            return Space(family, len(names), names, base, written[3])
        case "Indexed":
            base = space_of(written[1], named, depth)
            table = written[3]
            data = table.read_bytes() if isinstance(table, pikepdf.Stream) else bytes(table)
            return Space(family, 1, base.names, base, table=data)
        case "Pattern":
            base = space_of(written[1], named, depth) if len(written) > 1 else _UNKNOWN
            return Space(family, base.channels, base.names, base)
        case _:
            return Space(family, _CHANNELS.get(family, 0))
