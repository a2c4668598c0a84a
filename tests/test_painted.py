"""What pages paint: places, sizes, colours, shared layers; of broken files, what can be read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from io import BytesIO

import pikepdf
import pytest
from drawn import add_page, drawn, form, image, resources, saved, spot
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name
from reportlab.lib.colors import CMYKColorSep
from reportlab.pdfgen.canvas import Canvas

from stickergen.measure import Box, Point
from stickergen.proof import painted
from stickergen.proof.interpreter.colours import space_of
from stickergen.proof.interpreter.functions import evaluated
from stickergen.proof.interpreter.matrix import Matrix, around
from stickergen.proof.interpreter.typefaces import face_of
from stickergen.proof.painted import Colour, Mark, painting


def marks(pdf: pikepdf.Pdf) -> list[Mark]:
    """All marks of a file, layer by layer."""
    return [mark for layer in painting(pdf).layers for mark in layer.marks]


def only(content: str) -> Mark:
    """The one mark that a content leaves."""
    (mark,) = marks(drawn(content))
    return mark


def place(box: Box) -> list[float]:
    return [round(n, 3) + 0.0 for n in (box.x, box.y, box.width, box.height)]


# --- paths ---


def test_a_rectangle_lies_where_it_is_drawn() -> None:
    mark = only("0 1 0 0 k 10 20 30 40 re f")
    assert (mark.kind, mark.rectangle) == ("fill", True)
    assert place(mark.box) == [10, 40, 30, 40]
    assert mark.colour == Colour("DeviceCMYK", (0, 1, 0, 0))


def test_lines_around_a_rectangle_are_one() -> None:
    assert only("10 10 m 20 10 l 20 30 l 10 30 l h f").rectangle
    assert not only("10 10 m 20 10 l 20 30 l 12 30 l h f").rectangle
    assert not only("0.7 0.7 -0.7 0.7 50 0 cm 10 10 10 10 re f").rectangle


def test_a_stroke_knows_its_width_on_paper() -> None:
    mark = only("0.5 0 0 0.5 0 0 cm 0.4 w 20 20 m 60 20 l S")
    assert mark.line_width == pytest.approx(0.2)
    assert (mark.closed, place(mark.box)) == (False, [10, 90, 20, 0])
    assert place(mark.inked[0]) == [9.9, 89.9, 20.2, 0.2]


def test_each_subpath_is_a_stroke_of_its_own() -> None:
    found = marks(drawn("1 w 10 10 m 20 10 l 30 30 20 20 re S"))
    assert [(mark.closed, mark.rectangle) for mark in found] == [(False, False), (True, True)]
    assert len(found[1].segments) == 4


def test_a_frame_leaves_no_ink_in_its_middle() -> None:
    mark = only("1 w 10 10 80 80 re S")
    assert not any(part.overlaps(Box(40, 40, 20, 20)) for part in mark.inked)
    assert any(part.overlaps(Box(5, 40, 20, 20)) for part in mark.inked)


def test_a_circle_is_bounded_by_its_control_points() -> None:
    out = BytesIO()
    canvas = Canvas(out, pagesize=(200, 200), invariant=1)
    canvas.circle(100, 100, 50, stroke=1, fill=0)
    canvas.save()
    (mark,) = marks(pikepdf.open(BytesIO(out.getvalue())))
    assert mark.closed
    assert mark.box.width == pytest.approx(100 / 72 * 25.4)
    inside = math.sqrt(0.5) * mark.box.width - 1  # the square in the circle
    corner = mark.box.x + (mark.box.width - inside) / 2
    assert not any(part.overlaps(Box(corner, corner, inside, inside)) for part in mark.inked)
    assert any(part.overlaps(Box(corner, corner, inside + 2, inside)) for part in mark.inked)


def test_filling_and_stroking_are_two_marks() -> None:
    assert [mark.kind for mark in marks(drawn("10 10 5 5 re B"))] == ["fill", "stroke"]


@pytest.mark.parametrize("nothing", ["10 10 5 5 re n", "10 10 m f", "S", "10 10 0 0 re f"])
def test_what_paints_nothing_leaves_no_mark(nothing: str) -> None:
    assert marks(drawn(nothing)) == []


def test_a_clip_cuts_off_until_it_is_restored() -> None:
    found = marks(drawn("q 20 20 10 10 re W n 0 0 100 100 re f Q 0 0 50 50 re f"))
    assert [place(mark.box) for mark in found] == [[20, 70, 10, 10], [0, 50, 50, 50]]
    assert marks(drawn("20 20 10 10 re W n 60 60 10 10 re f")) == []
    assert marks(drawn("q 0 0 10 10 re W n 50 50 5 5 re W n 0 0 100 100 re f Q")) == []


def test_what_lies_off_the_page_is_no_mark() -> None:
    assert marks(drawn("200 200 10 10 re f")) == []


# --- colours and state ---


@pytest.mark.parametrize(
    ("content", "colour"),
    [
        ("", Colour("DeviceGray", (0,))),
        ("0.5 g", Colour("DeviceGray", (0.5,))),
        ("1 0 0 rg", Colour("DeviceRGB", (1, 0, 0))),
        ("/DeviceCMYK cs", Colour("DeviceCMYK", (0, 0, 0, 1))),
        ("/DeviceCMYK cs 1 0 0 0 sc", Colour("DeviceCMYK", (1, 0, 0, 0))),
        ("1 1 k", Colour("DeviceCMYK", (1, 1, 0, 0))),
        ("/Nowhere cs 1 scn", Colour("Unknown", ())),
        ("q 1 0 0 rg Q", Colour("DeviceGray", (0,))),
    ],
)
def test_colours_are_as_written(content: str, colour: Colour) -> None:
    assert only(content + " 0 0 9 9 re f").colour == colour


def test_a_spot_knows_its_name_and_its_alternate() -> None:
    colour = only("/Gold cs 0.5 scn 0 0 9 9 re f").colour
    assert colour is not None
    assert (colour.space, colour.values, colour.names) == ("Separation", (0.5,), ("Gold",))
    assert colour.alternate == Colour("DeviceCMYK", (0, 0.25, 0.5, 0))


def test_reportlab_s_spots_are_read() -> None:
    out = BytesIO()
    canvas = Canvas(out, pagesize=(200, 200), invariant=1)
    canvas.setStrokeColor(CMYKColorSep(0, 1, 0, 0, spotName="CutContour"))
    canvas.setStrokeOverprint(True)
    canvas.rect(10, 10, 50, 50)
    canvas.save()
    (mark,) = marks(pikepdf.open(BytesIO(out.getvalue())))
    assert mark.colour is not None
    assert mark.colour.names == ("CutContour",)
    assert mark.colour.alternate == Colour("DeviceCMYK", (0, 1, 0, 0))
    assert mark.overprint


def test_overprint_follows_the_graphics_state() -> None:
    found = marks(drawn("/Over gs 0 0 9 9 re f /Knock gs 0 0 9 9 re f"))
    assert [(mark.overprint, mark.overprint_mode) for mark in found] == [(True, 1), (False, 1)]


def test_marked_content_names_the_processing_step() -> None:
    found = marks(drawn("/OC /Cutting BDC /P BMC 9 9 9 9 re S EMC EMC 9 9 9 9 re S"))
    assert [mark.step for mark in found] == ["Cutting", None]


@pytest.mark.parametrize(
    ("colour", "inks", "white"),
    [
        (Colour("DeviceCMYK", (0, 0, 0, 0)), {}, True),
        (Colour("DeviceCMYK", (0.5, 0, 0, 1)), {"Cyan": 0.5, "Black": 1}, False),
        (Colour("DeviceGray", (1,)), {}, True),
        (Colour("DeviceGray", (0,)), {"Black": 1}, False),
        (Colour("DeviceRGB", (1, 1, 1)), None, True),
        (Colour("DeviceRGB", (1, 1, 0)), None, False),
        (Colour("Separation", (0,), ("Gold",)), {}, True),
        (Colour("DeviceN", (1, 0.5), ("Cyan", "Gold")), {"Cyan": 1, "Gold": 0.5}, False),
        (Colour("Separation", (1,), ("None",)), {}, True),
        (Colour("ICCBased", (0, 0, 0, 1)), {"Black": 1}, False),
    ],
)
def test_inks_of_a_colour(colour: Colour, inks: dict[str, float] | None, white: bool) -> None:
    assert colour.inks == inks
    assert colour.white is white


def test_indexed_colours_are_looked_up() -> None:
    table = bytes([0, 0, 0, 255, 0, 255, 0, 0])
    space = space_of(Array([Name.Indexed, Name.DeviceCMYK, 1, pikepdf.String(table)]))
    assert space.colour([1]) == Colour("DeviceCMYK", (0, 1, 0, 0))


def test_a_space_that_names_itself_is_unknown() -> None:
    assert space_of(Name.Loop, {"/Loop": Name.Loop}).family == "Unknown"


# --- functions ---


def function(program: str, inputs: Sequence[float]) -> tuple[float, ...] | None:
    pdf = pikepdf.new()
    made = pdf.make_stream(program.encode())
    made.FunctionType, made.Range = 4, Array([0, 1] * 4)
    return evaluated(made, inputs)


@pytest.mark.parametrize(
    ("program", "outputs"),
    [
        ("{dup 0 mul exch dup 1 mul exch dup 0 mul exch 0 mul}", (0, 0.5, 0, 0)),
        ("{0 exch 0 0}", (0, 0.5, 0, 0)),
        ("{dup dup add exch 0 0}", (1, 0.5, 0, 0)),
        ("{0 0 0 4 1 roll}", (0, 0.5, 0, 0)),
        ("{0 0 2 index 0 4 -1 roll pop}", (0.5, 0, 0.5, 0)),
        ("{if}", None),
    ],
)
def test_calculators_calculate(program: str, outputs: tuple[float, ...] | None) -> None:
    assert function(program, [0.5]) == outputs


def test_samples_are_read_at_the_ends() -> None:
    pdf = pikepdf.new()
    made = pdf.make_stream(bytes([0, 0, 0, 0, 0, 255, 0, 51]))
    made.FunctionType, made.BitsPerSample = 0, 8
    made.Size, made.Domain, made.Range = Array([2]), Array([0, 1]), Array([0, 1] * 4)
    assert evaluated(made, [1]) == pytest.approx((0, 1, 0, 0.2))
    assert evaluated(made, [0.5]) is None


# --- text ---


def test_text_is_measured_by_widths_and_em_box() -> None:
    mark = only("BT /F2 10 Tf 20 30 Td (AbC) Tj ET")
    assert place(mark.box) == [20, 61.2, 15, 10]
    assert mark.font == "AAAAAA+Test-Bold"
    assert mark.size_pt == pytest.approx(10 / 25.4 * 72)


@pytest.mark.parametrize(
    ("operators", "left", "width"),
    [
        ("(ab) Tj", 20, 10),
        ("[(a) -1000 (b)] TJ", 20, 20),
        ("2 Tc (ab) Tj", 20, 12),
        ("50 Tz (ab) Tj", 20, 5),
        ("3 Tw (a b) Tj", 20, 18),
        ("( a ) Tj", 25, 5),
        ("(a) Tj (b) Tj", 20, 5),
        ("12 TL (ab) '", 20, 10),
        ('1 2 (ab) "', 20, 12),
    ],
)
def test_spacing_moves_text(operators: str, left: float, width: float) -> None:
    first = marks(drawn(f"BT /F1 10 Tf 1 0 0 1 20 30 Tm {operators} ET"))[0]
    assert (round(first.box.x, 3), round(first.box.width, 3)) == (left, width)


def test_lines_follow_each_other() -> None:
    found = marks(
        drawn("BT /F1 10 Tf 12 TL 20 50 Td (a) Tj T* (b) Tj 5 -20 TD (c) Tj T* (d) Tj ET")
    )
    assert [place(mark.box)[:2] for mark in found] == [
        [20, 41.2],
        [20, 53.2],
        [25, 73.2],
        [25, 93.2],
    ]


def test_the_text_matrix_counts_for_the_size() -> None:
    mark = only("BT /F1 1 Tf 7 0 0 7 20 30 Tm (a) Tj ET")
    assert mark.size_pt == pytest.approx(7 / 25.4 * 72)
    turned = only("BT /F1 7 Tf 0 1 -1 0 50 50 Tm (aa) Tj ET")
    assert turned.size_pt == pytest.approx(7 / 25.4 * 72)
    assert turned.box.height == pytest.approx(7)


def test_text_that_is_not_seen_is_no_mark() -> None:
    assert marks(drawn("BT /F1 10 Tf 20 30 Td 3 Tr (a) Tj 7 Tr (a) Tj 0 Tr (  ) Tj () Tj ET")) == []


def test_outlined_text_is_a_text_and_a_stroke() -> None:
    found = marks(drawn("1 0 0 RG BT /F1 10 Tf 20 30 Td 2 Tr (a) Tj 1 Tr (a) Tj ET"))
    assert [mark.kind for mark in found] == ["text", "stroke", "text", "stroke"]
    assert found[1].font == found[0].font
    assert found[2].colour == Colour("DeviceRGB", (1, 0, 0))


def test_text_is_read_by_its_unicode_map() -> None:
    pdf = pikepdf.new()
    cmap = b"""1 beginbfchar <0041> <9632> endbfchar
    2 beginbfrange <0042> <0043> <8BC8> <0044> <0045> [<9A97> <300B>] endbfrange"""
    face = face_of(
        Dictionary(
            Subtype=Name.Type0,
            BaseFont=Name("/Kai"),
            Encoding=Name("/Identity-H"),
            ToUnicode=pdf.make_stream(cmap),
            DescendantFonts=[
                Dictionary(Type=Name.Font, DW=1000, W=[65, [900], 66, 67, 800]),
            ],
        )
    )
    glyphs = list(face.glyphs(b"\0A\0B\0C\0D\0E"))
    assert [glyph.text for glyph in glyphs] == ["防", "诈", "诉", "骗", "》"]
    assert [glyph.advance for glyph in glyphs] == pytest.approx([0.9, 0.8, 0.8, 1, 1])
    assert glyphs[4].inked == (0, 0.5)


# --- pictures ---


def test_a_picture_knows_its_resolution() -> None:
    mark = only("q 50.8 0 0 25.4 10 10 cm /Grey Do Q")
    assert (mark.kind, place(mark.box)) == ("image", [10, 64.6, 50.8, 25.4])
    assert mark.ppi == pytest.approx(50)
    assert (mark.pixels, mark.bits) == (100, 8)
    assert mark.colour is not None
    assert mark.colour.space == "DeviceGray"


def test_inline_pictures_and_stencils_count() -> None:
    inline = "BI /W 2 /H 2 /CS /G /BPC 8 ID abcd EI"
    stencil = "BI /W 8 /H 1 /IM true ID a EI"
    found = marks(drawn(f"q 10 0 0 10 0 0 cm {inline} Q 1 0 0 rg q 10 0 0 10 20 0 cm {stencil} Q"))
    assert [(mark.kind, mark.bits, place(mark.box)[0]) for mark in found] == [
        ("image", 8, 0),
        ("image", 1, 20),
    ]
    assert found[1].colour == Colour("DeviceRGB", (1, 0, 0))


def test_a_shading_fills_its_clip() -> None:
    pdf = drawn("10 10 20 20 re W n /Sh sh /Pattern cs /Pat scn 60 60 9 9 re f")
    named = pdf.pages[0].obj.Resources
    shading = Dictionary(ShadingType=2, ColorSpace=named.ColorSpace.Gold)
    named.Shading = Dictionary(Sh=shading)
    (mark,) = marks(pdf)
    assert (mark.kind, place(mark.box)) == ("shading", [10, 70, 20, 20])
    assert mark.colour is not None
    assert mark.colour.names == ("Gold",)


def test_a_pattern_knows_the_colorants_of_its_shading() -> None:
    pdf = drawn("/Pattern cs /Pat scn 60 60 9 9 re f")
    named = pdf.pages[0].obj.Resources
    shading = Dictionary(ShadingType=2, ColorSpace=named.ColorSpace.Gold)
    named.Pattern = Dictionary(Pat=Dictionary(PatternType=2, Shading=shading))
    (mark,) = marks(pdf)
    assert mark.colour == Colour("Pattern", (), ("Gold",))


# --- forms and layers ---


def with_forms(page: str, **forms: str) -> pikepdf.Pdf:
    """Pages that name these forms, which name each other; all 100 × 100."""
    pdf = pikepdf.new()
    named = pdf.make_indirect(resources(pdf))
    for name, content in forms.items():
        named.XObject["/" + name] = form(pdf, content, [0, 0, 100, 100], Resources=named)
    for content in page.split("|"):
        add_page(pdf, content, named, {})
    return pdf


def test_forms_within_forms_are_placed() -> None:
    pdf = with_forms(
        "q 1 0 0 1 10 0 cm /Outer Do Q",
        Outer="q 2 0 0 2 5 5 cm /Inner Do Q q 1 0 0 1 50 50 cm /Inner Do Q",
        Inner="0 0 10 10 re f",
    )
    pdf.pages[0].obj.Resources.XObject.Inner.Matrix = Array([1, 0, 0, 1, 1, 1])
    assert [place(mark.box) for mark in marks(pdf)] == [[17, 73, 20, 20], [61, 39, 10, 10]]


def test_a_form_takes_the_colour_it_is_placed_in() -> None:
    pdf = with_forms("1 0 0 rg /F Do 0 1 0 rg /F Do 1 0 0 rg /F Do", F="/G Do", G="0 0 9 9 re f")
    found = painting(pdf).layers
    colours = [layer.marks[0].colour for layer in found]
    assert colours == [Colour("DeviceRGB", (1, 0, 0)), Colour("DeviceRGB", (0, 1, 0))]


def test_a_form_is_clipped_by_its_box_and_its_place() -> None:
    pdf = with_forms("30 30 10 10 re W n /F Do", F="0 0 200 200 re f")
    assert [place(mark.box) for mark in marks(pdf)] == [[30, 60, 10, 10]]


def test_a_form_at_another_place_is_another_layer() -> None:
    pdf = with_forms("/F Do|1 0 0 1 9 9 cm /F Do", F="5 5 5 5 re f")
    assert [layer.pages for layer in painting(pdf).layers] == [(1,), (2,)]


def test_pages_share_layers_and_keep_their_order() -> None:
    first, other = "1 1 1 1 re f /F Do 2 2 2 2 re f /F Do", "/F Do 3 3 3 3 re f"
    found = painting(with_forms(f"{first}|{other}|{other}", F="5 5 5 5 re f"))
    width = [place(layer.marks[0].box)[2] for layer in found.layers]
    order = {page: [width[number] for number in numbers] for page, numbers in found.pages.items()}
    assert order == {1: [1, 5, 2, 5], 2: [5, 3], 3: [5, 3]}
    shown = {width[number]: layer.pages for number, layer in enumerate(found.layers)}
    assert shown == {1: (1,), 5: (1, 2, 3), 2: (1,), 3: (2, 3)}


def test_a_form_without_resources_takes_the_page_s() -> None:
    pdf = with_forms("/F Do", F="/Gold cs 1 scn 5 5 5 5 re f")
    del pdf.pages[0].obj.Resources.XObject.F["/Resources"]
    (mark,) = marks(pdf)
    assert mark.colour is not None
    assert mark.colour.names == ("Gold",)


# --- broken files ---


def test_forms_in_a_circle_end() -> None:
    pdf = with_forms("/A Do", A="1 1 5 5 re f /B Do", B="2 2 5 5 re f /A Do")
    assert len(marks(pdf)) == 2


def test_forms_that_multiply_are_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(painted, "MOST_MARKS", 5000)
    forms = {f"F{n}": f"/F{n + 1} Do " * 10 for n in range(9)}
    pdf = with_forms("/F0 Do", **forms, F9="1 1 5 5 re f")
    assert len(marks(pdf)) <= 5000


@pytest.mark.parametrize(
    "content",
    [
        "/Nowhere Do /Nowhere gs /Nowhere sh BT /Nowhere 10 Tf (a) Tj ET",
        "1 2 re f (text) k /Name w [1 2] cm Q Q Q EMC",
        "BT /F1 Tf (a) Tj [true /x (b)] TJ (c) ' ET",
        "0 0 0 0 0 0 cm 1 1 5 5 re B BT /F1 9 Tf (a) Tj ET /Grey Do",
        "q " * 2000 + "1 1 1 1 re f",
        "1 0 0 rg 10 10 m 20 20 l (unended",
        "\xff\xfe\xfd >> ]] {{",
    ],
)
def test_odd_operands_are_passed_over(content: str) -> None:
    marks(drawn(content))
    assert marks(drawn(content + "\n")) == marks(drawn(content))


def test_a_page_without_anything_paints_nothing() -> None:
    pdf = drawn("")
    for key in ("/Resources", "/Contents", "/MediaBox"):
        del pdf.pages[0].obj[key]
    assert painting(pdf).layers == ()


_OPERATORS = """q Q cm w gs k rg g cs scn m l c v y h re f S B W n BT ET Tf Tm Td TJ Tj Do sh
BDC EMC /F1 /Gold /Over /Grey /OC (a) [(a)9] <<>> 0 1 -3.5 1e9"""
_WORDS = st.sampled_from(_OPERATORS.split())


@given(st.lists(_WORDS, max_size=60))
@settings(max_examples=100)
def test_any_row_of_operators_is_read(words: list[str]) -> None:
    for mark in marks(drawn(" ".join(words))):
        assert all(math.isfinite(n) for n in (mark.box.x, mark.box.y)), mark


# --- algebra ---

_NUMBERS = st.floats(-100, 100)
_MATRICES = st.builds(Matrix, *[_NUMBERS] * 6)


@given(_MATRICES, _MATRICES, _NUMBERS, _NUMBERS)
def test_one_mapping_after_another(first: Matrix, second: Matrix, x: float, y: float) -> None:
    at = first.point(x, y)
    both, apart = first.then(second).point(x, y), second.point(at.x, at.y)
    assert both.x == pytest.approx(apart.x, rel=1e-6, abs=1e-3)
    assert both.y == pytest.approx(apart.y, rel=1e-6, abs=1e-3)


@given(_MATRICES, st.lists(st.tuples(_NUMBERS, _NUMBERS), min_size=1, max_size=5))
def test_a_box_holds_what_it_is_drawn_around(
    matrix: Matrix, spots: list[tuple[float, float]]
) -> None:
    points = [matrix.point(x, y) for x, y in spots]
    box = around(points)
    assert all(box.contains(Box(p.x, p.y, 0, 0), 1e-6) for p in points)


@given(_NUMBERS, _NUMBERS)
def test_a_moved_mark_is_the_same_elsewhere(x: float, y: float) -> None:
    mark = only("1 w 10 10 20 20 re S")
    there = mark.moved(Point(x, y))
    back = there.moved(Point(-x, -y))
    assert there.box.x == mark.box.x + x
    assert place(back.box) == place(mark.box)
    assert [place(part) for part in back.segments] == [place(part) for part in mark.segments]


def test_a_picture_of_the_file_s_own_is_told_by_its_number() -> None:
    pdf = drawn("9 0 0 9 0 0 cm /Grey Do /Other Do")
    named = pdf.pages[0].obj.Resources
    named.XObject.Other = image(pdf, 100, bytes(10000), spot(pdf, "Gold", (0, 0, 1, 0)))
    with pikepdf.open(BytesIO(saved(pdf))) as reopened:
        first, second = marks(reopened)
    assert first.source != second.source
    assert second.colour == Colour("Separation", (), ("Gold",))
