"""Small PDFs with QR codes on them, drawn square by square, and the order they are held against.

Comes in: `Printed` codes in mm. Goes out: the bytes of a PDF; the `CodeAt` of a code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any

import pikepdf
import qrcode

from stickergen.measure import Box, Size, to_pt
from stickergen.proof.expected import CodeAt, Expected

PAPER = Size(90, 60)
URL = "https://hs.example.com/kefu/j01"
BLACK = "0 0 0 1 k"


@dataclass(frozen=True)
class Printed:
    """A code at a place: its top left corner, a module's side, and the ink."""

    url: str = URL
    x: float = 10
    y: float = 10
    module: float = 0.5
    ink: str = BLACK

    @property
    def at(self) -> CodeAt:
        """Where it is on the first page, as an order would say it."""
        side = len(modules(self.url)) * self.module
        return CodeAt(1, Box(self.x, self.y, side, side), self.module, self.url)


@cache
def modules(url: str) -> list[list[bool]]:
    """The symbol of an address at level M, without quiet zone."""
    symbol = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=0)
    symbol.add_data(url)
    symbol.make(fit=True)
    matrix: list[list[bool]] = symbol.get_matrix()
    return matrix


def painted(codes: Sequence[Printed]) -> str:
    """The content stream of a page with these codes."""
    return "\n".join(
        f"{code.ink} " + " ".join(squares(code)) + " f" for code in codes if code.module
    )


def squares(code: Printed) -> list[str]:
    side = to_pt(code.module)
    return [
        f"{to_pt(code.x) + column * side:.4f} "
        f"{to_pt(PAPER.height - code.y) - (row + 1) * side:.4f} {side:.4f} {side:.4f} re"
        for row, line in enumerate(modules(code.url))
        for column, dark in enumerate(line)
        if dark
    ]


def pdf(*pages: str, **keys: Any) -> bytes:
    """A PDF of pages with these content streams; `keys` go into each page's dictionary."""
    document = pikepdf.new()
    for content in pages:
        page = document.add_blank_page(page_size=(to_pt(PAPER.width), to_pt(PAPER.height)))
        page.Contents = document.make_stream(content.encode())
        for key, value in keys.items():
            page.obj[f"/{key}"] = value
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def order(*codes: Printed, **more: Any) -> Expected:
    """What is expected of a file whose first page has these codes."""
    return Expected("plain", codes=tuple(code.at for code in codes), **more)
