"""Rules on transparency and on layers.

Clauses R and L of the rule list. AN is CGATS, Application Notes for PDF/X Standards, version 4;
GWG is the Ghent Workgroup's specification of 2015. A finding names the resource and the first
page that uses it. Limit: a fault in a resource counts even if nothing is painted with it.
"""

from __future__ import annotations

from collections.abc import Iterator

from stickergen.proof.finding import Finding
from stickergen.proof.rules import X1A, X3, X4, rule
from stickergen.proof.rules.inventory import Item, inventory
from stickergen.proof.rules.objects import (
    Value,
    catalogue,
    elements,
    entry,
    is_stream,
    name,
    number,
    told,
)
from stickergen.proof.subject import Subject

# --- R: transparency ---


@rule("R1", X1A, X3)
def transparency_group(subject: Subject) -> Iterator[Finding]:
    """A RIP for PDF/X-1a does not mix colours: what is transparent comes out opaque or not at all.

    No Group with S Transparency, on pages neither (AN 2.25).
    Passes: forms and pages without Group.
    Fails: a page with `/Group << /S /Transparency /CS /DeviceRGB >>`, as office programs write.
    """
    for item in inventory(subject).printed("/Group"):
        if name(entry(item.value, "/S")) == "Transparency":
            yield Finding("transparency-group", item.page, values={"name": item.name})


@rule("R2, R5", X1A, X3)
def soft_mask(subject: Subject) -> Iterator[Finding]:
    """A soft edge is transparency: without it the picture prints with its whole rectangle.

    No SMask but None in graphics states, none in images, no SMaskInData (AN 2.25).
    Passes: a picture flattened onto white before it was placed.
    Fails: a PNG with alpha channel, placed as an image with SMask.
    """
    found = inventory(subject)
    for item in found.printed("/ExtGState"):
        mask = entry(item.value, "/SMask")
        if mask is not None and name(mask) != "None":
            yield Finding("soft-mask", item.page, values={"name": item.name})
    for item in found.images():
        inside = number(entry(item.value, "/SMaskInData"))
        if is_stream(entry(item.value, "/SMask")) or inside not in (None, 0):
            yield Finding("soft-mask", item.page, values={"name": item.name})


@rule("R3", X1A, X3)
def opacity(subject: Subject) -> Iterator[Finding]:
    """What is meant to shine through is printed solid by a RIP for PDF/X-1a.

    ca and CA are 1 (AN 2.25).
    Passes: `/ca 1`, or a tint of the ink instead.
    Fails: `/ca 0.5`.
    """
    for item in inventory(subject).printed("/ExtGState"):
        for key in ("ca", "CA"):
            value = number(entry(item.value, f"/{key}"))
            if value is not None and value < 1:
                values = {"name": item.name, "key": key, "value": value}
                yield Finding("opacity", item.page, values=values)


@rule("R4", X1A, X3)
def blend_mode(subject: Subject) -> Iterator[Finding]:
    """A blend mode is transparency; a RIP that does not know it paints over what lies below.

    BM is Normal or Compatible (AN 2.25).
    Passes: `/BM /Normal`; overprint where inks shall mix.
    Fails: `/BM /Multiply`.
    """
    for item in inventory(subject).printed("/ExtGState"):
        modes = [name(mode) or "–" for mode in elements(entry(item.value, "/BM"))]
        odd = [mode for mode in modes if mode not in ("Normal", "Compatible")]
        if odd:
            values = {"name": item.name, "mode": odd[0]}
            yield Finding("blend-mode", item.page, values=values)


@rule("R6", X4)
def blend_space(subject: Subject) -> Iterator[Finding]:
    """Transparent colours that are mixed in RGB turn pure black into four inks.

    GWG 2015 4.25: the CS of a transparency group is DeviceCMYK; that of a luminosity mask may be
    DeviceGray too. A group without CS mixes in its surroundings' space.
    Passes: `/Group << /S /Transparency /CS /DeviceCMYK >>`.
    Fails: the same with `/CS /DeviceRGB`.
    """
    for item in inventory(subject).printed("/Group"):
        if item.under == "/G" or name(entry(item.value, "/S")) != "Transparency":
            continue  # a mask's group: below
        yield from _mixed(item, entry(item.value, "/CS"), ("DeviceCMYK",))
    for item in inventory(subject).printed("/SMask"):
        if name(entry(item.value, "/S")) == "Luminosity":
            space = entry(item.value, "/G", "/Group", "/CS")
            yield from _mixed(item, space, ("DeviceCMYK", "DeviceGray"))


def _mixed(item: Item, space: Value, allowed: tuple[str, ...]) -> Iterator[Finding]:
    parts = elements(space)
    if parts and name(parts[0]) not in allowed:
        values = {"name": item.name, "space": told(parts[0])}
        yield Finding("blend-space", item.page, values=values, severity="warning")


# --- L: optional content ---


@rule("L1", X1A, X3)
def optional_content(subject: Subject) -> Iterator[Finding]:
    """Layers that can be switched off came with PDF 1.5: an older RIP prints them all.

    No OCProperties in the catalogue; X-4 allows them.
    Passes: an X-1a file without layers.
    Fails: `/OCProperties` for the cut line's processing step in an X-1a file.
    """
    if entry(catalogue(subject), "/OCProperties") is not None:
        yield Finding("optional-content")


@rule("L1", X4)
def layer_configurations(subject: Subject) -> Iterator[Finding]:
    """Of several sets of layers, which one is to be printed?

    GWG 2015 4.29: OCProperties without Configs.
    Passes: OCProperties with D alone.
    Fails: `/Configs [<< … >> << … >>]` for two languages.
    """
    if count := len(elements(entry(catalogue(subject), "/OCProperties", "/Configs"))):
        yield Finding("layer-configurations", values={"count": count}, severity="warning")
