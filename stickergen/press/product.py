"""What a job delivers: its PDFs, and the two lists that other programs read.

Comes in: `Sheet`s and the pages of their designs. Goes out: `Product`s, `manifest.json`,
`codes.csv`. Places are in mm from the top left of the page.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from stickergen.artwork.page import Page
from stickergen.measure import Point
from stickergen.press.sheet import Sheet

CODE_FIELDS = ("file", "page", "x_mm", "y_mm", "size_mm", "scam", "point", "url")
"""The columns of codes.csv: one line for each code that stands on a page, pages from 1."""


@dataclass(frozen=True)
class Product:
    """A PDF of the job: its sheets in printing order, and the order behind them."""

    file: str
    kind: Literal["stickers", "flyer", "ticket"]
    what: str
    sheets: tuple[Sheet, ...]
    stock: str
    size: str
    ordered: int = 0
    spare: int = 0

    @property
    def copies(self) -> int:
        """Sheets through the printer, slips included."""
        return sum(sheet.copies for sheet in self.sheets)

    @property
    def pieces(self) -> int:
        """Stickers or flyers on all copies of all sheets."""
        return sum(sheet.pieces_printed for sheet in self.sheets)


def codes(products: Sequence[Product], designs: Mapping[str, Page]) -> str:
    """codes.csv as text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CODE_FIELDS)
    for product in products:
        for number, sheet in enumerate(product.sheets, 1):
            for row in _codes_on(sheet, designs):
                writer.writerow((product.file, number, *row))
    return out.getvalue()


def _codes_on(sheet: Sheet, designs: Mapping[str, Page]) -> Iterator[tuple[str, ...]]:
    for piece in sheet.pieces:
        for code in designs[piece.design].codes:
            box = code.symbol_box.moved(Point(piece.box.x, piece.box.y))
            lengths = (f"{length:.3f}" for length in (box.x, box.y, box.width))
            yield (*lengths, code.scam or "", code.point or "", code.address)


def manifest(
    campaign: str,
    sample: bool,
    products: Sequence[Product],
    designs: Mapping[str, Page],
    files: Mapping[str, bytes],
) -> str:
    """manifest.json as text: every file, its pages, copies, pieces and counts."""
    described = {product.file: _product(product, designs) for product in products}
    entries = [
        {
            "file": name,
            **described.get(name, {"kind": "preview" if name.startswith("preview/") else "list"}),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        for name, content in files.items()
    ]
    whole = {"campaign": campaign, "sample": sample, "files": entries}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _product(product: Product, designs: Mapping[str, Page]) -> dict[str, Any]:
    counts = {
        "ordered": product.ordered,
        "spare": product.spare,
        "surplus": product.pieces - product.ordered - product.spare,
        "printed": product.pieces,
    }
    return {
        "kind": product.kind,
        "what": product.what,
        "stock": product.stock,
        "pages": len(product.sheets),
        "copies": product.copies,
        "pieces": product.pieces,
        **({} if product.kind == "ticket" else {"counts": counts}),
        "sheets": [
            {
                "page": number,
                "kind": sheet.kind,
                "copies": sheet.copies,
                "pieces": sheet.pieces_printed,
                **({"point": sheet.point} if sheet.point else {}),
                **({"scams": scams} if (scams := _scams(sheet, designs)) else {}),
            }
            for number, sheet in enumerate(product.sheets, 1)
        ],
    }


def _scams(sheet: Sheet, designs: Mapping[str, Page]) -> dict[str, int]:
    """Pieces of each scam type on one copy of a sheet."""
    found: Counter[str] = Counter()
    for piece in sheet.pieces:
        codes = designs[piece.design].codes
        found.update(list(dict.fromkeys(code.scam for code in codes if code.scam)))
    return dict(found)
