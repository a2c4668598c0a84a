"""Typst as one would first write it: the art as content, each symbol an SVG of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from peers.draw_typst import FONT, PAGE, art_item, compiled, typst_ink
from peers.encoding import Encoder
from peers.runs import encoded, written
from peers.stickers import BLACK, PAPER, PLACES, SCAMS, Sheets, Sticker

RUN = "M{x} {y}h{length}v1h-{length}z"
SYMBOL = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {0} {0}'><path d='{1}'/></svg>"

PAGES = """
#set text({font}, size: {size}pt, fill: {ink})
#let arts = ({arts})
#let scams = ({scams})
#let places = ({places})
#for stickers in json("stickers.json") {{
  page({{
    for ((x, y, baseline), (scam, words, symbol)) in places.zip(stickers) {{
      let (words-x, left, top, side) = scams.at(scam)
      place(dx: x, dy: y, arts.at(scam))
      place(dx: x + left, dy: y + top, image(bytes(symbol), width: side))
      place(dx: x + words-x, dy: baseline, words)
    }}
  }})
}}
"""


def make(sheets: Sheets, encode: Encoder, path: Path) -> None:
    """Write the stickers."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        stickers = [list(_written(sheet, encode)) for sheet in sheets]
        (folder / "stickers.json").write_text(json.dumps(stickers), encoding="ascii")
        compiled(folder, "stickers.typ", PAGE.format(*PAPER) + _pages(), path)


def _written(sheet: list[Sticker], encode: Encoder) -> Iterator[tuple[str, str, str]]:
    """Type, number and symbol of each sticker."""
    drawn = (path for modules in encoded(encode, sheet) for path in written(modules, RUN))
    for sticker, path in zip(sheet, drawn, strict=True):
        width = 17 + 4 * sticker.scam.version
        yield sticker.scam.id, sticker.words.text, SYMBOL.format(width, path)


def _pages() -> str:
    words = Sticker(SCAMS[0], 1).words
    arts = (f"{scam.id}: [{''.join(map(art_item, scam.art))}]," for scam in SCAMS)
    scams = (
        f"{scam.id}: ({scam.number_x}mm, {scam.symbol[0]}mm, {scam.symbol[1]}mm, "
        f"{(17 + 4 * scam.version) * scam.module}mm),"
        for scam in SCAMS
    )
    places = (f"({x}mm, {y}mm, {y + words.y}mm)," for x, y in PLACES)
    return PAGES.format(
        font=FONT[words.font],
        size=words.size_pt,
        ink=typst_ink(BLACK),
        arts="".join(arts),
        scams="".join(scams),
        places="".join(places),
    )
