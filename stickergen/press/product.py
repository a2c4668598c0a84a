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

from pydantic import TypeAdapter

from stickergen.artwork.page import Code, Page
from stickergen.measure import Box, Edges, Point, Size
from stickergen.press.correction import Correction
from stickergen.press.profile import Press
from stickergen.press.sheet import Sheet
from stickergen.proof.expected import CodeAt, Expected, Frame, Up
from stickergen.proof.result import Job

CODE_FIELDS = ("file", "page", "x_mm", "y_mm", "size_mm", "module_mm", "scam", "point", "url")
"""The columns of codes.csv: one line for each code that stands on a page, pages from 1."""

PROCESS = ("Cyan", "Magenta", "Yellow", "Black")
"""The plates of a job in colour, as separations are named (ISO 32000-1, 8.6.6.4)."""


@dataclass(frozen=True)
class Product:
    """A PDF of the job: its sheets in printing order, and the order behind them."""

    file: str
    kind: Literal["stickers", "flyer", "ticket"]
    what: str
    sheets: tuple[Sheet, ...]
    stock: str
    size: str
    press: Press
    ordered: int = 0
    spare: int = 0
    corner: float = 0.0
    round: bool = False
    """The shape of a piece."""
    roll: Size | None = None
    """The label, where a sheet's stock is printed label by label from a roll; else None."""
    correction: Correction | None = None
    """What puts the print where it belongs on a printer that is off."""

    @property
    def copies(self) -> int:
        """Sheets through the printer, slips included."""
        return sum(sheet.copies for sheet in self.sheets)

    @property
    def pieces(self) -> int:
        """Stickers or flyers on all copies of all sheets."""
        return sum(sheet.pieces_printed for sheet in self.sheets)


@dataclass(frozen=True, slots=True)
class Placed:
    """A code on a page (from 1): where its symbol stands in the file."""

    page: int
    box: Box
    module: float
    code: Code


def placed(product: Product, designs: Mapping[str, Page]) -> Iterator[Placed]:
    """Every code of a product, page by page."""
    for number, sheet in enumerate(product.sheets, 1):
        for piece in sheet.pieces:
            for code in designs[piece.design].codes:
                box, module = code.symbol_box.moved(Point(piece.box.x, piece.box.y)), code.module
                if product.correction is not None:
                    box = product.correction.around(box)
                    module *= product.correction.scale
                yield Placed(number, box, module, code)


def codes(products: Sequence[Product], designs: Mapping[str, Page]) -> str:
    """codes.csv as text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CODE_FIELDS)
    for product in products:
        for one in placed(product, designs):
            lengths = (one.box.x, one.box.y, one.box.width, one.module)
            numbers = (f"{length:.3f}" for length in lengths)
            whose = (one.code.scam or "", one.code.point or "", one.code.address)
            writer.writerow((product.file, one.page, *numbers, *whose))
    return out.getvalue()


def expected(product: Product, designs: Mapping[str, Page]) -> Expected:
    """What the product's PDF must hold, as the proof takes it: plain values, no drawing."""
    press = product.press
    frames: dict[Frame, int] = {}
    pages = [
        frames.setdefault(_frame(sheet, designs, product.correction), len(frames))
        for sheet in product.sheets
    ]
    cut = press.cut if any(s.trimming and s.trimming.cuts for s in product.sheets) else None
    return Expected(
        standard=press.standard,
        plates=(*PROCESS, *filter(None, [cut])) if press.inks == "colour" else ("Black",),
        condition=press.condition,
        cut=cut,
        frames=tuple(frames),
        pages=tuple(pages),
        codes=tuple(
            CodeAt(one.page, one.box, one.module, one.code.address)
            for one in placed(product, designs)
        ),
        dpi=min(press.dpi),
    )


def _frame(sheet: Sheet, designs: Mapping[str, Page], correction: Correction | None) -> Frame:
    media = Box(0, 0, sheet.paper.width, sheet.paper.height)
    trim, bleed = media, 0.0
    if sheet.trimming is not None:
        trim, bleed = sheet.trimming.trim, sheet.trimming.bleed
    return Frame(media, trim, bleed, tuple(_ups(sheet, designs, correction)))


def _ups(sheet: Sheet, designs: Mapping[str, Page], correction: Correction | None) -> Iterator[Up]:
    for piece in sheet.pieces:
        page = designs[piece.design]
        safe = piece.box.inset(Edges.all(page.safe))
        for item in sheet.furniture:  # a flyer's sample mark stands in the flyer's own margin
            if piece.box.contains(item.box):
                safe = safe.around(item.box)
        boxes = (piece.box, safe)
        trim, safe = map(correction.around, boxes) if correction else boxes
        yield Up(trim, safe, page.round)


def manifest(
    job: Job,
    sample: bool,
    products: Sequence[Product],
    designs: Mapping[str, Page],
    files: Mapping[str, bytes],
) -> str:
    """manifest.json as text: whose job it is; every file, its pages, copies, pieces and counts."""
    described = {product.file: _described(product, designs) for product in products}
    entries = [
        {
            "file": name,
            **described.get(name, {"kind": "preview" if name.startswith("preview/") else "list"}),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        for name, content in files.items()
    ]
    whose = _JOB.dump_python(job, mode="json")
    whole = {"campaign": job.id, "job": whose, "sample": sample, "files": entries}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


_EXPECTED = TypeAdapter(Expected)
_JOB = TypeAdapter(Job)


def _described(product: Product, designs: Mapping[str, Page]) -> dict[str, Any]:
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
        "press": product.press.id,
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
        "proof": _EXPECTED.dump_python(expected(product, designs), mode="json", exclude={"codes"}),
    }


def _scams(sheet: Sheet, designs: Mapping[str, Page]) -> dict[str, int]:
    """Pieces of each scam type on one copy of a sheet."""
    found: Counter[str] = Counter()
    for piece in sheet.pieces:
        codes = designs[piece.design].codes
        found.update(list(dict.fromkeys(code.scam for code in codes if code.scam)))
    return dict(found)
