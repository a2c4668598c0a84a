"""Symbols by libqrencode, in C, through ctypes."""

from __future__ import annotations

import ctypes
import ctypes.util
from collections.abc import Sequence
from functools import cache

import numpy as np

from peers.encoding import Modules

LEVELS = "LMQH"
"""By their number: QRecLevel of qrencode.h."""

MODULE = 1
"""The lowest bit of a byte; the others say what the module is part of (qrencode.h)."""


class Code(ctypes.Structure):
    """QRcode of qrencode.h."""

    _fields_ = (
        ("version", ctypes.c_int),
        ("width", ctypes.c_int),
        ("data", ctypes.c_void_p),
    )


@cache
def library() -> ctypes.CDLL | None:
    """The library, if the system has it."""
    name = ctypes.util.find_library("qrencode")
    if name is None:
        return None
    found = ctypes.CDLL(name)
    found.QRcode_encodeString8bit.restype = ctypes.POINTER(Code)
    found.QRcode_free.argtypes = [ctypes.POINTER(Code)]
    found.QRcode_APIVersionString.restype = ctypes.c_char_p
    return found


def version() -> str | None:
    """The version of the library; None without it."""
    found = library()
    return None if found is None else str(found.QRcode_APIVersionString().decode())


def encode(texts: Sequence[str], version: int, level: str) -> Modules:
    """The symbols of the texts."""
    found = library()
    assert found is not None
    width = 17 + 4 * version
    made = []
    for text in texts:
        code = found.QRcode_encodeString8bit(text.encode(), version, LEVELS.index(level))
        made.append(ctypes.string_at(code.contents.data, width * width))
        found.QRcode_free(code)
    modules = np.frombuffer(b"".join(made), np.uint8) & MODULE
    return modules.reshape(-1, width, width).astype(bool)
