"""A laid-out page is looked over: everything on the piece, text and codes safe, free and readable.

Comes in: a template, a finished flow, the items of its page. Goes out: problems, told at the
template: what is wrong here no content can mend.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from stickergen.artwork.bleed import ALL_SIDES, Edge
from stickergen.artwork.flow import Bleeding, Contrast, Flow, Pictured
from stickergen.artwork.page import Code, Item, Panel, Picture, Text
from stickergen.artwork.template import Template
from stickergen.content.source import Document
from stickergen.ink import contrast
from stickergen.measure import MM_PER_INCH, TOLERANCE, Box, Edges
from stickergen.problem import Place, Problem

LEAST_CONTRAST = 4.5
LEAST_CONTRAST_LARGE = 3.0
LARGE_PT = 18.0
LARGE_BOLD_PT = 14.0
"""WCAG 2.2, 1.4.3: 4.5:1, and 3:1 for text from 18 pt, or 14 pt bold."""

LEAST_LIGHT_BOLD_PT = 7.0
LEAST_LIGHT_PT = 12.0
"""Text lighter than its ground: inks out of register and spreading toner fill its strokes in.
Tuned: 7 pt bold is what shops print well, and 12 pt regular has stems as thick: those of 一 measure
0.131 em in Bold and 0.082 em in Regular."""

LEAST_PPI = 300.0
"""Pixels per inch of a picture at its printed size; Chinese shops' artwork guides ask for 300 dpi.
The proof asks the same of the finished file."""

_PPI_NOISE = 1e-6
"""Pixels per inch; more than the arithmetic's noise: a picture made to measure passes."""


def faults(template: Document[Template], flow: Flow, items: Sequence[Item]) -> list[Problem]:
    """What is wrong with a page as it stands: a flow, and its items as they will be printed."""
    return [
        *_unreadable(flow.pairs),
        *_not_at_the_edge(template.value, flow.edge, flow.bleeding),
        *_off_the_piece(template, flow.edge, items),
        *_covered_codes(template, items),
    ]


def _unreadable(pairs: Sequence[Contrast]) -> Iterator[Problem]:
    """Text that its ground swallows."""
    for pair in pairs:
        if pair.ground is None:
            yield Problem("text-on-picture", pair.node.place, {"style": pair.node.spec.style})
            continue
        large = pair.size_pt >= (LARGE_BOLD_PT if pair.bold else LARGE_PT)
        least = LEAST_CONTRAST_LARGE if large else LEAST_CONTRAST
        ratio = contrast(pair.ink, pair.ground)
        if ratio < least:
            values = {"ratio": f"{ratio:.1f}", "least": least, "style": pair.node.spec.style}
            yield Problem("low-contrast", pair.node.place, values)
        elif pair.ink.luminance > pair.ground.luminance:
            least = LEAST_LIGHT_BOLD_PT if pair.bold else LEAST_LIGHT_PT
            if pair.size_pt < least:
                values = {"size": pair.size_pt, "style": pair.node.spec.style}
                values |= {"bold": LEAST_LIGHT_BOLD_PT, "regular": LEAST_LIGHT_PT}
                yield Problem("light-text-too-thin", pair.node.place, values)


def _not_at_the_edge(
    template: Template, edge: Edge, bleeding: Sequence[Bleeding]
) -> Iterator[Problem]:
    """Boxes that bleed where something stands between them and the edge; told on every press."""
    for found in bleeding:
        sides, place = found.node.spec.bleed, found.node.place
        if template.shape == "round" and not ALL_SIDES.issubset(sides):
            yield Problem("bleed-round", place, {"template": template.id})
        elif missed := edge.missed(found.box, sides):
            values = {"template": template.id, "value": "、".join(missed)}
            yield Problem("bleed-inside", place, values)


def too_coarse(pictures: Iterable[Pictured], least_ppi: float) -> list[Problem]:
    """Pictures of too few pixels for their printed size; of one picture in a series, the worst."""
    widest: dict[tuple[Place, Path], Pictured] = {}
    for found in pictures:
        key = (found.node.place, found.source.path)
        if key not in widest or found.width > widest[key].width:
            widest[key] = found
    return [
        problem
        for found in widest.values()
        if found.width > 0 and (problem := _coarse(found, least_ppi)) is not None
    ]


def _coarse(found: Pictured, least_ppi: float) -> Problem | None:
    source = found.source
    ppi = source.width_px / found.width * MM_PER_INCH
    if ppi >= least_ppi - _PPI_NOISE:
        return None
    across, down = (
        math.ceil(pixels * least_ppi / ppi - _PPI_NOISE)
        for pixels in (source.width_px, source.height_px)
    )
    values = {
        "value": source.path.name,
        "across": source.width_px,
        "down": source.height_px,
        "width": f"{found.width:.1f}",
        "ppi": math.floor(ppi + _PPI_NOISE),  # never the limit itself, which it misses
        "least": f"{least_ppi:g}",
        "needed": f"{across}×{down}",
    }
    return Problem("picture-too-coarse", found.node.place, values)


def in_safe_area(template: Template, box: Box) -> bool:
    """Whether text or a code in this box is not in danger of being cut."""
    if template.shape == "round":
        radius = template.size[0] / 2
        return _reach(box, radius) <= radius - template.safe + TOLERANCE
    return Box(0, 0, *template.size).inset(Edges.all(template.safe)).contains(box)


def _off_the_piece(
    template: Document[Template], edge: Edge, items: Sequence[Item]
) -> Iterator[Problem]:
    """Text and codes outside the safe area; panels and pictures beyond the trim and its bleed."""
    value = template.value
    printed = edge.trim.inset(Edges.all(-edge.bleed))
    for item in items:
        if isinstance(item, Panel | Picture):
            kept = printed.contains(item.box) and min(item.box.width, item.box.height) >= 0
        else:
            kept = in_safe_area(value, item.box)
        if not kept:
            values = {"template": value.id, "value": _named(item), "safe": value.safe}
            yield Problem("outside-safe-area", template.place("body"), values)


def _covered_codes(template: Document[Template], items: Sequence[Item]) -> Iterator[Problem]:
    """Codes that something stands on, or whose quiet zone it touches."""
    for number, code in enumerate(items):
        if not isinstance(code, Code):
            continue
        for other, item in enumerate(items):
            # A panel drawn earlier lies under the white that the code is painted on.
            under = isinstance(item, Panel) and other < number
            if other != number and not under and _touches(item, code.box):
                values = {"template": template.value.id, "value": _named(item)}
                yield Problem("code-covered", template.place("body"), values)


def _touches(item: Item, box: Box) -> bool:
    if isinstance(item, Panel) and item.fill is None:
        width = item.rule.width if item.rule else 0.0
        return item.box.overlaps(box) and not item.box.inset(Edges.all(width)).contains(box)
    return item.box.overlaps(box)


def _reach(box: Box, radius: float) -> float:
    """How far the farthest corner of a box is from the middle of a round piece."""
    return max(
        math.hypot(x - radius, y - radius) for x in (box.x, box.right) for y in (box.y, box.bottom)
    )


def _named(item: Item) -> str:
    match item:
        case Text():
            return item.text
        case Code():
            return item.address
        case Picture():
            return item.path.name
        case Panel():
            return "fill" if item.fill is not None else "rule"
