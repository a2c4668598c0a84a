"""The dark modules of many symbols as runs: as many neighbours in a row as there are, as one.

Comes in: n × width × width modules. Goes out: `Runs`, sorted by symbol, from the top, from the
left. All symbols are done at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Modules = npt.NDArray[np.bool_]
"""n × width × width, True for dark; rows from the top."""

Numbers = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Runs:
    """Where runs begin and how long they are, in modules; those of symbol n are
    `[starts[n]:starts[n + 1]]`.
    """

    x: Numbers
    y: Numbers
    lengths: Numbers
    starts: Numbers


def runs(modules: Modules) -> Runs:
    """The runs of these symbols."""
    count, height, width = modules.shape
    stride = width + 1
    lines = np.zeros(count * height * stride + 1, bool)  # a light module before each row
    lines[:-1].reshape(count, height, stride)[:, :, 1:] = modules
    edges = np.flatnonzero(lines[1:] != lines[:-1]) + 1
    begins, ends = edges[0::2], edges[1::2]
    row, x = np.divmod(begins, stride)
    symbol, y = np.divmod(row, height)
    starts = np.searchsorted(symbol, np.arange(count + 1))
    return Runs(x - 1, y, ends - begins, starts)
