"""Inks: totals, greys, contrast; and the inks of the house style."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickergen.ink import Ink, contrast
from stickergen.library import house

PART = st.floats(0, 100)
INKS = st.builds(Ink, PART, PART, PART, PART)
WHITE, BLACK = Ink(0, 0, 0, 0), Ink(0, 0, 0, 100)
MOST_COVERAGE = 280
"""Per cent; product.md: large areas stay under it."""


def test_black_on_white_is_the_most_there_is() -> None:
    assert contrast(WHITE, BLACK) == pytest.approx(21)
    assert contrast(BLACK, WHITE) == contrast(WHITE, BLACK)
    assert contrast(BLACK, BLACK) == 1


@pytest.mark.parametrize(
    ("ink", "luminance"),
    [
        (WHITE, 1),
        (BLACK, 0),
        (Ink(100, 0, 0, 0), 0.7874),
        (Ink(0, 100, 0, 0), 0.2848),
        (Ink(0, 0, 100, 0), 0.9278),
        (Ink(0, 100, 100, 0), 0.2126),
        (Ink(0, 0, 0, 50), 0.2140),
    ],
)
def test_luminance_is_that_of_wcag(ink: Ink, luminance: float) -> None:
    assert ink.luminance == pytest.approx(luminance, abs=0.0001)


@given(INKS, INKS)
def test_contrast_is_between_1_and_21(one: Ink, other: Ink) -> None:
    assert 1 <= contrast(one, other) <= 21
    assert contrast(one, other) == contrast(other, one)


@given(INKS)
def test_grey_is_black_alone_and_as_light(ink: Ink) -> None:
    grey = ink.grey
    assert (grey.c, grey.m, grey.y) == (0, 0, 0)
    assert grey.luminance == pytest.approx(ink.luminance, abs=0.001)
    assert 0 <= grey.k <= 100


@given(INKS, st.sampled_from("cmyk"), st.floats(0, 100))
def test_more_ink_is_never_lighter(ink: Ink, part: str, more: float) -> None:
    parts = {name: getattr(ink, name) for name in "cmyk"}
    darker = Ink(**(parts | {part: max(parts[part], more)}))
    assert darker.luminance <= ink.luminance + 1e-12
    assert darker.total >= ink.total


def test_total() -> None:
    assert Ink(10, 20, 30, 40).total == 100


# --- the house style ---


def test_no_house_ink_is_too_wet() -> None:
    inks = house().inks
    assert len(inks) >= 8
    assert max(ink.total for ink in inks.values()) <= MOST_COVERAGE


def test_text_is_black_alone() -> None:
    assert house().inks["black"] == BLACK
    assert house().inks["white"] == WHITE


@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("white", "police"),
        ("white", "warning"),
        ("white", "black"),
        ("black", "white"),
        ("black", "mist"),
        ("black", "pale"),
        ("black", "accent"),
        ("police", "white"),
        ("warning", "white"),
        ("warning", "mist"),
        ("grey", "white"),
    ],
)
def test_pairs_are_readable_in_colour_and_in_grey(ink: str, ground: str) -> None:
    inks = house().inks
    assert contrast(inks[ink], inks[ground]) >= 4.5
    assert contrast(inks[ink].grey, inks[ground].grey) >= 4.5


def test_the_three_grounds_of_the_overview_differ_in_grey() -> None:
    """White icons, dark icons and the red they stand on are three greys on a copier."""
    greys = [house().inks[name].grey.k for name in ("white", "warning", "shade")]
    assert all(abs(a - b) > 10 for a, b in itertools.combinations(greys, 2))


def test_the_scale_of_sizes() -> None:
    sizes = house().sizes_pt
    assert list(sizes) == sorted(set(sizes))
    assert sizes[0] == 6
    assert all(b / a <= 1.2 for a, b in itertools.pairwise(sizes))
