"""Good files of our own build, and the means to plant one fault at a time in a copy of them.

Comes in: nothing; a press builds a small order of two designs. Goes out: `Good` files, `Fault`s
that say how to break them and what the proof must find, and `broken` copies. Faults are planted
into the last page and its first piece: `on_piece` paints in points from that piece's lower left
corner, over everything else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import pikepdf
from conftest import OWN_HOST, campaign_folder
from pikepdf import Dictionary, Name, Pdf
from trial_pdf import VERSION, Change, made, saved, stream

from stickergen.job import impose
from stickergen.order import ready
from stickergen.press.draw import draw
from stickergen.press.finish import finish
from stickergen.press.product import expected, placed
from stickergen.proof.expected import Expected, Standard
from stickergen.proof.finding import Finding, Severity
from stickergen.proof.ghostscript import separated
from stickergen.proof.judge import judge
from stickergen.proof.prove import on_plates
from stickergen.proof.readback import read_pages
from stickergen.proof.trials import designs, hard_run

PressName = Literal["shop", "shop-x4", "office"]

TWO_DESIGNS: dict[str, Any] = {
    "stickers.template": "parcel-100x50",
    "stickers.stock": "a4-10-101.6x50.8",
    "stickers.count": 2,
    "stickers.shares": {"daikuan": 1, "kefu": 1},
    "stickers.points": [{"id": "j01", "name": "街乡01"}],
    "flyers": [],
}
"""A sheet of each of two scam types; at a shop five pieces a sheet."""


@dataclass(frozen=True)
class Good:
    """A file that passes its proof, and the order behind it."""

    data: bytes
    expected: Expected


@cache
def good(press: PressName) -> Good:
    """The stickers of a small order as this press gets them."""
    with TemporaryDirectory() as folder:
        path = campaign_folder(Path(folder), OWN_HOST | TWO_DESIGNS) / "campaign.yaml"
        order = ready(path, press=press)
    imposed = impose(order)
    (product, *_), found = imposed.products, imposed.designs
    data = finish(
        draw(product.sheets, found, product.press),
        product.sheets,
        product.press,
        title=order.campaign.value.title,
        day=order.campaign.value.date,
        profile=order.embedded,
    )
    return Good(data, expected(product, found, placed(product, found)))


# --- faults ---

Eyes = Callable[[bytes, Expected], Iterable[Finding]]
"""A part of the proof: what it finds in a file."""


def rules(data: bytes, order: Expected) -> Iterable[Finding]:
    """What the rule list finds; a check that stumbles over the file finds that it cannot judge."""
    judged = judge("planted.pdf", data, order)
    if isinstance(judged, Finding):
        return [judged]
    return [fault.finding for check in judged.checks for fault in check.faults]


def readback(data: bytes, order: Expected) -> Iterable[Finding]:
    """What the reading of the codes finds on the last page."""
    last = len(order.pages or ())
    codes = tuple(code for code in order.codes or () if code.page == last)
    return read_pages(data, replace(order, codes=codes), [last]).findings


def hard(data: bytes, order: Expected) -> Iterable[Finding]:
    """What the hard run finds of the last design."""
    return hard_run(data, order, designs(order)[-1:]).findings


def plates(data: bytes, order: Expected) -> Iterable[Finding]:
    """What Ghostscript finds on the plates of the last page; nothing where it is not there."""
    return on_plates(order, [separated(data, order, [len(order.pages or ())])])


@dataclass(frozen=True)
class Fault:
    """One fault: how it is planted, and the check that must find it.

    `also` are checks that cannot but find it too. `order` changes what was ordered instead of the
    file, `saving` how the file is saved, `afterwards` its bytes.
    """

    check: str
    plant: Change = lambda pdf: None
    press: PressName = "shop"
    severity: Severity = "error"
    also: tuple[str, ...] = ()
    eyes: tuple[Eyes, ...] = (rules,)
    order: Callable[[Expected], Expected] = lambda order: order
    saving: dict[str, Any] = field(default_factory=dict)
    afterwards: Callable[[bytes], bytes] = bytes


def broken(fault: Fault) -> tuple[bytes, Expected]:
    """A copy of a good file with the fault in it, and what is held against it."""
    original = good(fault.press)
    standard: Standard = original.expected.standard
    options = {"stream_decode_level": pikepdf.StreamDecodeLevel.none} | fault.saving
    with pikepdf.open(BytesIO(original.data)) as pdf:
        fault.plant(pdf)
        data = saved(pdf, options.pop("version", VERSION[standard]), **options)
    return fault.afterwards(data), fault.order(original.expected)


# --- where a fault is planted ---


def every_page(change: Callable[[Any], object]) -> Change:
    """A change to each page's dictionary."""

    def changes(pdf: Pdf) -> None:
        for page in pdf.pages:
            change(page.obj)

    return changes


def last_page(pdf: Pdf) -> Any:
    return pdf.pages[-1].obj


def arrangement(pdf: Pdf) -> Any:
    """The form that places the pieces of the last page."""
    return _form(last_page(pdf), "S")


def design(pdf: Pdf) -> Any:
    """The form of the last page's design."""
    return _form(arrangement(pdf), "D")


def cut_lines(pdf: Pdf) -> Any:
    """The form of the cut lines, which all pages share."""
    return _form(last_page(pdf), "K")


def _form(holder: Any, kind: str) -> Any:
    forms = holder.Resources.XObject.items()
    return next(form for name, form in forms if name.startswith(f"/FormXob.{kind}"))


def rewritten(form: Callable[[Pdf], Any], old: bytes, new: bytes) -> Change:
    """Other operators in a content stream, in the first place that the pattern `old` matches."""

    def change(pdf: Pdf) -> None:
        at = form(pdf)
        stream = at if isinstance(at, pikepdf.Stream) else at.Contents
        content, replaced = re.subn(old, new, stream.read_bytes(), count=1)
        assert replaced, f"{old!r} stands nowhere"
        stream.write(content)

    return change


def resources(holder: Any, **given: dict[str, Any]) -> None:
    """Resources of a page or form beside those it has, which become its own."""
    holder.Resources = own = Dictionary(holder.Resources)
    for category, entries in given.items():
        found = dict(own.get(f"/{category}", {}))
        own[f"/{category}"] = Dictionary(found | {f"/{name}": v for name, v in entries.items()})


def on_piece(content: bytes, **given: dict[str, Any]) -> Change:
    """Painted on the first piece of the last page.

    There are the states Over (overprints) and Apart, the fonts Black, Bold and Regular; `given`
    are more resources by category, functions of the file for what must belong to it.
    """

    def change(pdf: Pdf) -> None:
        page = last_page(pdf)
        states = {"Over": Dictionary(OP=True, op=True, OPM=1), "Apart": Dictionary(OP=False)}
        names = {str(font.BaseFont): font for font in page.Resources.Font.values()}
        weights = ("Black", "Bold", "Regular")
        fonts = {w: font for w in weights for name, font in names.items() if name.endswith(w)}
        resources(page, ExtGState=states, Font=fonts)
        for category, entries in given.items():
            resources(page, **{category: {k: made(pdf, v) for k, v in entries.items()}})
        first = re.search(rb"(1 0 0 1 \S+ \S+ cm)\s+/FormXob\.D", arrangement(pdf).read_bytes())
        assert first is not None
        pdf.pages[-1].contents_add(b"q %s /Apart gs %s Q" % (first.group(1), content))

    return change


def picture(side_px: int, bits: int = 8, channels: int = 4, **given: Any) -> Callable[[Pdf], Any]:
    """A square picture of middling values; `given` are entries of its dictionary."""

    data = b"\x55" * (side_px * -(-side_px * bits * channels // 8))
    fixed = {"Type": Name.XObject, "Subtype": Name.Image, "BitsPerComponent": bits}
    size = {"Width": side_px, "Height": side_px}
    return lambda pdf: stream(pdf, data, fixed | size | given)
