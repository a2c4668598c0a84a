"""What a job delivers: its PDFs, and the two lists that other programs read.

Comes in: `Sheet`s and the pages of their designs. Goes out: `Product`s, `manifest.json`,
`codes.csv`. Places are in mm from the top left of the page.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

from pydantic import TypeAdapter

from stickergen.artwork.page import Code, Page
from stickergen.content.campaign import Plan
from stickergen.content.serial import Numbering
from stickergen.measure import Box, Edges, Point, Size
from stickergen.press.correction import Correction
from stickergen.press.numbers import address
from stickergen.press.profile import Press
from stickergen.press.sheet import Sheet
from stickergen.proof.expected import CodeAt, Expected, Frame, Up
from stickergen.proof.result import Job

CODE_FIELDS = (
    *("file", "page", "x_mm", "y_mm", "size_mm", "module_mm"),
    *("scam", "point", "url", "serial"),
)
"""The columns of codes.csv: one line for each code that stands on a page, pages from 1."""

CODES_HEAD = ",".join(CODE_FIELDS) + "\n"

PROCESS = ("Cyan", "Magenta", "Yellow", "Black")
"""The plates of a job in colour, as separations are named (ISO 32000-1, 8.6.6.4)."""


@dataclass(frozen=True, slots=True)
class Whole:
    """Pages, each printed once, and pieces of a series."""

    pages: int
    pieces: int


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
    numbering: Numbering | None = None
    """How the pieces are numbered, where each has a number of its own."""
    whole: Whole | None = None
    """What all volumes of a series hold, where this stands for them with a few of their sheets."""

    @property
    def pages(self) -> int:
        """Pages of the file."""
        return self.whole.pages if self.whole is not None else len(self.sheets)

    @property
    def copies(self) -> int:
        """Sheets through the printer, slips included."""
        if self.whole is not None:
            return self.whole.pages
        return sum(sheet.copies for sheet in self.sheets)

    @property
    def pieces(self) -> int:
        """Stickers or flyers on all copies of all sheets."""
        if self.whole is not None:
            return self.whole.pieces
        return sum(sheet.pieces_printed for sheet in self.sheets)


@dataclass(frozen=True, slots=True)
class Placed:
    """A code on a page (from 1): where its symbol stands in the file."""

    page: int
    box: Box
    module: float
    code: Code
    url: str
    point: str
    serial: str = ""
    """The number of its piece in words, where it has one."""


def placed(product: Product, designs: Mapping[str, Page]) -> Iterator[Placed]:
    """Every code of a product, page by page."""
    known: dict[tuple[str, Box], list[tuple[Code, Box, float]]] = {}
    for number, sheet in enumerate(product.sheets, 1):
        for piece in sheet.pieces:
            key = (piece.design, piece.box)
            if key not in known:  # a sheet has a few places, a volume thousands of pieces
                known[key] = list(_codes_at(designs[piece.design], piece.box, product.correction))
            for code, box, module in known[key]:
                if product.numbering is None or piece.serial is None:
                    yield Placed(number, box, module, code, code.address, code.point or "")
                else:
                    url = address(code, product.numbering, piece.serial)
                    words = product.numbering.words(piece.serial)
                    yield Placed(number, box, module, code, url, sheet.point or "", words)


def _codes_at(
    page: Page, place: Box, correction: Correction | None
) -> Iterator[tuple[Code, Box, float]]:
    """The codes of a piece, where their symbols stand on the sheet, the size of a module."""
    for code in page.codes:
        box, module = code.symbol_box.moved(Point(place.x, place.y)), code.module
        if correction is not None:
            box, module = correction.around(box), module * correction.scale
        yield code, box, module


def code_lines(product: Product, codes: Iterable[Placed]) -> str:
    """The lines of codes.csv for a product, from its codes."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for one in codes:
        lengths = (one.box.x, one.box.y, one.box.width, one.module)
        numbers = (f"{length:.3f}" for length in lengths)
        whose = (one.code.scam or "", one.point, one.url, one.serial)
        writer.writerow((product.file, one.page, *numbers, *whose))
    return out.getvalue()


def expected(product: Product, designs: Mapping[str, Page], codes: Iterable[Placed]) -> Expected:
    """What the product's PDF must hold, as the proof takes it: plain values, no drawing.

    `codes` are those that it is held against: as `placed` gives them.
    """
    press = product.press
    frames: dict[Frame, int] = {}
    known: dict[tuple[Any, ...], int] = {}  # sheets alike: their frame is looked for once
    pages = []
    for sheet in product.sheets:
        within = sheet.furniture if sheet.kind == "flyer" else ()
        key = (sheet.paper, sheet.trimming, within, *((p.design, p.box) for p in sheet.pieces))
        if key not in known:
            frame = _frame(sheet, designs, product.correction)
            known[key] = frames.setdefault(frame, len(frames))
        pages.append(known[key])
    cut = press.cut if any(s.trimming and s.trimming.cuts for s in product.sheets) else None
    return Expected(
        standard=press.standard,
        plates=(*PROCESS, *filter(None, [cut])) if press.inks == "colour" else ("Black",),
        condition=press.condition,
        cut=cut,
        frames=tuple(frames),
        pages=tuple(pages),
        codes=tuple(CodeAt(one.page, one.box, one.module, one.url) for one in codes),
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
            if sheet.kind == "flyer" and piece.box.contains(item.box):
                safe = safe.around(item.box)
        boxes = (piece.box, safe)
        trim, safe = map(correction.around, boxes) if correction else boxes
        yield Up(trim, safe, page.round)


def manifest(
    job: Job,
    sample: bool,
    entries: Sequence[Mapping[str, Any]],
    serials: Mapping[str, Any] | None = None,
) -> str:
    """manifest.json as text: whose job it is; its files; who gets which numbers."""
    whose = _JOB.dump_python(job, mode="json")
    whole = {"campaign": job.id, "job": whose, "sample": sample}
    if serials is not None:
        whole["serials"] = serials
    whole["files"] = entries
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def entry(name: str, sha256: str, about: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What the manifest has of a file; `about` is what is told of a product."""
    if about is None:
        about = {"kind": "preview" if name.startswith("preview/") else "list"}
    return {"file": name, **about, "sha256": sha256}


def serials(numbering: Numbering, plan: Plan, *, part: bool) -> dict[str, Any]:
    """What the manifest has of numbers: how they are made, and who gets which.

    `part`: these are some of the order's numbers alone, printed again.
    """
    points = []
    for point, lots in groupby(plan.lots, key=lambda lot: lot.point):
        ranges = [
            {
                "scam": lot.scam.id,
                "name": lot.scam.name,
                "first": numbering.words(lot.serials[0]),
                "last": numbering.words(lot.serials[-1]),
                "count": lot.printed,
            }
            for lot in lots
        ]
        points.append({"point": point.id, "name": point.name, "ranges": ranges})
    return {
        "prefix": numbering.prefix,
        "digits": numbering.digits,
        "check": numbering.check,
        "part": part,
        "points": points,
    }


_EXPECTED = TypeAdapter(Expected)
_JOB = TypeAdapter(Job)


def described(product: Product, designs: Mapping[str, Page], ordered: Expected) -> dict[str, Any]:
    """What the manifest tells of a product: pages, copies, pieces, and what the proof expects."""
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
        "pages": product.pages,
        "copies": product.copies,
        "pieces": product.pieces,
        **({"counts": counts} if product.kind != "ticket" and product.numbering is None else {}),
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
        ]
        if product.numbering is None
        else _stretches(product, product.numbering),
        "proof": _EXPECTED.dump_python(ordered, mode="json", exclude={"codes"}),
    }


def _stretches(product: Product, numbering: Numbering) -> list[dict[str, Any]]:
    """The sheets of a volume, those of one point in one line."""
    found = []
    for (kind, point), group in groupby(
        enumerate(product.sheets, 1), key=lambda one: (one[1].kind, one[1].point)
    ):
        pages = list(group)
        numbers = [p.serial for _, sheet in pages for p in sheet.pieces if p.serial is not None]
        stretch: dict[str, Any] = {"page": pages[0][0], "pages": len(pages), "kind": kind}
        stretch |= {"pieces": len(numbers), "point": point}
        if numbers:
            stretch["first"] = numbering.words(min(numbers))
            stretch["last"] = numbering.words(max(numbers))
        found.append(stretch)
    return found


def _scams(sheet: Sheet, designs: Mapping[str, Page]) -> dict[str, int]:
    """Pieces of each scam type on one copy of a sheet."""
    found: Counter[str] = Counter()
    for piece in sheet.pieces:
        codes = designs[piece.design].codes
        found.update(list(dict.fromkeys(code.scam for code in codes if code.scam)))
    return dict(found)
