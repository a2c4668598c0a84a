"""Finishing: a drawn PDF becomes a deliverable one: boxes, standard, title, dates, stable bytes.

Comes in: the PDF as drawn, its sheets, its press, a title, the campaign's date (no clock). Goes
out: the PDF to deliver. Sources: PDF/X-1a:2003 is ISO 15930-4, PDF/X-4 ISO 15930-7; the keys of
each rule stand beside it. Limits: what is made here is checked by `proof`, not certified.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from datetime import date
from io import BytesIO

import pikepdf

from stickergen.measure import Box, Edges, Size, to_pt
from stickergen.press import separations
from stickergen.press.numbers import Overlays
from stickergen.press.profile import Press
from stickergen.press.sheet import Sheet
from stickergen.proof.conditions import registered

PRODUCER = "stickergen"

CLAIMS = {"pdf-x-1a": "PDF/X-1a:2003", "pdf-x-4": "PDF/X-4"}
"""GTS_PDFXVersion by standard."""

VERSIONS = {"plain": "1.4", "pdf-x-1a": "1.4", "pdf-x-4": "1.6"}
"""The PDF version of each standard; an ordinary file needs no more than PDF/X-1a's."""

REGISTRY = "http://www.color.org"
"""Where the names of printing conditions are registered."""

_PDFX = "http://www.npes.org/pdfx/ns/id/"
_MEDIA = "http://ns.adobe.com/xap/1.0/mm/"


def finish(
    drawn: bytes,
    sheets: Sequence[Sheet],
    press: Press,
    *,
    title: str,
    day: date,
    profile: bytes | None = None,
    pages: Sequence[int] | None = None,
    overlays: Overlays | None = None,
) -> bytes:
    """The PDF with its boxes, what its standard asks for, and print settings.

    `pages` is the drawn page of each sheet, if some are drawn once for many; `overlays` is what
    each has of its own, painted last.

    Viewers are asked not to scale (ISO 32000-1, 12.2). `profile` is the press's ICC profile,
    embedded as the output intent's.
    """
    stamp = f"D:{day:%Y%m%d}000000+08'00'"  # China Standard Time; the campaign knows no hour
    out = BytesIO()
    with pikepdf.open(BytesIO(drawn)) as pdf:
        if pages is not None:
            _repeat(pdf, pages)
        for key in list(pdf.docinfo.keys()):
            del pdf.docinfo[key]
        for key, text in {
            "/Title": title,
            "/Creator": PRODUCER,
            "/Producer": PRODUCER,
            "/CreationDate": stamp,
            "/ModDate": stamp,
        }.items():
            pdf.docinfo[key] = pikepdf.String(text)
        pdf.docinfo["/Trapped"] = pikepdf.Name("/False")
        pdf.Root.ViewerPreferences = pikepdf.Dictionary(
            PrintScaling=pikepdf.Name("/None"), DisplayDocTitle=True
        )
        pdf.Root.Lang = pikepdf.String("zh-CN")
        for page, sheet in zip(pdf.pages, sheets, strict=True):
            if "/Trans" in page.obj:
                del page.obj["/Trans"]
            _boxes(page.obj, sheet)
        if overlays is not None:
            _lay_over(pdf, overlays)
        if press.outline:
            _drop_fonts(pdf)
        if press.for_shop:
            separations.attach(pdf, press.cut, steps=press.has_steps)
            _exchange(pdf, press, profile)
        if press.standard == "pdf-x-4":
            digest = hashlib.sha256(drawn).digest()  # the same file, the same document
            _metadata(pdf, title, day, uuid.UUID(bytes=digest[:16], version=5))
        pdf.save(
            out,
            deterministic_id=True,
            force_version=VERSIONS[press.standard],
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            compress_streams=True,
        )
    return out.getvalue()


def _repeat(pdf: pikepdf.Pdf, pages: Sequence[int]) -> None:
    """Put copies of pages in the place of those drawn; what they hold is still there once."""
    drawn = list(pdf.pages)
    for number in pages:
        pdf.pages.append(drawn[number])
    del pdf.pages[: len(drawn)]


def _boxes(page: pikepdf.Object, sheet: Sheet) -> None:
    """TrimBox, what is left after cutting, and BleedBox around it (ISO 32000-1, 14.11.2)."""
    whole = Box(0, 0, sheet.paper.width, sheet.paper.height)
    trim, bleed = whole, 0.0
    if sheet.trimming is not None:
        trim, bleed = sheet.trimming.trim, sheet.trimming.bleed
    page.TrimBox = _rectangle(trim, sheet.paper)
    page.BleedBox = _rectangle(trim.inset(Edges.all(-bleed)), sheet.paper)


def _lay_over(pdf: pikepdf.Pdf, overlays: Overlays) -> None:
    """Add what each page has of its own; glyphs are forms that all pages share."""
    glyphs = {name: _glyph(pdf, drawing) for name, drawing in overlays.glyphs.items()}
    for page, content in zip(pdf.pages, overlays.contents, strict=True):
        if content:
            stream = pdf.make_stream(b"")
            stream.write(content, filter=pikepdf.Name.FlateDecode)
            page.contents_add(stream)
        for name, form in glyphs.items():
            page.add_resource(form, pikepdf.Name.XObject, pikepdf.Name(f"/{name}"))


def _glyph(pdf: pikepdf.Pdf, drawing: bytes) -> pikepdf.Object:
    """A form of a glyph, an em a unit wide; no glyph reaches further than an em beyond its own."""
    form = pdf.make_stream(drawing)
    form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
    form.BBox = pikepdf.Array([-1, -1, 2, 2])
    form.Resources = pikepdf.Dictionary()
    return form


def _rectangle(box: Box, paper: Size) -> pikepdf.Array:
    corners = (box.x, paper.height - box.bottom, box.right, paper.height - box.y)
    return pikepdf.Array([round(to_pt(length), 4) for length in corners])


def _drop_fonts(pdf: pikepdf.Pdf) -> None:
    """Where all text is outlined no font is used: the drawing library names one all the same."""
    holders: list[pikepdf.Object] = [page.obj for page in pdf.pages]
    holders += [
        item
        for item in pdf.objects
        if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Form"
    ]
    for holder in holders:
        if "/Font" in holder.Resources:
            del holder.Resources["/Font"]


def _exchange(pdf: pikepdf.Pdf, press: Press, profile: bytes | None) -> None:
    """The claim, and the printing condition that the colours are meant for.

    A registered name needs no profile (CGATS application notes 2.16); PDF/X-4 embeds one always.
    """
    claim = CLAIMS[press.standard]
    pdf.docinfo["/GTS_PDFXVersion"] = pikepdf.String(claim)
    assert press.condition is not None
    intent = pikepdf.Dictionary(
        Type=pikepdf.Name.OutputIntent,
        S=pikepdf.Name.GTS_PDFX,
        OutputConditionIdentifier=pikepdf.String(press.condition),
        Info=pikepdf.String(f"{press.name}: {press.condition}"),
    )
    if press.condition in registered():
        intent.RegistryName = pikepdf.String(REGISTRY)
    if profile is not None:
        stream = pdf.make_stream(profile)
        stream.N = 4
        intent.DestOutputProfile = stream
    pdf.Root.OutputIntents = pikepdf.Array([pdf.make_indirect(intent)])


def _metadata(pdf: pikepdf.Pdf, title: str, day: date, document: uuid.UUID) -> None:
    """XMP as PDF/X-4 asks for it; the same facts as in the document information."""
    stamp = f"{day.isoformat()}T00:00:00+08:00"
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as meta:
        meta["dc:title"] = title
        meta["xmp:CreateDate"] = meta["xmp:ModifyDate"] = meta["xmp:MetadataDate"] = stamp
        meta["xmp:CreatorTool"] = meta["pdf:Producer"] = PRODUCER
        meta["pdf:Trapped"] = "False"
        meta[f"{{{_MEDIA}}}DocumentID"] = f"uuid:{document}"
        meta[f"{{{_MEDIA}}}VersionID"] = "1"
        meta[f"{{{_MEDIA}}}RenditionClass"] = "default"
        meta[f"{{{_PDFX}}}GTS_PDFXVersion"] = CLAIMS["pdf-x-4"]
