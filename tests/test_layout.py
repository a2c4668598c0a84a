"""Layout in numbers: small templates and the pages that come of them, in mm with two decimals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_template import bodied, laid, page, sizes, written

from stickergen.artwork.fields import Bound, Scope
from stickergen.artwork.fonts import font
from stickergen.artwork.page import Code, Panel, Text
from stickergen.artwork.qr import Dots
from stickergen.artwork.template import Template
from stickergen.artwork.typeset import Setting, set_text
from stickergen.content.source import Document
from stickergen.library import house
from stickergen.measure import Box, Edges, Size, to_mm

INNER = Box(2, 2, 56, 36)
"""What the template of these tests, 60 × 40 with 2 mm of safety, leaves for its body."""

EM = to_mm(8)


def described(folder: Path, body: str, scope: Scope | None = None) -> list[str]:
    return page(bodied(folder, body), scope).described().split("\n")


def panels(folder: Path, body: str, scope: Scope | None = None) -> list[str]:
    """The places of the panels, without what they look like."""
    lines = described(folder, body, scope)
    return [" ".join(line.split()[1:4]) for line in lines if line.startswith("panel")]


# --- rows, columns, stacks ---


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            """
row:
  - {column: [], width: 10, fill: black}
  - {column: [], width: 6.5, fill: black}
""",
            ["2.00 2.00 10.00×36.00", "12.00 2.00 6.50×36.00"],
            id="fixed",
        ),
        pytest.param(
            """
row:
  - {column: [], width: 1fr, fill: black}
  - {column: [], width: 10, fill: black}
  - {column: [], width: 3fr, fill: black}
gap: 3
""",
            ["2.00 2.00 10.00×36.00", "15.00 2.00 10.00×36.00", "28.00 2.00 30.00×36.00"],
            id="shares",
        ),
        pytest.param(
            """
row:
  - {column: [], fill: black}
  - {column: [], fill: black}
gap: 2
""",
            ["2.00 2.00 27.00×36.00", "31.00 2.00 27.00×36.00"],
            id="a container without a width takes a share",
        ),
        pytest.param(
            """
row:
  - row:
      - {column: [], width: 4}
      - {column: [], width: 5}
    gap: 1
    padding: [0, 2]
    width: auto
    fill: black
  - {column: [], fill: black}
""",
            ["2.00 2.00 14.00×36.00", "16.00 2.00 42.00×36.00"],
            id="auto",
        ),
        pytest.param(
            """
column:
  - {column: [], height: 5, fill: black}
  - {column: [], height: 1fr, fill: black}
  - {column: [], height: 2fr, fill: black}
gap: 2
""",
            ["2.00 2.00 56.00×5.00", "2.00 9.00 56.00×9.00", "2.00 20.00 56.00×18.00"],
            id="a column with shares",
        ),
        pytest.param(
            """
column:
  - column:
      - {column: [], height: 4}
      - {column: [], height: 5}
    gap: 1
    padding: 0.5
    fill: black
  - {column: [], height: auto, padding: [3, 0], fill: black}
""",
            ["2.00 2.00 56.00×11.00", "2.00 13.00 56.00×6.00"],
            id="a column is as high as what it holds",
        ),
        pytest.param(
            """
stack:
  - {column: [], fill: black}
  - {column: [], fill: mist}
padding: 4
fill: pale
""",
            ["2.00 2.00 56.00×36.00", "6.00 6.00 48.00×28.00", "6.00 6.00 48.00×28.00"],
            id="a stack lays all over each other",
        ),
        pytest.param(
            """
column:
  - {column: [], height: 4, fill: black}
  - {column: [], height: 4, fill: black}
  - {column: [], height: 4, width: 20, fill: black}
stair: 5
gap: 1
""",
            ["2.00 2.00 56.00×4.00", "7.00 7.00 51.00×4.00", "12.00 12.00 20.00×4.00"],
            id="a stair",
        ),
        pytest.param("column: []\nfill: black", ["2.00 2.00 56.00×36.00"], id="nothing"),
        pytest.param("row: []\nfill: black", ["2.00 2.00 56.00×36.00"], id="an empty row"),
    ],
)
def test_boxes(tmp_path: Path, body: str, expected: list[str]) -> None:
    assert panels(tmp_path, body) == expected


@pytest.mark.parametrize(
    ("padding", "expected"),
    [
        ("1", "3.00 3.00 54.00×34.00"),
        ("[1]", "3.00 3.00 54.00×34.00"),
        ("[1, 2]", "4.00 3.00 52.00×34.00"),
        ("[1, 2, 3]", "4.00 3.00 52.00×32.00"),
        ("[1, 2, 3, 4]", "6.00 3.00 50.00×32.00"),
    ],
)
def test_padding(tmp_path: Path, padding: str, expected: str) -> None:
    body = f"stack:\n  - {{column: [], fill: black}}\npadding: {padding}"
    assert panels(tmp_path, body) == [expected]


@pytest.mark.parametrize(
    ("justify", "starts"),
    [
        ("start", [2, 13, 24]),
        ("center", [14, 25, 36]),
        ("end", [26, 37, 48]),
        ("between", [2, 25, 48]),
    ],
)
def test_justify_of_a_row(tmp_path: Path, justify: str, starts: list[float]) -> None:
    child = "  - {column: [], width: 10, fill: black}\n"
    found = panels(tmp_path, f"row:\n{child * 3}gap: 1\njustify: {justify}")
    assert found == [f"{x:.2f} 2.00 10.00×36.00" for x in starts]


@pytest.mark.parametrize(
    ("justify", "starts"),
    [("start", [2, 9]), ("center", [13.5, 20.5]), ("end", [25, 32]), ("between", [2, 32])],
)
def test_justify_of_a_column(tmp_path: Path, justify: str, starts: list[float]) -> None:
    child = "  - {column: [], height: 6, fill: black}\n"
    found = panels(tmp_path, f"column:\n{child * 2}gap: 1\njustify: {justify}")
    assert found == [f"2.00 {y:.2f} 56.00×6.00" for y in starts]


def test_between_with_one_child_starts(tmp_path: Path) -> None:
    body = "row:\n  - {column: [], width: 10, fill: black}\njustify: between"
    assert panels(tmp_path, body) == ["2.00 2.00 10.00×36.00"]


@pytest.mark.parametrize(
    ("align", "place"),
    [
        ("start", "2.00 2.00 9.00×8.00"),
        ("center", "2.00 16.00 9.00×8.00"),
        ("end", "2.00 30.00 9.00×8.00"),
        ("stretch", "2.00 2.00 9.00×8.00"),  # a height of its own is kept
    ],
)
def test_align_of_a_row(tmp_path: Path, align: str, place: str) -> None:
    body = f"row:\n  - {{column: [], width: 9, height: 8, fill: black}}\nalign: {align}"
    assert panels(tmp_path, body) == [place]


def test_a_row_stretches_what_has_no_height_of_its_own(tmp_path: Path) -> None:
    body = "row:\n  - {column: [], width: 9, fill: black}\nalign: stretch"
    assert panels(tmp_path, body) == ["2.00 2.00 9.00×36.00"]


PLACES = {"start": "2.00 2.00", "center": "25.50 16.00", "end": "49.00 30.00"}


@pytest.mark.parametrize("align", PLACES)
def test_a_stack_keeps_the_sizes_of_its_children(tmp_path: Path, align: str) -> None:
    body = f"stack:\n  - {{column: [], width: 9, height: 8, fill: black}}\nalign: {align}"
    assert panels(tmp_path, body) == [f"{PLACES[align]} 9.00×8.00"]


@pytest.mark.parametrize(
    ("align", "x"), [("start", "2.00"), ("center", "25.50"), ("end", "49.00"), ("stretch", "2.00")]
)
def test_align_of_a_column(tmp_path: Path, align: str, x: str) -> None:
    """A width that is asked for is kept; without one the child is as wide as the column."""
    fixed = f"column:\n  - {{column: [], width: 9, height: 8, fill: black}}\nalign: {align}"
    free = f"column:\n  - {{column: [], height: 8, fill: black}}\nalign: {align}"
    assert panels(tmp_path, fixed) == [f"{x} 2.00 9.00×8.00"]
    assert panels(tmp_path, free) == ["2.00 2.00 56.00×8.00"]


def test_fill_rule_and_corner(tmp_path: Path) -> None:
    body = """
column:
  - {column: [], height: 10, fill: warning, corner: 2}
  - {column: [], height: 10, rule: {ink: police, width: 0.5}}
  - {column: [], height: 3, fill: mist, corner: 9}
"""
    assert described(tmp_path, body) == [
        "panel 2.00 2.00 56.00×10.00 fill 215% corner 2",
        "panel 2.00 12.00 56.00×10.00 fill none corner 0",
        "panel 2.00 22.00 56.00×3.00 fill 10% corner 1.5",
    ]
    first, second, _ = page(bodied(tmp_path, body)).items
    assert isinstance(first, Panel)
    assert isinstance(second, Panel)
    assert first.rule is None
    assert second.rule is not None
    assert (second.rule.ink, second.rule.width) == (house().inks["police"], 0.5)


def test_repeats_and_conditions_on_the_page(tmp_path: Path) -> None:
    scope = Scope({"rows": Bound(("甲", "乙")), "talk": Bound(None)})
    body = """
column:
  - {text: "{number}", style: plain, each: "{rows}", width: auto, fill: mist}
  - {column: [], height: 4, fill: black, when: "{talk}"}
  - {column: [], height: 5, fill: black, unless: "{talk}"}
"""
    assert described(tmp_path, body, scope) == [
        "panel 2.00 2.00 1.57×2.82 fill 10% corner 0",
        "text 2.25 2.00 1.13×2.82 regular 8pt 1",
        "panel 2.00 4.82 1.57×2.82 fill 10% corner 0",
        "text 2.11 4.82 1.31×2.82 regular 8pt 2",
        "panel 2.00 7.64 56.00×5.00 fill 100% corner 0",
    ]


# --- text ---


@pytest.mark.parametrize(
    ("align", "x"), [("left", 2), ("center", 30 - 2 * EM), ("right", 58 - 4 * EM), ("justify", 2)]
)
def test_text_stands_where_its_style_says(tmp_path: Path, align: str, x: float) -> None:
    text = _styled(tmp_path, f"align: {align}", "text: 四个字啊\nstyle: s")
    assert text.at.x == pytest.approx(x)
    assert text.at.y == pytest.approx(2 + 0.88 * EM)


@pytest.mark.parametrize(
    ("justify", "top"), [("start", 2), ("center", 20 - EM / 2), ("end", 38 - EM)]
)
def test_text_stands_up_or_down_in_its_box(tmp_path: Path, justify: str, top: float) -> None:
    text = _styled(tmp_path, "align: left", f"text: 字\nstyle: s\njustify: {justify}")
    assert text.box.y == pytest.approx(top)
    assert text.box.height == pytest.approx(EM)


def _styled(folder: Path, style: str, body: str) -> Text:
    indented = "".join(f"  {line}\n" for line in body.split("\n"))
    template = written(
        folder,
        f"id: t\nname: 试样\nkind: sticker\nsize: [60, 40]\nsafe: 2\nstyles:\n"
        f"  s: {{size: [8, 8], leading: 1, {style}}}\nbody:\n{indented}",
    )
    (item,) = page(template).items
    assert isinstance(item, Text)
    return item


def test_lines_are_a_leading_apart(tmp_path: Path) -> None:
    template = written(
        tmp_path,
        "id: t\nname: 试样\nkind: sticker\nsize: [60, 40]\nsafe: 2\nstyles:\n"
        "  s: {size: [8, 8], leading: 1.5}\nbody: {text: '{x}', style: s}\n",
    )
    items = page(template, Scope({"x": Bound("一\n二\n三")})).items
    baselines = [item.at.y for item in items if isinstance(item, Text)]
    assert baselines == pytest.approx([2 + (0.88 + 1.5 * n) * EM for n in range(3)])


def test_an_icon_is_centred_in_its_box(tmp_path: Path) -> None:
    body = "row:\n  - {icon: headset, size: 10, width: 20, padding: [0, 2]}"
    (item,) = page(bodied(tmp_path, body)).items
    assert item.box == Box(7, 15, 10, 10)
    assert isinstance(item, Text)
    assert item.font == "icons"
    assert item.size_pt == pytest.approx(10 / to_mm(1))


def test_a_code_is_a_multiple_of_the_grid_and_centred(tmp_path: Path) -> None:
    body = 'code: "{address}"\nsize: 20'
    (code,) = page(bodied(tmp_path, body)).items
    assert isinstance(code, Code)
    assert code.module == pytest.approx(0.508)
    side = 0.508 * 37
    assert code.box.width == pytest.approx(side)
    assert (code.box.x, code.box.y) == pytest.approx((30 - side / 2, 20 - side / 2))
    assert code.symbol_box.x == pytest.approx(code.box.x + 4 * 0.508)
    assert code.symbol_box.width == pytest.approx(29 * 0.508)
    (code,) = page(bodied(tmp_path, body), dots=Dots(0.125)).codes
    assert code.module == 0.5


def test_a_tally_is_filled_column_by_column(tmp_path: Path) -> None:
    body = 'column:\n  - {tally: {percent: "7", icon: package, columns: 20}, width: 40}'
    items = page(bodied(tmp_path, body)).items
    assert len(items) == 100
    assert all(isinstance(item, Text) for item in items)
    inks = [item.ink for item in items if isinstance(item, Text)]
    assert inks == [house().inks["warning"]] * 7 + [house().inks["grey"]] * 93
    corners = [(round(item.box.x, 2), round(item.box.y, 2)) for item in items]
    assert corners[:6] == [(2.1, 2.1), (2.1, 4.1), (2.1, 6.1), (2.1, 8.1), (2.1, 10.1), (4.1, 2.1)]


# --- sizes ---

GROWING = """\
id: t
name: 试样
kind: sticker
size: [60, 40]
safe: 2
styles:
  big: {font: black, size: [8, 144], leading: 1}
  same: {font: regular, size: big, leading: 1}
  small: {font: regular, size: [6, 9], leading: 1}
body:
  column:
    - {text: "{word}", style: big, height: 20}
    - {text: 也, style: same, width: auto}
    - {text: 小, style: small, width: auto}
"""


def with_word(*words: str) -> list[Scope]:
    return [Scope({"word": Bound(word)}) for word in words]


def test_sizes_are_the_largest_on_the_scale_that_fit(tmp_path: Path) -> None:
    template = written(tmp_path, GROWING)
    (found,) = laid(template, with_word("字"))
    size = sizes(found)["字"]
    bigger = next(step for step in house().sizes_pt if step > size)
    assert size in house().sizes_pt
    # The second text, of the same size, shares 16 mm with the small one.
    assert to_mm(size) + to_mm(9) <= 16
    assert to_mm(bigger) + to_mm(9) > 16


def test_a_style_takes_another_ones_size(tmp_path: Path) -> None:
    (found,) = laid(written(tmp_path, GROWING), with_word("字"))
    assert sizes(found)["也"] == sizes(found)["字"]
    assert sizes(found)["小"] == 9


def test_sizes_are_common_to_a_series(tmp_path: Path) -> None:
    template = written(tmp_path, GROWING)
    short, long = "短", "这是一句长得多的话要小一些"
    (alone,) = laid(template, with_word(short))
    (crowded,) = laid(template, with_word(long))
    together = laid(template, with_word(short, long))
    size = {line: item for found in together for line, item in sizes(found).items()}
    assert sizes(alone)[short] > size[short]
    assert size[short] == size["也"] == sizes(crowded)["也"]


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 40), st.integers(8, 30), st.integers(0, 20))
def test_a_text_grows_until_one_step_more_would_not_fit(count: int, least: int, more: int) -> None:
    spec = {"size": (least, least + more), "leading": 1.2}
    template = model({"text": "字" * count, "style": "s"}, {"s": spec})
    scale = [size for size in house().sizes_pt if least <= size <= least + more]
    if not scale or not fits("字" * count, scale[0]):
        return
    (found,) = laid(template, [Scope()])
    size = next(iter(sizes(found).values()))
    assert size in scale
    assert fits("字" * count, size)
    assert all(not fits("字" * count, bigger) for bigger in scale if bigger > size)


def fits(text: str, size_pt: float) -> bool:
    block = set_text(text, Setting(font("regular"), size_pt, 1.2), INNER.width)
    return block.width <= INNER.width and block.height <= INNER.height


# --- the algebra ---


def model(
    body: dict[str, Any], styles: dict[str, Any] | None = None, **changes: Any
) -> Document[Template]:
    """A template without a file."""
    spec = {"id": "t", "name": "试样", "kind": "sticker", "size": (60, 40), "safe": 2}
    value = Template.model_validate({**spec, "styles": styles or {}, "body": body, **changes})
    return Document(value, "t.yaml", Path("t.yaml"))


LENGTHS = st.one_of(
    st.floats(0, 9).map(lambda mm: f"{mm:.2f}"), st.integers(1, 4).map(lambda n: f"{n}fr")
)
PADDINGS = st.lists(st.floats(0, 3), min_size=1, max_size=4).map(tuple)
HOWS = st.fixed_dictionaries(
    {
        "padding": PADDINGS,
        "gap": st.floats(0, 2),
        "justify": st.sampled_from(["start", "center", "end", "between"]),
        "align": st.sampled_from(["start", "center", "end", "stretch"]),
    }
)


def inner_of(padding: tuple[float, ...]) -> Box:
    """The room inside a padding, read as CSS reads it."""
    missing = {1: (0, 0, 0), 2: (0, 1), 3: (1,), 4: ()}[len(padding)]
    return INNER.inset(Edges(*padding, *(padding[side] for side in missing)))


def placed(kind: str, lengths: list[str], how: dict[str, Any]) -> list[Box]:
    along = "width" if kind == "row" else "height"
    child = {"column": (), "fill": "black"}
    children = tuple({**child, along: length} for length in lengths)
    (found,) = laid(model({kind: children, **how}), [Scope()])
    return [item.box for item in found.items]


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(["row", "column"]), st.lists(LENGTHS, min_size=1, max_size=5), HOWS)
def test_children_fill_their_container_and_stay_inside(
    kind: str, lengths: list[str], how: dict[str, Any]
) -> None:
    inner = inner_of(how["padding"])
    row = kind == "row"
    room = inner.width if row else inner.height
    fixed = sum(float(length) for length in lengths if not length.endswith("fr"))
    gaps = how["gap"] * (len(lengths) - 1)
    if fixed + gaps > room:
        with pytest.raises(Exception, match="box-too-small"):
            placed(kind, lengths, how)
        return
    boxes = placed(kind, lengths, how)
    assert len(boxes) == len(lengths)
    assert all(inner.contains(box) for box in boxes)
    starts = [box.x if row else box.y for box in boxes]
    extents = [box.width if row else box.height for box in boxes]
    ends = [start + extent for start, extent in zip(starts, extents, strict=True)]
    spaces = [after - end for end, after in zip(ends, starts[1:], strict=False)]
    assert all(space >= how["gap"] - 1e-6 for space in spaces)
    for length, extent in zip(lengths, extents, strict=True):
        if not length.endswith("fr"):
            assert extent == pytest.approx(float(length))
    shares = [float(length[:-2]) if length.endswith("fr") else 0 for length in lengths]
    if any(shares):
        assert sum(extents) + gaps == pytest.approx(room)
        unit = (room - fixed - gaps) / sum(shares)
        for share, extent in zip(shares, extents, strict=True):
            assert not share or extent == pytest.approx(share * unit, abs=1e-6)
    first, last = (inner.x, inner.right) if row else (inner.y, inner.bottom)
    if how["justify"] in ("start", "between"):
        assert starts[0] == pytest.approx(first)
    if how["justify"] == "end" or (how["justify"] == "between" and len(boxes) > 1):
        assert ends[-1] == pytest.approx(last)
    if how["justify"] == "center":
        assert starts[0] - first == pytest.approx(last - ends[-1], abs=1e-6)


def test_a_page_keeps_the_size_of_its_template(tmp_path: Path) -> None:
    found = page(bodied(tmp_path, "column: []", corner="3"))
    assert (found.size, found.round, found.corner) == (Size(60, 40), False, 3)
