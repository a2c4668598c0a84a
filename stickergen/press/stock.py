"""Stocks: the papers and labels that pieces are printed on, and where the pieces sit on them.

Comes in: a stock file (`StockFile`, read by `content.source`) and, later, the size of a piece. Goes
out: a `Stock`, and for one piece a `Placement`: the page, the labels on it, the piece centred on
each label, the free strip for the slug line. Millimetres; origin top left.

Three kinds. `sheet`: labels on a straight grid. `roll`: one label is one page. `one-up`: the page
is the piece and a margin on each side; its size is known only when the piece is.

Limits: straight grids with one label size; corner radii of the piece are not compared with those of
the label (the template's safe area covers both).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot
from typing import Annotated, Literal

from pydantic import Field

from stickergen.content.model import Identifier, Part, Words
from stickergen.content.source import Document
from stickergen.measure import TOLERANCE, Box, Edges, Point, Size
from stickergen.problem import InputError, Place, Problem

Kind = Literal["sheet", "one-up", "roll"]

LONGEST = 1500.0
"""Tuned: longer than the widest sheet a label press takes; beyond it a length is a slip."""

MOST_IN_A_LINE = 60
"""Tuned: half as many again as the densest A4 label sheet in glabels-data 3.4 (39 rows)."""

UNPRINTABLE = 4.2
"""Tuned: office laser printers leave about 4–5 mm of each edge blank; 4.2 is 1/6 inch."""

MARGIN = 10.0
"""Tuned: the slug line, and room to hold the page."""

Length = Annotated[float, Field(gt=0, le=LONGEST, allow_inf_nan=False)]
Distance = Annotated[float, Field(ge=0, le=LONGEST, allow_inf_nan=False)]
Line = Annotated[int, Field(ge=1, le=MOST_IN_A_LINE)]

NEEDED: dict[Kind, dict[str, str]] = {
    "sheet": {"paper": "[210, 297]", "label": "[63.5, 33.9]", "first": "[7.2, 12.9]"},
    "one-up": {},
    "roll": {"label": "[60, 40]"},
}
"""The fields a kind cannot do without, each with an example to type."""

OPTIONAL: dict[Kind, frozenset[str]] = {
    "sheet": frozenset({"shape", "corner", "pitch", "columns", "rows", "bleed", "unprintable"}),
    "one-up": frozenset({"bleed", "margin"}),
    "roll": frozenset({"shape", "corner"}),
}
"""The fields a kind may have; any other geometry in the file would be read and never used."""

PITCH_EXAMPLE = "[66, 33.9]"
"""What to type for the pitch of a sheet with more than one label."""

_ALWAYS = frozenset({"id", "name", "kind", "source", "parts"})


class StockFile(Part):
    """A stock as written in its file."""

    id: Identifier = Field(description="纸张代号，与文件名相同，如 a4-24-63.5x33.9")
    name: Words = Field(description="纸张名称，如 A4 不干胶 24 枚 63.5×33.9")
    kind: Kind = Field(
        description="种类：sheet 整张（若干枚）、roll 卷装（一枚一页）、one-up 单枚（页面随成品）"
    )
    paper: tuple[Length, Length] | None = Field(
        None, description="纸张 [宽, 高]，毫米；只有 sheet 要写，如 [210, 297]"
    )
    label: tuple[Length, Length] | None = Field(
        None, description="每枚标签 [宽, 高]，毫米；圆形写 [直径, 直径]；one-up 不写"
    )
    shape: Literal["rect", "round"] = Field("rect", description="标签形状：rect 方形，round 圆形")
    corner: Distance = Field(0, description="圆角半径，毫米；直角不写")
    first: tuple[Distance, Distance] | None = Field(
        None, description="第一枚标签左上角离纸左边、上边的距离 [左, 上]，毫米；只有 sheet 要写"
    )
    pitch: tuple[Length, Length] | None = Field(
        None,
        description="间距 [横, 竖]，毫米：从一枚的左上角到右边（下边）一枚的左上角；只有一枚时不写",
    )
    columns: Line = Field(1, description="每行几枚")
    rows: Line = Field(1, description="共几行")
    bleed: Distance = Field(0, description="要求的出血，毫米；标签之间要留两倍出血；不写为 0")
    margin: Distance = Field(
        MARGIN, description="成品四周的白边，毫米，放页边的字；只有 one-up 用，不写为 10"
    )
    unprintable: float = Field(
        UNPRINTABLE,
        ge=0,
        le=20,
        allow_inf_nan=False,
        description="打印机四边印不到的宽度，毫米；只有 sheet 用，不写为 4.2",
    )
    source: Words = Field(description="尺寸从哪里来")
    parts: tuple[Words, ...] = Field(
        (), description="适用的厂家型号（每枚中心相差不到 0.6 毫米），如 Avery L7160"
    )


@dataclass(frozen=True, slots=True)
class Grid:
    """Equal boxes in columns and rows: the first one's corner, and the pitch."""

    first: Point
    pitch: Size
    columns: int
    rows: int

    def boxes(self, size: Size) -> tuple[Box, ...]:
        """The boxes in reading order."""
        return tuple(
            Box(
                self.first.x + column * self.pitch.width,
                self.first.y + row * self.pitch.height,
                size.width,
                size.height,
            )
            for row in range(self.rows)
            for column in range(self.columns)
        )

    def gaps(self, size: Size) -> tuple[float, ...]:
        """The room between neighbours of this size; no entry for a direction without neighbours."""
        across = (self.pitch.width - size.width,) if self.columns > 1 else ()
        down = (self.pitch.height - size.height,) if self.rows > 1 else ()
        return across + down


@dataclass(frozen=True, slots=True)
class Placement:
    """One page of a stock with a piece on it: what to print where, and what to keep clear.

    `labels` and `pieces` go together, in reading order; both are trim boxes, without bleed. `trim`
    is what is left of the page when a shop has cut its marks off; else the page itself.
    """

    paper: Size
    labels: tuple[Box, ...]
    pieces: tuple[Box, ...]
    bleed: float
    printable: Box
    trim: Box

    def strips(self, height: float) -> tuple[Box, ...]:
        """The free strips of this height at least, from the top, as wide as can be printed.

        Free is what no label and no bleed covers: a slug inside a label would be stuck on a parcel.
        """
        bled = (piece.inset(Edges.all(-self.bleed)) for piece in self.pieces)
        top, spans = self.printable.y, []
        for box in sorted((*self.labels, *bled), key=lambda box: box.y):
            spans.append((top, min(box.y, self.printable.bottom)))
            top = max(top, box.bottom)
        spans.append((top, self.printable.bottom))
        return tuple(
            Box(self.printable.x, low, self.printable.width, high - low)
            for low, high in spans
            if high - low >= height - TOLERANCE
        )

    def strip(self, height: float) -> Box | None:
        """The strip for a slug line of this height: the top margin, else the highest strip."""
        free = self.strips(height)
        if free and free[0].y == self.printable.y:
            return free[0]
        return max(free, key=lambda strip: strip.height, default=None)


@dataclass(frozen=True, slots=True)
class Stock:
    """A stock whose geometry holds; `paper`, `label` and `grid` are open for one-up alone."""

    id: str
    name: str
    kind: Kind
    paper: Size | None
    label: Size | None
    grid: Grid | None
    round: bool
    corner: float
    bleed: float
    margin: float
    unprintable: float

    @classmethod
    def of(cls, file: StockFile) -> Stock:
        """The stock of a file in which `problems` found nothing."""
        label = Size(*file.label) if file.label else None
        grid = None
        if label:
            pitch = Size(*file.pitch) if file.pitch else label
            grid = Grid(Point(*(file.first or (0.0, 0.0))), pitch, file.columns, file.rows)
        return cls(
            id=file.id,
            name=file.name,
            kind=file.kind,
            paper=Size(*file.paper) if file.paper else label,
            label=label,
            grid=grid,
            round=file.shape == "round",
            corner=file.corner,
            bleed=file.bleed,
            margin=file.margin if file.kind == "one-up" else 0.0,
            unprintable=file.unprintable if file.kind == "sheet" else 0.0,
        )

    @property
    def ups(self) -> tuple[Box, ...]:
        """The labels on a page in reading order; none for one-up, where the piece decides."""
        return self.grid.boxes(self.label) if self.grid and self.label else ()

    def misfits(self, size: Size, *, round: bool, bleed: float, place: Place) -> list[Problem]:
        """Why this piece cannot be printed on this stock; `place` is where the stock was chosen."""
        values = {
            "stock": self.id,
            "piece_width": size.width,
            "piece_height": size.height,
            "bleed": bleed,
        }
        if self.label is None or self.grid is None:
            room = self.margin
        elif self._holds(size, round):
            room = max(0.0, min((gap / 2 for gap in self.grid.gaps(size)), default=bleed))
        else:
            values |= {"label_width": self.label.width, "label_height": self.label.height}
            return [Problem("piece-does-not-fit-stock", place, values)]
        if bleed > room + TOLERANCE:
            return [Problem("piece-bleed-too-large", place, values | {"room": room})]
        return []

    def for_piece(self, size: Size, *, round: bool, bleed: float, place: Place) -> Placement:
        """The page with the piece in the middle of each label; InputError if it does not fit."""
        if found := self.misfits(size, round=round, bleed=bleed, place=place):
            raise InputError(found)
        if self.paper is None or self.label is None:
            paper = Size(size.width + 2 * self.margin, size.height + 2 * self.margin)
            labels: tuple[Box, ...] = (Box(self.margin, self.margin, size.width, size.height),)
        else:
            paper, labels = self.paper, self.ups
        pieces = tuple(
            Box(
                label.x + (label.width - size.width) / 2,
                label.y + (label.height - size.height) / 2,
                size.width,
                size.height,
            )
            for label in labels
        )
        sheet = Box(0, 0, paper.width, paper.height)
        printable = sheet.inset(Edges.all(self.unprintable))
        return Placement(paper, labels, pieces, bleed, printable, sheet)

    def _holds(self, size: Size, round: bool) -> bool:
        """Whether a piece centred on a label stays on it."""
        assert self.label is not None
        if self.round and not round:
            return hypot(size.width, size.height) <= self.label.width + TOLERANCE
        return (
            size.width <= self.label.width + TOLERANCE
            and size.height <= self.label.height + TOLERANCE
        )


def problems(document: Document[StockFile]) -> list[Problem]:
    """What is wrong with a stock file: fields of its kind first, then the geometry."""
    return _fields(document) or [*_label(document), *_grid(document)]


def _fields(document: Document[StockFile]) -> list[Problem]:
    """Fields that the kind lacks, and fields that it has no use for."""
    file = document.value
    given = file.model_fields_set
    needed = dict(NEEDED[file.kind])
    if file.kind == "sheet" and file.columns * file.rows > 1:
        needed["pitch"] = PITCH_EXAMPLE
    allowed = _ALWAYS | needed.keys() | OPTIONAL[file.kind]
    found = [
        Problem(
            "stock-missing-field",
            document.place(field),
            {"kind": file.kind, "field": field, "example": example},
        )
        for field, example in needed.items()
        if getattr(file, field) is None
    ]
    found += [
        Problem("stock-useless-field", document.place(field), {"kind": file.kind, "field": field})
        for field in sorted(given - allowed)
    ]
    return found


def _label(document: Document[StockFile]) -> list[Problem]:
    """A round label is as wide as high and has no corners; a radius is at most half a side."""
    file = document.value
    if file.label is None:
        return []
    width, height = file.label
    values = {"width": width, "height": height}
    if file.shape == "round":
        if abs(width - height) > TOLERANCE:
            return [Problem("stock-round-not-square", document.place("label"), values)]
        if file.corner > 0:
            values = {"corner": file.corner}
            return [Problem("stock-corner-on-round", document.place("corner"), values)]
    elif file.corner > min(width, height) / 2 + TOLERANCE:
        values |= {"corner": file.corner, "most": min(width, height) / 2}
        return [Problem("stock-corner-too-large", document.place("corner"), values)]
    return []


def _grid(document: Document[StockFile]) -> list[Problem]:
    """All labels on the sheet, none over another, and room between them for the bleed."""
    file = document.value
    stock = Stock.of(file)
    if stock.paper is None or stock.label is None or stock.grid is None:
        return []
    found = []
    last = stock.ups[-1]
    if not Box(0, 0, stock.paper.width, stock.paper.height).contains(last):
        values = {
            "right": last.right,
            "bottom": last.bottom,
            "width": stock.paper.width,
            "height": stock.paper.height,
        }
        found.append(Problem("stock-ups-off-sheet", document.place("first"), values))
    gaps = stock.grid.gaps(stock.label)
    values = {
        "label_width": stock.label.width,
        "label_height": stock.label.height,
        "pitch_across": stock.grid.pitch.width,
        "pitch_down": stock.grid.pitch.height,
    }
    if any(gap < -TOLERANCE for gap in gaps):
        found.append(Problem("stock-ups-overlap", document.place("pitch"), values))
    elif any(gap < 2 * file.bleed - TOLERANCE for gap in gaps):
        values |= {"bleed": file.bleed, "gap": max(0.0, min(gaps)), "needed": 2 * file.bleed}
        found.append(Problem("stock-gap-too-small", document.place("bleed"), values))
    return found
