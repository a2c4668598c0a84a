"""Symbols as runs: what is dark, row by row, in as few rectangles of one module's height."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby, pairwise

import numpy as np
import numpy.typing as npt

from peers.encoding import Encoder, Modules
from peers.stickers import Sticker


def _runs(modules: Modules) -> tuple[npt.NDArray[np.intp], ...]:
    """Symbol, row, first module and length of every run, y down."""
    edges = np.diff(np.pad(modules.astype(np.int8), ((0, 0), (0, 0), (1, 1))), axis=2)
    symbol, y, x = np.nonzero(edges == 1)
    return symbol, y, x, np.nonzero(edges == -1)[2] - x


def listed(modules: Modules) -> Iterator[list[list[int]]]:
    """For each symbol its runs, each as x, y and length in modules."""
    symbol, y, x, length = _runs(modules)
    found = np.stack((x, y, length), axis=1)
    ends = np.searchsorted(symbol, np.arange(len(modules) + 1)).tolist()
    return (found[start:end].tolist() for start, end in pairwise(ends))


def written(modules: Modules, form: str) -> Iterator[str]:
    """For each symbol its runs as text, each as the form says with {x}, {y} and {length}."""
    symbol, y, x, length = _runs(modules)
    found = _texts(modules.shape[1], form)[y, x, length]
    ends = np.searchsorted(symbol, np.arange(len(modules) + 1)).tolist()
    return ("".join(found[start:end].tolist()) for start, end in pairwise(ends))


@cache
def _texts(width: int, form: str) -> npt.NDArray[np.object_]:
    """Every run that a symbol may have as text: written once, not six million times."""
    side = range(width)
    texts = [
        [[form.format(x=x, y=y, length=length) for length in range(width + 1)] for x in side]
        for y in side
    ]
    return np.array(texts, dtype=object)


def encoded(encode: Encoder, sheet: Sequence[Sticker]) -> Iterator[Modules]:
    """The symbols of a sheet in their order, those of one type at a time."""
    for scam, alike in groupby(sheet, lambda sticker: sticker.scam):
        yield encode([sticker.address for sticker in alike], scam.version, scam.level)
