"""ICC profiles: is a file the profile of a printing condition, and may this standard hold it?

Comes in: a file and a press. Goes out: what is wrong with it, told where the press names it.
Source: the header of ICC.1:2001-04 and ICC.1:2010: size at 0, version at 8, class at 12, colour
space at 16, `acsp` at 36. The table of tags follows at 128.
Limits: what the tags hold is not read.
"""

from __future__ import annotations

import struct
from pathlib import Path

from stickergen.content.source import Document
from stickergen.press.profile import Press
from stickergen.problem import Problem

MOST_BYTES = 16_000_000
"""Tuned: eight times the largest CMYK profile that was found."""

LAST_VERSION = {"pdf-x-1a": 2, "pdf-x-4": 4}
"""The last major version that each standard may hold (ISO 15930-4 and -7 by their PDF versions)."""

_HEADER = 128
_TAG = 12
"""Bytes of the header, and of an entry of the table behind it: signature, offset, size."""


def problems(file: Path, press: Document[Press]) -> list[Problem]:
    """Why this file cannot be the output profile of this press."""
    size = file.stat().st_size
    data = file.read_bytes() if size <= MOST_BYTES else b""
    header = data[:_HEADER]
    values = {"value": file.name, "standard": press.value.standard}
    place = press.place("profile")
    if len(header) < _HEADER or header[36:40] != b"acsp" or not _whole(data):
        return [Problem("profile-unreadable", place, values)]
    if header[12:16] != b"prtr" or header[16:20] != b"CMYK":
        kind = (
            f"{header[12:16].decode('ascii', 'replace')} {header[16:20].decode('ascii', 'replace')}"
        )
        return [Problem("profile-not-for-print", place, values | {"kind": kind.strip()})]
    if header[8] > LAST_VERSION[press.value.standard]:
        return [Problem("profile-too-new", place, values | {"version": header[8]})]
    return []


def _whole(data: bytes) -> bool:
    """Whether the file is as long as it says, and every tag lies inside it."""
    if int.from_bytes(data[:4], "big") != len(data):
        return False
    count = int.from_bytes(data[_HEADER : _HEADER + 4], "big")
    first = _HEADER + 4
    if not 0 < count <= (len(data) - first) // _TAG:
        return False
    for start in range(first, first + count * _TAG, _TAG):
        offset, length = struct.unpack_from(">II", data, start + 4)
        if offset < first + count * _TAG or offset + length > len(data):
            return False
    return True
