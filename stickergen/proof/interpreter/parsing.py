"""Content streams as instructions, long runs of rectangles as one instruction each.

Comes in: a page or a form. Goes out: what pikepdf's parser gives for it, but for the runs: a page
of 24 codes has 5,000 rectangles and 300 other operators. A run is cut out and a mark put in its
place before the stream is parsed. Where the parser does not give back every mark as an operator
with its own number alone, or has anything to say, the stream is parsed as it is: then a run stood
in a string, a comment, an array, or operands were left over before it. Lengths are in user space.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pikepdf

from stickergen.proof.interpreter.colours import ODD

RECTANGLES = "re re"
"""The operator that stands for a run; no other has a blank in its name."""

_FEWEST = 8
"""Rectangles of a run. Tuned: fewer are as quickly parsed."""

_RUN = re.compile(
    rb"(?<![^ \r\n\t])"
    rb"(?:(?:[-.0-9]{1,15}+[ \r\n\t]++){4}re[ \r\n\t]++){%d,}+" % _FEWEST
)
"""Numbers of 15 characters at the most: no parser finds them too large."""
_NUMBERS = re.compile(rb"(?:(?:-?(?:\d++(?:\.\d*+)?+|\.\d++)|re)[ \r\n\t]++)++")
"""What a run is made of, if it is sound: few programs write numbers in any other way. Possessive:
a place to come back to for every word would take 160 bytes each."""

_WHOLE = b"0123456789 \r\n\tre"

_MARK = "RunOfRectangles"
_INLINE_IMAGE = re.compile(rb"(?<![^ \r\n\t])BI(?![^ \r\n\t/])")

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rectangles:
    """A run of `re` operators, as it is written; like an instruction of pikepdf's."""

    written: bytes

    @property
    def operator(self) -> str:
        """What stands for the run."""
        return RECTANGLES

    @property
    def operands(self) -> tuple[bytes]:
        """The run."""
        return (self.written,)


def parsed(content: Any, operators: str = "") -> Sequence[Any]:
    """The instructions of a page or a form; `operators` alone if any are named.

    Raises as pikepdf.parse_content_stream does.
    """
    try:
        found = _shortened(content, operators)
    except ODD:
        found = None
    return pikepdf.parse_content_stream(content, operators) if found is None else found


def corners(written: bytes) -> Numbers:
    """The numbers of a run, n × 4: x, y, width, height."""
    characters = np.frombuffer(b"   %b" % written, np.uint8) - ord("0")
    digit = characters < 10
    ones = np.flatnonzero(digit[:-1] & ~digit[1:])
    tens = digit[ones - 1]
    hundreds = tens & digit[ones - 2]
    if b"." in written or b"-" in written or (hundreds & digit[ones - 3]).any():
        words = written.replace(b"re", b" ").split()
        return np.array([float(word) for word in words]).reshape(-1, 4)
    found = characters[ones].astype(np.float64)
    found += np.where(tens, 10.0 * characters[ones - 1], 0.0)
    found += np.where(hundreds, 100.0 * characters[ones - 2], 0.0)
    return found.reshape(-1, 4)


def without_rectangles(data: bytes) -> bytes:
    """A content stream without its runs, for those who look for other words in it."""
    return _RUN.sub(b"\n", data)


def _shortened(content: Any, operators: str) -> Sequence[Any] | None:
    """The instructions with runs; None where there are none or the stream is not so simple."""
    data = _written(content)
    runs: list[bytes] = []

    def cut(run: re.Match[bytes]) -> bytes:
        runs.append(run[0])
        return b"%d %b " % (len(runs) - 1, _MARK.encode())

    short = _RUN.sub(cut, data)
    if not runs or _MARK.encode() in data or _INLINE_IMAGE.search(short):
        return None
    if not all(map(_sound, runs)):
        return None
    with pikepdf.new() as scratch, warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        stream = pikepdf.Stream(scratch, short)
        wanted = f"{operators} {_MARK}" if operators else ""
        instructions = pikepdf.parse_content_stream(stream, wanted)
        if heard or scratch.get_warnings():
            return None
    return _restored(instructions, runs)


def _sound(run: bytes) -> bool:
    """Whether all numbers of a run are numbers."""
    return not run.translate(None, _WHOLE) or _NUMBERS.fullmatch(run) is not None


def _written(content: Any) -> bytes:
    """The decoded bytes of a page or a form."""
    holder = content.obj if isinstance(content, pikepdf.Page) else content
    if isinstance(holder, pikepdf.Stream):
        return bytes(holder.read_bytes())
    parts = holder.Contents
    streams = [parts] if isinstance(parts, pikepdf.Stream) else list(parts)
    return b"\n".join(stream.read_bytes() for stream in streams)


def _restored(instructions: Sequence[Any], runs: Sequence[bytes]) -> Sequence[Any] | None:
    """The instructions with the runs in place of their marks; None if marks were lost."""
    found: list[Any] = []
    number = 0
    for instruction in instructions:
        if str(instruction.operator) != _MARK:
            found.append(instruction)
        elif list(instruction.operands) == [number]:
            found.append(Rectangles(runs[number]))
            number += 1
        else:
            return None
    return found if number == len(runs) else None
