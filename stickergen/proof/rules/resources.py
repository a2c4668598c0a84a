"""Rules on what pages are painted with: fonts, filters, outside files, halftones, PostScript.

Clauses T, S, H and P of the rule list. AN is CGATS, Application Notes for PDF/X Standards,
version 4; 15930-4, -6 and -7 are the parts of ISO 15930 for PDF/X-1a:2003, PDF/X-3:2003 and
PDF/X-4. A finding names the resource and the first page that uses it. Limit: a fault in a
resource counts even if nothing is painted with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from stickergen.proof.finding import Finding
from stickergen.proof.rules import EVERY, PDF_X, X1A, X3, X4, rule
from stickergen.proof.rules.inventory import SCREENED, Item, inventory
from stickergen.proof.rules.objects import (
    Value,
    elements,
    entry,
    is_holder,
    is_stream,
    items,
    label,
    name,
    number,
    told,
)
from stickergen.proof.subject import Subject

# --- T: fonts ---

_FONT_FILES = ("/FontFile", "/FontFile2", "/FontFile3")
_SHOWING = ("Tj", "TJ", "'", '"')
"""The operators that show text (ISO 32000-1, table 109)."""


@rule("T1", *EVERY)
def font_not_embedded(subject: Subject) -> Iterator[Finding]:
    """A font that is not in the file is replaced in the shop: other letters, or boxes for Chinese.

    Every font of every resource dictionary, the 14 standard ones too (AN 2.18); a subset will do.
    It counts even if no text is shown with it, because strict programs ask for it.
    Passes: a FontDescriptor with FontFile2, or a Type 3 font.
    Fails: `/BaseFont /Helvetica` without FontDescriptor.
    """
    missing = [item for item in inventory(subject).printed("/Font") if not _embedded(item.value)]
    shown = _shown(subject) if missing else Counter()
    for item in missing:
        font = name(entry(item.value, "/BaseFont")) or item.name
        values = {"font": font, "shown": shown[_identity(item.value)]}
        yield Finding("font-not-embedded", item.page, values=values)


def _embedded(font: Value) -> bool:
    if name(entry(font, "/Subtype")) == "Type3":
        return True
    parts = elements(entry(font, "/DescendantFonts")) or [font]
    return all(
        any(is_stream(entry(part, "/FontDescriptor", key)) for key in _FONT_FILES) for part in parts
    )


def _identity(font: Value) -> object:
    """What tells a font from others: its number, or if it has none, its bytes."""
    return font.objgen if font.is_indirect else font.unparse()


def _shown(subject: Subject) -> Counter[object]:
    """How often text is shown with each font, each content stream counted once."""
    counted: Counter[object] = Counter()
    at: Item | None = None
    fonts: dict[str, Value] = {}
    current: Value = None
    saved: list[Value] = []
    for operation in inventory(subject).operations("q", "Q", "Tf", *_SHOWING):
        if operation.item is not at:
            at, current, saved = operation.item, None, []
            fonts = {label(key): font for key, font in items(entry(at.resources, "/Font"))}
        if operation.operator == "q":
            saved.append(current)
        elif operation.operator == "Q":
            current = saved.pop() if saved else current
        elif operation.operator == "Tf":
            called = name(operation.operands[0]) if operation.operands else None
            current = fonts.get(called or "")
        elif is_holder(current):
            counted[_identity(current)] += 1
    return counted


# --- S: filters and files ---


def _filtered(subject: Subject, *filters: str) -> Iterator[tuple[Item, str]]:
    """The streams and inline images with one of these filters; the names inline are short."""
    for item in inventory(subject).streams():
        for found in elements(entry(item.value, "/Filter")):
            if name(found) in filters:
                yield item, item.name
    for operation in inventory(subject).operations(*SCREENED):
        if set(filters) & set(operation.filters):
            yield operation.item, "BI"


@rule("S1", *PDF_X)
def lzw_filter(subject: Subject) -> Iterator[Finding]:
    """LZW was under patent when PDF/X was made: a RIP need not know it.

    LZWDecode never, in inline images neither (AN 2.8).
    Passes: `/Filter /FlateDecode`.
    Fails: `/Filter [/ASCII85Decode /LZWDecode]`.
    """
    for item, called in _filtered(subject, "LZWDecode"):
        yield Finding("lzw-filter", item.page, values={"name": called})


@rule("S1", X1A, X3)
def jbig2_filter(subject: Subject) -> Iterator[Finding]:
    """JBIG2 can exchange letters that look alike when it compresses a scan.

    JBIG2Decode never in X-1a and X-3 (15930-4 and -6).
    Passes: `/Filter /CCITTFaxDecode`.
    Fails: `/Filter /JBIG2Decode`.
    """
    for item, called in _filtered(subject, "JBIG2Decode"):
        yield Finding("jbig2-filter", item.page, values={"name": called})


@rule("S1", X1A, X3)
def jpx_filter(subject: Subject) -> Iterator[Finding]:
    """JPEG 2000 came with PDF 1.5: an older RIP leaves the picture out.

    JPXDecode never in X-1a and X-3; X-4 allows it (15930-7 6.27).
    Passes: `/Filter /DCTDecode`.
    Fails: `/Filter /JPXDecode`.
    """
    for item, called in _filtered(subject, "JPXDecode"):
        yield Finding("jpx-filter", item.page, values={"name": called})


@rule("S2", *PDF_X)
def external_stream(subject: Subject) -> Iterator[Finding]:
    """What lies in another file is not delivered with this one.

    No stream with F (15930-4, -6 and -7).
    Passes: an image with its own bytes.
    Fails: an image with `/F (photo.jpg)`.
    """
    for item in inventory(subject).streams():
        if entry(item.value, "/F") is not None:
            yield Finding("external-stream", item.page, values={"name": item.name})


@rule("S2", *PDF_X)
def file_specification(subject: Subject) -> Iterator[Finding]:
    """Attachments get past the shop's checks unseen, and links to files break on the way.

    No file specification, no embedded file (15930-4, -6 and -7).
    Passes: no attachments.
    Fails: `/Names << /EmbeddedFiles … >>` with a spreadsheet.
    """
    for item in inventory(subject).items:
        kind = name(entry(item.value, "/Type"))
        if kind in ("Filespec", "F") or entry(item.value, "/EF") is not None:
            file = entry(item.value, "/UF") or entry(item.value, "/F")
            values = {"file": "–" if file is None else told(file)}
            yield Finding("file-specification", item.page, values=values)


@rule("S2", *PDF_X)
def reference_xobject(subject: Subject) -> Iterator[Finding]:
    """A reference shows a stand-in on the screen and takes another file's page for the press.

    No form with Ref (15930-4, -6 and -7).
    Passes: a form that paints itself.
    Fails: a form with `/Ref << /F (advert.pdf) /Page 0 >>`.
    """
    for item in inventory(subject).streams():
        if item.printed and entry(item.value, "/Ref") is not None:
            yield Finding("reference-xobject", item.page, values={"name": item.name})


@rule("S2", *PDF_X)
def opi(subject: Subject) -> Iterator[Finding]:
    """An OPI comment asks the shop's server for a finer picture, which it does not have.

    No image or form with OPI (15930-4, -6 and -7).
    Passes: pictures in their full resolution.
    Fails: an image with `/OPI << /2.0 … >>`.
    """
    for item in inventory(subject).streams():
        if entry(item.value, "/OPI") is not None:
            yield Finding("opi", item.page, values={"name": item.name})


# --- H: halftones and transfer; P: PostScript and alternates ---


@rule("H1", *PDF_X)
def transfer_function(subject: Subject) -> Iterator[Finding]:
    """A transfer function changes every tint on top of the shop's own curves.

    No TR; TR2 only Default (15930-4, -6 and -7).
    Passes: `/TR2 /Default`, or neither key.
    Fails: `/TR 7 0 R`.
    """
    for item in inventory(subject).printed("/ExtGState"):
        second = entry(item.value, "/TR2")
        if entry(item.value, "/TR") is not None:
            yield Finding("transfer-function", item.page, values={"name": item.name, "key": "TR"})
        elif second is not None and name(second) != "Default":
            yield Finding("transfer-function", item.page, values={"name": item.name, "key": "TR2"})


@rule("H2", *PDF_X)
def halftone_phase(subject: Subject) -> Iterator[Finding]:
    """The shop's RIP sets the screens; a phase from the file shifts them against each other.

    No HTP (15930-4, -6 and -7).
    Passes: a graphics state without HTP.
    Fails: `/HTP [0 0]`.
    """
    for item in inventory(subject).printed("/ExtGState"):
        if entry(item.value, "/HTP") is not None:
            yield Finding("halftone-phase", item.page, values={"name": item.name})


@rule("H3", *PDF_X)
def halftone(subject: Subject) -> Iterator[Finding]:
    """Screens drawn for one machine show moiré on another.

    HalftoneType 1 or 5, no HalftoneName (15930-4, -6 and -7).
    Passes: no HT, `/HT /Default`, or a halftone of type 1.
    Fails: `/HalftoneType 6`.
    """
    for item in inventory(subject).printed("/ExtGState"):
        screen = entry(item.value, "/HT")
        for part in (screen, *(value for _, value in items(screen))):
            kind = entry(part, "/HalftoneType")
            named = entry(part, "/HalftoneName")
            if named is not None or (kind is not None and number(kind) not in (1, 5)):
                values = {"name": item.name, "kind": told(kind if named is None else named)}
                yield Finding("halftone", item.page, values=values)


@rule("P1", *PDF_X)
def postscript(subject: Subject) -> Iterator[Finding]:
    """A piece of PostScript runs in some RIPs and is skipped by others.

    No XObject with Subtype or Subtype2 PS, no operator PS (AN 2.26). The functions of type 4
    that turn spots into CMYK are another matter and allowed.
    Passes: a Separation with a type 4 function.
    Fails: an XObject with `/Subtype /PS`.
    """
    found = inventory(subject)
    for item in found.streams():
        kinds = [name(entry(item.value, key)) for key in ("/Subtype", "/Subtype2")]
        if item.printed and "PS" in kinds:
            yield Finding("postscript", item.page, values={"name": item.name})
    for operation in found.operations(*SCREENED):
        if operation.operator == "PS":
            yield Finding("postscript", operation.item.page, values={"name": "PS"})


@rule("P4", *PDF_X)
def alternate_image(subject: Subject) -> Iterator[Finding]:
    """The picture on the proof and the picture on the plate must be one.

    No alternate with DefaultForPrinting true; X-4 allows no Alternates at all.
    Passes: an image without Alternates.
    Fails: `/Alternates [<< /Image 9 0 R /DefaultForPrinting true >>]`.
    """
    for item in inventory(subject).images():
        alternates = elements(entry(item.value, "/Alternates"))
        printed = [part for part in alternates if entry(part, "/DefaultForPrinting") is True]
        if printed or (alternates and subject.standard == X4):
            yield Finding("alternate-image", item.page, values={"name": item.name})
