"""Lengths and boxes: the algebra that placing and imposing rest on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickergen.measure import TOLERANCE, Box, Edges, Point, Size, close, to_mm, to_pt

LENGTH = st.floats(0, 2000, allow_nan=False)
OFFSET = st.floats(-2000, 2000, allow_nan=False)
BOXES = st.builds(Box, OFFSET, OFFSET, LENGTH, LENGTH)
EDGES = st.builds(Edges, OFFSET, OFFSET, OFFSET, OFFSET)


@pytest.mark.parametrize(("mm", "pt"), [(25.4, 72), (210, 595.276), (297, 841.89), (0, 0)])
def test_points(mm: float, pt: float) -> None:
    assert to_pt(mm) == pytest.approx(pt, abs=0.001)
    assert to_mm(pt) == pytest.approx(mm, abs=0.001)


@given(OFFSET)
def test_there_and_back(length: float) -> None:
    assert to_mm(to_pt(length)) == pytest.approx(length)


def test_close() -> None:
    assert close(1, 1 + TOLERANCE * 0.99)
    assert not close(1, 1 + TOLERANCE * 1.01)
    assert close(1, 1.4, 0.5)


def test_sides_of_a_box() -> None:
    box = Box(10, 20, 30, 40)
    assert (box.right, box.bottom, box.size) == (40, 60, Size(30, 40))


def test_edges_go_round_from_the_top() -> None:
    edges = Edges(1, 2, 3, 4)
    assert (edges.top, edges.right, edges.bottom, edges.left) == (1, 2, 3, 4)
    assert (edges.across, edges.down) == (6, 4)
    assert Edges.all(3) == Edges(3, 3, 3, 3)
    assert Box(0, 0, 100, 100).inset(edges) == Box(4, 1, 94, 96)


@given(BOXES, EDGES)
def test_inset_and_back(box: Box, edges: Edges) -> None:
    outward = Edges(-edges.top, -edges.right, -edges.bottom, -edges.left)
    back = box.inset(edges).inset(outward)
    for one, other in zip(
        (back.x, back.y, back.width, back.height),
        (box.x, box.y, box.width, box.height),
        strict=True,
    ):
        assert one == pytest.approx(other, abs=1e-6)


@given(BOXES, OFFSET, OFFSET)
def test_a_moved_box_keeps_its_size(box: Box, x: float, y: float) -> None:
    moved = box.moved(Point(x, y))
    assert moved.size == box.size
    assert (moved.x, moved.y) == (box.x + x, box.y + y)


@given(BOXES, BOXES)
def test_overlapping_is_mutual(one: Box, other: Box) -> None:
    assert one.overlaps(other) == other.overlaps(one)


@given(BOXES, BOXES)
def test_what_is_inside_and_has_an_area_overlaps(one: Box, other: Box) -> None:
    if one.contains(other, 0) and min(other.width, other.height) > 3 * TOLERANCE:
        assert one.overlaps(other)


@given(BOXES, st.floats(0, 100))
def test_a_box_contains_what_is_inset(box: Box, edge: float) -> None:
    assert box.contains(box.inset(Edges.all(edge))) or 2 * edge > min(box.width, box.height)
    assert box.contains(box)
    assert not box.contains(box.inset(Edges.all(-edge - 2 * TOLERANCE)))


def test_boxes_that_share_an_edge_do_not_overlap() -> None:
    box = Box(0, 0, 10, 10)
    assert not box.overlaps(Box(10, 0, 10, 10))
    assert not box.overlaps(Box(0, 10, 10, 10))
    assert not box.overlaps(Box(10 - TOLERANCE / 2, 0, 10, 10))
    assert box.overlaps(Box(9.9, 9.9, 10, 10))
    assert not box.overlaps(Box(9.9, 10.1, 10, 10))
