"""Symbols by `qrcode`, in Python."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import qrcode
from qrcode import constants

from peers.encoding import Modules

LEVELS = {name: getattr(constants, f"ERROR_CORRECT_{name}") for name in "LMQH"}


def encode(texts: Sequence[str], version: int, level: str) -> Modules:
    """The symbols of the texts."""
    made = []
    for text in texts:
        code = qrcode.QRCode(version, LEVELS[level])
        code.add_data(text, optimize=0)
        code.make(fit=False)
        made.append(code.modules)
    return np.array(made, dtype=bool)
