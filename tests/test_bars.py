"""Bars: a share as a length, in numbers; what a bar is told of, and what stands on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_template import bodied, page, problems

from stickergen.artwork.bind import BarSource
from stickergen.artwork.fields import Bound, Scope
from stickergen.artwork.figures import LEAST_BAR, placed_bar
from stickergen.artwork.layout import lay_out
from stickergen.artwork.page import Panel
from stickergen.artwork.qr import Dots
from stickergen.artwork.template import BarSpec, Template
from stickergen.library import house
from stickergen.measure import Box

INKS = house().inks
INNER = Box(5, 7, 40, 20)
BACK = BarSpec.model_validate({"share": "0", "rest": "mist"})


def panels(folder: Path, body: str, scope: Scope | None = None) -> list[str]:
    """The panels of a page, with the name of their ink."""
    names = {ink: name for name, ink in INKS.items()}
    return [
        f"{item.box.x:.2f} {item.box.y:.2f} {item.box.width:.2f}×{item.box.height:.2f} "
        f"{names[item.fill]}"
        for item in page(bodied(folder, body), scope).items
        if isinstance(item, Panel) and item.fill is not None
    ]


@pytest.mark.parametrize(
    ("bar", "expected"),
    [
        ("share: 50", ["2.00 2.00 28.00×4.00 police"]),
        ("share: 37.5, ink: warning", ["2.00 2.00 21.00×4.00 warning"]),
        ("share: 100", ["2.00 2.00 56.00×4.00 police"]),
        ("share: 25, upright: true", ["2.00 5.00 56.00×1.00 police"]),
        ("share: 50, rest: mist", ["2.00 2.00 56.00×4.00 mist", "2.00 2.00 28.00×4.00 police"]),
        ("share: 0, rest: mist", ["2.00 2.00 56.00×4.00 mist"]),
        ("share: 0", []),
        ("share: 0.01", [f"2.00 2.00 {LEAST_BAR:.2f}×4.00 police"]),
        ("share: 0.01, upright: true", [f"2.00 {6 - LEAST_BAR:.2f} 56.00×{LEAST_BAR:.2f} police"]),
    ],
)
def test_a_bar_is_as_long_as_its_share(tmp_path: Path, bar: str, expected: list[str]) -> None:
    assert panels(tmp_path, f"column:\n  - {{bar: {{{bar}}}, height: 4}}") == expected


@given(st.floats(0, 100), st.booleans())
def test_bars_with_one_scale_compare(percent: float, upright: bool) -> None:
    spec = BACK.model_copy(update={"upright": upright})
    back, *bar = placed_bar(spec, BarSource(percent), INKS, INNER)
    assert back.box == INNER
    whole = INNER.height if upright else INNER.width
    lengths = [panel.box.height if upright else panel.box.width for panel in bar]
    assert sum(lengths) == pytest.approx(percent / 100 * whole, abs=LEAST_BAR)
    if percent / 100 * whole >= LEAST_BAR:
        assert lengths == [pytest.approx(percent / 100 * whole)]
    assert bool(bar) == (percent > 0)
    for panel in bar:
        assert INNER.contains(panel.box, 1e-9)
        assert (panel.box.x, panel.box.bottom) == pytest.approx((INNER.x, INNER.bottom))


def test_the_shortest_bar_stays_in_a_box_that_is_shorter_still() -> None:
    box = Box(0, 0, LEAST_BAR / 2, 3)
    (bar,) = placed_bar(BarSpec.model_validate({"share": "0.01"}), BarSource(0.01), INKS, box)
    assert bar.box == box


def test_a_share_may_come_from_a_field(tmp_path: Path) -> None:
    scope = Scope({"rows": Bound(("100", "12.50", 0))})
    body = 'column:\n  - {bar: {share: "{row}"}, height: 2, each: "{rows}", item: row}'
    assert panels(tmp_path, body, scope) == [
        "2.00 2.00 56.00×2.00 police",
        "2.00 4.00 7.00×2.00 police",
    ]


def test_a_bar_takes_its_share_of_a_row_and_the_row_s_height(tmp_path: Path) -> None:
    body = """
row:
  - {column: [], width: 10}
  - {bar: {share: 100}}
  - {bar: {share: 50, upright: true}, width: 2fr, padding: 1}
height: 12
"""
    assert panels(tmp_path, body) == [
        "12.00 2.00 15.33×36.00 police",
        "28.33 20.00 28.67×17.00 police",
    ]


@pytest.mark.parametrize(
    "body",
    [
        "column:\n  - {bar: {share: 50}}",
        "row:\n  - {bar: {share: 50}, width: auto}",
        "column:\n  - {bar: {share: 50}, height: 4, padding: 2}",
    ],
    ids=["no height", "no width", "no room"],
)
def test_a_bar_has_no_size_of_its_own(tmp_path: Path, body: str) -> None:
    (problem,) = problems(bodied(tmp_path, body))
    assert (problem.code, str(problem.place)) == ("box-too-small", "t.yaml:10:7")


def test_no_text_stands_on_a_bar_without_a_ground(tmp_path: Path) -> None:
    body = "stack:\n  - {bar: {share: 50}}\n  - {text: 一, style: plain}"
    (problem,) = problems(bodied(tmp_path, body))
    assert (problem.code, problem.values) == ("text-on-picture", {"style": "plain"})
    page(bodied(tmp_path, body.replace("style: plain", "style: plain, fill: white")))


@pytest.mark.parametrize("share", ["100.5", "1000", "-1", "40%", "1e1", "nan", "", "４０", ".5"])
def test_a_share_that_is_none_is_told_at_its_place(tmp_path: Path, share: str) -> None:
    scope = Scope({"row": Bound(share)})
    body = 'column:\n  - {bar: {share: "{row}"}, height: 2}'
    (problem,) = problems(bodied(tmp_path, body), scope)
    assert (problem.code, str(problem.place)) == ("bar-not-a-share", "t.yaml:10:21")
    assert problem.values == {"value": share}


@pytest.mark.parametrize("key", ["ink", "rest"])
def test_the_inks_of_a_bar_are_looked_for(tmp_path: Path, key: str) -> None:
    body = f"column:\n  - {{bar: {{share: 50, {key}: polic}}, height: 2}}"
    template = bodied(tmp_path, body)
    assert dict(template.value.ink_names())["body", "column", 0, "bar", key] == "polic"
    (problem,) = problems(template)
    assert (problem.code, problem.values["meant"]) == ("unknown-ink", "police")


def test_a_hair_is_two_dots_of_a_thermal_printer(tmp_path: Path) -> None:
    template = bodied(tmp_path, "column:\n  - {bar: {share: 0.01}, height: 4}")
    (found,) = lay_out(template, [Scope()], house(), Dots(0.125), snap=True)
    (bar,) = found.items
    assert bar.box.width == pytest.approx(2 * 0.125)


def test_editors_take_a_number_or_a_field_for_a_share() -> None:
    schema: dict[str, Any] = Template.model_json_schema()["$defs"]["BarSpec"]["properties"]
    kinds = {option["type"]: option for option in schema["share"]["anyOf"]}
    assert set(kinds) == {"number", "string"}
    assert (kinds["number"]["minimum"], kinds["number"]["maximum"]) == (0, 100)
