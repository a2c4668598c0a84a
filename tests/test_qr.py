"""QR symbols: other eyes read them, their outlines are their modules, their sizes suit a press."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import qrcode
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from stickergen.artwork.qr import (
    _KNOWN,
    LEAST_MODULE,
    QUIET_ZONE_MODULES,
    Dots,
    Symbol,
    TooLong,
    module_size,
    symbol,
)
from stickergen.library import load
from stickergen.press.profile import Press
from stickergen.shipped import CONTENT

PIXELS_A_MODULE = 3
LEVELS = "LMQH"
ERROR_CORRECTION = {
    "L": qrcode.ERROR_CORRECT_L,
    "M": qrcode.ERROR_CORRECT_M,
    "Q": qrcode.ERROR_CORRECT_Q,
    "H": qrcode.ERROR_CORRECT_H,
}

PATH = st.text("abcdefghijklmnopqrstuvwxyz0123456789-/", max_size=70)
ADDRESSES = PATH.map("https://hs.example.com/{}".format)
OFFICE = Dots(25.4 / 300)
THERMAL = Dots(0.125)


def picture(code: Symbol) -> NDArray[np.uint8]:
    """The symbol as grey values, quiet zone and all."""
    light = ~np.pad(np.array(code.modules), QUIET_ZONE_MODULES)
    return np.kron(light, np.ones((PIXELS_A_MODULE, PIXELS_A_MODULE))).astype(np.uint8) * 255


def read(code: Symbol) -> Any:
    (result,) = zxingcpp.read_barcodes(picture(code))
    return result


@settings(max_examples=40, deadline=None)
@given(ADDRESSES)
def test_what_is_read_is_what_was_written(address: str) -> None:
    made = symbol(address)
    assert read(made).text == address
    assert made.width_modules == 17 + 4 * made.version
    assert made.full_width_modules == made.width_modules + 8
    assert all(len(row) == made.width_modules for row in made.modules)


def least_version(address: str, level: str) -> int:
    """The smallest version of a level, found by the library itself."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECTION[level])
    code.add_data(address, optimize=0)
    code.make(fit=True)
    version: int = code.version
    return version


@settings(max_examples=40, deadline=None)
@given(ADDRESSES)
def test_the_highest_level_of_the_smallest_symbol_at_m(address: str) -> None:
    made = symbol(address)
    assert made.version == least_version(address, "M")
    higher = LEVELS[LEVELS.index(made.level) :]
    assert made.level in "MQH"
    assert least_version(address, made.level) == made.version
    assert all(least_version(address, level) > made.version for level in higher[1:])


@pytest.mark.parametrize(
    ("characters", "version", "level"),
    [  # ISO/IEC 18004, table 7: bytes that a version holds at L, M, Q, H
        (7, 1, "H"),
        (8, 1, "Q"),
        (11, 1, "Q"),
        (12, 1, "M"),
        (14, 1, "M"),
        (15, 2, "Q"),
        (20, 2, "Q"),
        (21, 2, "M"),
        (26, 2, "M"),
        (27, 3, "Q"),
        (32, 3, "Q"),
        (33, 3, "M"),
        (42, 3, "M"),
        (62, 4, "M"),
        (2331, 40, "M"),
    ],
)
def test_versions_are_those_of_the_standard(characters: int, version: int, level: str) -> None:
    made = symbol("x" * characters)
    assert (made.version, made.level) == (version, level)


def test_what_no_version_holds() -> None:
    with pytest.raises(TooLong):
        symbol("x" * 2332)


def test_the_same_address_gives_the_same_symbol() -> None:
    _KNOWN.clear()
    one = symbol("https://hs.example.com/kefu/j01")
    _KNOWN.clear()
    assert symbol("https://hs.example.com/kefu/j01") == one


def test_the_demonstration_fits_a_small_symbol() -> None:
    """The modules of a sticker's code are large because its address is short."""
    made = symbol("https://hs.example.com/zhengxin/j01")
    assert (made.version, made.level) == (3, "M")


# --- the outline ---


def windings(code: Symbol) -> NDArray[np.int64]:
    """How often the outlines go round the middle of each module, by the edges left of it."""
    side = code.width_modules
    found = np.zeros((side, side), dtype=np.int64)
    for outline in code.outlines():
        for (x, y), (to_x, to_y) in pairwise([*outline, outline[0]]):
            if x == to_x:
                found[min(y, to_y) : max(y, to_y), x:] += 1 if to_y > y else -1
    return found


def symbols() -> st.SearchStrategy[Symbol]:
    """Small random symbols, for the corners that real ones seldom have."""
    return st.integers(1, 8).flatmap(
        lambda side: st.lists(
            st.lists(st.booleans(), min_size=side, max_size=side).map(tuple),
            min_size=side,
            max_size=side,
        ).map(lambda rows: Symbol(0, "M", tuple(rows)))
    )


@settings(max_examples=200, deadline=None)
@given(symbols())
def test_outlines_fill_the_dark_modules_by_either_rule(code: Symbol) -> None:
    wound = windings(code)
    dark = np.array(code.modules)
    assert (wound % 2 == dark).all()
    assert ((wound != 0) == dark).all()


@settings(max_examples=10, deadline=None)
@given(ADDRESSES)
def test_outlines_of_real_symbols(address: str) -> None:
    made = symbol(address)
    assert ((windings(made) != 0) == np.array(made.modules)).all()


@settings(max_examples=200, deadline=None)
@given(symbols())
def test_outlines_are_closed_and_turn_at_every_corner(code: Symbol) -> None:
    for outline in code.outlines():
        assert len(outline) >= 4
        ways = []
        for (x, y), (to_x, to_y) in pairwise([*outline, outline[0]]):
            assert (x == to_x) != (y == to_y)
            ways.append(x == to_x)
        assert all(one != other for one, other in pairwise([*ways, ways[0]]))


def test_modules_that_touch_by_a_corner_stay_apart() -> None:
    code = Symbol(0, "M", ((True, False), (False, True)))
    assert sorted(code.outlines()) == [
        ((0, 0), (1, 0), (1, 1), (0, 1)),
        ((1, 1), (2, 1), (2, 2), (1, 2)),
    ]


def test_a_hole_runs_the_other_way() -> None:
    ring = ((True, True, True), (True, False, True), (True, True, True))
    outer, hole = Symbol(0, "M", ring).outlines()
    assert outer == ((0, 0), (3, 0), (3, 3), (0, 3))
    assert sorted(hole) == [(1, 1), (1, 2), (2, 1), (2, 2)]
    assert hole == ((1, 1), (1, 2), (2, 2), (2, 1))


# --- the size ---


@given(st.floats(5, 120), st.sampled_from([OFFICE, THERMAL, Dots(25.4 / 600, 0.5)]))
def test_a_module_is_as_large_as_the_dots_allow(side: float, dots: Dots) -> None:
    made = symbol("https://hs.example.com/kefu")
    module = module_size(side, made, dots)
    if module is None:
        fitting = math.ceil(dots.least_module / dots.grid - 1e-6) * dots.grid
        assert fitting * made.full_width_modules > side - 1e-6
        return
    assert module >= dots.least_module - 1e-9
    assert module / dots.grid == pytest.approx(round(module / dots.grid))
    assert module * made.full_width_modules <= side + 1e-4
    assert (module + dots.grid) * made.full_width_modules > side - 1e-4


@pytest.mark.parametrize(
    ("press", "side", "module"),
    [
        ("office", 19.2, 0.508),
        ("office", 18.8, 0.508),
        ("office", 18.7, 0.4233),
        ("office", 15.6, None),
        ("thermal-203", 19.2, 0.5),
        ("thermal-203", 18.5, 0.5),
        ("thermal-203", 18.4, None),
    ],
)
def test_modules_on_the_presses(press: str, side: float, module: float | None) -> None:
    """0.508 mm is six dots of 300 dpi; on 203 dpi four dots make 0.5 mm, three are too small."""
    made = symbol("https://hs.example.com/kefu/j01")
    assert made.full_width_modules == 37
    dots = load(CONTENT / f"presses/{press}.yaml", Press).value.dots
    found = module_size(side, made, dots)
    assert found == (None if module is None else pytest.approx(module, abs=0.0001))
    assert found is None or found >= LEAST_MODULE
