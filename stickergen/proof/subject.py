"""The file under proof, opened once for all checks.

Comes in: a name, the bytes of a PDF, what is expected of it. Goes out: a `Subject`. The PDF stays
open as long as the subject lives: pikepdf's objects die with their file.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from io import BytesIO

import pikepdf

from stickergen.proof.expected import Expected, Standard
from stickergen.proof.painted import Layer, Painting, painting


@dataclass(frozen=True, eq=False)
class Subject:
    """A PDF under proof."""

    name: str
    data: bytes
    pdf: pikepdf.Pdf
    expected: Expected

    @classmethod
    def of(cls, name: str, data: bytes, expected: Expected) -> Subject:
        """Open a PDF; pikepdf.PdfError if it is none, pikepdf.PasswordError if it is locked."""
        return cls(name, data, pikepdf.open(BytesIO(data)), expected)

    @property
    def standard(self) -> Standard:
        """The standard that the file is held against."""
        return self.expected.standard

    @cached_property
    def painting(self) -> Painting:
        """What the pages paint, and in which order."""
        return painting(self.pdf)

    @property
    def layers(self) -> tuple[Layer, ...]:
        """What the pages paint, shared parts once."""
        return self.painting.layers
