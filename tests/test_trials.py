"""The hard run: what each trial does to a print, and which codes bear it."""

from __future__ import annotations

import math
import pickle
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from printed_codes import PAPER, Printed, modules, order, painted, pdf

from stickergen.measure import Box
from stickergen.proof.expected import CodeAt, Expected, Frame, Up
from stickergen.proof.preview import Grey, rasters
from stickergen.proof.readback import decoded
from stickergen.proof.trials import (
    FRAGILE,
    MODULE_PX,
    ORDEALS,
    Ordeal,
    Print,
    Trial,
    Trials,
    after,
    designs,
    hard_run,
    printed,
)

ONE = Printed()
OTHER = Printed(url="https://hs.example.com/shuadan/j01", x=40)
TINY = Printed(url="https://hs.example.com/gouwu/j01", x=70, module=0.2)
"""0.2 mm to a module: 2.4 pixels at 300 dpi."""

SHEET = Frame(Box(0, 0, PAPER.width, PAPER.height), Box(0, 0, PAPER.width, PAPER.height), 0, ())

PLAIN = Ordeal("none")


def taken(code: Printed, expected: Expected | None = None) -> Print:
    with rasters(pdf(painted([code]))) as pictures:
        found = printed(pictures, expected or order(code), code.at)
    assert found is not None
    return found


FRESH = taken(ONE)


def square(side: int, dpi: float = 300) -> Print:
    """A black square in the middle of three times its width."""
    picture = np.full((3 * side, 3 * side), 255, np.uint8)
    picture[side : 2 * side, side : 2 * side] = 0
    return Print(picture, (side, side), side, dpi)


def run(*codes: Printed) -> Trials:
    return hard_run(pdf(painted(codes)), order(*codes), [code.at for code in codes])


# --- what is looked at ---


def test_a_design_is_an_address() -> None:
    again = replace(ONE, x=60)
    assert designs(order(ONE, OTHER, again)) == (ONE.at, OTHER.at)


def test_a_foreign_file_has_no_designs() -> None:
    assert designs(Expected("plain")) == ()


def test_a_print_shows_the_symbol_where_it_says() -> None:
    (code,) = decoded(FRESH.picture)
    assert (code.box_px.x, code.box_px.y) == pytest.approx(FRESH.corner, abs=2)
    assert code.box_px.width == pytest.approx(FRESH.side, abs=3)


def test_a_print_has_twenty_pixels_to_a_module() -> None:
    assert FRESH.side == pytest.approx(len(modules(ONE.url)) * MODULE_PX)


def test_a_print_ends_with_its_piece() -> None:
    box = ONE.at.box
    trim = Box(box.x - 1, box.y - 2, 30, 30)
    frame = replace(SHEET, ups=(Up(trim, trim),))
    piece = taken(ONE, order(ONE, frames=(frame,), pages=(0,)))
    px = MODULE_PX / ONE.module
    assert piece.corner == pytest.approx((1 * px, 2 * px))
    assert FRESH.corner == pytest.approx((4 * px, 4 * px))


# --- what is done to it ---


@pytest.mark.parametrize("ordeal", ORDEALS, ids=lambda ordeal: ordeal.name)
def test_every_trial_does_something(ordeal: Ordeal) -> None:
    plain, worn = after(FRESH, PLAIN), after(FRESH, ordeal)
    assert worn.shape != plain.shape or (worn != plain).mean() > 0.005


def test_no_two_trials_are_of_one_name() -> None:
    assert len({ordeal.name for ordeal in ORDEALS}) == len(ORDEALS)


def test_dots_gain_on_all_sides() -> None:
    grown = after(square(MODULE_PX), Ordeal("", dot_gain=0.1)) == 0
    assert grown.sum() == (1.1 * MODULE_PX) ** 2
    assert grown[MODULE_PX - 1 : 2 * MODULE_PX + 1, MODULE_PX - 1 : 2 * MODULE_PX + 1].all()


def test_a_dot_gain_of_half_a_pixel_is_a_mistake() -> None:
    with pytest.raises(AssertionError):
        after(FRESH, Ordeal("", dot_gain=0.05))


def test_grey_toner_leaves_the_paper_white() -> None:
    pale = after(square(60), Ordeal("", toner=0.65))
    assert (pale.min(), pale.max()) == (round(255 * 0.35), 255)


def test_contrast_shrinks_around_the_middle() -> None:
    flat = after(square(60), Ordeal("", contrast=0.6))
    assert (flat.min(), flat.max()) == pytest.approx((255 * 0.2, 255 * 0.8), abs=1)


@given(st.floats(min_value=0.01, max_value=0.2))
def test_a_scratch_covers_the_part_it_says(part: float) -> None:
    black = square(400)
    left = (after(black, Ordeal("", scratch=part)) == 0).sum()
    assert 1 - left / 400**2 == pytest.approx(part, abs=0.005)


def test_a_scratch_crosses_the_whole_symbol() -> None:
    scratched = after(square(400), Ordeal("", scratch=0.03))[400:800, 400:800]
    assert (scratched == 255).any(axis=0).all()


@pytest.mark.parametrize("degrees", [15, 30])
def test_a_turned_code_is_turned_and_no_smaller(degrees: float) -> None:
    ends = corners(after(square(100), Ordeal("", turn_degrees=degrees)))
    (x0, y0), (x1, y1) = ends[:2]
    assert abs(math.degrees(math.atan2(y1 - y0, x1 - x0))) == pytest.approx(degrees, abs=1)
    assert edges(ends) == pytest.approx([100] * 4, abs=2.5)


def test_a_tilted_code_is_narrower_and_smaller_on_one_side() -> None:
    top, right, bottom, left = edges(corners(after(square(400), Ordeal("", tilt_degrees=15))))
    assert top == pytest.approx(bottom, abs=2)
    assert top == pytest.approx(400 * math.cos(math.radians(15)), abs=3)
    assert left - right > 5 or right - left > 5


def corners(view: Grey) -> list[tuple[int, int]]:
    """The corners of what is dark, from the top left clockwise."""
    ys, xs = np.nonzero(view < 128)
    ends = [int(np.argmax(dx * xs + dy * ys)) for dx, dy in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    return [(int(xs[end]), int(ys[end])) for end in ends]


def edges(ends: list[tuple[int, int]]) -> list[float]:
    """The lengths from each corner to the next."""
    return [math.dist(one, other) for one, other in zip(ends, ends[1:] + ends[:1], strict=True)]


def test_a_scan_has_its_resolution() -> None:
    fresh = square(600, dpi=600)
    assert after(fresh, Ordeal("", dpi=200)).shape == (600, 600)
    assert after(fresh, PLAIN).shape == (900, 900)


def test_blur_softens_edges() -> None:
    edge = after(square(60), Ordeal("", blur_px=2))[90]
    assert len(set(edge.tolist())) > 10
    assert edge[90] == 0


# --- how codes fare ---


def test_a_good_code_bears_everything() -> None:
    result = run(ONE, OTHER)
    assert result.findings == ()
    assert result.trials == tuple(Trial(ordeal.name, 2, 2, ()) for ordeal in ORDEALS)


def test_a_tiny_code_is_fragile() -> None:
    result = run(ONE, TINY)
    failures = sum(TINY.at in trial.failed for trial in result.trials)
    assert failures >= FRAGILE
    (finding,) = result.findings
    assert (finding.check, finding.page, finding.spot) == ("code-fragile", 1, TINY.at.box)
    assert finding.severity == "warning"
    assert finding.values == {"url": TINY.url, "failed": failures, "tried": len(ORDEALS)}
    assert all(trial.tried == 2 and trial.read == 2 - len(trial.failed) for trial in result.trials)


def test_one_failure_is_not_fragile() -> None:
    rows = tuple(Trial(name, 1, 0, (ONE.at,)) for name in ("a", "b", "c")[: FRAGILE - 1])
    assert Trials(rows).findings == ()


ELSEWHERE = Printed(x=200)
ON_ANOTHER_PAGE = replace(ONE.at, page=2)


@pytest.mark.parametrize(
    "code",
    [OTHER.at, replace(ONE.at, url=OTHER.url), ELSEWHERE.at, ON_ANOTHER_PAGE],
    ids=["missing", "wrong", "off the page", "on a page that is not there"],
)
def test_what_cannot_be_read_at_all_is_not_tried(code: CodeAt) -> None:
    result = hard_run(pdf(painted([ONE])), order(ONE), [code])
    assert [(trial.tried, trial.read, trial.failed) for trial in result.trials] == [
        (0, 0, ()) for _ in ORDEALS
    ]


def test_parts_tried_apart_join_to_the_whole() -> None:
    data, expected = pdf(painted([ONE, TINY])), order(ONE, TINY)
    parts = [hard_run(data, expected, [code.at]) for code in (ONE, TINY)]
    assert Trials.joined(parts) == hard_run(data, expected, [ONE.at, TINY.at])
    assert Trials.joined([]) == Trials(())


def test_what_is_found_can_be_sent_between_processes() -> None:
    result = run(TINY)
    assert result.findings
    assert pickle.loads(pickle.dumps(result)) == result
