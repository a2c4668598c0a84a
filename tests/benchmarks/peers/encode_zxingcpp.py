"""Symbols by zxing-cpp's writer, in C++."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from zxingcpp import BarcodeFormat, create_barcode

from peers.encoding import Modules


def encode(texts: Sequence[str], version: int, level: str) -> Modules:
    """The symbols of the texts."""
    options = {"ec_level": level, "version": version}
    made = [create_barcode(text, BarcodeFormat.QRCode, **options) for text in texts]
    dark: Modules = np.array([code.to_image(add_quiet_zones=False) for code in made]) == 0
    return dark
