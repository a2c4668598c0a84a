"""Typst: the art of each type a page of a PDF made before, the symbols of a sheet one SVG.

The fastest of the ways that were tried with Typst 0.15, by the seconds that it compiles 30,000
stickers and the megabytes that it needs: an SVG of strokes a sheet, 3.4 and 850; of filled runs,
4.3 and 1,100; an SVG a symbol, 8.2 and 2,100; `polygon` or `curve`, over 40. The art as content
instead of a PDF takes 1.3 s and 560 MB more. Making the symbols and their SVG takes as long again.
"""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import typst

from peers.encoding import Encoder
from peers.runs import encoded, written
from peers.stickers import (
    BLACK,
    FONTS,
    PAPER,
    PLACES,
    SCAMS,
    SIZE,
    Ink,
    Panel,
    Sheets,
    Sticker,
    Text,
)

RUN = "M{x} {y}.5h{length}"
SHEET = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {} {}'>{}</svg>"
SYMBOL = "<path fill='none' stroke='#000' transform='matrix({0} 0 0 {0} {1} {2})' d='{3}'/>"

FONT = {
    "black": 'font: "Noto Sans SC", weight: 900',
    "bold": 'font: "Noto Sans SC", weight: 700',
    "icons": 'font: "Phosphor-Fill"',
}

PAGE = """
#set page(width: {}mm, height: {}mm, margin: 0mm)
#set text(top-edge: "baseline", bottom-edge: "baseline")
"""

PAGES = """
#set text({font}, size: {size}pt, fill: {ink})
#let arts = ({arts})
#let words-x = ({words_x})
#let places = ({places})
#for (number, stickers) in json("stickers.json").enumerate() {{
  page({{
    for ((x, y, baseline), (scam, words)) in places.zip(stickers) {{
      place(dx: x, dy: y, arts.at(scam))
      place(dx: x + words-x.at(scam), dy: baseline, words)
    }}
    place(image(str(number) + ".svg", width: 100%, height: 100%))
  }})
}}
"""


def make(sheets: Sheets, encode: Encoder, path: Path) -> None:
    """Write the stickers."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        art = "#pagebreak()".join("".join(map(art_item, scam.art)) for scam in SCAMS)
        compiled(folder, "art.typ", PAGE.format(*SIZE) + art, folder / "art.pdf")
        stickers = []
        for number, sheet in enumerate(sheets):
            (folder / f"{number}.svg").write_text(_symbols(sheet, encode), encoding="ascii")
            stickers.append([(sticker.scam.id, sticker.words.text) for sticker in sheet])
        (folder / "stickers.json").write_text(json.dumps(stickers), encoding="ascii")
        compiled(folder, "stickers.typ", PAGE.format(*PAPER) + _pages(), path)


def compiled(folder: Path, name: str, source: str, path: Path) -> None:
    """Write a source file and its PDF."""
    (folder / name).write_text(source, encoding="utf-8")
    typst.compile(folder / name, path, font_paths=[FONTS], ignore_system_fonts=True, pdf_tags=False)


def _symbols(sheet: list[Sticker], encode: Encoder) -> str:
    """The symbols of a sheet as an SVG: a path each."""
    drawn = (strokes for modules in encoded(encode, sheet) for strokes in written(modules, RUN))
    paths = []
    for sticker, strokes, (x, y) in zip(sheet, drawn, PLACES, strict=False):
        left, top = sticker.scam.symbol
        paths.append(SYMBOL.format(sticker.scam.module, x + left, y + top, strokes))
    return SHEET.format(*PAPER, "".join(paths))


def _pages() -> str:
    words = Sticker(SCAMS[0], 1).words
    arts = (f'{scam.id}: image("art.pdf", page: {n}),' for n, scam in enumerate(SCAMS, 1))
    words_x = (f"{scam.id}: {scam.number_x}mm," for scam in SCAMS)
    places = (f"({x}mm, {y}mm, {y + words.y}mm)," for x, y in PLACES)
    return PAGES.format(
        font=FONT[words.font],
        size=words.size_pt,
        ink=typst_ink(BLACK),
        arts="".join(arts),
        words_x="".join(words_x),
        places="".join(places),
    )


def art_item(item: Panel | Text) -> str:
    """An item of the art at its place."""
    if isinstance(item, Panel):
        drawn = f"rect(width: {item.width}mm, height: {item.height}mm, radius: {item.corner}mm"
    else:
        drawn = f"text({json.dumps(item.text, ensure_ascii=False)}, {FONT[item.font]}"
        drawn += f", size: {item.size_pt}pt"
    return f"#place(dx: {item.x}mm, dy: {item.y}mm, {drawn}, fill: {typst_ink(item.ink)}))\n"


def typst_ink(ink: Ink) -> str:
    """An ink as Typst has it."""
    return f"cmyk({', '.join(f'{share:.0%}' for share in ink)})"
