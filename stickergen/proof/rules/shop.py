"""Rules of the print shop on lines, text and pictures: what a press can hold and register.

Thresholds: GWG is the Ghent Workgroup's specification of 2015, variant SheetCmyk, by clause; where
shops in China and Hong Kong ask for more, their figure is taken. Sizes are effective, on paper.
"""

from __future__ import annotations

from collections.abc import Iterator

from stickergen.proof.finding import Finding, Severity
from stickergen.proof.painted import Colour, Mark
from stickergen.proof.rules import EVERY, PDF_X, rule
from stickergen.proof.rules.painting import Placed, ground, marks, named, stacks
from stickergen.proof.subject import Subject

LEAST_LINE = 0.2
"""mm; a digital shop's sheet of requirements in Hong Kong; GWG 4.17 has 0.25 pt as its floor."""

LEAST_TEXT_PT = 6.0
"""The same sheet of requirements."""

LEAST_LIGHT_BOLD_PT = 7.0
LEAST_LIGHT_PT = 12.0
"""White text closes up where inks are out of register: bold from 7 pt, regular from where its stems
are as thick (those of 一 measure 0.13 em in Bold and 0.08 in Regular)."""

SMALL_BLACK_PT = 12.0
"""GWG 4.10: black text below it overprints."""

RICH_BLACK = 0.85
MOST_RICH_BLACK = 280.0
"""GWG 4.15: text with at least 85 % black holds at most 280 % of ink in all."""

LEAST_COLOURED_PT = 8.0
"""GWG 4.16: smaller text in more than one ink shows fringes when they are out of register."""

LEAST_PPI = 150
LOW_PPI = 225
"""GWG 4.26: an error below 149 ppi, a warning below 224; the whole numbers around them."""

OWN_PPI = 300
"""What shops ask of pictures, and what the order's own files must keep."""

LEAST_BITMAP_PPI = 550
"""GWG 4.27: an error below 549 ppi for pictures of one bit."""

TINY_PX = 16
"""GWG 4.26: pictures of so few pixels in a direction are not judged."""

REGISTRATION = "All"
_CUT_NAMES = frozenset(
    (
        "contourcutline",
        "cutcontour",
        "cutpath",
        "dieline",
        "kiss-cut",
        "kisscutting",
        "perfcutcontour",
        "thru-cut",
    )
)
"""Spot names that cutters' manuals reserve for their lines (VersaWorks, RasterLink, Wasatch)."""


def technical(colour: Colour | None, cut: str | None) -> bool:
    """Whether it is no ink on the piece: registration colour, or a cut line's spot."""
    names = colour.names if colour is not None else ()
    return any(
        name in (REGISTRATION, cut) or name.lower().replace(" ", "") in _CUT_NAMES for name in names
    )


# --- lines and text ---


@rule("GWG 4.17", *EVERY)
def thin_line(subject: Subject) -> Iterator[Finding]:
    """A thinner line breaks up on the plate, or prints as wide as each device likes.

    Registration marks and cut lines are 0.25 pt by convention and exempt.
    Passes: `0.57 w` (0.2 mm) and more at the size on paper.
    Fails: `0.1 w`, or `1 w` in a form that is placed at a tenth of its size.
    """
    cut = subject.expected.cut
    yield from (
        Finding(
            "thin-line", page, mark.box, {"width": _shown(mark.line_width), "least": LEAST_LINE}
        )
        for page, mark in _drawn(subject)
        if mark.kind == "stroke"
        and mark.font is None
        and mark.line_width is not None
        and round(mark.line_width, 3) < LEAST_LINE
        and not technical(mark.colour, cut)
    )


@rule("Shop", *EVERY)
def small_text(subject: Subject) -> Iterator[Finding]:
    """Smaller Chinese characters fill in: a dozen strokes share two millimetres.

    Passes: `/F1 6 Tf`. Fails: `/F1 5 Tf`, or `/F1 10 Tf` in a form placed at half its size.
    """
    yield from (
        Finding("small-text", page, mark.box, {"size": size, "least": LEAST_TEXT_PT})
        for page, mark in _drawn(subject)
        if (size := _size(mark)) < LEAST_TEXT_PT
    )


@rule("Shop", *EVERY)
def thin_white_text(subject: Subject) -> Iterator[Finding]:
    """White strokes in a coloured ground close up when one of its inks is out of register.

    Bold is told by the name of the font; icons (private characters) have no thin strokes.
    Passes: white 7 pt Bold on red. Fails: white 8 pt Regular on red; white 6 pt Bold.
    """

    def thin(placed: Placed) -> Iterator[Finding]:
        mark = placed.mark
        size = _size(mark)
        bold = _bold(mark)
        if size >= (LEAST_LIGHT_BOLD_PT if bold else LEAST_LIGHT_PT) or not _white(mark):
            return
        limits = {"bold": LEAST_LIGHT_BOLD_PT, "regular": LEAST_LIGHT_PT}
        values = {"size": size, "font": _font(mark), **limits}
        for stack, page in stacks(subject)[placed.layer].items():
            below = ground(subject, placed, stack)
            if below is not None and not _white(below):
                yield Finding("thin-white-text", page, mark.box, values)
                break  # told of the first page

    yield from (
        finding
        for _, placed in marks(subject)
        if placed.mark.kind == "text"
        for finding in thin(placed)
    )


@rule("GWG 4.8", *EVERY)
def white_overprint(subject: Subject) -> Iterator[Finding]:
    """White that overprints is not there: the ground prints through, codes lose their quiet zone.

    GWG 4.8 for text, 4.9 for paths. The screen often shows it as wanted; the plates do not.
    Passes: `0 0 0 0 k` under `/op false`. Fails: `0 0 0 0 k` under `/op true`.
    """
    yield from (
        Finding("white-overprint", page, mark.box)
        for page, mark in _drawn(subject)
        if mark.overprint and mark.kind != "image" and _white(mark)
    )


@rule("GWG 4.10", *PDF_X)
def black_text_knocks_out(subject: Subject) -> Iterator[Finding]:
    """Small black text that is cut out of its ground shows white edges when out of register.

    Overprinting black needs no register at all. In DeviceCMYK it takes overprint mode 1;
    DeviceGray never overprints in practice (GWG 4.11).
    Passes: `0 0 0 1 k` under `/op true /OPM 1`. Fails: the same without, below 12 pt.
    """
    severity: Severity = "error" if subject.expected.plates else "warning"
    yield from (
        Finding("black-text-knocks-out", page, mark.box, {"size": size}, severity)
        for page, mark in _drawn(subject)
        if (size := _size(mark)) < SMALL_BLACK_PT
        and mark.colour is not None
        and mark.colour.black_alone
        and not _overprints(mark, mark.colour)
    )


@rule("GWG 4.15", *EVERY)
def rich_black_text(subject: Subject) -> Iterator[Finding]:
    """Text in four-colour black needs four plates in register and sets off on the next sheet.

    Office programs turn black into it when they write PDF.
    Passes: K100. Fails: C75 M68 Y67 K90.
    """
    yield from (
        Finding("rich-black-text", page, mark.box, {"ink": named(mark.colour)})
        for page, mark in _drawn(subject)
        if mark.kind == "text"
        and mark.colour is not None
        and (mark.colour.inks or {}).get("Black", 0) >= RICH_BLACK
        and mark.colour.total > MOST_RICH_BLACK
        and REGISTRATION not in mark.colour.names
    )


@rule("GWG 4.16", *EVERY)
def small_coloured_text(subject: Subject) -> Iterator[Finding]:
    """Small text in several inks shows coloured fringes when one is out of register.

    Asked of foreign files only: the order's own sizes are settled in its templates.
    Passes: 7 pt in K100. Fails: 7 pt in C100 M75.
    """
    if subject.expected.frames:
        return
    yield from (
        Finding(
            "small-coloured-text",
            page,
            mark.box,
            {"size": size, "ink": named(mark.colour), "least": LEAST_COLOURED_PT},
            "warning",
        )
        for page, mark in _drawn(subject)
        if (size := _size(mark)) < LEAST_COLOURED_PT
        and mark.colour is not None
        and len(mark.colour.inks or {}) > 1
    )


# --- pictures ---


@rule("GWG 4.26", *EVERY)
def picture_resolution(subject: Subject) -> Iterator[Finding]:
    """A picture of too few pixels prints blurred or in steps.

    Passes: 600 pixels across 50 mm (305 ppi). Fails: 200 pixels across 50 mm (102 ppi). The
    order's own files keep 300 ppi, or what its press prints at if that is less.
    """
    own = min(OWN_PPI, subject.expected.dpi) if subject.expected.frames else None
    least = round(own or LEAST_PPI)

    def severity(ppi: float) -> Severity | None:
        if round(ppi) < least:
            return "error"
        return "warning" if own is None and round(ppi) < LOW_PPI else None

    yield from (
        Finding(
            "picture-resolution",
            page,
            mark.box,
            {"ppi": round(ppi), "least": least if grade == "error" else LOW_PPI},
            grade,
        )
        for page, mark, ppi in _pictures(subject, one_bit=False)
        if (grade := severity(ppi)) is not None
    )


@rule("GWG 4.27", *EVERY)
def bitmap_resolution(subject: Subject) -> Iterator[Finding]:
    """A picture of one bit has no greys to smooth its steps and needs more pixels.

    Passes: 600 ppi. Fails: a scanned signature at 300 ppi.
    """
    least = LEAST_BITMAP_PPI
    if subject.expected.frames:
        least = min(least, round(subject.expected.dpi))
    yield from (
        Finding("bitmap-resolution", page, mark.box, {"ppi": round(ppi), "least": least})
        for page, mark, ppi in _pictures(subject, one_bit=True)
        if round(ppi) < least
    )


# --- reading marks ---


def _drawn(subject: Subject) -> Iterator[tuple[int, Mark]]:
    return ((page, placed.mark) for page, placed in marks(subject))


def _pictures(subject: Subject, *, one_bit: bool) -> Iterator[tuple[int, Mark, float]]:
    """The pictures that are large enough to judge, with their resolution."""
    for page, mark in _drawn(subject):
        if mark.kind != "image" or mark.ppi is None or mark.pixels is None:
            continue
        if mark.pixels > TINY_PX and (mark.bits == 1) is one_bit:
            yield page, mark, mark.ppi


def _size(mark: Mark) -> float:
    """The size in pt as it is compared (GWG 3.15: to one decimal); boundless for what has none."""
    return float("inf") if mark.size_pt is None else round(mark.size_pt, 1)


def _white(mark: Mark) -> bool:
    return mark.colour is not None and mark.colour.white


def _font(mark: Mark) -> str:
    return (mark.font or "?").rpartition("+")[2]


def _bold(mark: Mark) -> bool:
    icon = bool(mark.text) and all("\ue000" <= letter <= "\uf8ff" for letter in mark.text or "")
    return icon or any(weight in (mark.font or "") for weight in ("Bold", "Black", "Heavy"))


def _overprints(mark: Mark, colour: Colour) -> bool:
    """Whether the inks below stay: colorants always, DeviceCMYK in mode 1, grey never."""
    if colour.space == "DeviceCMYK":
        return mark.overprint and mark.overprint_mode == 1
    return mark.overprint and bool(colour.names)


def _shown(mm: float | None) -> float:
    return round(mm or 0.0, 3)
