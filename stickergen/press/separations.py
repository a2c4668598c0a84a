"""Overprint and spot colours: what the drawn operators name and the finished file must define.

`draw` writes these names, `attach` gives each page and form that uses them the objects behind them,
one object each for the whole file: one spot name, one alternate, one tint transform (GWG 2015,
4.19–4.20).
"""

from __future__ import annotations

import re

import pikepdf

from stickergen.ink import Ink
from stickergen.measure import to_pt

THIN_PT = 2.0
"""Black lines thinner than this overprint (GWG 2015, 4.12)."""

OVERPRINT = "/Overprint gs"
"""What lies on top of the colours below."""

KNOCKOUT = "/Knockout gs"
"""What pushes the colours below away; the white of a code above all (GWG 2015, 4.9)."""

REGISTRATION = "/Registration CS 1 SCN"
"""Strokes in every ink there is (separation All: ISO 32000-1, 8.6.6.4)."""

CUT = "/Cut CS 1 SCN"
"""Strokes in the cut line's spot colour."""

CUTTING = "/OC /Cutting BDC"
"""Begins what is a cutting step and no ink (ISO 19593-1); `EMC` ends it."""

_USED = re.compile(rb"/(Overprint|Knockout) gs|/(Registration|Cut) CS|/OC /(Cutting) BDC")
_ROOMS = ("/ExtGState", "/ColorSpace", "/Properties")


def of_text(ink: Ink) -> str:
    """Black text overprints, so that no white shows around it (GWG 2015, 4.10)."""
    return OVERPRINT if ink == _BLACK else KNOCKOUT


def of_line(ink: Ink, width: float) -> str:
    """Thin black lines overprint as text does; `width` is in mm."""
    return OVERPRINT if ink == _BLACK and to_pt(width) < THIN_PT else KNOCKOUT


_BLACK = Ink(0, 0, 0, 100)


def attach(pdf: pikepdf.Pdf, cut: str | None, steps: bool) -> None:
    """Define the names where they are used; `cut` is the spot's name, `steps` marks it as a step.

    PDF/X-4 alone may hold the optional content group that a processing step needs (PDF 1.5).
    """
    shared: dict[str, pikepdf.Object] = {
        "Overprint": _state(pdf, overprint=True),
        "Knockout": _state(pdf, overprint=False),
        "Registration": _spot(pdf, "All", (1, 1, 1, 1)),
    }
    if cut is not None:
        shared["Cut"] = _spot(pdf, cut, (0, 1, 0, 0))
        if steps:
            shared["Cutting"] = _cutting(pdf, cut)
    for holder, content in _contents(pdf):
        for match in _USED.finditer(content):
            for room, name in zip(_ROOMS, match.groups(), strict=True):
                if name is not None:
                    resources = holder.Resources
                    if room not in resources:
                        resources[room] = pikepdf.Dictionary()
                    resources[room]["/" + name.decode()] = shared[name.decode()]


def _contents(pdf: pikepdf.Pdf) -> list[tuple[pikepdf.Object, bytes]]:
    """Every page and form, with what it draws."""
    forms = [
        (item, item.read_bytes())
        for item in pdf.objects
        if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Form"
    ]
    return [*forms, *((page.obj, _content(page.obj.Contents)) for page in pdf.pages)]


def _content(contents: pikepdf.Object) -> bytes:
    """The content of a page, of one stream or of several."""
    streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    return b"\n".join(stream.read_bytes() for stream in streams)


def _state(pdf: pikepdf.Pdf, *, overprint: bool) -> pikepdf.Object:
    """OPM 1: a zero of DeviceCMYK leaves that ink as it is (ISO 32000-1, 8.6.7)."""
    state = pikepdf.Dictionary(Type=pikepdf.Name.ExtGState, OP=overprint, op=overprint, OPM=1)
    return pdf.make_indirect(state)


def _spot(pdf: pikepdf.Pdf, name: str, full: tuple[int, int, int, int]) -> pikepdf.Object:
    """A separation; its tint is a straight line from no ink to the alternate in DeviceCMYK."""
    tint = pikepdf.Dictionary(
        FunctionType=2,
        Domain=[0, 1],
        Range=[0, 1] * 4,
        C0=[0, 0, 0, 0],
        C1=[*full],
        N=1,
    )
    space = [pikepdf.Name.Separation, pikepdf.Name("/" + name), pikepdf.Name.DeviceCMYK]
    return pdf.make_indirect(pikepdf.Array([*space, pdf.make_indirect(tint)]))


def _cutting(pdf: pikepdf.Pdf, name: str) -> pikepdf.Object:
    """The optional content group of the cut lines, and its place in the catalogue."""
    step = pikepdf.Dictionary(
        GTS_ProcStepsGroup=pikepdf.Name.Structural, GTS_ProcStepsType=pikepdf.Name.Cutting
    )
    group = pdf.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name=name, GTS_Metadata=step)
    )
    pdf.Root.OCProperties = pikepdf.Dictionary(
        OCGs=[group], D=pikepdf.Dictionary(Name=name, Order=[group], ON=[group])
    )
    return group
