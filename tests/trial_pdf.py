"""Good PDFs of each standard for the document rules, and ways to change them.

Comes in: nothing; two pages are drawn here with reportlab and finished with pikepdf, not by the
product's own press. Goes out: bytes, and `Change`s to break them with. Values given to a change
may be functions of the file, for what must belong to it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from PIL import Image
from reportlab.lib.colors import CMYKColor, CMYKColorSep
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from stickergen import shipped
from stickergen.proof.expected import Standard
from stickergen.proof.rules import X1A, X3, X4

PROFILE = (shipped.CONTENT / "profiles" / "ISOcoated_v2_300_bas.icc").read_bytes()
SHORT = PROFILE[:200]
"""Enough of a profile where nobody reads on."""

FONT, ICON = "PhosphorFill", "\ue40c"
MEDIA = (0, 0, 340, 200)
BLEED = (20, 20, 320, 180)
TRIM = (28.5, 28.5, 311.5, 171.5)
"""The boxes of both pages, in points."""

VERSION: dict[Standard, str] = {X1A: "1.4", X3: "1.4", X4: "1.6", "plain": "1.4"}
CLAIM: dict[Standard, str] = {X1A: "PDF/X-1a:2003", X3: "PDF/X-3:2003", X4: "PDF/X-4"}

Change = Callable[[Pdf], object]


# --- the good files ---


@cache
def drawn() -> bytes:
    """Two pages alike: an icon, a picture, a cut line."""
    pdfmetrics.registerFont(TTFont(FONT, shipped.FONTS / f"{FONT}.ttf"))
    out = BytesIO()
    boxes = {"pagesize": MEDIA[2:], "trimBox": TRIM, "bleedBox": BLEED}
    canvas = Canvas(out, initialFontName=FONT, enforceColorSpace="sep_cmyk", invariant=1, **boxes)
    picture = ImageReader(Image.new("CMYK", (4, 4), (0, 255, 255, 0)))
    for _ in range(2):
        canvas.setFillColor(CMYKColor(0, 0, 0, 1))
        canvas.setFont(FONT, 12)
        canvas.drawString(60, 60, ICON)
        canvas.drawImage(picture, 100, 60, 20, 20)
        canvas.setStrokeColor(CMYKColorSep(0, 1, 0, 0, spotName="CutContour"))
        canvas.setStrokeOverprint(True)
        canvas.rect(*TRIM[:2], TRIM[2] - TRIM[0], TRIM[3] - TRIM[1])
        canvas.showPage()
    canvas.save()
    return out.getvalue()


@cache
def good(standard: Standard) -> bytes:
    """A file that keeps every rule of the standard."""
    with pikepdf.open(BytesIO(drawn())) as pdf:
        for page in pdf.pages:
            del page.obj["/Trans"]
        for key in list(pdf.docinfo.keys()):
            del pdf.docinfo[key]
        for key in ("Title", "Creator", "Producer"):
            pdf.docinfo[f"/{key}"] = String("stickers")
        for key in ("CreationDate", "ModDate"):
            pdf.docinfo[f"/{key}"] = String("D:20261122093000+08'00'")
        pdf.docinfo["/Trapped"] = Name("/False")
        if standard in (X1A, X3):
            pdf.docinfo["/GTS_PDFXVersion"] = String(CLAIM[standard])
        if standard != "plain":
            pdf.Root.OutputIntents = Array([pdf.make_indirect(fogra39())])
        if standard == X4:
            profiled()(pdf)
            add_xmp(pdf)
        return saved(pdf, VERSION[standard])


def fogra39() -> Dictionary:
    return Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFX,
        OutputConditionIdentifier=String("FOGRA39"),
        RegistryName=String("http://www.color.org"),
        Info=String("Offset, coated paper"),
    )


def add_xmp(pdf: Pdf) -> None:
    """XMP that says what the document information says."""
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
        xmp.register_xml_namespace("http://www.npes.org/pdfx/ns/id/", "pdfxid")
        xmp["pdfxid:GTS_PDFXVersion"] = "PDF/X-4"
        xmp["dc:title"] = xmp["xmp:CreatorTool"] = xmp["pdf:Producer"] = "stickers"
        xmp["pdf:Trapped"] = "False"
        for key in ("xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate"):
            xmp[key] = "2026-11-22T01:30:00Z"
        xmp["xmpMM:DocumentID"] = "uuid:1"
        xmp["xmpMM:VersionID"] = "1"
        xmp["xmpMM:RenditionClass"] = "default"


def saved(pdf: Pdf, version: str, **options: Any) -> bytes:
    """The file with its streams and its XMP as they are."""
    out = BytesIO()
    settings = {
        "object_stream_mode": pikepdf.ObjectStreamMode.disable,
        "compress_streams": False,
        "fix_metadata_version": False,
        "deterministic_id": True,
    }
    pdf.save(out, force_version=version, **(settings | options))
    return out.getvalue()


def changed(standard: Standard, *changes: Change, version: str = "", **options: Any) -> bytes:
    """A good file after these changes."""
    with pikepdf.open(BytesIO(good(standard))) as pdf:
        for change in changes:
            change(pdf)
        return saved(pdf, version or VERSION[standard], **options)


# --- changes ---


def made(pdf: Pdf, value: Any) -> Any:
    return value(pdf) if callable(value) else value


def put(holder: Any, key: str, value: Any) -> None:
    """Set an entry; None takes it away."""
    if value is None:
        del holder[f"/{key}"]
    else:
        holder[f"/{key}"] = value


def info(key: str, value: Any) -> Change:
    """An entry of the document information."""
    return lambda pdf: put(pdf.docinfo, key, value)


def root(key: str, value: Any) -> Change:
    """An entry of the catalogue."""
    return lambda pdf: put(pdf.Root, key, made(pdf, value))


def page(number: int, key: str, value: Any) -> Change:
    """An entry of a page."""
    return lambda pdf: put(pdf.pages[number - 1].obj, key, made(pdf, value))


def condition(key: str, value: Any) -> Change:
    """An entry of the output intent."""
    return lambda pdf: put(pdf.Root.OutputIntents[0], key, value)


def xmp(field: str, value: str | None) -> Change:
    """A property of the XMP; in a file without XMP, its only one."""

    def change(pdf: Pdf) -> None:
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as found:
            if value is None:
                del found[field]
            else:
                found[field] = value

    return change


def profiled(at: int = 0, new: bytes = b"", n: int = 4, length: int = len(PROFILE)) -> Change:
    """A profile in the output intent, with other bytes at one place."""
    data = PROFILE[:at] + new + PROFILE[at + len(new) : length]

    def change(pdf: Pdf) -> None:
        pdf.Root.OutputIntents[0].DestOutputProfile = pdf.make_stream(data, N=n)

    return change


def resource(category: str, name: str, value: Any) -> Change:
    """Something in the second page's resources, which become its own."""

    def change(pdf: Pdf) -> None:
        at = pdf.pages[1].obj
        at.Resources = own = Dictionary(at.Resources)
        found = dict(own.get(f"/{category}", {}))
        own[f"/{category}"] = Dictionary(found | {f"/{name}": made(pdf, value)})

    return change


def state(**given: Any) -> Change:
    """A graphics state."""
    return resource("ExtGState", "GS7", lambda pdf: entries(pdf, given))


def image(**given: Any) -> Change:
    """An image of one grey dot."""
    return resource("XObject", "Im7", dot(**given))


def dot(**given: Any) -> Callable[[Pdf], Stream]:
    fixed = {"Type": Name.XObject, "Subtype": Name.Image, "Width": 1, "Height": 1}
    grey = {"ColorSpace": Name.DeviceGray, "BitsPerComponent": 8}
    return lambda pdf: stream(pdf, b"\0", fixed | grey | given)


def form(content: bytes = b"", **given: Any) -> Change:
    """A form."""
    return resource("XObject", "Fm7", formed(content, **given))


def formed(content: bytes = b"", **given: Any) -> Callable[[Pdf], Stream]:
    fixed = {"Type": Name.XObject, "Subtype": Name.Form, "BBox": lambda _: Array([0, 0, 9, 9])}
    return lambda pdf: stream(pdf, content, fixed | given)


def stream(pdf: Pdf, content: bytes, given: dict[str, Any]) -> Stream:
    return pdf.make_stream(content, entries(pdf, given))


def entries(pdf: Pdf, given: dict[str, Any]) -> Dictionary:
    return Dictionary({f"/{key}": made(pdf, value) for key, value in given.items()})


def paint(code: bytes, at: int = 1) -> Change:
    """More content on a page."""
    return lambda pdf: pdf.pages[at - 1].contents_add(code)


def annotation(kind: str, *rect: float, **given: Any) -> Change:
    """An annotation on the second page."""
    fixed = {"Type": Name.Annot, "Subtype": Name(f"/{kind}"), "Rect": lambda _: Array(rect)}
    return page(2, "Annots", lambda pdf: Array([entries(pdf, fixed | given)]))


def spot(ink: str, alternate: Name, full: tuple[float, ...]) -> Callable[[Pdf], Array]:
    """A Separation whose full tint is this colour."""

    def separation(pdf: Pdf) -> Array:
        none = Array([0] * len(full))
        tint = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=none, C1=Array(full), N=1)
        return Array([Name.Separation, Name(f"/{ink}"), alternate, pdf.make_indirect(tint)])

    return separation
