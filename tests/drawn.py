"""Small PDFs written operator by operator, for the tests that read them.

Content is written in mm with y upwards on a page of 100 × 100 mm; /F1 is a regular font, /F2 a
bold one, both half an em wide throughout, with an em box from −0.12 to 0.88. Further names: /Cut,
/All, /Gold (spots), /Over, /Knock (overprint on and off), /Grey (a picture of 100 × 100 pixels),
/Cutting (a processing step).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from stickergen.measure import PT_PER_MM

SIDE = 100.0
"""mm; the width and height of a page."""

SCALE = f"{PT_PER_MM:.9f} 0 0 {PT_PER_MM:.9f} 0 0 cm\n"


def spot(pdf: pikepdf.Pdf, name: str, full: Sequence[float]) -> Array:
    """A separation whose tint runs in a straight line to its alternate in DeviceCMYK."""
    tint = Dictionary(FunctionType=2, Domain=[0, 1], C0=[0, 0, 0, 0], C1=[*full], N=1)
    return Array([Name.Separation, Name("/" + name), Name.DeviceCMYK, pdf.make_indirect(tint)])


def font(name: str) -> Dictionary:
    """A font whose letters are half an em wide."""
    return Dictionary(
        Type=Name.Font,
        Subtype=Name.TrueType,
        BaseFont=Name("/AAAAAA+" + name),
        FirstChar=0,
        Widths=Array([500] * 256),
        FontDescriptor=Dictionary(Type=Name.FontDescriptor, Ascent=880, Descent=-120),
    )


def image(pdf: pikepdf.Pdf, side: int, data: bytes, space: Any, **more: Any) -> Stream:
    """A square picture."""
    made = pdf.make_stream(data)
    made.Type, made.Subtype = Name.XObject, Name.Image
    made.Width = made.Height = side
    made.ColorSpace = space
    made.BitsPerComponent = 8
    for key, value in more.items():
        made["/" + key] = value
    return made


def form(pdf: pikepdf.Pdf, content: str, box: Sequence[float], **more: Any) -> Stream:
    """A form XObject."""
    made = pdf.make_stream(content.encode("latin-1"))
    made.Type, made.Subtype = Name.XObject, Name.Form
    made.BBox = Array(box)
    for key, value in more.items():
        made["/" + key] = value
    return made


def resources(pdf: pikepdf.Pdf) -> Dictionary:
    """The names that the module tells of."""
    step = Dictionary(GTS_ProcStepsGroup=Name.Structural, GTS_ProcStepsType=Name.Cutting)
    cutting = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="cut", GTS_Metadata=step))
    return Dictionary(
        Font=Dictionary(F1=font("Test-Regular"), F2=font("Test-Bold")),
        ColorSpace=Dictionary(
            Cut=spot(pdf, "CutContour", (0, 1, 0, 0)),
            All=spot(pdf, "All", (1, 1, 1, 1)),
            Gold=spot(pdf, "Gold", (0, 0.5, 1, 0)),
        ),
        ExtGState=Dictionary(
            Over=Dictionary(OP=True, op=True, OPM=1), Knock=Dictionary(OP=False, op=False)
        ),
        Properties=Dictionary(Cutting=cutting),
        XObject=Dictionary(Grey=image(pdf, 100, bytes(range(100)) * 100, Name.DeviceGray)),
    )


def add_page(
    pdf: pikepdf.Pdf, content: str, named: Dictionary, boxes: Mapping[str, Sequence[float]]
) -> None:
    """A page; `boxes` are in mm, left, bottom, right, top."""
    page = Dictionary(
        Type=Name.Page,
        MediaBox=Array([0, 0, SIDE * PT_PER_MM, SIDE * PT_PER_MM]),
        Resources=named,
        Contents=pdf.make_stream((SCALE + content).encode("latin-1")),
    )
    for key, edges in boxes.items():
        page["/" + key] = Array([edge * PT_PER_MM for edge in edges])
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))


def drawn(*contents: str, **boxes: Sequence[float]) -> pikepdf.Pdf:
    """A PDF with these pages, which share their resources."""
    pdf = pikepdf.new()
    named = pdf.make_indirect(resources(pdf))
    for content in contents:
        add_page(pdf, content, named, boxes)
    return pdf


def saved(pdf: pikepdf.Pdf) -> bytes:
    """The bytes of a PDF."""
    out = BytesIO()
    pdf.save(out)
    return out.getvalue()
