"""Volumes of numbered stickers, drawn without the product's press, and the order behind them.

Comes in: how many pages, the first number. Goes out: the bytes of a PDF whose pages share their art
as a form and paint 24 symbols each, and its `Expected`; a folder that looks like a delivery of
them. Millimetres from the top left of the page, modules inside a symbol.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name
from pydantic import TypeAdapter
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from stickergen import shipped
from stickergen.artwork.symbols import symbols
from stickergen.measure import Box, Edges, Size, to_pt
from stickergen.proof.expected import CodeAt, Expected, Frame, Up

PAPER, LABEL = Size(210, 297), Size(63.5, 33.9)
COLUMNS, ROWS, FIRST_X, FIRST_Y, PITCH_X = 3, 8, 7.21, 12.9, 66.04
UPS = COLUMNS * ROWS
MODULE, VERSION, LEVEL = 0.5, 4, "M"
SIDE = (17 + 4 * VERSION) * MODULE
SAFE = 1.5
KINDS = ("kefu", "shuadan", "daikuan", "touzi", "gongjianfa")
FONT = "NotoSansSC-Regular"
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-"
LINES = (
    "冒充客服退款，十有八九是骗局",
    "凡是让你共享屏幕的，都是诈骗",
    "警方提醒：不转账，不透露验证码",
)
"""What stands on every piece beside its code."""


@dataclass(frozen=True)
class Volume:
    """A file of numbered stickers, and what is expected of it."""

    data: bytes
    expected: Expected


def url(number: int) -> str:
    """The address of a sticker: the kinds take turns on a sheet."""
    return f"https://hs.example.com/{KINDS[number % len(KINDS)]:k<10}?HS{number:07}X"


def volume(pages: int, start: int = 0, last: int = UPS) -> Volume:
    """A volume of so many pages; the last one has so many pieces."""
    firsts = range(start, start + UPS * pages, UPS)
    return drawn([range(first, first + (UPS if first != firsts[-1] else last)) for first in firsts])


def drawn(sheets: Sequence[Sequence[int]], urls: Sequence[str] | None = None) -> Volume:
    """A volume whose pages have these numbers; `urls` are drawn in place of their addresses."""
    numbers = [number for sheet in sheets for number in sheet]
    paths = iter(_paths(tuple(urls or map(url, numbers))))
    frames: dict[Frame, int] = {}
    kinds, codes, arts = [], [], {}
    document = pikepdf.open(BytesIO(_art(UPS)))
    fonts = document.pages[0].obj.Resources.Font
    for page, sheet in enumerate(sheets, 1):
        count = len(sheet)
        if count not in arts:
            arts[count] = document.make_indirect(_form(document, count))
        content = "q /Art Do Q\n" + "".join(
            _piece(number, next(paths), place)
            for number, place in zip(sheet, places(), strict=False)
        )
        resources = Dictionary(Font=fonts, XObject=Dictionary(Art=arts[count]))
        document.add_blank_page(page_size=(to_pt(PAPER.width), to_pt(PAPER.height)))
        document.pages[-1].obj.Resources = resources
        document.pages[-1].obj.Contents = document.make_stream(content.encode())
        kinds.append(frames.setdefault(_frame(count), len(frames)))
        codes += [
            CodeAt(page, _symbol(place), MODULE, url(number))
            for number, place in zip(sheet, places(), strict=False)
        ]
    del document.pages[0]
    out = BytesIO()
    document.save(out, static_id=True)
    expected = Expected(
        "plain", ("Black",), frames=tuple(frames), pages=tuple(kinds), codes=tuple(codes), dpi=600
    )
    return Volume(out.getvalue(), expected)


def places() -> Iterator[Box]:
    """The pieces of a full sheet, row by row."""
    for row in range(ROWS):
        for column in range(COLUMNS):
            x, y = FIRST_X + column * PITCH_X, FIRST_Y + row * LABEL.height
            yield Box(x, y, LABEL.width, LABEL.height)


def _frame(count: int) -> Frame:
    media = Box(0, 0, PAPER.width, PAPER.height)
    ups = [Up(place, place.inset(Edges.all(SAFE))) for place in places()]
    return Frame(media, media, 0, tuple(ups[:count]))


def _symbol(place: Box) -> Box:
    zone = 4 * MODULE
    left = place.right - SAFE - zone - SIDE
    return Box(left, place.y + SAFE + zone + 4, SIDE, SIDE)


def _piece(number: int, path: str, place: Box) -> str:
    """The symbol and the number in words."""
    at, side = _symbol(place), to_pt(MODULE)
    x, y = to_pt(at.x), to_pt(PAPER.height - at.y)
    text_x, text_y = to_pt(place.x + 4), to_pt(PAPER.height - place.bottom + 4)
    return (
        f"0 g q {side:.4f} 0 0 {-side:.4f} {x:.3f} {y:.3f} cm {path}f Q\n"
        f"BT {_font_name()} 7 Tf 1 0 0 1 {text_x:.2f} {text_y:.2f} Tm (HS-{number:07}-X) Tj ET\n"
    )


@cache
def _paths(addresses: tuple[str, ...]) -> tuple[str, ...]:
    """The dark modules of each symbol as rectangles, equal runs of rows below each other as one."""
    made = symbols(addresses, VERSION, LEVEL)
    return tuple(_path(made.modules(number)) for number in range(len(addresses)))


def _path(modules: Sequence[Sequence[bool]]) -> str:
    open_runs: dict[tuple[int, int], int] = {}
    rectangles = []
    for row, line in enumerate([*modules, ()]):
        runs = set(_runs(line))
        for run in [run for run in open_runs if run not in runs]:
            top = open_runs.pop(run)
            rectangles.append((run[0], top, run[1] - run[0], row - top))
        for run in runs:
            open_runs.setdefault(run, row)
    return "".join(f"{x} {y} {width} {height} re " for x, y, width, height in sorted(rectangles))


def _runs(line: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Where the dark runs of a row begin and end."""
    edges = [
        n for n, (a, b) in enumerate(zip([False, *line], [*line, False], strict=True)) if a != b
    ]
    return zip(edges[::2], edges[1::2], strict=True)


@cache
def _art(count: int) -> bytes:
    """A page with the art of so many pieces, and its fonts."""
    pdfmetrics.registerFont(TTFont(FONT, shipped.FONTS / f"{FONT}.ttf"))
    out = BytesIO()
    size = (to_pt(PAPER.width), to_pt(PAPER.height))
    canvas = Canvas(out, pagesize=size, initialFontName=FONT, invariant=1)
    canvas.setFillGray(0)
    canvas.setFont(FONT, 7)
    canvas.drawString(to_pt(20), to_pt(3), f"HS {LETTERS}")
    for place, _ in zip(places(), range(count), strict=False):
        left, top = to_pt(place.x), to_pt(PAPER.height - place.y)
        canvas.setFillGray(0.8)
        canvas.rect(left + 6, top - 24, to_pt(40), 14, stroke=0, fill=1)
        canvas.setFillGray(1)
        zone = _symbol(place).inset(Edges.all(-4 * MODULE))
        bottom = to_pt(PAPER.height - zone.bottom)
        canvas.rect(to_pt(zone.x), bottom, to_pt(zone.width), to_pt(zone.height), stroke=0, fill=1)
        canvas.setFillGray(0)
        for row, line in enumerate(LINES):
            canvas.drawString(left + 10, top - 36 - 11 * row, line[:13])
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _font_name() -> str:
    """How the page's font is called whose codes are those of ASCII."""
    with pikepdf.open(BytesIO(_art(UPS))) as document:
        return min(document.pages[0].obj.Resources.Font.keys())


def _form(document: pikepdf.Pdf, count: int) -> Any:
    """The art of a page as a form."""
    with pikepdf.open(BytesIO(_art(count))) as art:
        page = art.pages[0].obj
        form = document.make_stream(page.Contents.read_bytes())
        form.Resources = document.copy_foreign(art.make_indirect(page.Resources))
    form.Type, form.Subtype = Name.XObject, Name.Form
    form.BBox = pikepdf.Array([0, 0, to_pt(PAPER.width), to_pt(PAPER.height)])
    return form


# --- deliveries ---


def delivery(folder: Path, volumes: Sequence[Volume]) -> Path:
    """A folder of volumes with its manifest and its list of codes."""
    entries = []
    lines = ["file,page,x_mm,y_mm,size_mm,module_mm,scam,point,url"]
    for number, one in enumerate(volumes, 1):
        name = f"stickers-{number:03}.pdf"
        (folder / name).write_bytes(one.data)
        kept = _EXPECTED.dump_python(one.expected, mode="json", exclude={"codes"})
        entries.append({"file": name, "sha256": _digest(one.data), "proof": kept})
        lines += [
            f"{name},{code.page},{code.box.x:.3f},{code.box.y:.3f},{code.box.width:.3f},"
            f"{code.module:.3f},kefu,,{code.url}"
            for code in one.expected.codes or ()
        ]
    listed = ("\n".join(lines) + "\n").encode()
    (folder / "codes.csv").write_bytes(listed)
    entries.append({"file": "codes.csv", "sha256": _digest(listed)})
    (folder / "manifest.json").write_text(json.dumps({"files": entries}), encoding="utf-8")
    return folder


_EXPECTED = TypeAdapter(Expected)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
