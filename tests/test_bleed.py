"""Bleed in numbers: bars that run over the edge for a print shop, and stay inside for an office."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_layout import EM, model
from test_template import OFFICE, SCOPE, bodied, problems

from stickergen.artwork.bleed import ALL_SIDES, Edge
from stickergen.artwork.checks import faults
from stickergen.artwork.flow import Flow
from stickergen.artwork.layout import lay_out
from stickergen.artwork.page import Page, Panel, Text
from stickergen.artwork.template import Side, Template
from stickergen.content.source import Document
from stickergen.ink import Ink
from stickergen.library import Library, house
from stickergen.measure import Box, Edges, Point
from stickergen.order import trial_scopes

SIZE = Box(0, 0, 60, 40)
SAFE = Box(2, 2, 56, 36)

BAR = """
column:
  - row:
      - {text: 字, style: plain, justify: center}
    height: 6
    padding: [0, 3]
    fill: mist
    corner: 1.5
    bleed: [top, left, right]
"""


def page(template: Document[Template], bleed: float) -> Page:
    (found,) = lay_out(template, [SCOPE], house(), OFFICE, bleed=bleed)
    return found


def panel(found: Page) -> Panel:
    (only,) = (item for item in found.items if isinstance(item, Panel))
    return only


def text(found: Page) -> Text:
    (only,) = (item for item in found.items if isinstance(item, Text))
    return only


# --- the panel ---


def test_without_bleed_nothing_changes(tmp_path: Path) -> None:
    plain = page(bodied(tmp_path, BAR.replace("    bleed: [top, left, right]\n", "")), 0)
    found = page(bodied(tmp_path, BAR), 0)
    assert found == plain
    assert found.bleed == 0
    assert (panel(found).box, panel(found).corner) == (Box(2, 2, 56, 6), 1.5)


@pytest.mark.parametrize("bleed", [2.0, 3.0])
def test_a_bar_runs_over_the_edge(tmp_path: Path, bleed: float) -> None:
    found = page(bodied(tmp_path, BAR), bleed)
    assert found.bleed == bleed
    assert panel(found).box == Box(-bleed, -bleed, 60 + 2 * bleed, 8 + bleed)
    assert panel(found).corner == 0


@pytest.mark.parametrize(
    ("sides", "box"),
    [
        ("top", Box(2, -3, 56, 41)),
        ("bottom", Box(2, 2, 56, 41)),
        ("left", Box(-3, 2, 61, 36)),
        ("right, bottom", Box(2, 2, 61, 41)),
        ("top, right, bottom, left", Box(-3, -3, 66, 46)),
    ],
)
def test_each_side_bleeds_by_itself(tmp_path: Path, sides: str, box: Box) -> None:
    body = f"stack:\n  - {{column: [], fill: mist, bleed: [{sides}]}}"
    assert panel(page(bodied(tmp_path, body), 3)).box == box


def test_the_ground_of_a_round_piece_is_a_larger_disc(tmp_path: Path) -> None:
    body = "stack:\n  - {column: [], fill: mist, corner: 23, bleed: [top, right, bottom, left]}"
    template = bodied(tmp_path, body, size="[50, 50]", shape="round")
    assert (panel(page(template, 0)).box.width, panel(page(template, 0)).corner) == (46, 23)
    assert (panel(page(template, 2)).box, panel(page(template, 2)).corner) == (
        Box(-2, -2, 54, 54),
        27,
    )


# --- what stands on it ---


def test_the_text_of_a_bar_lines_up_with_the_margin(tmp_path: Path) -> None:
    """Padded by 3 mm from the bar's end, wherever that is, but never beyond the safe area."""
    assert text(page(bodied(tmp_path, BAR), 0)).at.x == pytest.approx(5)
    assert text(page(bodied(tmp_path, BAR), 2)).at.x == pytest.approx(3)
    narrow = BAR.replace("[0, 3]", "[0, 1]")
    assert text(page(bodied(tmp_path, narrow), 2)).at.x == pytest.approx(2)


def test_the_text_of_a_bar_stands_in_the_middle_of_what_is_seen(tmp_path: Path) -> None:
    def middle(bleed: float) -> float:
        box = text(page(bodied(tmp_path, BAR), bleed)).box
        return box.y + box.height / 2

    assert middle(0) == pytest.approx(2 + 6 / 2)
    assert middle(2) == pytest.approx(8 / 2)


def test_the_text_stays_in_the_safe_area(tmp_path: Path) -> None:
    low = BAR.replace("height: 6", "height: 3")
    assert text(page(bodied(tmp_path, low), 2)).box.y == pytest.approx(2)
    at_the_edge = BAR.replace("justify: center", "justify: start")
    assert text(page(bodied(tmp_path, at_the_edge), 2)).box.y == pytest.approx(2)


@pytest.mark.parametrize(
    ("justify", "padding", "top"),
    [("start", 3, 3), ("start", 1, 2), ("center", 3, 20 - EM / 2)],
)
def test_a_band_from_top_to_bottom(
    tmp_path: Path, justify: str, padding: float, top: float
) -> None:
    """As a bar from left to right: padded from the trim, and in the middle already."""
    body = (
        f"row:\n  - {{text: 字, style: plain, justify: {justify}, padding: [{padding}, 0], "
        "width: 9, fill: mist, bleed: [top, bottom]}"
    )
    assert text(page(bodied(tmp_path, body), 2)).box.y == pytest.approx(top)


@pytest.mark.parametrize(
    ("side", "place"), [("left", (4, 5)), ("right", (6, 5)), ("top", (5, 4)), ("bottom", (5, 6))]
)
def test_content_follows_the_side_that_bleeds(
    tmp_path: Path, side: str, place: tuple[float, float]
) -> None:
    body = f"stack:\n  - {{text: 字, style: plain, padding: 3, fill: mist, bleed: [{side}]}}"
    box = text(page(bodied(tmp_path, body), 2)).box
    start = text(page(bodied(tmp_path, body), 0)).box
    assert (box.x - start.x + 5, box.y - start.y + 5) == pytest.approx(place)


def test_a_ground_leaves_its_content_alone(tmp_path: Path) -> None:
    body = (
        "stack:\n  - {text: 字, style: plain, padding: [5, 6], fill: mist, "
        "bleed: [top, right, bottom, left]}"
    )
    assert text(page(bodied(tmp_path, body), 2)) == text(page(bodied(tmp_path, body), 0))


def test_what_is_inside_moves_together(tmp_path: Path) -> None:
    """A panel on the bar and the text on that panel keep their places to each other."""
    body = """
column:
  - row:
      - {text: 字, style: plain, fill: white, padding: 1, width: auto}
    height: 8
    align: end
    padding: 1
    fill: mist
    bleed: [top]
"""
    inset, grown = page(bodied(tmp_path, body), 0), page(bodied(tmp_path, body), 2)
    by = Point(0, -1)  # half of the safe margin
    assert [item.box for item in grown.items[1:]] == [
        item.box.moved(by) for item in inset.items[1:]
    ]


# --- the algebra ---

SIDES = st.sets(st.sampled_from(sorted(ALL_SIDES)), min_size=1)


@settings(max_examples=150)
@given(
    SIDES,
    st.floats(0, 5),
    st.floats(0, 4),
    st.tuples(st.floats(0, 4), st.floats(0, 4)),
    st.sampled_from(["start", "center", "end"]),
)
def test_a_bleeding_box(
    sides: set[Side], bleed: float, safe: float, padding: tuple[float, float], justify: str
) -> None:
    """Its panel reaches exactly as far as it should; its text stays safe and inside the panel."""
    child: dict[str, Any] = {"text": "一行字", "style": "s", "justify": justify, "fill": "mist"}
    child |= {"padding": padding, "bleed": tuple(sorted(sides))}
    template = model({"stack": (child,)}, {"s": {"size": (8, 8)}}, safe=safe)
    found, office = page(template, bleed), page(template, 0)
    inner = SIZE.inset(Edges.all(safe))
    over = dict.fromkeys(sides, -(safe + bleed))
    expected = inner if bleed == 0 else inner.inset(Edges(**over))
    box = panel(found).box
    assert box.contains(expected, 1e-6)
    assert expected.contains(box, 1e-6)
    assert inner.contains(text(found).box)
    assert text(found).size_pt == text(office).size_pt


@given(st.floats(0, 3), st.floats(0, 6))
def test_a_panel_may_reach_as_far_as_the_bleed(bleed: float, beyond: float) -> None:
    template = model({"column": ()})
    flow = Flow({}, {}, house().inks, OFFICE, Edge(SIZE, SAFE, bleed))
    item = Panel(Box(-beyond, 10, 20, 5), Ink(0, 0, 0, 50), None, 0)
    codes = [problem.code for problem in faults(template, flow, [item])]
    assert codes == (["outside-safe-area"] if beyond > bleed + 0.01 else [])


# --- where it may not ---


def test_the_problem_is_told_on_every_press(tmp_path: Path) -> None:
    body = "stack:\n  - {column: [], fill: mist, bleed: [top, left]}\npadding: [0, 0, 0, 1]"
    (problem,) = problems(bodied(tmp_path, body))
    assert (problem.code, problem.values["value"]) == ("bleed-inside", "left")


# --- the shipped pieces ---

PIECES = {
    name: template
    for name in Library().names("templates")
    if (template := Library().get("templates", name, None, Template)).value.kind != "sheet"
}
SIZE_OF = {name: Box(0, 0, *template.value.size) for name, template in PIECES.items()}
BARS = ("parcel-63x34", "parcel-100x50", "talk-a4", "talk-a5", "overview-a4")


def laid(name: str, bleed: float) -> list[Page]:
    scopes, style, dots = trial_scopes(PIECES[name].value, Library())
    return lay_out(PIECES[name], scopes, style, dots, bleed=bleed)


def bleed_of(name: str) -> float:
    return 2 if PIECES[name].value.kind == "sticker" else 3


@pytest.mark.parametrize("name", PIECES)
def test_every_shipped_piece_lays_out_for_a_shop(name: str) -> None:
    bleed = bleed_of(name)
    for shop, office in zip(laid(name, bleed), laid(name, 0), strict=True):
        top = min(item.box.y for item in shop.items)
        assert top == pytest.approx(-bleed) if name in BARS else top > 0
        assert [code.module for code in shop.codes] == [code.module for code in office.codes]
        assert [item for item in office.items if not SIZE_OF[name].contains(item.box)] == []


@pytest.mark.parametrize("name", ["parcel-63x34", "parcel-100x50"])
def test_the_words_on_a_bar_stand_in_its_middle(name: str) -> None:
    """As near to it as the safe area lets the icon beside them: half a millimetre is not seen."""
    for bleed in (0, bleed_of(name)):
        for found in laid(name, bleed):
            bar = next(item.box for item in found.items if isinstance(item, Panel))
            seen = bar.bottom - max(bar.y, 0)
            words = [i for i in found.items if isinstance(i, Text) and bar.contains(i.box)]
            assert len(words) >= 3
            for word in words:
                middle = word.box.y + word.box.height / 2
                assert middle == pytest.approx(bar.bottom - seen / 2, abs=0.5)
