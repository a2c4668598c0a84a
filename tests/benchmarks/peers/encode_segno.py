"""Symbols by segno, in Python."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import segno

from peers.encoding import Modules


def encode(texts: Sequence[str], version: int, level: str, mask: int | None = None) -> Modules:
    """The symbols of the texts, at their best masks or all at one."""
    made = [segno.make_qr(text, level, version, mask=mask, boost_error=False) for text in texts]
    return np.array([code.matrix for code in made], dtype=bool)
