"""The shop's rules: a good sheet passes them all, and each fault is found by the rule it concerns.

The sheet is 100 × 100 mm with one piece of 40 × 40 mm at its middle, 2 mm of bleed and 2 mm of safe
distance: a panel, white and black text, a code on white, a cut line, crop marks. Content is written
with y upwards; the piece spans 30 to 70 both ways.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pikepdf
import pytest
from drawn import SIDE, drawn, image, saved
from drawn import form as made_form
from pikepdf import Array, Name

from stickergen.measure import Box
from stickergen.problem import Problem, worded
from stickergen.proof.expected import CodeAt, Expected, Frame, Up
from stickergen.proof.finding import Finding
from stickergen.proof.painted import Colour
from stickergen.proof.rules import RULES, coverage, cutting, painting, pieces, shop
from stickergen.proof.subject import Subject

OWN = {
    code
    for code, each in RULES.items()
    if each.find.__module__ in {room.__name__ for room in (coverage, cutting, pieces, shop)}
}

PANEL = "/Knock gs 0.2 1 0.9 0.1 k 28 60 44 12 re f\n"
WHITE = "0 0 0 0 k BT /F2 3 Tf 33 63 Td (FRAUD) Tj ET\n"
BLACK = "/Over gs 0 0 0 1 k BT /F1 3 Tf 33 55 Td (call 96110) Tj ET\n"
CODE = "/Knock gs 0 0 0 0 k 52 40 14 14 re f 0 0 0 1 k 54 42 10 10 re f\n"
CUT = """/OC /Cutting BDC q /Over gs /Cut CS 1 SCN 0.088 w
31 30 m 69 30 l 70 30 70 30 70 31 c 70 69 l 70 70 70 70 69 70 c 31 70 l 30 70 30 70 30 69 c
30 31 l 30 30 30 30 31 30 c h S Q EMC\n"""
MARKS = "/All CS 1 SCN 0.088 w 20 30 m 25 30 l S 30 20 m 30 25 l S\n"
SLUG = "/Over gs 0 0 0 1 k BT /F1 3 Tf 10 90 Td (sheet 1) Tj ET\n"
GOOD = PANEL + WHITE + BLACK + CODE + CUT + MARKS + SLUG

PIECE = Box(30, 30, 40, 40)
FRAME = Frame(Box(0, 0, SIDE, SIDE), PIECE, 2.0, (Up(PIECE, Box(32, 32, 36, 36)),))
ORDER = Expected(
    standard="pdf-x-4",
    plates=("Cyan", "Magenta", "Yellow", "Black", "CutContour"),
    cut="CutContour",
    frames=(FRAME,),
    pages=(0,),
    codes=(CodeAt(1, Box(54, 48, 10, 10), 0.5, "https://example.com"),),
)
FOREIGN = Expected("pdf-x-1a")
BOXES = {"TrimBox": [30, 30, 70, 70], "BleedBox": [28, 28, 72, 72]}


def proved(pdf: pikepdf.Pdf, expected: Expected = ORDER) -> dict[str, list[Finding]]:
    """What the shop's rules find, by rule; only those that find anything."""
    subject = Subject.of("sheet.pdf", saved(pdf), expected)
    asked = (RULES[code] for code in OWN if expected.standard in RULES[code].standards)
    found = {each.code: list(each.find(subject)) for each in asked}
    return {code: findings for code, findings in found.items() if findings}


def found(content: str, expected: Expected = ORDER, **boxes: Any) -> dict[str, list[Finding]]:
    return proved(drawn(content, **(BOXES | boxes)), expected)


@pytest.mark.parametrize("expected", [ORDER, FOREIGN, Expected("plain")])
def test_a_good_sheet_passes(expected: Expected) -> None:
    assert found(GOOD, expected) == {}


def test_a_good_round_piece_passes() -> None:
    k = 0.5523 * 20
    circle = f"""/OC /Cutting BDC /Over gs /Cut CS 1 SCN 0.088 w 70 50 m
    70 {50 + k} {50 + k} 70 50 70 c {50 - k} 70 30 {50 + k} 30 50 c
    30 {50 - k} {50 - k} 30 50 30 c {50 + k} 30 70 {50 - k} 70 50 c S EMC\n"""
    up = Up(PIECE, Box(32, 32, 36, 36), round=True)
    text = BLACK.replace("33 55", "40 58")
    expected = replace(ORDER, frames=(replace(FRAME, ups=(up,)),), codes=())
    assert found(text + circle, expected) == {}
    assert found(text.replace("40 58", "40 64") + circle, expected).keys() == {
        "text-outside-safe-area"
    }
    plain = "/OC /Cutting BDC /Over gs /Cut CS 1 SCN 0.088 w 30 30 40 40 re S EMC\n"
    assert "cut-line-missing" in found(text + plain, expected)


def test_a_good_sheet_of_one_ink_passes() -> None:
    content = "0 g BT /F1 3 Tf 33 55 Td (call) Tj ET 0.8 g 35 62 9 3 re f\n" + CODE
    expected = replace(ORDER, standard="plain", plates=("Black",), cut=None)
    assert found(content, expected) == {}


_DEEP = "0.9 0.8 0.7 0.8 k 35 33 10 10 re f\n"

FAULTS: list[tuple[str, str, Expected]] = [
    ("thin-line", GOOD + "0 0 0 1 K 0.1 w 35 50 m 45 50 l S", ORDER),
    ("thin-line", "0.1 0 0 0.1 0 0 cm 1 w 400 500 m 450 500 l S", FOREIGN),
    ("small-text", GOOD + "0 0 0 1 k /Over gs BT /F1 2 Tf 33 50 Td (a) Tj ET", ORDER),
    ("thin-white-text", GOOD.replace("/F2 3 Tf", "/F1 3 Tf"), ORDER),
    ("thin-white-text", GOOD.replace("/F2 3 Tf", "/F2 2.4 Tf"), ORDER),
    ("white-overprint", GOOD.replace(WHITE, "/Over gs " + WHITE + "/Knock gs "), ORDER),
    ("white-overprint", "/Over gs 1 g 1 1 9 9 re f", FOREIGN),
    ("black-text-knocks-out", GOOD.replace("/Over gs 0 0 0 1 k", "0 0 0 1 k"), ORDER),
    ("black-text-knocks-out", "0 g BT /F1 3 Tf 33 55 Td (a) Tj ET", FOREIGN),
    ("rich-black-text", GOOD + "0.7 0.7 0.7 0.9 k BT /F1 5 Tf 33 50 Td (a) Tj ET", ORDER),
    ("small-coloured-text", "1 1 0 0 k BT /F1 2.5 Tf 33 50 Td (a) Tj ET", FOREIGN),
    ("picture-resolution", GOOD + "q 10 0 0 10 35 40 cm /Grey Do Q", ORDER),
    ("picture-resolution", "q 12 0 0 12 35 40 cm /Grey Do Q", FOREIGN),
    ("picture-resolution", "q 30 0 0 30 35 40 cm /Grey Do Q", FOREIGN),
    ("page-count", GOOD, replace(ORDER, pages=(0, 0))),
    ("bleed-missing", GOOD.replace("28 60 44 12 re", "30 60 42 12 re"), ORDER),
    ("text-outside-safe-area", GOOD.replace("33 55 Td", "31 55 Td"), ORDER),
    ("text-outside-safe-area", GOOD.replace("10 90 Td", "20 69 Td"), ORDER),
    ("quiet-zone-covered", GOOD + "0 0 0 1 K 0.3 w 53 45 m 53 50 l S", ORDER),
    ("quiet-zone-covered", GOOD + "/Over gs 0 0 0 1 k BT /F1 3 Tf 52 45 Td (a) Tj ET", ORDER),
    ("code-size", GOOD.replace("54 42 10 10 re", "55 43 8 8 re"), ORDER),
    ("code-size", GOOD.replace("54 42 10 10 re", "54 42 10 9.7 re"), ORDER),
    ("code-on-colour", GOOD.replace("0 0 0 0 k 52 40", "0 0 0.5 0 k 52 40"), ORDER),
    ("code-not-black", GOOD.replace("0 0 0 1 k 54", "0.7 0.6 0.5 0.5 k 54"), ORDER),
    ("code-not-black", GOOD.replace("0 0 0 1 k 54", "/Over gs 0 0 0 1 k 54"), ORDER),
    ("unexpected-ink", GOOD + "/Gold cs 1 scn 35 35 5 5 re f", ORDER),
    ("cut-line-missing", GOOD.replace(CUT, ""), ORDER),
    ("cut-line-in-process-colour", GOOD.replace("/Cut CS 1 SCN 0.088 w", "0 1 0 0 K 0.2 w"), ORDER),
    ("cut-line-width", GOOD.replace("1 SCN 0.088 w\n31", "1 SCN 0.35 w\n31"), ORDER),
    ("cut-line-knocks-out", GOOD.replace("q /Over gs /Cut", "q /Knock gs /Cut"), ORDER),
    ("cut-spot-misused", GOOD + "/Cut cs 1 scn 35 35 5 5 re f", ORDER),
    ("cut-spot-misused", GOOD + CUT, ORDER),
    ("cut-line-step", GOOD.replace("/OC /Cutting BDC", "/P BMC"), ORDER),
    ("registration-inside", GOOD + "/All CS 1 SCN 40 50 m 45 50 l S", ORDER),
    ("registration-inside", "/All CS 1 SCN 40 50 m 45 50 l S", FOREIGN),
    ("ink-coverage", GOOD + _DEEP, ORDER),
    ("ink-coverage", _DEEP, FOREIGN),
]


@pytest.mark.parametrize(
    ("code", "content", "expected"),
    FAULTS,
    ids=[f"{n}-{fault[0]}" for n, fault in enumerate(FAULTS)],
)
def test_a_fault_is_found_by_its_rule_alone(code: str, content: str, expected: Expected) -> None:
    findings = found(content, expected)
    assert findings.keys() == {code}
    assert all(finding.check == code for finding in findings[code])


def test_small_black_text_is_a_warning_for_foreign_files_alone() -> None:
    own = found(GOOD.replace("/Over gs 0 0 0 1 k", "0 0 0 1 k"))["black-text-knocks-out"]
    foreign = found("0 g BT /F1 3 Tf 33 55 Td (a) Tj ET", FOREIGN)["black-text-knocks-out"]
    assert (own[0].severity, foreign[0].severity) == ("error", "warning")


def test_a_low_resolution_is_worse_than_a_middling_one() -> None:
    def told(side: int) -> tuple[str, dict[str, Any]]:
        content = f"q {side} 0 0 {side} 35 40 cm /Grey Do Q"
        (finding,) = found(content, FOREIGN)["picture-resolution"]
        return finding.severity, dict(finding.values)

    assert told(12) == ("warning", {"ppi": 212, "least": 225})
    assert told(30) == ("error", {"ppi": 85, "least": 150})


def test_bitmaps_need_more_pixels() -> None:
    pdf = drawn("q 10 0 0 10 35 40 cm /Bit Do Q q 1 0 0 1 5 5 cm /Dot Do Q")
    named = pdf.pages[0].obj.Resources.XObject
    named.Bit = image(pdf, 160, bytes(20 * 160), Name.DeviceGray, BitsPerComponent=1)
    named.Dot = image(pdf, 8, bytes(8), Name.DeviceGray, BitsPerComponent=1)
    (finding,) = proved(pdf, FOREIGN)["bitmap-resolution"]
    assert finding.values == {"ppi": 406, "least": 550}


def test_pictures_need_no_more_than_the_press_prints() -> None:
    content = GOOD.replace(BLACK, "") + "q 12.5 0 0 12.5 33 33 cm /Grey Do Q"
    assert found(content, replace(ORDER, codes=(), dpi=203.2)) == {}
    assert "picture-resolution" in found(content, replace(ORDER, codes=(), dpi=204))


def test_bitmaps_need_no_more_than_the_press_prints() -> None:
    pdf = drawn(GOOD + "q 15 0 0 15 33 33 cm /Bit Do Q", **BOXES)
    pdf.pages[0].obj.Resources.XObject.Bit = image(
        pdf, 120, bytes(15 * 120), Name.DeviceGray, BitsPerComponent=1
    )
    assert "bitmap-resolution" not in proved(pdf, replace(ORDER, dpi=203.2))
    assert "bitmap-resolution" in proved(pdf, replace(ORDER, dpi=204))


def test_page_sizes_are_held_against_the_order() -> None:
    findings = found(GOOD, TrimBox=[30, 30, 71, 70])["page-size"]
    assert [dict(finding.values) for finding in findings] == [
        {"box": "TrimBox", "size": "41.0 × 40.0 mm", "wanted": "40.0 × 40.0 mm"}
    ]
    larger = replace(ORDER, frames=(replace(FRAME, media=Box(0, 0, 100, 120)),))
    assert [finding.values["box"] for finding in found(GOOD, larger)["page-size"]] == ["MediaBox"]


def test_a_trim_box_of_the_right_size_elsewhere_is_wrong() -> None:
    assert "page-size" in found(GOOD, TrimBox=[31, 30, 71, 70])


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("UserUnit", 2, {"size": "2", "wanted": "1"}),
        ("Rotate", 90, {"size": "90°", "wanted": "0°"}),
    ],
)
def test_a_page_enlarged_or_turned_is_not_as_ordered(
    key: str, value: int, told: dict[str, str]
) -> None:
    pdf = drawn(GOOD, **BOXES)
    pdf.pages[0].obj["/" + key] = value
    (finding,) = proved(pdf)["page-size"]
    assert finding.values == {"box": key, **told}
    assert "page-size" not in proved(pdf, FOREIGN)


def test_a_code_may_be_smaller_by_less_than_half_a_module() -> None:
    assert found(GOOD.replace("54 42 10 10 re", "54.2 42.2 9.6 9.6 re")) == {}


def test_a_code_too_near_the_cut_is_told() -> None:
    near = GOOD.replace("52 40 14 14", "55 40 14 14").replace("54 42 10 10", "57 42 10 10")
    code = CodeAt(1, Box(57, 48, 10, 10), 0.5, "https://example.com")
    assert found(near, replace(ORDER, codes=(code,))).keys() == {"code-outside-safe-area"}


def test_what_lies_below_the_white_of_a_code_does_no_harm() -> None:
    assert found(GOOD.replace(CODE, "0 0 1 0 k 34 38 33 18 re f " + CODE)) == {}


def test_a_frame_around_a_code_may_stand_outside_its_quiet_zone() -> None:
    assert found(GOOD + "0 0 0 1 K 0.3 w 51.5 39.5 15 15 re S") == {}
    assert "quiet-zone-covered" in found(GOOD + "0 0 0 1 K 0.3 w 52.5 40.5 13 13 re S")


def test_a_cut_line_of_another_colour_is_told() -> None:
    pdf = drawn(GOOD, **BOXES)
    spot = pdf.pages[0].obj.Resources.ColorSpace.Cut
    spot[3].C1 = Array([0, 0, 0, 1])
    (finding,) = proved(pdf)["cut-line-alternate"]
    assert finding.values == {"ink": "K100"}


def test_colours_are_no_black() -> None:
    expected = replace(ORDER, standard="plain", plates=("Black",), cut=None)
    content = "1 0 0 rg 35 62 9 3 re f 0 1 0 0 k 35 50 9 3 re f 0 0 0 0 k 40 40 9 3 re f\n" + CODE
    inks = [finding.values["ink"] for finding in found(content, expected)["not-one-colour"]]
    assert inks == ["DeviceRGB 1 0 0", "M100"]


def test_a_picture_of_a_spot_takes_its_plate() -> None:
    pdf = drawn(GOOD + "q 5 0 0 5 35 40 cm /Spot Do Q", **BOXES)
    named = pdf.pages[0].obj.Resources
    named.XObject.Spot = image(pdf, 100, bytes(10000), named.ColorSpace.Gold)
    (finding,) = proved(pdf)["unexpected-ink"]
    assert finding.values == {"ink": "Gold"}


def test_faults_are_told_where_they_are() -> None:
    (finding,) = found(GOOD + "0 0 0 1 K 0.1 w 35 50 m 45 50 l S")["thin-line"]
    assert finding.page == 1
    assert finding.spot is not None
    assert (round(finding.spot.x), round(finding.spot.y)) == (35, 50)


# --- coverage ---


def test_coverage_is_the_mean_of_the_worst_window() -> None:
    plate = np.zeros((100, 200))
    plate[60:75, 120:135] = 300
    percent, spot = coverage.worst(plate, 100)
    assert percent == pytest.approx(300)
    assert (round(spot.x / 0.254), round(spot.y / 0.254)) == (120, 60)


def test_a_page_smaller_than_the_window_is_one_window() -> None:
    assert coverage.worst(np.full((5, 5), 200.0), 100)[0] <= 200


def test_a_banner_is_looked_at_more_coarsely() -> None:
    pdf = drawn("0.9 0.8 0.7 0.8 k 0 0 5000 500 re f")
    pdf.pages[0].obj.MediaBox = Array([0, 0, 14000, 500])
    (finding,) = proved(pdf, FOREIGN)["ink-coverage"]
    assert finding.values["percent"] == pytest.approx(320, abs=1)


def test_black_over_colour_is_added_up() -> None:
    below = "/Knock gs 0.9 0.8 0.4 0 k 40 34 10 10 re f\n"
    over = "/Over gs 0 0 0 1 k 40 34 10 10 re f\n"
    assert "ink-coverage" in found(below + over, FOREIGN)
    assert found(below + over.replace("/Over", "/Knock"), FOREIGN) == {}
    assert found(below + over.replace("40 34", "60 60"), FOREIGN) == {}


def on_pages(form: str, *pages: str) -> pikepdf.Pdf:
    """Pages that place a form, /F."""
    pdf = drawn(*pages, **BOXES)
    named = pdf.pages[0].obj.Resources
    named.XObject.F = made_form(pdf, form, [0, 0, SIDE, SIDE], Resources=named)
    return pdf


def test_a_shared_form_is_looked_at_on_every_ground() -> None:
    over = "/Over gs 0 0 0 1 k 40 34 10 10 re f\n"
    heavy = "0.9 0.9 0.8 0 k 30 30 30 30 re f\n"
    (finding,) = proved(on_pages(over, "/F Do", heavy + "/F Do"), FOREIGN)["ink-coverage"]
    assert (finding.page, finding.values["percent"]) == (2, 360)
    light = "0.5 0.5 0 0 k 30 30 30 30 re f\n"
    assert proved(on_pages(over, "/F Do", light + "/F Do"), FOREIGN) == {}


@pytest.mark.parametrize(
    ("pages", "page"),
    [
        (("0 1 1 0 k 30 30 30 30 re f /F Do",), 1),
        (("/F Do", "0 1 1 0 k 30 30 30 30 re f /F Do"), 2),
        (("/F Do 0 1 1 0 k 30 30 30 30 re f",), None),
        (("0 1 1 0 k 30 30 30 30 re f 0 0 0 0 k 30 30 30 30 re f /F Do",), None),
        (("/F Do 0 1 1 0 k 30 30 30 30 re f /F Do",), 1),
    ],
    ids=["on red", "on paper, then on red", "under red", "on white on red", "under and on red"],
)
def test_the_ground_is_what_the_page_painted_before(
    pages: tuple[str, ...], page: int | None
) -> None:
    white = "0 0 0 0 k BT /F1 3 Tf 33 45 Td (a) Tj ET"
    findings = proved(on_pages(white, *pages), FOREIGN).get("thin-white-text", [])
    assert [finding.page for finding in findings] == ([] if page is None else [page])


def test_a_code_in_a_form_on_a_panel_of_the_page_is_on_colour() -> None:
    symbol = "0 0 0 1 k 54 42 10 10 re f"
    pdf = on_pages(symbol, "0 0.5 0.5 0 k 34 34 32 32 re f /F Do")
    assert "code-on-colour" in proved(pdf, replace(ORDER, standard="plain", cut=None))
    white = on_pages(symbol, "0 0.5 0.5 0 k 34 34 32 32 re f 0 0 0 0 k 52 40 14 14 re f /F Do")
    assert proved(white, replace(ORDER, standard="plain", cut=None)) == {}


def test_coverage_tells_how_much() -> None:
    high = found("0.9 0.8 0.7 0.5 k 40 34 10 10 re f", FOREIGN)["ink-coverage"][0]
    assert high.severity == "warning"
    assert high.values["percent"] == pytest.approx(290, abs=1)  # 256 steps of each ink
    deep = found(_DEEP, FOREIGN)["ink-coverage"][0]
    assert deep.severity == "error"
    assert deep.values["percent"] == pytest.approx(320, abs=1)


def test_pictures_are_looked_at() -> None:
    pdf = drawn("q 10 0 0 10 35 40 cm /Deep Do Q")
    named = pdf.pages[0].obj.Resources.XObject
    named.Deep = image(pdf, 100, b"\xff\xff\xff\x80" * 10000, Name.DeviceCMYK)
    (finding,) = proved(pdf, FOREIGN)["ink-coverage"]
    assert finding.values["percent"] == 350


# --- words and manuals ---


def cases() -> Iterator[str]:
    yield from (code for code, _, _ in FAULTS)
    yield from ("bitmap-resolution", "page-size", "code-outside-safe-area", "cut-line-alternate")
    yield "not-one-colour"


def test_every_rule_has_a_case_here() -> None:
    assert set(cases()) == OWN


@pytest.mark.parametrize("code", sorted(OWN))
def test_every_rule_has_a_manual_with_examples(code: str) -> None:
    assert "Passes: " in RULES[code].manual
    assert "Fails: " in RULES[code].manual


@pytest.mark.parametrize(
    ("code", "content", "expected"),
    FAULTS,
    ids=[f"{n}-{fault[0]}" for n, fault in enumerate(FAULTS)],
)
def test_findings_can_be_worded(code: str, content: str, expected: Expected) -> None:
    for finding in found(content, expected)[code]:
        problem = Problem(finding.check, None, dict(finding.values))
        for language in ("zh", "en"):
            wording = worded(problem, language)
            assert "{" not in wording.sentence + wording.hint


def test_colours_are_named_as_printers_write_them() -> None:
    names = [
        painting.named(colour)
        for colour in (
            Colour("DeviceCMYK", (0.1, 1, 0.95, 0.1)),
            Colour("Separation", (0.5,), ("Gold",)),
            Colour("DeviceCMYK", (0, 0, 0, 0)),
            Colour("DeviceRGB", (1, 0, 0.5)),
            None,
        )
    ]
    assert names == ["C10 M100 Y95 K10", "Gold 50", "C0 M0 Y0 K0", "DeviceRGB 1 0 0.5", "?"]
