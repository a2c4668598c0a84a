"""ReportLab: the art of each type a form XObject, each symbol one path of runs.

`addLiteral`, its call for experts, takes the runs as operators. With `beginPath` and a `rect` for
each of the six million runs of 30,000 symbols the job takes three times as long.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reportlab import rl_config
from reportlab.lib.colors import CMYKColor
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from peers.encoding import Encoder
from peers.runs import encoded, written
from peers.stickers import (
    BLACK,
    FONT_FILES,
    PAPER,
    PLACES,
    PT_PER_MM,
    SCAMS,
    SIZE,
    Panel,
    Scam,
    Sheets,
    Text,
)

RUN = "{x} {y} {length} 1 re "


def make(sheets: Sheets, encode: Encoder, path: Path) -> None:
    """Write the stickers."""
    for name, file in FONT_FILES.items():
        pdfmetrics.registerFont(TTFont(name, str(file)))
    rl_config.useA85 = 0  # the default makes a file a quarter larger
    paper = (PAPER[0] * PT_PER_MM, PAPER[1] * PT_PER_MM)
    options: dict[str, Any] = {"pageCompression": 1, "initialFontName": "bold"}
    canvas = Canvas(str(path), paper, **options)
    for scam in SCAMS:
        _form(canvas, scam)
    black = CMYKColor(*BLACK)
    for sheet in sheets:
        drawn = (area for modules in encoded(encode, sheet) for area in written(modules, RUN))
        canvas.scale(PT_PER_MM, PT_PER_MM)
        canvas.setFillColor(black)
        for sticker, area, (x, y) in zip(sheet, drawn, PLACES, strict=False):
            canvas.saveState()
            canvas.translate(x, PAPER[1] - y - SIZE[1])
            canvas.doForm(sticker.scam.id)
            _text(canvas, sticker.words)
            left, top = sticker.scam.symbol
            module = sticker.scam.module
            canvas.transform(module, 0, 0, -module, left, SIZE[1] - top)
            canvas.addLiteral(area + "f")
            canvas.restoreState()
        canvas.showPage()
    canvas.save()


def _form(canvas: Canvas, scam: Scam) -> None:
    canvas.beginForm(scam.id, 0, 0, *SIZE)
    for item in scam.art:
        canvas.setFillColor(CMYKColor(*item.ink))
        if isinstance(item, Panel):
            place = (item.x, SIZE[1] - item.y - item.height, item.width, item.height)
            canvas.roundRect(*place, item.corner, stroke=0, fill=1)
        else:
            _text(canvas, item)
    canvas.endForm()


def _text(canvas: Canvas, item: Text) -> None:
    canvas.setFont(item.font, item.size_pt / PT_PER_MM)
    canvas.drawString(item.x, SIZE[1] - item.y, item.text)
