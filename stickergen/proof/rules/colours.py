"""Rules on the colour spaces that pages are painted in.

Clause C of the rule list. AN is CGATS, Application Notes for PDF/X Standards, version 4; GWG is
the Ghent Workgroup's specification of 2015; 15930-4, -6 and -7 are the parts of ISO 15930 for
PDF/X-1a:2003, PDF/X-3:2003 and PDF/X-4. A finding names the resource or the operator and the
first page that uses it. Limit: a space in the resources counts even if nothing is painted in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pikepdf

from stickergen.proof.finding import Finding, Severity
from stickergen.proof.rules import PDF_X, X1A, X3, X4, rule
from stickergen.proof.rules.intent import intent_space
from stickergen.proof.rules.objects import (
    Value,
    content,
    is_holder,
    is_stream,
    items,
    name,
    number,
)
from stickergen.proof.rules.spaces import DEVICE, INDEPENDENT, Use, colorants, process_uses, uses
from stickergen.proof.subject import Subject

_OF_INTENT = {
    "CMYK": frozenset(("DeviceCMYK", "DeviceGray")),
    "RGB": frozenset(("DeviceRGB", "DeviceGray")),
    "GRAY": frozenset(("DeviceGray",)),
}
"""The device spaces that an output intent gives a meaning; grey is the K of CMYK (15930-6)."""


def _once_a_place(found: Iterator[Use]) -> Iterator[Use]:
    """The uses without those that look alike: one fault is told once."""
    seen = set()
    for use in found:
        key = (use.page, use.name, use.family, use.spot)
        if key not in seen:
            seen.add(key)
            yield use


@rule("C1", X1A)
def device_rgb(subject: Subject) -> Iterator[Finding]:
    """RGB is for screens: the RIP turns it into inks by its own rule, and black into four of them.

    X-1a: DeviceCMYK, DeviceGray, Separation, DeviceN, Indexed and Pattern only (15930-4), in
    resources, images, shadings and operators.
    Passes: `0 0 0 1 k`.
    Fails: `0 0 0 rg`, or a picture in RGB.
    """
    found = (use for use in uses(subject) if use.family == "DeviceRGB" and use.spot is None)
    for use in _once_a_place(found):
        yield Finding("device-rgb", use.page, values={"name": use.name})


@rule("C1", X1A)
def spot_alternate(subject: Subject) -> Iterator[Finding]:
    """A press without the spot ink prints the alternate: it must be in the press's own inks.

    X-1a: the alternate of Separation and DeviceN is DeviceCMYK or DeviceGray (15930-4).
    Passes: `[/Separation /CutContour /DeviceCMYK 7 0 R]`.
    Fails: `[/Separation /PANTONE#20185#20C /Lab 7 0 R]`.
    """
    allowed = ("DeviceCMYK", "DeviceGray")
    found = (use for use in uses(subject) if use.spot is not None and use.family not in allowed)
    for use in _once_a_place(found):
        yield Finding("spot-alternate", use.page, values={"spot": use.spot, "space": use.family})


@rule("C2", X3, X4)
def device_not_of_intent(subject: Subject) -> Iterator[Finding]:
    """A number for other inks than those of the press has no colour until somebody guesses one.

    X-3 and X-4: a device space is that of the output intent, or a Default space replaces it;
    DeviceGray is the black of a CMYK intent (15930-6 and -7).
    Passes: DeviceCMYK with a CMYK profile.
    Fails: `1 0 0 rg` with a CMYK profile and no DefaultRGB.
    """
    meant = intent_space(subject)
    found = uses(subject) if meant == "CMYK" else (*uses(subject), *process_uses(subject))
    strange = (
        use
        for use in found
        if use.family in DEVICE - _OF_INTENT[meant] and use.family not in use.defaults
    )
    for use in _once_a_place(strange):
        values = {"name": use.name, "space": use.family, "intent": meant}
        yield Finding("device-not-of-intent", use.page, values=values)


@rule("C3", X1A)
def device_independent_colour(subject: Subject) -> Iterator[Finding]:
    """An X-1a file brings finished amounts of ink; a profile asks the shop to work them out.

    X-1a: no ICCBased, CalRGB, CalGray or Lab (AN 3.1.1), as an unused resource neither.
    Passes: a picture in DeviceCMYK.
    Fails: a picture in `[/ICCBased 9 0 R]`, even if the profile is a CMYK one.
    """
    found = (use for use in uses(subject) if use.family in INDEPENDENT and use.spot is None)
    for use in _once_a_place(found):
        values = {"name": use.name, "space": use.family}
        yield Finding("device-independent-colour", use.page, values=values)


@rule("C4", *PDF_X)
def spot_differs(subject: Subject) -> Iterator[Finding]:
    """One ink name is one plate: two recipes for it give two colours on proof and digital press.

    One spot name has one alternate and one tint transform in the whole file (GWG 2015 4.20);
    required in X-4, else recommended. All and None are no inks.
    Passes: CutContour as M100 on all pages.
    Fails: CutContour as M100 on page 1 and as C100 on page 2.
    """
    severity: Severity = "error" if subject.standard == X4 else "warning"
    read = _Reader()
    first: dict[str, Any] = {}
    differing: set[str] = set()
    for use in uses(subject):
        if use.family != "Separation" or len(use.parts) < 4:
            continue
        spot = colorants(use.parts)
        recipe = (read.plain(use.parts[2]), read.plain(use.parts[3]))
        if spot in ("All", "None") or first.setdefault(spot, recipe) == recipe:
            continue
        if spot not in differing:
            differing.add(spot)
            yield Finding("spot-differs", use.page, values={"spot": spot}, severity=severity)


class _Reader:
    """Turns objects into values that can be compared; numbered objects once."""

    _DEEPEST = 8  # Tuned: a stitched function is 3 deep; an object that holds itself has no end

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], object] = {}

    def plain(self, value: Value, levels: int = _DEEPEST) -> object:
        """The value without numbers of objects, and streams without their packing."""
        if not isinstance(value, pikepdf.Object) or not value.is_indirect:
            return self._read(value, levels)
        if value.objgen not in self._known:
            self._known[value.objgen] = None  # a way back into itself ends here
            self._known[value.objgen] = self._read(value, levels)
        return self._known[value.objgen]

    def _read(self, value: Value, levels: int) -> object:
        if not levels:
            return None
        if is_holder(value):
            packing = ("/Length", "/Filter", "/DecodeParms")
            entries = tuple(
                (key, self.plain(part, levels - 1))
                for key, part in sorted(items(value))
                if key not in packing
            )
            return entries, content(value) if is_stream(value) else b""
        if isinstance(value, pikepdf.Array):
            return tuple(self.plain(part, levels - 1) for part in value)
        size = number(value)
        return (name(value) or str(value)) if size is None else size
