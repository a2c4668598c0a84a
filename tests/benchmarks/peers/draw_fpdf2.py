"""fpdf2: all drawn on every sticker, for it has no forms to draw once; a `rect` for each run."""

from __future__ import annotations

from pathlib import Path

from fpdf import FPDF
from fpdf.drawing_primitives import DeviceCMYK
from fpdf.enums import RenderStyle

from peers.encoding import Encoder
from peers.runs import encoded, listed
from peers.stickers import FONT_FILES, PAPER, PLACES, Panel, Sheets, Text


def make(sheets: Sheets, encode: Encoder, path: Path) -> None:
    """Write the stickers."""
    pdf = FPDF(unit="mm", format=PAPER)
    pdf.set_auto_page_break(False)
    for name, file in FONT_FILES.items():
        pdf.add_font(name, fname=file)
    for sheet in sheets:
        pdf.add_page()
        drawn = (found for modules in encoded(encode, sheet) for found in listed(modules))
        for sticker, found, (x, y) in zip(sheet, drawn, PLACES, strict=False):
            for item in (*sticker.scam.art, sticker.words):
                _draw(pdf, item, x, y)
            module = sticker.scam.module
            left, top = sticker.scam.symbol
            left, top = x + left, y + top
            for run_x, run_y, length in found:
                place = (left + run_x * module, top + run_y * module, length * module, module)
                pdf.rect(*place, RenderStyle.F)
    pdf.output(str(path))


def _draw(pdf: FPDF, item: Panel | Text, x: float, y: float) -> None:
    ink = DeviceCMYK(*item.ink)
    pdf.set_fill_color(ink)
    if isinstance(item, Panel):
        place = (x + item.x, y + item.y, item.width, item.height)
        pdf.rect(*place, RenderStyle.F, round_corners=True, corner_radius=item.corner)
    else:
        pdf.set_text_color(ink)
        pdf.set_font(item.font, size=item.size_pt)
        pdf.text(x + item.x, y + item.y, item.text)
