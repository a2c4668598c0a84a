"""Drawing: sheets become a PDF. The only file that knows reportlab.

Comes in: `Sheet`s and the pages of their designs, in mm with y downwards. Goes out: a PDF in
points with y upwards. Nothing is decided here. Each design is one form XObject, and so is each
arrangement of pieces: a thousand equal sheets cost a thousand short lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops, ImageOps
from reportlab import rl_config
from reportlab.lib.colors import CMYKColor
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from stickergen.artwork.fonts import FILES, font
from stickergen.artwork.page import PICTURE_FORMATS, Code, Item, Page, Panel, Picture, Text
from stickergen.ink import Ink
from stickergen.measure import Box, Size, to_pt
from stickergen.press.sheet import Piece, Sheet

_WHITE = Ink(0, 0, 0, 0)
_BLACK = Ink(0, 0, 0, 100)


def draw(
    sheets: Iterable[Sheet],
    designs: Mapping[str, Page],
    progress: Callable[[], None] = lambda: None,
) -> bytes:
    """The PDF of these sheets; `progress` is called once a page."""
    for name in FILES:
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(font(name).path)))
    rl_config.useA85 = 0  # ASCII85 costs a quarter of the file and serves no reader of today
    out = BytesIO()
    # An embedded initial font: reportlab's own Helvetica would stand unembedded on every page.
    options: dict[str, Any] = {"invariant": 1, "pageCompression": 1, "initialFontName": "regular"}
    canvas = Canvas(out, **options)
    forms = _Forms(canvas, designs)
    for sheet in sheets:
        form = forms.arrangement(sheet)
        canvas.setPageSize((to_pt(sheet.paper.width), to_pt(sheet.paper.height)))
        canvas.doForm(form)
        _Pen(canvas, sheet.paper).items(sheet.furniture)
        canvas.showPage()
        progress()
    canvas.save()
    return out.getvalue()


class _Forms:
    """The form XObjects made so far."""

    def __init__(self, canvas: Canvas, designs: Mapping[str, Page]) -> None:
        self._canvas = canvas
        self._designs = designs
        self._drawn: dict[str, str] = {}
        self._arranged: dict[tuple[Size, tuple[Piece, ...]], str] = {}

    def arrangement(self, sheet: Sheet) -> str:
        """The form of all pieces of a sheet; sheets with the same pieces share it."""
        key = (sheet.paper, sheet.pieces)
        if key in self._arranged:
            return self._arranged[key]
        for piece in sheet.pieces:
            self._design(piece.design)
        name = f"S{len(self._arranged) + 1}"
        self._canvas.beginForm(name, 0, 0, to_pt(sheet.paper.width), to_pt(sheet.paper.height))
        for piece in sheet.pieces:
            self._canvas.saveState()
            self._canvas.translate(to_pt(piece.box.x), to_pt(sheet.paper.height - piece.box.bottom))
            self._canvas.doForm(self._drawn[piece.design])
            self._canvas.restoreState()
        self._canvas.endForm()
        self._arranged[key] = name
        return name

    def _design(self, key: str) -> None:
        if key in self._drawn:
            return
        page = self._designs[key]
        name = f"D{len(self._drawn) + 1}"
        self._canvas.beginForm(name, 0, 0, to_pt(page.size.width), to_pt(page.size.height))
        _Pen(self._canvas, page.size).items(page.items)
        self._canvas.endForm()
        self._drawn[key] = name


class _Pen:
    """Draws items on a page of a height: turns mm from the top into points from the bottom."""

    def __init__(self, canvas: Canvas, size: Size) -> None:
        self._canvas = canvas
        self._size = size

    def items(self, items: Iterable[Item]) -> None:
        """Draw the items in their order."""
        for item in items:
            match item:
                case Text():
                    self._text(item)
                case Panel():
                    self._panel(item)
                case Code():
                    self._code(item)
                case Picture():
                    self._picture(item)

    def _y(self, y: float) -> float:
        return to_pt(self._size.height - y)

    def _fill(self, ink: Ink) -> None:
        self._canvas.setFillColor(_color(ink))

    def _text(self, item: Text) -> None:
        self._fill(item.ink)
        text = self._canvas.beginText(to_pt(item.at.x), self._y(item.at.y))
        text.setFont(item.font, item.size_pt)
        text.textOut(item.text)
        self._canvas.drawText(text)

    def _panel(self, item: Panel) -> None:
        if item.fill is not None:
            self._fill(item.fill)
            self._rectangle(item.box, item.corner, stroke=0, fill=1)
        if item.rule is not None:
            width = item.rule.width
            self._canvas.setStrokeColor(_color(item.rule.ink))
            self._canvas.setLineWidth(to_pt(width))
            half = Box(
                item.box.x + width / 2,
                item.box.y + width / 2,
                item.box.width - width,
                item.box.height - width,
            )
            self._rectangle(half, max(item.corner - width / 2, 0.0), stroke=1, fill=0)

    def _rectangle(self, box: Box, corner: float, stroke: int, fill: int) -> None:
        place = (to_pt(box.x), self._y(box.bottom), to_pt(box.width), to_pt(box.height))
        if corner > 0:
            self._canvas.roundRect(*place, to_pt(corner), stroke=stroke, fill=fill)
        else:
            self._canvas.rect(*place, stroke=stroke, fill=fill)

    def _code(self, item: Code) -> None:
        self._fill(_WHITE)
        self._rectangle(item.box, 0.0, stroke=0, fill=1)
        self._fill(_BLACK)
        origin = item.symbol_box
        path = self._canvas.beginPath()
        for outline in item.symbol.outlines():
            corners = [
                (to_pt(origin.x + x * item.module), self._y(origin.y + y * item.module))
                for x, y in outline
            ]
            path.moveTo(*corners[0])
            for corner in corners[1:]:
                path.lineTo(*corner)
            path.close()
        self._canvas.drawPath(path, stroke=0, fill=1)

    def _picture(self, item: Picture) -> None:
        box = item.box
        self._canvas.drawImage(
            ImageReader(_cmyk(item.path)),
            to_pt(box.x),
            self._y(box.bottom),
            to_pt(box.width),
            to_pt(box.height),
        )


def _color(ink: Ink) -> CMYKColor:
    return CMYKColor(ink.c / 100, ink.m / 100, ink.y / 100, ink.k / 100)


def _cmyk(path: Path) -> Image.Image:
    """The picture on white paper, its common grey moved into black (full grey replacement)."""
    with Image.open(path, formats=PICTURE_FORMATS) as opened:
        image = ImageOps.exif_transpose(opened)
        if image.mode.startswith("I"):  # 16-bit grey, which Pillow would clip and not scale
            image = image.convert("I").point(lambda value: value * (1 / 257)).convert("L")
        upright = image.convert("RGBA")
    paper = Image.new("RGBA", upright.size, "white")
    inverse = ImageOps.invert(Image.alpha_composite(paper, upright).convert("RGB"))
    cyan, magenta, yellow = inverse.split()
    black = ImageChops.darker(ImageChops.darker(cyan, magenta), yellow)
    parts = [ImageChops.subtract(part, black) for part in (cyan, magenta, yellow)]
    return Image.merge("CMYK", (*parts, black))
