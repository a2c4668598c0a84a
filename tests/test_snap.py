"""Snapping: on a printer without greys everything sits on its dots, and nothing suffers by it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from test_layout import LENGTHS, model
from test_template import SCOPE

from stickergen.artwork.layout import DARK, lay_out
from stickergen.artwork.page import Code, Item, Page, Panel, Picture, Rule, Text
from stickergen.artwork.qr import Dots, symbol
from stickergen.artwork.snap import inwards, snapped
from stickergen.artwork.template import Template
from stickergen.artwork.text import text_item
from stickergen.ink import Ink, contrast
from stickergen.library import Library, house
from stickergen.measure import Box, close
from stickergen.order import trial_scopes
from stickergen.problem import InputError

WHITE, BLACK = Ink(0, 0, 0, 0), Ink(0, 0, 0, 100)
GRID = 0.125
GRIDS = (25.4 / 203.2, 25.4 / 300)
SAFE = Box(2, 2, 56, 36)

NAMES = Library().names("templates")
TEMPLATES = {name: Library().get("templates", name, None, Template) for name in NAMES}
STICKERS = [name for name, t in TEMPLATES.items() if t.value.kind == "sticker"]
FLYERS = [name for name, t in TEMPLATES.items() if t.value.kind == "flyer"]


def panel(box: Box, rule: float | None = None, corner: float = 0) -> Panel:
    return Panel(box, BLACK, None if rule is None else Rule(BLACK, rule), corner)


def picture(box: Box) -> Picture:
    return Picture(box, Path("a.png"))


def code(x: float, y: float, module: float) -> Code:
    made = symbol("https://hs.example.com/kefu/j01")
    side = made.full_width_modules * module
    return Code(Box(x, y, side, side), module, made, "", None, None)


def word(x: float, baseline: float) -> Text:
    return text_item("字", "bold", 8, BLACK, x, baseline)


def moved(*items: Item, grid: float = GRID) -> tuple[Item, ...]:
    return snapped(items, grid, SAFE.contains)


def off_grid(item: Item, grid: float) -> list[float]:
    """The lengths of an item that are no whole number of dots."""
    box = item.box
    match item:
        case Panel(rule=rule):
            lengths = [box.x, box.y, box.right, box.bottom, rule.width if rule else 0.0]
        case Picture():
            lengths = [box.x, box.y, box.right, box.bottom]
        case Code(module=module):
            lengths = [box.x, box.y, box.right, box.bottom, module]
        case Text(at=at):
            lengths = [at.y]
    return [length for length in lengths if not close(length / grid, round(length / grid), 1e-6)]


# --- one item ---


def test_a_panel_goes_to_the_nearest_dots() -> None:
    (found,) = moved(panel(Box(2.05, 2.07, 10, 5.02)))
    assert found.box == Box(2.0, 2.125, 10.0, 5.0)


def test_a_thin_panel_is_never_lost() -> None:
    (found,) = moved(panel(Box(2.0, 2.0, 10, 0.03)))
    assert found.box == Box(2.0, 2.0, 10, GRID)


def test_a_picture_goes_to_the_nearest_dots_and_is_never_lost() -> None:
    found, thin = moved(picture(Box(2.05, 2.07, 10, 5.02)), picture(Box(20, 2, 10, 0.03)))
    assert found == picture(Box(2.0, 2.125, 10.0, 5.0))
    assert thin == picture(Box(20, 2, 10, GRID))


@pytest.mark.parametrize(("width", "dots"), [(0.2, 2), (0.3, 2), (0.5, 4), (1.4, 11)])
def test_a_rule_is_at_least_two_dots(width: float, dots: int) -> None:
    (found,) = moved(panel(Box(2, 2, 10, 10), rule=width))
    assert isinstance(found, Panel)
    assert found.rule == Rule(BLACK, dots * GRID)


def test_a_circle_stays_one() -> None:
    (found,) = moved(panel(Box(2.05, 2.05, 20.06, 20.06), corner=10.03))
    assert isinstance(found, Panel)
    assert found.box.width == found.box.height == 20.125
    assert found.corner == pytest.approx(found.box.width / 2)


def test_a_code_keeps_its_modules() -> None:
    before = code(30.03, 10.1, 0.5)
    (after,) = moved(before)
    assert after == replace(before, box=Box(30.0, 10.125, 18.5, 18.5))


def test_a_text_only_moves_up_and_down() -> None:
    before = word(3.03, 10.05)
    (after,) = moved(before)
    assert isinstance(after, Text)
    assert (after.at.x, after.at.y) == (3.03, 10.0)
    assert after.box.x == before.box.x
    assert after.at.y - after.box.y == pytest.approx(before.at.y - before.box.y)


# --- neighbours ---


def test_a_text_gives_way_to_a_code() -> None:
    """Their nearest dots are towards each other: the text takes the one on the other side."""
    text = word(30, 9.94)
    below = code(30, 9.95 - text.at.y + text.box.bottom, 0.5)
    text_after, code_after = moved(text, below)
    assert not text.box.overlaps(below.box)
    assert not text_after.box.overlaps(code_after.box)
    assert off_grid(text_after, GRID) == []


def test_a_code_gives_way_to_a_text() -> None:
    text = word(10, 12.0)
    right = code(text.box.right, 10, 0.5)
    assert right.box.x % GRID < GRID / 2  # the nearest dot is in the text
    text_after, code_after = moved(text, right)
    assert not text_after.box.overlaps(code_after.box)
    assert off_grid(code_after, GRID) == []


def test_a_text_does_not_leave_the_safe_area() -> None:
    at_the_top = word(10, 2 + 0.88 * 8 * 25.4 / 72)
    assert at_the_top.box.y == pytest.approx(2)
    (after,) = moved(at_the_top)
    assert SAFE.contains(after.box)
    assert off_grid(after, GRID) == []


def test_lines_of_text_go_to_their_nearest_dots() -> None:
    """Two lines set solid: their em boxes may meet by a part of a dot, the ink in them does not."""
    first = word(10, 12.075)
    second = word(10, first.at.y + first.box.height)
    for before, after in zip((first, second), moved(first, second), strict=True):
        assert isinstance(after, Text)
        assert abs(after.at.y - before.at.y) <= GRID / 2


@pytest.mark.parametrize("grid", GRIDS)
def test_halves_are_rounded_alike(grid: float) -> None:
    """Half a dot is up, whatever the arithmetic made of it."""
    for dots in range(20, 300):
        first = code((dots + 0.5) * grid, 3, 6 * grid)
        a, b = moved(first, panel(Box(first.box.right, 3, 5, 5)), grid=grid)
        assert a.box.right == pytest.approx(b.box.x, abs=1e-9)


LENGTH = st.floats(0, 30)


@given(LENGTH, LENGTH, LENGTH, st.sampled_from(GRIDS))
def test_what_touches_still_touches(x: float, width: float, other: float, grid: float) -> None:
    """Panel beside picture beside code: no gap opens, none is printed over the other."""
    module = 6 * grid
    first = panel(Box(x, 3, width, 5))
    second = picture(Box(x + width, 3, other, 5))
    last = code(x + width + other, 3, module)
    a, b, c = moved(first, second, last, grid=grid)
    assume(min(width, other) > grid)
    assert a.box.right == pytest.approx(b.box.x, abs=1e-9)
    assert b.box.right == pytest.approx(c.box.x, abs=1e-9)


BOXES = st.builds(Box, LENGTH, LENGTH, LENGTH, LENGTH)


@given(st.lists(BOXES, max_size=6), st.sampled_from(GRIDS))
def test_everything_is_on_the_grid_and_near(boxes: list[Box], grid: float) -> None:
    items: list[Item] = [panel(box, rule=box.height / 30, corner=1) for box in boxes]
    items += [picture(box) for box in boxes]
    items += [word(box.x, box.bottom) for box in boxes]
    for before, after in zip(items, moved(*items, grid=grid), strict=True):
        assert off_grid(after, grid) == []
        assert abs(after.box.x - before.box.x) <= grid + 1e-6
        assert abs(after.box.bottom - before.box.bottom) <= grid * 1.5 + 1e-6


@given(BOXES.filter(lambda box: min(box.width, box.height) > 1), st.sampled_from(GRIDS))
def test_inwards(box: Box, grid: float) -> None:
    found = inwards(box, grid)
    assert off_grid(panel(found), grid) == []
    assert box.contains(found, 1e-6)
    assert max(box.width - found.width, box.height - found.height) < 2 * grid


# --- pages ---


def rough(pages: list[Page], grid: float) -> list[Item]:
    return [item for page in pages for item in page.items if off_grid(item, grid)]


@settings(max_examples=60)
@given(st.lists(LENGTHS, min_size=2, max_size=4), st.floats(0, 2), st.sampled_from(GRIDS))
def test_a_page_that_fits_fits_on_the_dots(lengths: list[str], gap: float, grid: float) -> None:
    """Laying out checks again after snapping: nothing touches a code, nothing is off the piece."""
    boxes: list[dict[str, object]] = [
        {"text": "字", "style": "s", "fill": "mist", "height": length} for length in lengths
    ]
    body = {"row": ({"column": tuple(boxes), "gap": gap}, {"code": "{address}", "size": 20.0})}
    styles = {"s": {"size": (6, 9), "leading": 1.0}}
    try:  # with the dot to spare that the safe area may lose on each side
        lay_out(model(body, styles, safe=2 + grid), [SCOPE], house(), Dots(grid))
    except InputError:
        assume(False)
    found = lay_out(model(body, styles), [SCOPE], house().one_bit(), Dots(grid), snap=True)
    assert rough(found, grid) == []


@pytest.mark.parametrize("grid", GRIDS, ids=["203.2 dpi", "300 dpi"])
@pytest.mark.parametrize("name", STICKERS)
def test_every_sticker_on_a_thermal_printer(name: str, grid: float) -> None:
    scopes, style, _ = trial_scopes(TEMPLATES[name].value, Library())
    pages = lay_out(TEMPLATES[name], scopes, style.one_bit(), Dots(grid), snap=True)
    assert len(pages) == len(scopes)
    assert rough(pages, grid) == []
    assert BLACK in inks(pages)
    assert inks(pages) <= {WHITE, BLACK}
    plain = lay_out(TEMPLATES[name], scopes, style, Dots(grid))
    assert [len(page.items) for page in pages] == [len(page.items) for page in plain]


@pytest.mark.parametrize("name", FLYERS)
def test_every_flyer_on_a_copier(name: str) -> None:
    scopes, style, dots = trial_scopes(TEMPLATES[name].value, Library())
    pages = lay_out(TEMPLATES[name], scopes, style.grey(), dots)
    assert all(ink.total == ink.k for ink in inks(pages))
    coloured = lay_out(TEMPLATES[name], scopes, style, dots)
    places = [[item.box for item in page.items] for page in pages]
    assert places == [[item.box for item in page.items] for page in coloured]


def inks(pages: list[Page]) -> set[Ink]:
    found: set[Ink | None] = set()
    for item in (item for page in pages for item in page.items):
        match item:
            case Text(ink=ink):
                found.add(ink)
            case Panel(fill=fill, rule=rule):
                found |= {fill, rule.ink if rule else None}
    return {ink for ink in found if ink is not None}


# --- inks ---

PARTS = st.floats(0, 100)


@given(st.builds(Ink, PARTS, PARTS, PARTS, PARTS))
def test_what_is_readable_in_colour_is_so_in_one_bit(ink: Ink) -> None:
    """White on an ink, or an ink on white; 4.6 instead of 4.5: at 4.58 black and white are even."""
    style = replace(house(), inks={"some": ink, "white": WHITE, "black": BLACK}).one_bit()
    assert (style.inks["white"], style.inks["black"]) == (WHITE, BLACK)
    assert style.inks["some"] in (WHITE, BLACK)
    for other, name in ((WHITE, "white"), (BLACK, "black")):
        if contrast(ink, other) >= 4.6:
            assert contrast(style.inks["some"], style.inks[name]) == pytest.approx(21)


def test_the_house_in_black_and_white() -> None:
    dark = {name for name, ink in house().one_bit().inks.items() if ink == BLACK}
    assert dark == {"police", "warning", "shade", "black", "grey"}


def test_the_house_in_grey_keeps_light_inks_and_deepens_dark_ones() -> None:
    for name, ink in house().grey().inks.items():
        colour = house().inks[name].grey
        assert ink.total == ink.k
        if colour.k < DARK:
            assert ink == colour
        else:
            assert colour.k <= ink.k <= 100
    assert house().grey().inks["warning"].k >= 75
