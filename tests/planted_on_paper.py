"""Faults that are printed: lines, text, pictures, inks, codes, cut lines, pieces.

Comes in: nothing. Goes out: `ON_PAPER`, faults by what somebody did. Content is written in points
from the piece's lower left corner: the red bar lies above 115, the code's white box from 186, 21
to 275, 110 with 9.6 of quiet zone, and 152, 52 to 178, 78 is empty.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf
from planted import (
    Fault,
    arrangement,
    cut_lines,
    design,
    hard,
    last_page,
    on_piece,
    picture,
    plates,
    readback,
    resources,
    rewritten,
    rules,
)
from trial_pdf import Change, put, resource, spot, stream

from stickergen.measure import Edges
from stickergen.proof.expected import Expected

HERE = b" 152 52 26 26 re f"
"""A panel where the piece is empty."""

BLACK = b"/Over gs 0 0 0 1 k "


# --- ways to plant them ---


def words(
    font: bytes, size: float, x: float, y: float, text: bytes, state: bytes = BLACK
) -> Change:
    """A line of text on the piece."""
    return on_piece(state + b"BT /%s %g Tf %g %g Td (%s) Tj ET" % (font, size, x, y, text))


def shown(image: Any, side: float = 26) -> Change:
    """A picture on the piece; 26 points are 108 pixels at 300 ppi."""
    return on_piece(b"%g 0 0 %g 120 52 cm /Im7 Do" % (side, side), XObject={"Im7": image})


def of_design(old: bytes, new: bytes) -> Change:
    return rewritten(design, old, new)


def of_cuts(old: bytes, new: bytes) -> Change:
    return rewritten(cut_lines, old, new)


def of_page(old: bytes, new: bytes) -> Change:
    return rewritten(last_page, old, new)


CODE = rb"0 0 0 1 k(\nn [^k]*?\nf\*)"
"""A code's symbol in a design: the one path that is filled in black."""


def other_code(pdf: Pdf) -> None:
    """The first page's symbol in place of the last one's."""
    forms = pdf.pages[0].obj.Resources.XObject
    first = next(form for name, form in forms.items() if name.startswith("/FormXob.S"))
    (other,) = first.Resources.XObject.values()
    symbol = re.search(CODE, other.read_bytes())
    assert symbol is not None
    rewritten(design, CODE, symbol.group())(pdf)


def page_twice(pdf: Pdf) -> None:
    """The first page in place of the last one."""
    pdf.pages[-1] = pdf.pages[0]


def code_beside(pdf: Pdf) -> None:
    """The design again beside the pieces, all of it clipped but its code."""
    resources(last_page(pdf), XObject={"Again": design(pdf)})
    on_piece(b"1 0 0 1 -330 0 cm 186.2 21.7 88.7 88.7 re W n /Again Do")(pdf)


def in_cut_spot(content: bytes) -> Change:
    """Painted on the piece in the cut line's spot."""

    def its_space(pdf: Pdf) -> Any:
        return cut_lines(pdf).Resources.ColorSpace["/Cut"]

    return on_piece(b"/Over gs /Cut cs 1 scn " + content, ColorSpace={"Cut": its_space})


def tile(pdf: Pdf) -> Any:
    """A pattern whose tile is in a spot."""
    gold = spot("Gold", Name.DeviceCMYK, (0, 0.2, 0.6, 0.2))(pdf)
    side = Array([0, 0, 4, 4])
    fixed = {"PatternType": 1, "PaintType": 1, "TilingType": 1, "XStep": 4, "YStep": 4}
    named = Dictionary(ColorSpace=Dictionary(Gold=gold))
    return stream(pdf, b"/Gold cs 1 scn 0 0 2 2 re f", fixed | {"BBox": side, "Resources": named})


def cuts_knock_out(pdf: Pdf) -> None:
    resources(cut_lines(pdf), ExtGState={"Overprint": Dictionary(OP=False, OPM=1)})


def cut_shown_in_black(pdf: Pdf) -> None:
    cut_lines(pdf).Resources.ColorSpace["/Cut"][3].C1 = Array([0, 0, 0, 1])


def other_step(pdf: Pdf) -> None:
    """The cutting step becomes a gluing step."""
    pdf.Root.OCProperties.OCGs[0].GTS_Metadata.GTS_ProcStepsType = Name.Gluing


def overprint_mode_0(pdf: Pdf) -> None:
    resources(design(pdf), ExtGState={"Overprint": Dictionary(OP=True, op=True, OPM=0)})


def foreign(order: Expected) -> Expected:
    """The standard alone: nobody ordered the file."""
    return Expected(order.standard)


def safer(order: Expected) -> Expected:
    """A safe area 6 mm smaller on all sides."""
    frames = tuple(
        replace(
            frame,
            ups=tuple(replace(up, safe=up.safe.inset(Edges.all(6))) for up in frame.ups),
        )
        for frame in order.frames
    )
    return replace(order, frames=frames)


def elsewhere(order: Expected) -> Expected:
    """Codes that lead to another host."""
    codes = (replace(c, url=c.url.replace("fz.", "wz.")) for c in order.codes or ())
    return replace(order, codes=tuple(codes))


def for_copier(order: Expected) -> Expected:
    """Black is the only ink."""
    return replace(order, plates=("Black",))


# --- the faults ---

LINES = {
    "a line of 0.1 mm": Fault("thin-line", on_piece(b"0 0 0 1 K .283 w 20 47 m 140 47 l S")),
    "a hairline in an office file": Fault(
        "thin-line", on_piece(b"0 G 0 w 20 47 m 140 47 l S"), "office"
    ),
    "a line drawn small": Fault(
        "thin-line", on_piece(b".1 0 0 .1 0 0 cm 0 0 0 1 K 1 w 200 470 m 1400 470 l S")
    ),
}

TEXT = {
    "5 pt": Fault("small-text", words(b"Regular", 5, 152, 60, b"011")),
    "5 pt in an office file": Fault("small-text", words(b"Regular", 5, 152, 60, b"50"), "office"),
    "10 pt drawn at half its size": Fault(
        "small-text",
        on_piece(b".5 0 0 .5 0 0 cm " + BLACK + b"BT /Regular 10 Tf 310 120 Td (011) Tj ET"),
    ),
    "5 pt by its matrix": Fault(
        "small-text", on_piece(BLACK + b"BT /Regular 1 Tf 5 0 0 5 152 60 Tm (011) Tj ET")
    ),
    "white 6 pt on red": Fault(
        "thin-white-text", words(b"Bold", 6, 140, 124, b"gov", b"0 0 0 0 k ")
    ),
    "white 8 pt without weight on red": Fault(
        "thin-white-text", words(b"Regular", 8, 140, 124, b"01", b"0 0 0 0 k ")
    ),
    "black of four inks": Fault(
        "rich-black-text", words(b"Black", 9, 152, 60, b"9", b".75 .68 .67 .9 k ")
    ),
    "small black text knocked out": Fault(
        "black-text-knocks-out",
        of_design(rb"/Overprint( gs\n0 0 0 1 k\nBT [^\n]*? 9 Tf)", rb"/Knockout\1"),
    ),
    "small black text in overprint mode 0": Fault("black-text-knocks-out", overprint_mode_0),
    "small grey text that is said to overprint": Fault(
        "black-text-knocks-out", words(b"Regular", 8, 152, 60, b"011", b"/Over gs 0 g ")
    ),
    "white text that overprints": Fault(
        "white-overprint", of_design(rb"/Knockout( gs\n0 0 0 0 k\nBT)", rb"/Overprint\1")
    ),
    "small text in two inks in a foreign file": Fault(
        "small-coloured-text",
        words(b"Regular", 7, 152, 60, b"011", b"1 .75 0 0 k "),
        severity="warning",
        order=foreign,
    ),
}

PICTURES = {
    "72 ppi": Fault("picture-resolution", shown(picture(26, ColorSpace=Name.DeviceCMYK))),
    "72 ppi in an office file": Fault(
        "picture-resolution", shown(picture(26, 8, 1, ColorSpace=Name.DeviceGray)), "office"
    ),
    "200 ppi": Fault("picture-resolution", shown(picture(72, ColorSpace=Name.DeviceCMYK))),
    "200 ppi in a foreign file": Fault(
        "picture-resolution",
        shown(picture(72, ColorSpace=Name.DeviceCMYK)),
        severity="warning",
        order=foreign,
    ),
    "a picture drawn twice as large": Fault(
        "picture-resolution", shown(picture(108, ColorSpace=Name.DeviceCMYK), 52)
    ),
    "300 ppi of one bit": Fault(
        "bitmap-resolution", shown(picture(108, 1, 1, ColorSpace=Name.DeviceGray))
    ),
}

INKS = {
    "a panel of 320 %": Fault("ink-coverage", on_piece(b".9 .8 .7 .8 k" + HERE)),
    "a panel of 290 %": Fault(
        "ink-coverage", on_piece(b".9 .7 .6 .7 k" + HERE), severity="warning"
    ),
    "green that overprints red": Fault(
        "ink-coverage", on_piece(b"/Over gs 1 0 1 .1 k 100 118 40 20 re f")
    ),
    "a second spot": Fault(
        "unexpected-ink",
        on_piece(
            b"/CS7 cs 1 scn" + HERE,
            ColorSpace={"CS7": spot("PANTONE 485 C", Name.DeviceCMYK, (0, 0.95, 1, 0))},
        ),
    ),
    "a picture in a spot": Fault(
        "unexpected-ink",
        shown(
            picture(120, 8, 1, ColorSpace=spot("PANTONE 485 C", Name.DeviceCMYK, (0, 0.95, 1, 0)))
        ),
    ),
    "a spot in an office file": Fault(
        "unexpected-ink",
        on_piece(
            b"/CS7 cs 1 scn" + HERE,
            ColorSpace={"CS7": spot("Gold", Name.DeviceCMYK, (0, 0.2, 0.6, 0.2))},
        ),
        "office",
    ),
    "a file in colour for a copier": Fault("not-one-colour", press="office", order=for_copier),
    "a spot of two recipes": Fault(
        "spot-differs",
        resource("ColorSpace", "CS7", spot("CutContour", Name.DeviceCMYK, (1, 0, 0, 0))),
        severity="warning",
    ),
    "a spot of two recipes in an X-4 file": Fault(
        "spot-differs",
        resource("ColorSpace", "CS7", spot("CutContour", Name.DeviceCMYK, (1, 0, 0, 0))),
        "shop-x4",
    ),
    "registration colour on the piece": Fault(
        "registration-inside",
        on_piece(b"/Registration CS 1 SCN .25 w 20 47 m 140 47 l S"),
    ),
    "a word in registration colour": Fault(
        "registration-inside",
        words(b"Black", 9, 152, 60, b"9", b"/Over gs /Registration cs 1 scn "),
    ),
    "crop marks inside the bleed": Fault(
        "registration-inside", of_page(rb"(/Registration[^m]*?\nn )[\d.]+", rb"\g<1>41")
    ),
}

CODES = {
    "in four inks": Fault("code-not-black", of_design(CODE, rb".75 .68 .67 .9 k\1")),
    "in dark grey": Fault("code-not-black", of_design(CODE, rb"0 0 0 .9 k\1")),
    "in red in an office file": Fault(
        "code-not-black", of_design(rb"0 g(\nn 195[^g]*?\nf\*)", rb"0 1 1 0 k\1"), "office"
    ),
    "overprinting": Fault("code-not-black", of_design(CODE, rb"/Overprint gs 0 0 0 1 k\1")),
    "white on black": Fault(
        "quiet-zone-covered",
        of_design(
            rb"0 0 0 0 k(\nn 186[^k]*?f\*\n)0 0 0 1 k",
            rb"0 0 0 1 k\g<1>0 0 0 0 k",
        ),
    ),
    "as a picture": Fault(
        "code-not-black",
        on_piece(
            b"69.6 0 0 69.6 195.8 31.2 cm /Im7 Do",
            XObject={"Im7": picture(600, 8, 1, ColorSpace=Name.DeviceGray)},
        ),
    ),
    "a line in the quiet zone": Fault(
        "quiet-zone-covered", on_piece(b"0 0 0 1 K .85 w 190 30 m 190 100 l S")
    ),
    "a line in an office file's quiet zone": Fault(
        "quiet-zone-covered", on_piece(b"0 G .85 w 190 30 m 190 100 l S"), "office"
    ),
    "text in the quiet zone": Fault("quiet-zone-covered", words(b"Black", 8, 188, 60, b"9")),
    "without white on a coloured bar": Fault(
        "code-on-colour", of_design(rb"0 0 0 0 k(\nn 186[^k]*f\*\n0 0 0 1 k)", rb".1 1 .95 .1 k\1")
    ),
    "white that overprints": Fault(
        "white-overprint",
        of_design(
            rb"/Knockout gs(\n0 0 0 0 k\nn 186[^k]* f\*)",
            rb"/Overprint gs\1\n/Knockout gs",
        ),
    ),
    "of another address": Fault("code-wrong", other_code, eyes=(rules, readback)),
    "of an office file that leads elsewhere": Fault(
        "code-wrong", press="office", order=elsewhere, eyes=(rules, readback)
    ),
    "of another page": Fault("code-wrong", page_twice, eyes=(rules, readback)),
    "on an office page that came out empty": Fault(
        "code-missing",
        lambda pdf: put(last_page(pdf), "Contents", None),
        "office",
        also=("blank-page",),
        eyes=(rules, readback),
    ),
    "printed to fit the page": Fault(
        "code-missing",
        of_page(rb"^1 0 0 1 0 0 cm", b".94 0 0 .94 18 25 cm"),
        "office",
        also=("code-extra", "quiet-zone-covered", "small-text", "text-outside-safe-area"),
        eyes=(rules, readback),
    ),
    "missing": Fault("code-missing", of_design(CODE, b""), eyes=(rules, readback)),
    "pasted over": Fault(
        "code-missing",
        on_piece(b"0 0 0 0 k 200 30 50 50 re f"),
        eyes=(rules, readback),
    ),
    "one too many": Fault("code-extra", code_beside, eyes=(rules, readback)),
    "drawn at four fifths of its size": Fault(
        "code-size",
        of_design(CODE, rb"q .8 0 0 .8 46.1 13.2 cm 0 0 0 1 k\1 Q"),
        eyes=(rules, readback, hard),
    ),
    "drawn at three tenths of its size": Fault(
        "code-fragile",
        of_design(CODE, rb"q .3 0 0 .3 161.4 46.2 cm 0 0 0 1 k\1 Q"),
        severity="warning",
        also=("code-size",),
        eyes=(rules, readback, hard),
    ),
    "nearer to the edge than the order allows": Fault(
        "code-outside-safe-area",
        order=safer,
        also=("text-outside-safe-area",),  # it is as near
    ),
    "not on the black plate": Fault(
        "code-not-on-black-plate",
        of_design(CODE, rb".6 .6 .6 0 k\1"),
        also=("code-not-black", "ink-under-code"),
        eyes=(rules, plates),
    ),
    "a spot in a pattern": Fault(
        "plate-not-meant",
        on_piece(b"/Pattern cs /P7 scn" + HERE, Pattern={"P7": tile}),
        eyes=(rules, plates),
    ),
    "ink that overprints it": Fault(
        "ink-under-code",
        on_piece(b"/Over gs .3 0 0 0 k 200 30 50 50 re f"),
        also=("quiet-zone-covered",),
        eyes=(rules, plates),
    ),
}

CUTTING = {
    "in magenta ink": Fault(
        "cut-line-in-process-colour",
        of_cuts(rb"/Cut CS 1 SCN", b"0 1 0 0 K"),
        also=("thin-line",),  # a hairline that is printed
    ),
    "1 pt thick": Fault("cut-line-width", of_cuts(rb"\.25 w", b"1 w")),
    "left open": Fault(
        "cut-line-missing",
        of_cuts(rb"[^\n]+ c\nh\nS", b"S"),
        also=("cut-spot-misused",),  # a line that is no contour
    ),
    "not overprinting": Fault("cut-line-knocks-out", cuts_knock_out),
    "2 mm beside the pieces": Fault(
        "cut-line-missing",
        of_cuts(rb"/Cut CS", b"1 0 0 1 5.67 0 cm /Cut CS"),
        also=("cut-spot-misused",),
    ),
    "missing at one piece": Fault("cut-line-missing", of_cuts(rb"\nn\n[^S]+S", b"")),
    "in a spot of another name": Fault(
        "cut-line-missing",
        lambda pdf: cut_lines(pdf).Resources.ColorSpace["/Cut"].__setitem__(1, Name.Stanze),
        also=("unexpected-ink", "thin-line"),
    ),
    "missing at all pieces": Fault("cut-line-missing", of_page(rb"/FormXob\.K1 Do", b"")),
    "drawn twice": Fault("cut-spot-misused", of_cuts(rb"(\nn\n[^S]+S)", rb"\1\1")),
    "shown in black": Fault("cut-line-alternate", cut_shown_in_black),
    "a word in its spot": Fault(
        "cut-spot-misused", in_cut_spot(b"BT /Black 9 Tf 152 60 Td (9) Tj ET")
    ),
    "no processing step": Fault(
        "cut-line-step", of_page(rb"/OC /Cutting BDC", b"/Cutting BMC"), "shop-x4"
    ),
    "the step of another machine": Fault("cut-line-step", other_step, "shop-x4"),
}

PIECES = {
    "text at the edge": Fault("text-outside-safe-area", words(b"Regular", 8, 2, 47, b"01")),
    "text at the edge in an office file": Fault(
        "text-outside-safe-area", words(b"Regular", 8, 2, 47, b"50"), "office"
    ),
    "a slug line over the piece": Fault(
        "text-outside-safe-area", words(b"Regular", 7, 100, 140, b"01")
    ),
    "a bar that ends at the cut": Fault(
        "bleed-missing",
        of_design(rb"-5\.669291 115\.0866 294\.8031 32\.31496", b"0 115.0866 283.4646 26.6457"),
    ),
    "pieces moved by 1 mm": Fault(
        "bleed-missing",
        rewritten(arrangement, rb"^1 0 0 1 0 0 cm", b"1 0 0 1 -2.835 0 cm"),
        also=("text-outside-safe-area", "quiet-zone-covered"),  # all that moves with them
    ),
}

ON_PAPER = LINES | TEXT | PICTURES | INKS | CODES | CUTTING | PIECES
