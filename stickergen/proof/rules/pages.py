"""Rules on the pages: their boxes, and what hangs on them without being printed.

Clauses B and A of the rule list. Boxes are compared in mm, y downwards from the top left corner
of the MediaBox. AN is CGATS, Application Notes for PDF/X Standards, version 4; GWG is the Ghent
Workgroup's specification of 2015. ISO 32000-1, 14.11.2, for the boxes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from stickergen.measure import Box, close, to_mm
from stickergen.proof.finding import Finding
from stickergen.proof.pagetree import Rectangle, media_box, rectangle
from stickergen.proof.rules import EVERY, PDF_X, X1A, X3, rule
from stickergen.proof.rules.inventory import inventory
from stickergen.proof.rules.objects import (
    Leaf,
    Value,
    catalogue,
    elements,
    entry,
    is_holder,
    items,
    leaves,
    name,
    number,
    once,
    told,
)
from stickergen.proof.subject import Subject

_SAME = to_mm(0.01)  # 0.01 pt. Tuned: what programs lose by writing a box with few digits
_SAME_CROP = 0.011  # mm; GWG 2015, 4.3

_INHERITED = ("MediaBox", "CropBox")
_OWN = ("BleedBox", "TrimBox", "ArtBox")


@dataclass(frozen=True, slots=True)
class _Boxes:
    """The boxes of a page, by name; `malformed` are those that are no rectangle."""

    page: Leaf
    named: dict[str, Box]
    malformed: tuple[str, ...]
    media: Rectangle

    @property
    def finished(self) -> Box | None:
        """The finished piece: TrimBox or ArtBox."""
        return self.named.get("TrimBox") or self.named.get("ArtBox")

    @property
    def printed(self) -> Box | None:
        """The area that is printed and must be free of all else (AN 2.28)."""
        found = self.named.get("BleedBox") or self.finished
        return found or self.named.get("MediaBox")

    def placed(self, value: Value) -> Box | None:
        """A rectangle of the page in mm; None if it is none."""
        found = rectangle(value)
        return None if found is None else found.on(self.media)


@once
def _boxes(subject: Subject) -> tuple[_Boxes, ...]:
    return tuple(_read(page) for page in leaves(subject))


def _read(page: Leaf) -> _Boxes:
    values = {key: page.inherited(f"/{key}") for key in _INHERITED}
    values |= {key: entry(page.object, f"/{key}") for key in _OWN}
    media = media_box(page.object)
    empty = _Boxes(page, {}, (), media)
    named = {key: empty.placed(value) for key, value in values.items() if value is not None}
    good = {key: box for key, box in named.items() if box is not None and _has_area(box)}
    return _Boxes(page, good, tuple(key for key in named if key not in good), media)


def _has_area(box: Box) -> bool:
    return box.width > 0 and box.height > 0


# --- B: boxes ---


@rule("B1", *PDF_X)
def trim_box_missing(subject: Subject) -> Iterator[Finding]:
    """Without the finished size the shop guesses where to cut.

    TrimBox (or ArtBox) on the page itself; it is not inherited (AN 2.10).
    Passes: `/TrimBox [8.5 8.5 603.8 850.4]` on each page.
    Fails: a page with a MediaBox alone.
    """
    for boxes in _boxes(subject):
        if all(entry(boxes.page.object, key) is None for key in ("/TrimBox", "/ArtBox")):
            yield Finding("trim-box-missing", page=boxes.page.number)


@rule("B1", *PDF_X)
def trim_and_art_box(subject: Subject) -> Iterator[Finding]:
    """Two boxes for the finished size are one too many: programs differ in which they cut by.

    Exactly one of TrimBox and ArtBox (AN 2.10).
    Passes: TrimBox alone.
    Fails: TrimBox and ArtBox, even if they are equal.
    """
    for boxes in _boxes(subject):
        if all(entry(boxes.page.object, key) is not None for key in ("/TrimBox", "/ArtBox")):
            yield Finding("trim-and-art-box", boxes.page.number, boxes.finished)


@rule("B1", *PDF_X)
def box_malformed(subject: Subject) -> Iterator[Finding]:
    """A box that is no rectangle is skipped by some programs and stops others.

    Four numbers that enclose an area (ISO 32000-1, 7.9.5); each page has a MediaBox.
    Passes: `/MediaBox [0 0 595.28 841.89]`.
    Fails: `/TrimBox [0 0 595.28]`, `/BleedBox [9 9 9 9]`.
    """
    for boxes in _boxes(subject):
        missing = () if "MediaBox" in (*boxes.named, *boxes.malformed) else ("MediaBox",)
        for key in (*boxes.malformed, *missing):
            yield Finding("box-malformed", boxes.page.number, values={"box": key})


@rule("B2–B5", *EVERY)
def box_not_nested(subject: Subject) -> Iterator[Finding]:
    """What lies outside an outer box is cut off before the knife comes: no bleed is left there.

    Trim and Art lie in Bleed, Bleed in Media, and Trim and Art in Crop if there is one.
    Passes: a TrimBox 3 mm inside the BleedBox on all sides.
    Fails: a TrimBox that sticks out of the BleedBox by 1 mm.
    """
    for boxes in _boxes(subject):
        for inner, outer in _NESTED:
            inside, around = boxes.named.get(inner), boxes.named.get(outer)
            if inside is None or around is None or around.contains(inside, _SAME):
                continue
            if outer == "MediaBox" and "BleedBox" in boxes.named and inner != "BleedBox":
                continue  # the BleedBox between them is told of
            values = {"inner": inner, "outer": outer, "by": round(_out(inside, around), 2)}
            yield Finding("box-not-nested", boxes.page.number, inside, values)


_NESTED = (
    ("TrimBox", "BleedBox"),
    ("ArtBox", "BleedBox"),
    ("TrimBox", "CropBox"),
    ("ArtBox", "CropBox"),
    ("BleedBox", "MediaBox"),
    ("TrimBox", "MediaBox"),
    ("ArtBox", "MediaBox"),
)
"""Which box lies in which (AN 2.10; ISO 32000-1, 14.11.2)."""


def _out(inside: Box, around: Box) -> float:
    """How far a box sticks out of another one, on its worst side."""
    return max(
        around.x - inside.x,
        around.y - inside.y,
        inside.right - around.right,
        inside.bottom - around.bottom,
    )


@rule("B6", *PDF_X)
def user_unit(subject: Subject) -> Iterator[Finding]:
    """UserUnit enlarges a page only in programs that know it: the rest print another size.

    GWG 2015 4.2.
    Passes: no UserUnit.
    Fails: `/UserUnit 10` on a page of a banner.
    """
    for page in leaves(subject):
        value = entry(page.object, "/UserUnit")
        if value is not None:
            values = {"value": told(value)}
            yield Finding("user-unit", page.number, values=values, severity="warning")


@rule("B6", *PDF_X)
def crop_box(subject: Subject) -> Iterator[Finding]:
    """Programs that place a page by its CropBox lose marks and bleed outside of it.

    GWG 2015 4.3: absent, or equal to the MediaBox.
    Passes: no CropBox.
    Fails: a CropBox as small as the TrimBox.
    """
    for boxes in _boxes(subject):
        crop, media = boxes.named.get("CropBox"), boxes.named.get("MediaBox")
        if crop is None or media is None:
            continue
        if not (crop.contains(media, _SAME_CROP) and media.contains(crop, _SAME_CROP)):
            yield Finding("crop-box", boxes.page.number, crop, severity="warning")


@rule("B6", *PDF_X)
def page_rotated(subject: Subject) -> Iterator[Finding]:
    """Imposition programs differ in whether they turn a page by its Rotate key.

    GWG 2015 4.4: Rotate is 0.
    Passes: a landscape page with a wide MediaBox.
    Fails: a portrait MediaBox with `/Rotate 90`.
    """
    for page in leaves(subject):
        turned = page.inherited("/Rotate")
        if number(turned) not in (None, 0):
            values = {"degrees": told(turned)}
            yield Finding("page-rotated", page.number, values=values, severity="warning")


@rule("B6", *PDF_X)
def trim_size_differs(subject: Subject) -> Iterator[Finding]:
    """One job is cut to one size: a page of another size goes through the wrong cut.

    GWG 2015 4.4: all pages have the same TrimBox size.
    Passes: 40 pages of 210 × 297 mm.
    Fails: 39 pages of 210 × 297 mm and one of 148 × 210 mm.
    """
    first: Box | None = None
    for boxes in _boxes(subject):
        trim = boxes.named.get("TrimBox")
        if trim is None:
            continue
        first = first or trim
        if not (close(trim.width, first.width) and close(trim.height, first.height)):
            values = {
                "width": round(trim.width, 2),
                "height": round(trim.height, 2),
                "first_width": round(first.width, 2),
                "first_height": round(first.height, 2),
            }
            yield Finding("trim-size-differs", boxes.page.number, trim, values, "warning")


# --- A: annotations, actions, viewers ---


@rule("A1", *EVERY)
def annotation_on_print(subject: Subject) -> Iterator[Finding]:
    """Links, notes and form fields are seen on the screen; a RIP prints them or not, as it likes.

    None may touch the BleedBox, or without it the TrimBox or ArtBox (AN 2.28); in a plain file
    without boxes, the page. TrapNet may in X-1a and X-3; a PrinterMark may lie in the bleed.
    Passes: a page without Annots.
    Fails: a link over the text.
    """
    for boxes, annotation in _annotations(subject):
        if _touches(subject, boxes, annotation):
            values = {"kind": name(entry(annotation, "/Subtype")) or "–"}
            spot = boxes.placed(entry(annotation, "/Rect"))
            yield Finding("annotation-on-print", boxes.page.number, spot, values)


def _annotations(subject: Subject) -> Iterator[tuple[_Boxes, Value]]:
    for boxes in _boxes(subject):
        for annotation in elements(entry(boxes.page.object, "/Annots")):
            if is_holder(annotation):
                yield boxes, annotation


def _touches(subject: Subject, boxes: _Boxes, annotation: Value) -> bool:
    """Whether an annotation touches what is printed; one without a place is nowhere."""
    spot, area = boxes.placed(entry(annotation, "/Rect")), boxes.printed
    kind = name(entry(annotation, "/Subtype"))
    if kind == "TrapNet" and subject.standard in (X1A, X3):
        return False
    if kind == "PrinterMark":
        area = boxes.finished
    return spot is not None and area is not None and area.overlaps(spot)


@rule("A2", *EVERY)
def javascript(subject: Subject) -> Iterator[Finding]:
    """A program inside a document can change what it shows, and shops refuse it as a danger.

    Forbidden by all parts of ISO 15930.
    Passes: no JavaScript anywhere.
    Fails: `/OpenAction << /S /JavaScript /JS (app.alert(1)) >>`.
    """
    for item in inventory(subject).items:
        if _is_script(item.value):
            yield Finding("javascript", item.page)


def _is_script(value: Value) -> bool:
    return name(entry(value, "/S")) == "JavaScript"


@rule("A2", "plain", X1A, X3)
def action(subject: Subject) -> Iterator[Finding]:
    """A file for print does nothing by itself: what an action does is not on the proof.

    No OpenAction, no AA, no action of an outline or of an annotation (15930-4 and -6). A plain
    file may open at a page. JavaScript and annotations on the print have rules of their own.
    Passes: a catalogue without OpenAction.
    Fails: `/OpenAction << /S /Named /N /Print >>`.
    """
    opening = entry(catalogue(subject), "/OpenAction")
    if subject.standard != "plain" and opening is not None and not is_holder(opening):
        yield Finding("action", values={"kind": "OpenAction"})
    for item in inventory(subject).items:
        if item.under in ("/Annots", "/AA") or item.role not in ("/A", "/AA", "/OpenAction"):
            continue
        if acting := _acting(item.value):
            yield Finding("action", item.page, values={"kind": acting})
    for boxes, annotation in _annotations(subject):
        acting = _acting(entry(annotation, "/A")) or _acting(entry(annotation, "/AA"))
        if acting and not _touches(subject, boxes, annotation):
            spot = boxes.placed(entry(annotation, "/Rect"))
            yield Finding("action", boxes.page.number, spot, {"kind": acting})


def _acting(value: Value) -> str | None:
    """What an action does, or the first action of an AA; None for nothing but JavaScript."""
    kinds = [name(entry(action, "/S")) for action in (value, *(part for _, part in items(value)))]
    return next((kind for kind in kinds if kind not in (None, "JavaScript")), None)


@rule("A3", *PDF_X)
def presentation(subject: Subject) -> Iterator[Finding]:
    """Slides show parts of a page one after the other: which of them is to be printed?

    No PresSteps of a page, no AlternatePresentations (15930-7 6.22).
    Passes: an ordinary page.
    Fails: a page with `/PresSteps`.
    """
    if entry(catalogue(subject), "/Names", "/AlternatePresentations") is not None:
        yield Finding("presentation", values={"key": "AlternatePresentations"})
    for page in leaves(subject):
        if entry(page.object, "/PresSteps") is not None:
            yield Finding("presentation", page.number, values={"key": "PresSteps"})


@rule("A3", *PDF_X)
def form_fields(subject: Subject) -> Iterator[Finding]:
    """What stands in a form field can change after the proof was signed.

    No AcroForm with fields, no XFA (15930-7 6.26).
    Passes: no AcroForm, or one without fields.
    Fails: `/AcroForm << /Fields [12 0 R] >>`.
    """
    form = entry(catalogue(subject), "/AcroForm")
    if count := len(elements(entry(form, "/Fields"))):
        yield Finding("form-fields", values={"count": count})
    elif entry(form, "/XFA") is not None:
        yield Finding("form-fields", values={"count": 1})


@rule("A5", *PDF_X)
def viewer_area(subject: Subject) -> Iterator[Finding]:
    """A viewer that prints another box than the press shows a proof of another job.

    ViewArea, ViewClip, PrintArea and PrintClip are MediaBox or BleedBox (15930-4 and -6).
    Passes: ViewerPreferences without these keys.
    Fails: `/PrintArea /TrimBox`.
    """
    for key in ("ViewArea", "ViewClip", "PrintArea", "PrintClip"):
        value = entry(catalogue(subject), "/ViewerPreferences", f"/{key}")
        if value is not None and name(value) not in ("MediaBox", "BleedBox"):
            yield Finding("viewer-area", values={"key": key, "value": told(value)})
