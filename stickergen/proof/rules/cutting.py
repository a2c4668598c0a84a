"""Rules on inks and the knife: plates of the order, cut lines, registration marks.

A cut line is a spot colour that nothing is printed with: one closed path around each piece. What
the order does not say (plates, cut, frames) is not asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from stickergen.measure import Box, Edges, to_pt
from stickergen.proof.expected import Frame
from stickergen.proof.finding import Finding
from stickergen.proof.painted import Colour, Layer, Mark
from stickergen.proof.rules import EVERY, PDF_X, X4, rule
from stickergen.proof.rules.objects import leaves, once
from stickergen.proof.rules.painting import marks, named
from stickergen.proof.rules.pieces import SAME_SIZE, WITHIN, box_of, frame_of
from stickergen.proof.rules.shop import REGISTRATION
from stickergen.proof.subject import Subject

NOMINAL_PT = 0.25
THINNEST_PT, THICKEST_PT = 0.2, 0.4
"""Width of a cut line: 0.25 pt, as cutters' manuals have it. Tuned: what rounding makes of it."""

ALTERNATE = (0.0, 1.0, 0.0, 0.0)
"""What a cut line is shown in where its spot is not known: pure magenta (cutters' manuals)."""

STEP = "Cutting"
"""The processing step of a cut line (ISO 19593-1, group Structural)."""

_NO_INK = ("All", "None")
_ALIKE = 0.02  # tuned: of an amount of ink, more than rounding and less than anyone means


# --- plates ---


@rule("GWG 4.18", *EVERY)
def unexpected_ink(subject: Subject) -> Iterator[Finding]:
    """Every further ink is a further plate: the shop charges for it, or drops it.

    Passes: Cyan, Magenta, Yellow, Black and the cut line's spot. Fails: a logo in `PANTONE 485 C`.
    """
    plates = subject.expected.plates
    if plates is None or plates == _ONE_COLOUR:
        return
    yield from (
        Finding("unexpected-ink", page, placed.mark.box, {"ink": ink})
        for page, placed in marks(subject)
        for ink in _inks(placed.mark.colour)
        if ink not in plates
    )


@rule("Order", *EVERY)
def not_one_colour(subject: Subject) -> Iterator[Finding]:
    """On a press with black alone, colours become greys or grids that nobody has looked at.

    Passes: DeviceGray, K of DeviceCMYK. Fails: any other colour, also black mixed of three inks.
    """
    if subject.expected.plates != _ONE_COLOUR:
        return
    yield from (
        Finding("not-one-colour", page, placed.mark.box, {"ink": named(placed.mark.colour)})
        for page, placed in marks(subject)
        if not _black_or_grey(placed.mark.colour)
    )


_ONE_COLOUR = ("Black",)


def _inks(colour: Colour | None) -> frozenset[str]:
    """The plates that a colour is known to use; of pictures and shadings, the spots."""
    if colour is None:
        return frozenset()
    return frozenset((*(colour.inks or ()), *colour.names)).difference(_NO_INK)


def _black_or_grey(colour: Colour | None) -> bool:
    if colour is None or colour.white:
        return True
    if colour.inks is None:  # a picture, whose values are its pixels; or no ink colour
        return colour.space in ("DeviceGray", "CalGray") or colour.names == _ONE_COLOUR
    return colour.inks.keys() <= {"Black", "All"}


# --- the cut line ---


@rule("Cut", *EVERY)
def cut_line_missing(subject: Subject) -> Iterator[Finding]:
    """A piece without a cut line is not cut, or cut by eye.

    Passes: around each trim box a closed stroke in the ordered spot, to 0.1 mm.
    Fails: a line left open; a line in a spot of another name.
    """
    yield from (
        Finding("cut-line-missing", cut.page, cut.trim, {"spot": subject.expected.cut})
        for cut in _cuts(subject)
        if cut.line is None and cut.in_process is None
    )


@rule("Cut", *EVERY)
def cut_line_in_process_colour(subject: Subject) -> Iterator[Finding]:
    """A cut line in magenta ink is printed: a red hairline around every piece, and nothing is cut.

    Passes: `/CutContour CS 1 SCN`. Fails: `0 1 0 0 K` on the same path.
    """
    yield from (
        Finding("cut-line-in-process-colour", cut.page, cut.trim, {"spot": subject.expected.cut})
        for cut in _cuts(subject)
        if cut.in_process is not None
    )


@rule("Cut", *EVERY)
def cut_line_width(subject: Subject) -> Iterator[Finding]:
    """Cutters take hairlines for cut lines and print what is thicker.

    Passes: `0.25 w`. Fails: `1 w`.
    """
    yield from (
        Finding("cut-line-width", cut.page, cut.trim, {"width": width, "nominal": NOMINAL_PT})
        for cut in _cuts(subject)
        if cut.line is not None
        and not THINNEST_PT <= (width := round(to_pt(cut.line.line_width or 0), 2)) <= THICKEST_PT
    )


@rule("Cut", *EVERY)
def cut_line_knocks_out(subject: Subject) -> Iterator[Finding]:
    """A cut line that does not overprint leaves a white hairline in the colours below it.

    Passes: `/OP true` before the stroke. Fails: without.
    """
    yield from (
        Finding("cut-line-knocks-out", cut.page, cut.trim, {"spot": subject.expected.cut})
        for cut in _cuts(subject)
        if cut.line is not None and not cut.line.overprint
    )


@rule("Cut", *EVERY)
def cut_line_alternate(subject: Subject) -> Iterator[Finding]:
    """People tell a cut line on the screen by its colour: pure magenta.

    Passes: a Separation with the alternate C0 M100 Y0 K0. Fails: black, or a picture's colour.
    """
    yield from (
        Finding("cut-line-alternate", cut.page, cut.trim, {"ink": named(shown)})
        for cut in _cuts(subject)
        if cut.line is not None
        and cut.line.colour is not None
        and (shown := cut.line.colour.alternate) is not None
        and not _is_magenta(shown)
    )


@rule("Cut", *EVERY)
def cut_spot_misused(subject: Subject) -> Iterator[Finding]:
    """Whatever is painted in the cut line's spot is cut: a panel, a letter, a second contour.

    Passes: one contour around each piece. Fails: a word in CutContour; a contour around nothing.
    """
    if subject.expected.cut is None:
        return
    lines = {id(cut.line) for cut in _cuts(subject)}
    yield from (
        Finding("cut-spot-misused", page, placed.mark.box, {"spot": subject.expected.cut})
        for page, placed in marks(subject)
        if _in_spot(placed.mark, subject.expected.cut) and id(placed.mark) not in lines
    )


@rule("Cut", X4)
def cut_line_step(subject: Subject) -> Iterator[Finding]:
    """A cut line that is marked as a processing step can never be printed by mistake.

    ISO 19593-1: an optional content group of the group Structural and the type Cutting.
    Passes: `/OC /Cutting BDC … EMC` around it. Fails: the stroke alone.
    """
    yield from (
        Finding("cut-line-step", cut.page, cut.trim, {"step": cut.line.step or "–"})
        for cut in _cuts(subject)
        if cut.line is not None and cut.line.step != STEP
    )


@rule("GWG 4.21", *PDF_X)
def registration_inside(subject: Subject) -> Iterator[Finding]:
    """Registration colour is on every plate: inside the piece it is 400 % of ink, and set off.

    Crop and registration marks stay outside the trim and its bleed.
    Passes: crop marks 3 mm outside. Fails: text in Separation All on the piece.
    """

    kept = _kept_free(subject)
    for page, placed in marks(subject):
        mark = placed.mark
        if mark.colour is None or REGISTRATION not in mark.colour.names:
            continue
        if any(part.overlaps(box, WITHIN) for box in kept.get(page, ()) for part in mark.inked):
            own = bool(subject.expected.frames)
            yield Finding(
                "registration-inside", page, mark.box, severity="error" if own else "warning"
            )


def _kept_free(subject: Subject) -> Mapping[int, tuple[Box, ...]]:
    """The boxes of each page that marks stay out of: as ordered, else as the file says."""
    found = {}
    of_frame: dict[int, tuple[Box, ...]] = {}
    for leaf in leaves(subject):
        frame = frame_of(subject.expected, leaf.number)
        if frame is None:
            own = (box_of(leaf, key) for key in ("/BleedBox", "/TrimBox", "/ArtBox"))
            found[leaf.number] = tuple(box for box in own if box is not None)
            continue
        if id(frame) not in of_frame:
            of_frame[id(frame)] = _with_bleed(frame)
        found[leaf.number] = of_frame[id(frame)]
    return found


def _with_bleed(frame: Frame) -> tuple[Box, ...]:
    """The trimmed page with its bleed, and the pieces that are not on it."""
    around = Edges.all(-frame.bleed)
    sheet = frame.trim.inset(around)
    pieces = (up.trim.inset(around) for up in frame.ups)
    return (sheet, *(piece for piece in pieces if not sheet.contains(piece)))


# --- reading cut lines ---


class _Cut(NamedTuple):
    """A piece and the lines on its trim: in the spot, or in magenta instead."""

    page: int
    trim: Box
    line: Mark | None
    in_process: Mark | None


@once
def _cuts(subject: Subject) -> tuple[_Cut, ...]:
    """The pieces that are cut; those that equal layers cut in the same places are read once."""
    cut = subject.expected.cut
    if cut is None:
        return ()
    lines = [_lines(layer, cut) for layer in subject.layers]
    found: dict[tuple[object, ...], list[_Cut]] = {}
    for leaf in leaves(subject):
        frame = frame_of(subject.expected, leaf.number)
        if frame is None:
            continue
        own = [n for n in subject.painting.pages.get(leaf.number, ()) if lines[n]]
        key = (id(frame), *own)
        if key not in found:
            candidates = [mark for n in own for mark in lines[n]]
            found[key] = list(_cuts_on(leaf.number, frame, candidates, cut))
    return tuple(one for group in found.values() for one in group)


def _lines(layer: Layer, cut: str) -> list[Mark]:
    """The strokes that may be cut lines."""
    return [
        mark
        for mark in layer.marks
        if mark.kind == "stroke"
        and mark.closed
        and (_in_spot(mark, cut) or (mark.colour is not None and _is_magenta(mark.colour)))
    ]


def _cuts_on(page: int, frame: Frame, lines: list[Mark], cut: str) -> Iterator[_Cut]:
    for up in frame.ups:
        on_trim = [
            line
            for line in lines
            if up.trim.contains(line.box, SAME_SIZE)
            and line.box.contains(up.trim, SAME_SIZE)
            and not (up.round and line.rectangle)
        ]
        in_spot = next((line for line in on_trim if _in_spot(line, cut)), None)
        in_process = next((line for line in on_trim if not _in_spot(line, cut)), None)
        yield _Cut(page, up.trim, in_spot, in_process)


def _in_spot(mark: Mark, cut: str) -> bool:
    return mark.colour is not None and cut in mark.colour.names


def _is_magenta(colour: Colour) -> bool:
    return (
        colour.space == "DeviceCMYK"
        and len(colour.values) == len(ALTERNATE)
        and all(abs(a - b) < _ALIKE for a, b in zip(colour.values, ALTERNATE, strict=True))
    )
