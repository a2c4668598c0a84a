"""Drawing: sheets become a PDF. The only file that knows reportlab.

Comes in: `Sheet`s and the pages of their designs, in mm with y downwards; the press; where a
printer is corrected, its matrix. Goes out: a PDF in points with y upwards. Nothing is decided here
but how the press wants ink written: grey, outlines. Each design is one form XObject, and
so is each arrangement of pieces: a thousand equal sheets cost a thousand short lines. Overprint and
spot colours are named here and defined by `finish`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from reportlab import rl_config
from reportlab.lib.colors import CMYKColor
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from stickergen.artwork.fonts import FILES, font
from stickergen.artwork.page import Code, Item, Page, Panel, Picture, Text
from stickergen.ink import Ink
from stickergen.measure import Box, Size, to_pt
from stickergen.press import marks, separations
from stickergen.press.correction import Correction
from stickergen.press.outlines import outline
from stickergen.press.pictures import separated
from stickergen.press.profile import Press
from stickergen.press.sheet import SLUG_FONT, Sheet

_NON_ZERO = 1
"""reportlab's fill mode of glyphs: the non-zero winding rule (OpenType 1.9.1, `glyf`)."""

_WHITE = Ink(0, 0, 0, 0)
_BLACK = Ink(0, 0, 0, 100)


@dataclass(frozen=True)
class Drawn:
    """A drawn PDF, and what fonts are called in it where their ASCII is written as it is."""

    pdf: bytes
    fonts: Mapping[str, str]


def register_fonts() -> None:
    """Let reportlab read the fonts, if it has not."""
    for name in FILES:
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(font(name).path)))


def draw(
    sheets: Iterable[Sheet],
    designs: Mapping[str, Page],
    press: Press,
    progress: Callable[[], None] = lambda: None,
    correction: Correction | None = None,
) -> bytes:
    """The PDF of these sheets; `progress` is called once a page."""
    return draw_to_be_numbered(sheets, designs, press, {}, progress, correction).pdf


def draw_to_be_numbered(
    sheets: Iterable[Sheet],
    designs: Mapping[str, Page],
    press: Press,
    letters: Mapping[str, str],
    progress: Callable[[], None] = lambda: None,
    correction: Correction | None = None,
) -> Drawn:
    """The PDF of these sheets, on which numbers are still to be written.

    `letters` are characters by font, which get their codes before any other: files that are drawn
    with the same ones write the same text in the same bytes.
    """
    register_fonts()
    rl_config.useA85 = 0  # ASCII85 costs a quarter of the file and serves no reader of today
    out = BytesIO()
    # An embedded initial font: reportlab's own Helvetica would stand unembedded on every page.
    options: dict[str, Any] = {"invariant": 1, "pageCompression": 1, "initialFontName": "regular"}
    canvas = Canvas(out, **options)
    for name, text in letters.items():
        _assign_codes(canvas, name, text)
    numbered = {name for name, text in letters.items() if "0" in text}
    if letters:  # numbers stand in slug lines, too
        numbered.add(SLUG_FONT)
    named = {name: _ascii_font(canvas, name) for name in sorted(numbered)}
    pictures = _Pictures(press)
    forms = _Forms(canvas, designs, press, pictures)
    for sheet in sheets:
        form = forms.arrangement(sheet)
        canvas.setPageSize((to_pt(sheet.paper.width), to_pt(sheet.paper.height)))
        if correction is not None:
            canvas.transform(*correction.matrix(sheet.paper))
        canvas.doForm(form)
        pen = _Pen(canvas, sheet.paper, press, pictures)
        pen.items(sheet.furniture)
        if sheet.trimming is not None:
            pen.registration(sheet.trimming.marks)
            if sheet.trimming.cuts:
                pen.cutting(forms.cuts(sheet))
        canvas.showPage()
        progress()
    canvas.save()
    return Drawn(out.getvalue(), named)


def _assign_codes(canvas: Canvas, name: str, text: str) -> None:
    """Give each character of a text its code in a font, as if it were written."""
    registered: Any = pdfmetrics.getFont(name)
    registered.splitString(text, canvas._doc)  # type: ignore[attr-defined]


def _ascii_font(canvas: Canvas, name: str) -> str:
    """The name in the file of a font's first part, in which characters of ASCII keep their codes
    (reportlab's `ttfAsciiReadable`).
    """
    registered: Any = pdfmetrics.getFont(name)
    document = canvas._doc  # type: ignore[attr-defined]
    ((part, text),) = registered.splitString("0", document)
    assert (part, text) == (0, b"0")
    named: str = registered.getSubsetInternalName(part, document)
    return named.removeprefix("/")


_Arrangement = tuple[Size, tuple[tuple[str, Box], ...], tuple[Item, ...]]
"""Paper, which design where, what else stands on it."""


class _Forms:
    """The form XObjects made so far."""

    def __init__(
        self, canvas: Canvas, designs: Mapping[str, Page], press: Press, pictures: _Pictures
    ) -> None:
        self._canvas = canvas
        self._designs = designs
        self._press = press
        self._pictures = pictures
        self._drawn: dict[str, str] = {}
        self._arranged: dict[_Arrangement, str] = {}
        self._cut: dict[tuple[Size, tuple[marks.Cut, ...]], str] = {}

    def arrangement(self, sheet: Sheet) -> str:
        """The form of all pieces of a sheet and its shared furniture: equal ones are one."""
        designs = tuple((piece.design, piece.box) for piece in sheet.pieces)
        key = (sheet.paper, designs, sheet.shared)
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
        _Pen(self._canvas, sheet.paper, self._press, self._pictures).items(sheet.shared)
        self._canvas.endForm()
        self._arranged[key] = name
        return name

    def cuts(self, sheet: Sheet) -> str:
        """The form of a sheet's cut lines."""
        assert sheet.trimming is not None
        key = (sheet.paper, sheet.trimming.cuts)
        if key not in self._cut:
            name = self._cut[key] = f"K{len(self._cut) + 1}"
            size = sheet.paper
            self._canvas.beginForm(name, 0, 0, to_pt(size.width), to_pt(size.height))
            _Pen(self._canvas, size, self._press, self._pictures).cuts(sheet.trimming.cuts)
            self._canvas.endForm()
        return self._cut[key]

    def _design(self, key: str) -> None:
        if key in self._drawn:
            return
        page = self._designs[key]
        name = f"D{len(self._drawn) + 1}"
        width, height, bleed = (to_pt(n) for n in (page.size.width, page.size.height, page.bleed))
        edges: list[Any] = [-bleed, -bleed, width + bleed, height + bleed]
        self._canvas.beginForm(name, *edges)
        _Pen(self._canvas, page.size, self._press, self._pictures).items(page.items)
        self._canvas.endForm()
        self._drawn[key] = name


class _Pictures:
    """The pictures in the inks of the press, each file converted once for a size."""

    def __init__(self, press: Press) -> None:
        self._press = press
        self._made: dict[tuple[Path, Size], ImageReader] = {}

    def of(self, item: Picture) -> ImageReader:
        """The picture as reportlab takes it."""
        key = (item.path, item.box.size)
        if key not in self._made:
            self._made[key] = ImageReader(separated(item.path, self._press, item.box.size))
        return self._made[key]


class _Pen:
    """Draws items on a page of a height: turns mm from the top into points from the bottom."""

    def __init__(self, canvas: Canvas, size: Size, press: Press, pictures: _Pictures) -> None:
        self._canvas = canvas
        self._size = size
        self._press = press
        self._pictures = pictures

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

    def registration(self, found: Iterable[marks.Mark]) -> None:
        """Draw marks in every ink."""
        self._canvas.saveState()
        self._canvas.addLiteral(separations.REGISTRATION)
        self._canvas.setLineWidth(to_pt(marks.LINE))
        for mark in found:
            match mark:
                case marks.Line(start, end):
                    places = (start.x, start.y), (end.x, end.y)
                    self._canvas.line(*(n for x, y in places for n in (to_pt(x), self._y(y))))
                case marks.Ring(center, radius):
                    self._canvas.circle(to_pt(center.x), self._y(center.y), to_pt(radius))
        self._canvas.restoreState()

    def cutting(self, form: str) -> None:
        """Place the cut lines; where the standard knows processing steps, as one."""
        if self._press.has_steps:
            self._canvas.addLiteral(separations.CUTTING)
        self._canvas.doForm(form)
        if self._press.has_steps:
            self._canvas.addLiteral("EMC")

    def cuts(self, found: Iterable[marks.Cut]) -> None:
        """Draw cut lines: closed paths in their spot colour, on top of what is below."""
        self._canvas.saveState()
        self._canvas.addLiteral(separations.OVERPRINT)
        self._canvas.addLiteral(separations.CUT)
        self._canvas.setLineWidth(to_pt(marks.LINE))
        for cut in found:
            if cut.round:
                x, y = cut.box.x + cut.box.width / 2, cut.box.y + cut.box.height / 2
                self._canvas.circle(to_pt(x), self._y(y), to_pt(cut.corner))
            else:
                self._rectangle(cut.box, cut.corner, stroke=1, fill=0)
        self._canvas.restoreState()

    def _state(self, state: str) -> None:
        """Whether what follows overprints; only a shop has plates that could."""
        if self._press.for_shop:
            self._canvas.addLiteral(state)

    def _fill(self, ink: Ink) -> None:
        if self._press.writes_grey(ink):
            self._canvas.setFillGray(1 - ink.k / 100)
        else:
            self._canvas.setFillColor(_cmyk(ink))

    def _stroke(self, ink: Ink) -> None:
        if self._press.writes_grey(ink):
            self._canvas.setStrokeGray(1 - ink.k / 100)
        else:
            self._canvas.setStrokeColor(_cmyk(ink))

    def _text(self, item: Text) -> None:
        self._state(separations.of_text(item.ink))
        self._fill(item.ink)
        if self._press.outline:
            self._outlined(item)
            return
        text = self._canvas.beginText(to_pt(item.at.x), self._y(item.at.y))
        text.setFont(item.font, item.size_pt)
        text.textOut(item.text)
        self._canvas.drawText(text)

    def _outlined(self, item: Text) -> None:
        """The text as paths, at the advances that the text would have."""
        path = self._canvas.beginPath()
        x, y, em = to_pt(item.at.x), self._y(item.at.y), item.size_pt
        for char in item.text:
            for step in outline(item.font, char):
                place = [n for dx, dy in step.points for n in (x + dx * em, y + dy * em)]
                match step.kind:
                    case "move":
                        path.moveTo(*place)
                    case "line":
                        path.lineTo(*place)
                    case "curve":
                        path.curveTo(*place)
                    case "close":
                        path.close()
            x += font(item.font).advance(char) * em
        self._canvas.drawPath(path, stroke=0, fill=1, fillMode=_NON_ZERO)

    def _panel(self, item: Panel) -> None:
        if item.fill is not None:
            self._state(separations.KNOCKOUT)
            self._fill(item.fill)
            self._rectangle(item.box, item.corner, stroke=0, fill=1)
        if item.rule is not None:
            width = item.rule.width
            self._state(separations.of_line(item.rule.ink, width))
            self._stroke(item.rule.ink)
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
        self._state(separations.KNOCKOUT)
        self._fill(_WHITE)
        self._rectangle(item.box, 0.0, stroke=0, fill=1)
        self._fill(_BLACK)
        origin = item.symbol_box
        path = self._canvas.beginPath()
        for around in item.symbol.outlines():
            corners = [
                (to_pt(origin.x + x * item.module), self._y(origin.y + y * item.module))
                for x, y in around
            ]
            path.moveTo(*corners[0])
            for corner in corners[1:]:
                path.lineTo(*corner)
            path.close()
        self._canvas.drawPath(path, stroke=0, fill=1)

    def _picture(self, item: Picture) -> None:
        box = item.box
        self._canvas.drawImage(
            self._pictures.of(item),
            to_pt(box.x),
            self._y(box.bottom),
            to_pt(box.width),
            to_pt(box.height),
        )


def _cmyk(ink: Ink) -> CMYKColor:
    return CMYKColor(ink.c / 100, ink.m / 100, ink.y / 100, ink.k / 100)
