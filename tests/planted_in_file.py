"""Faults in the file itself: what it claims, its boxes, what hangs on it, what it is painted with.

Comes in: nothing. Goes out: `IN_FILE`, faults by what somebody did.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Encryption, Name, Pdf, String
from planted import (
    Fault,
    design,
    every_page,
    last_page,
    on_piece,
    picture,
    readback,
    resources,
    rewritten,
    rules,
)
from trial_pdf import (
    PROFILE,
    Change,
    annotation,
    condition,
    entries,
    info,
    page,
    profiled,
    put,
    root,
    stream,
    xmp,
)

from stickergen.measure import to_pt

PDFX_ID = "{http://www.npes.org/pdfx/ns/id/}GTS_PDFXVersion"

HERE = b" 152 52 26 26 re f"
"""A panel where the piece is empty."""

PANEL = b"0 1 1 0 k" + HERE


# --- ways to plant them ---


def shown(image: Any) -> Change:
    """A picture on the piece, fine enough from 109 pixels on."""
    return on_piece(b"26 0 0 26 152 52 cm /Im7 Do", XObject={"Im7": image})


def painted_under(**state: Any) -> Change:
    """A panel on the piece under a graphics state."""
    return on_piece(b"/GS7 gs " + PANEL, ExtGState={"GS7": lambda pdf: entries(pdf, state)})


def in_space(space: Any, colour: bytes) -> Change:
    """A panel on the piece in a colour space."""
    return on_piece(b"/CS7 cs " + colour + b" scn" + HERE, ColorSpace={"CS7": space})


def icc(pdf: Pdf) -> Array:
    return Array([Name.ICCBased, pdf.make_stream(PROFILE, N=4)])


def lab(pdf: Pdf) -> Array:
    white = Array([0.9642, 1, 0.8249])
    return Array([Name.Lab, Dictionary(WhitePoint=white, Range=Array([-128, 127, -128, 127]))])


def form(pdf: Pdf, content: bytes = PANEL, **given: Any) -> pikepdf.Stream:
    """A form as large as a piece."""
    fixed = {"Type": Name.XObject, "Subtype": Name.Form, "BBox": Array([0, 0, 283, 142])}
    return stream(pdf, content, fixed | given)


def group(space: Name) -> Dictionary:
    return Dictionary(Type=Name.Group, S=Name.Transparency, CS=space)


def luminosity(pdf: Pdf) -> Dictionary:
    mask = form(pdf, b".5 g" + HERE, Group=group(Name.DeviceGray))
    return Dictionary(Type=Name.Mask, S=Name.Luminosity, G=mask)


def lzw(pdf: Pdf) -> None:
    """The design as an old program would pack it: literals of 9 bits, the table cleared often."""
    form = design(pdf)
    codes = []
    for number, byte in enumerate(form.read_bytes()):
        codes += [256, byte] if number % 250 == 0 else [byte]
    bits = "".join(f"{code:09b}" for code in (*codes, 257))
    bits += "0" * (-len(bits) % 8)
    form.write(int(bits, 2).to_bytes(len(bits) // 8, "big"), filter=Name.LZWDecode)


def packed_xmp(pdf: Pdf) -> None:
    """XMP without its type: qpdf would unpack it."""
    packed = zlib.compress(pdf.Root.Metadata.read_bytes())
    pdf.Root.Metadata = pdf.make_stream(packed, Filter=Name.FlateDecode)


def unembedded(pdf: Pdf) -> None:
    """The font of the last page's slug line, its file forgotten."""
    resources(last_page(pdf))
    for name, font in last_page(pdf).Resources.Font.items():
        if str(font.BaseFont).endswith("Regular"):
            bare = Dictionary(dict(font.items()))
            bare.FontDescriptor = Dictionary(
                {key: v for key, v in font.FontDescriptor.items() if key != "/FontFile2"}
            )
            last_page(pdf).Resources.Font[name] = bare


def attached(pdf: Pdf) -> None:
    pdf.attachments["名单.xls"] = b"1"


def second_intent(pdf: Pdf) -> None:
    pdf.Root.OutputIntents.append(pdf.Root.OutputIntents[0])


def page_too_many(pdf: Pdf) -> None:
    pdf.pages.append(pdf.pages[0])


def emptied(pdf: Pdf) -> pikepdf.Page:
    """A page as large as the last, with nothing on it."""
    page = Dictionary(dict(last_page(pdf).items()))
    page.Contents = pdf.make_stream(b"")
    return pikepdf.Page(pdf.make_indirect(page))


def page_lost(pdf: Pdf) -> None:
    del pdf.pages[-1]


def circle(pdf: Pdf) -> None:
    """What a page does not say itself is looked for above it, here without end."""
    pdf.Root.Pages.Parent = pdf.Root.Pages


def own_trim(pdf: Pdf) -> Any:
    return last_page(pdf).TrimBox


def smaller(box: str, right: float) -> Callable[[Any], None]:
    """A box whose right edge is moved to the left, in mm."""

    def change(at: Any) -> None:
        edges = [float(edge) for edge in at[f"/{box}"]]
        edges[2] -= to_pt(right)
        at[f"/{box}"] = Array(edges)

    return change


def only_last(change: Callable[[Any], None]) -> Change:
    return lambda pdf: change(last_page(pdf))


def layers(pdf: Pdf) -> None:
    """A layer as drawing programs write it."""
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("刀线")))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(ON=Array([layer])))


LOCKING = {"version": "1.6", "deterministic_id": False, "stream_decode_level": None}
"""AES came with 1.6; what a locked file cannot be saved with is left out."""

SCRIPT = Dictionary(S=Name.JavaScript, JS=String("app.beep(0)"))
PRINT = Dictionary(S=Name.Named, N=Name.Print)
LINK = annotation("Link", 200, 700, 260, 720, A=Dictionary(S=Name.URI, URI=String("https://a.b")))
FIELD = Array([Dictionary(FT=Name.Tx, T=String("a"))])
HELVETICA = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
RED_ALTERNATE = Dictionary(
    FunctionType=2, Domain=Array([0, 1]), C0=Array([1, 1, 1]), C1=Array([1, 0, 0]), N=1
)


# --- the faults ---

STRUCTURE = {
    "saved as PDF 1.7": Fault("pdf-version", saving={"version": "1.7"}),
    "an X-4 file saved as PDF 2.0": Fault(
        "pdf-version", press="shop-x4", saving={"version": "2.0"}
    ),
    "saved to take little room": Fault(
        "object-streams",
        saving={"version": "1.5", "object_stream_mode": pikepdf.ObjectStreamMode.generate},
        also=("pdf-version",),  # object streams came with 1.5
    ),
    "locked against changes": Fault(
        "encrypted",
        saving={"encryption": Encryption(owner="a", R=4), **LOCKING},
        also=("pdf-version",),
    ),
    "an office file locked against changes": Fault(
        "encrypted",
        press="office",
        saving={"encryption": Encryption(owner="a", R=4), **LOCKING},
    ),
    "locked against opening": Fault(
        "locked",
        saving={"encryption": Encryption(owner="a", user="b", R=4), **LOCKING},
    ),
    "identifier lost": Fault("file-id", afterwards=lambda data: data.replace(b"/ID [", b"/Id [")),
    "a web page that was saved as a PDF": Fault(
        "not-a-pdf", afterwards=lambda data: b"<html><title>404</title></html>"
    ),
    "no pages": Fault("no-pages", lambda pdf: put(pdf.Root.Pages, "Kids", Array())),
}

INFORMATION = {
    "no title": Fault("document-information", info("Title", None)),
    "an empty title": Fault("document-information", info("Title", String(""))),
    "no date of change": Fault("document-information", info("ModDate", None)),
    "a date as people write it": Fault("document-date", info("ModDate", String("2026-11-22"))),
    "Trapped missing": Fault("trapped", info("Trapped", None)),
    "Trapped unknown": Fault("trapped", info("Trapped", Name.Unknown)),
    "Trapped as a boolean": Fault("trapped", info("Trapped", False)),
    "claims X-1a of 2001": Fault(
        "standard-claim", info("GTS_PDFXVersion", String("PDF/X-1a:2001"))
    ),
    "claims nothing": Fault("standard-claim", info("GTS_PDFXVersion", None)),
    "a number as the author": Fault("information-not-text", info("Author", 7)),
    "made by nobody": Fault("information-maker", info("Producer", None), severity="warning"),
    "XMP missing": Fault("xmp-missing", root("Metadata", None), "shop-x4"),
    "XMP that breaks off": Fault(
        "xmp-missing", root("Metadata", lambda pdf: pdf.make_stream(b"<x:xmpmeta>")), "shop-x4"
    ),
    "XMP claims another standard": Fault("xmp-claim", xmp(PDFX_ID, "PDF/X-4p"), "shop-x4"),
    "XMP without a version": Fault("xmp-property", xmp("xmpMM:VersionID", None), "shop-x4"),
    "XMP says it is trapped": Fault("xmp-trapped", xmp("pdf:Trapped", "True"), "shop-x4"),
    "XMP with another title": Fault("xmp-differs", xmp("dc:title", "传单"), "shop-x4"),
    "XMP with another date": Fault(
        "xmp-differs", xmp("xmp:ModifyDate", "2020-11-13T00:00:00Z"), "shop-x4"
    ),
    "X-1a's own XMP with another title": Fault(
        "xmp-differs", xmp("dc:title", "传单"), severity="warning"
    ),
    "XMP packed": Fault(
        "xmp-compressed",
        packed_xmp,
        "shop-x4",
        "warning",
    ),
}

INTENT = {
    "no output intent": Fault("output-intent", root("OutputIntents", None)),
    "two output intents": Fault("output-intent", second_intent),
    "a name that is not registered": Fault(
        "condition-not-registered",
        condition("OutputConditionIdentifier", String("Custom")),
        also=("condition-differs",),  # it is not the ordered one either
    ),
    "a registered name without its registry": Fault(
        "condition-not-registered", condition("RegistryName", None)
    ),
    "made for newsprint": Fault(
        "condition-differs", condition("OutputConditionIdentifier", String("IFRA26"))
    ),
    "ordered for another paper": Fault(
        "condition-differs", order=lambda order: replace(order, condition="JC200103")
    ),
    "no condition": Fault("condition-missing", condition("OutputConditionIdentifier", String(""))),
    "nothing said of the condition": Fault(
        "condition-info", condition("Info", None), severity="warning"
    ),
    "profile missing": Fault(
        "output-profile-missing", condition("DestOutputProfile", None), "shop-x4"
    ),
    "profile cut off": Fault("output-profile-damaged", profiled(length=5000), "shop-x4"),
    "profile of a monitor": Fault("output-profile-class", profiled(12, b"mntr"), "shop-x4"),
    "profile said to have three inks": Fault("output-profile-channels", profiled(n=3), "shop-x4"),
    "profile too new for X-1a": Fault("output-profile-version", profiled(8, b"\4")),
    "profile in RGB": Fault("output-profile-space", profiled(16, b"RGB ", n=3)),
}

PAGES = {
    "TrimBox missing": Fault("trim-box-missing", page(2, "TrimBox", None), also=("page-size",)),
    "TrimBox and ArtBox": Fault("trim-and-art-box", page(2, "ArtBox", own_trim)),
    "TrimBox of three numbers": Fault(
        "box-malformed",
        page(2, "TrimBox", lambda pdf: Array([40, 40, 635])),
        also=("page-size",),  # no size is known
    ),
    "trim outside of the bleed": Fault("box-not-nested", every_page(smaller("BleedBox", 5))),
    "bleed outside of the page": Fault("box-not-nested", every_page(smaller("BleedBox", -30))),
    "an office page's bleed outside of the page": Fault(
        "box-not-nested", every_page(smaller("BleedBox", -3)), "office"
    ),
    "trimmed smaller than ordered": Fault("page-size", every_page(smaller("TrimBox", 1))),
    "on larger paper than ordered": Fault("page-size", every_page(smaller("MediaBox", -10))),
    "saved as Letter": Fault(
        "page-size",
        every_page(lambda at: put(at, "MediaBox", Array([0, 0, 612, 841.8898]))),
        "office",
    ),
    "one page trimmed smaller": Fault(
        "trim-size-differs",
        only_last(smaller("TrimBox", 1)),
        severity="warning",
        also=("page-size",),
    ),
    "page missing": Fault("page-count", page_lost),
    "page too many": Fault("page-count", page_too_many),
    "an office page missing": Fault("page-count", page_lost, "office"),
    "page turned": Fault(
        "page-rotated", page(2, "Rotate", 90), severity="warning", also=("page-size",)
    ),
    "UserUnit": Fault("user-unit", page(2, "UserUnit", 2), severity="warning", also=("page-size",)),
    "an office page enlarged": Fault("page-size", page(2, "UserUnit", 2), "office"),
    "an office page turned": Fault("page-size", page(2, "Rotate", 90), "office"),
    "CropBox at the trim": Fault("crop-box", page(2, "CropBox", own_trim), severity="warning"),
    "a link on the piece": Fault("annotation-on-print", LINK),
    "a link on an office page": Fault("annotation-on-print", LINK, "office"),
    "a script": Fault("javascript", root("OpenAction", SCRIPT)),
    "a script in an office file": Fault("javascript", root("OpenAction", SCRIPT), "office"),
    "prints when it is opened": Fault("action", root("OpenAction", PRINT)),
    "an office file that prints when it is opened": Fault(
        "action", root("OpenAction", PRINT), "office"
    ),
    "slides": Fault("presentation", page(2, "PresSteps", Dictionary(Type=Name.NavNode))),
    "a form to fill in": Fault("form-fields", root("AcroForm", Dictionary(Fields=FIELD))),
    "prints its TrimBox": Fault(
        "viewer-area", lambda pdf: put(pdf.Root.ViewerPreferences, "PrintArea", Name.TrimBox)
    ),
}

RESOURCES = {
    "font not embedded": Fault("font-not-embedded", unembedded),
    "an office file's font not embedded": Fault("font-not-embedded", unembedded, "office"),
    "Helvetica": Fault(
        "font-not-embedded",
        on_piece(
            b"/Over gs 0 0 0 1 k BT /Helv 8 Tf 152 60 Td (110) Tj ET", Font={"Helv": HELVETICA}
        ),
    ),
    "LZW": Fault("lzw-filter", lzw),
    "JBIG2": Fault(
        "jbig2-filter",
        shown(picture(400, 1, 1, Filter=Name.JBIG2Decode, ColorSpace=Name.DeviceGray)),
    ),
    "JPEG 2000": Fault(
        "jpx-filter", shown(picture(200, Filter=Name.JPXDecode, ColorSpace=Name.DeviceCMYK))
    ),
    "a picture in another file": Fault(
        "external-stream", shown(picture(200, F=String("a.raw"), ColorSpace=Name.DeviceCMYK))
    ),
    "an embedded file": Fault("file-specification", attached),
    "a page of another file": Fault(
        "reference-xobject",
        on_piece(b"/Fm7 Do", XObject={"Fm7": lambda pdf: form(pdf, Ref=Dictionary(Page=0))}),
    ),
    "a stand-in for a finer picture": Fault(
        "opi", shown(picture(200, ColorSpace=Name.DeviceCMYK, OPI=Dictionary()))
    ),
    "a transfer function": Fault("transfer-function", painted_under(TR=Name.Identity)),
    "a halftone phase": Fault("halftone-phase", painted_under(HTP=Array([0, 0]))),
    "a halftone by name": Fault(
        "halftone", painted_under(HT=Dictionary(HalftoneType=1, HalftoneName=String("a")))
    ),
    "PostScript": Fault("postscript", shown(lambda pdf: form(pdf, b"showpage", Subtype=Name.PS))),
    "a second picture for the press": Fault(
        "alternate-image",
        shown(
            picture(
                200,
                ColorSpace=Name.DeviceCMYK,
                Alternates=Array([Dictionary(DefaultForPrinting=True)]),
            )
        ),
    ),
}

TRANSPARENCY = {
    "half opaque": Fault("opacity", painted_under(ca=0.5)),
    "a soft edge": Fault(
        "soft-mask",
        painted_under(SMask=luminosity),
        also=("transparency-group",),  # a mask is one
    ),
    "a picture with an alpha channel": Fault(
        "soft-mask",
        shown(
            picture(
                200,
                ColorSpace=Name.DeviceCMYK,
                SMask=picture(200, 8, 1, ColorSpace=Name.DeviceGray),
            )
        ),
    ),
    "multiplied": Fault("blend-mode", painted_under(BM=Name.Multiply)),
    "a page group, as office programs write it": Fault(
        "transparency-group", page(2, "Group", group(Name.DeviceRGB))
    ),
    "a form's group": Fault(
        "transparency-group",
        on_piece(b"/Fm7 Do", XObject={"Fm7": lambda pdf: form(pdf, Group=group(Name.DeviceCMYK))}),
    ),
    "mixed in RGB": Fault(
        "blend-space", page(2, "Group", group(Name.DeviceRGB)), "shop-x4", "warning"
    ),
    "layers": Fault("optional-content", layers),
    "sets of layers": Fault(
        "layer-configurations",
        lambda pdf: put(pdf.Root.OCProperties, "Configs", Array([Dictionary()])),
        "shop-x4",
        "warning",
    ),
}

COLOURS = {
    "a bar in RGB": Fault("device-rgb", rewritten(design, rb"\.1 1 \.95 \.1 k", b"1 0 0 rg")),
    "a panel in RGB": Fault("device-rgb", on_piece(b"1 0 0 rg" + HERE)),
    "a picture in RGB": Fault("device-rgb", shown(picture(200, 8, 3, ColorSpace=Name.DeviceRGB))),
    "text in RGB in an X-4 file": Fault(
        "device-not-of-intent",
        on_piece(b"0 0 0 rg BT /Black 24 Tf 152 60 Td (1) Tj ET"),
        "shop-x4",
    ),
    "a picture with a profile": Fault(
        "device-independent-colour", shown(picture(200, ColorSpace=icc))
    ),
    "a panel in Lab": Fault("device-independent-colour", in_space(lab, b"50 60 40")),
    "a spot shown in RGB": Fault(
        "spot-alternate",
        in_space(
            lambda pdf: Array([Name.Separation, Name.Red, Name.DeviceRGB, RED_ALTERNATE]), b"1"
        ),
        also=("unexpected-ink",),  # nobody ordered a spot
    ),
}

SOUNDNESS = {
    "a form that is not there": Fault("missing-resource", on_piece(b"/Fm7 Do")),
    "an office file's form that is not there": Fault(
        "missing-resource", on_piece(b"/Fm7 Do"), "office"
    ),
    "a content stream that breaks off": Fault("damaged-stream", on_piece(b"q")),
    "a picture that breaks off": Fault(
        "damaged-stream", shown(picture(200, ColorSpace=Name.DeviceCMYK, Height=201))
    ),
    "an empty page": Fault(
        "blank-page",
        lambda pdf: pdf.pages.append(emptied(pdf)),
        severity="warning",
        also=("page-count",),
    ),
    "a page without a size": Fault(
        "page-without-size",
        lambda pdf: put(last_page(pdf), "MediaBox", None),
        "office",
        also=("page-size", "box-not-nested", "text-outside-safe-area", "quiet-zone-covered"),
    ),
    "a page tree in a circle": Fault(
        "repaired-file", circle, severity="warning", eyes=(rules, readback)
    ),
    "an office file's page tree in a circle": Fault(
        "repaired-file", circle, "office", "warning", eyes=(rules, readback)
    ),
    "the end of the file lost": Fault(
        "repaired-file",
        severity="warning",
        afterwards=lambda data: data[: data.rindex(b"startxref")],
    ),
}

IN_FILE = SOUNDNESS | STRUCTURE | INFORMATION | INTENT | PAGES | RESOURCES | TRANSPARENCY | COLOURS
