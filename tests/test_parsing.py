"""Content streams parsed with runs of rectangles as one: nothing is read otherwise than before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickergen.measure import Box
from stickergen.proof.interpreter import stream
from stickergen.proof.interpreter.machine import instructions
from stickergen.proof.interpreter.marks import Mark
from stickergen.proof.interpreter.matrix import Matrix
from stickergen.proof.interpreter.parsing import (
    RECTANGLES,
    Rectangles,
    corners,
    parsed,
    without_rectangles,
)
from stickergen.proof.interpreter.state import Resources, State
from stickergen.proof.interpreter.stream import Run

RUN = "".join(f"{n} {2 * n} 3 4 re " for n in range(12))
"""Long enough to be one instruction."""

PIECES = st.sampled_from(
    [
        RUN,
        RUN.replace(" ", "\r\n"),
        RUN.replace("3", "-3.25"),
        RUN.replace("3", ".5"),
        RUN.replace("3", "+3"),
        RUN.replace("3", "1.2.3"),
        RUN.replace("3", "-"),
        RUN.replace("3", "12345678901234567890"),
        "q 2 0 0 -2 10 700 cm ",
        "q 1 1 -1 1 0 0 cm ",
        "0 1 -1 0 0 0 cm ",
        "Q ",
        "f ",
        "f* ",
        "S ",
        "B ",
        "b ",
        "W n ",
        "n ",
        "0 g ",
        "7 ",
        "/Name ",
        "[ ",
        "] ",
        "<< ",
        ">> ",
        "( ",
        ") ",
        "(text) Tj ",
        "% remark ",
        "\n",
        "1 2 m ",
        "5 6 l ",
        "h ",
        "1 2 3 4 5 6 c ",
        "re ",
        "9 9 9 9 re ",
        "BT ET ",
        "BI /W 1 /H 1 /BPC 8 /CS /G ID x EI ",
        "RunOfRectangles ",
        "x",
    ]
)

DOCUMENT = pikepdf.new()
"""Streams die with their document."""


def form(content: bytes) -> pikepdf.Stream:
    return pikepdf.Stream(DOCUMENT, content)


def painted(content: pikepdf.Stream) -> list[Mark]:
    """The marks of a stream."""
    state = State(Matrix(), Box(-1e6, -1e6, 2e6, 2e6))
    run = Run(Resources(pikepdf.Dictionary(), {}), state, None, lambda *_: ())
    return run.execute(content)


def rounded(marks: Sequence[Mark]) -> list[tuple[Any, ...]]:
    """What a mark is, its box to the millionth of a millimetre."""

    def figures(box: Box) -> tuple[float, ...]:
        return tuple(round(side, 6) for side in (box.x, box.y, box.width, box.height))

    return [
        (m.kind, figures(m.box), m.colour, m.rectangle, m.closed, tuple(map(figures, m.segments)))
        for m in marks
    ]


@given(st.lists(PIECES, max_size=14))
def test_marks_are_the_same_as_without_runs(pieces: list[str]) -> None:
    content = form("".join(pieces).encode())
    short = rounded(painted(content))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stream, "shortened", instructions)
        assert rounded(painted(content)) == short


@pytest.mark.parametrize("around", ["{}f", "q 1 0 0 1 5 5 cm {}f Q", "\n{}S", "0 g {}9 9 l f"])
def test_a_run_is_one_instruction(around: str) -> None:
    found = parsed(form(around.format(RUN).encode()))
    (run,) = [one for one in found if isinstance(one, Rectangles)]
    assert run.operator == RECTANGLES
    assert corners(run.written).tolist() == [[n, 2 * n, 3, 4] for n in range(12)]


@pytest.mark.parametrize(
    "around", ["({}) Tj", "% {}\n", "7 {}f", "/Name {}f", "BI ID {}EI", "RunOfRectangles {}"]
)
def test_what_only_looks_like_a_run_is_left_as_it_is(around: str) -> None:
    content = form(around.format(RUN).encode())
    found, whole = parsed(content), pikepdf.parse_content_stream(content)
    assert pikepdf.unparse_content_stream(found) == pikepdf.unparse_content_stream(whole)


def test_what_cannot_be_parsed_is_told_as_it_was() -> None:
    content = form(f"[ {RUN}] TJ".encode())
    with pytest.raises(TypeError) as error:
        pikepdf.parse_content_stream(content)
    with pytest.raises(TypeError, match=re.escape(str(error.value))):
        parsed(content)


def test_only_the_operators_asked_for_are_given() -> None:
    found = parsed(form(f"q {RUN}f Q".encode()), "q Q")
    assert [str(one.operator) for one in found] == ["q", RECTANGLES, "Q"]


def test_a_page_of_several_streams_is_one() -> None:
    document = pikepdf.new()
    page = document.add_blank_page()
    parts = [document.make_stream(part.encode()) for part in ("q", RUN, "f Q")]
    page.obj.Contents = pikepdf.Array(parts)
    assert [str(one.operator) for one in parsed(page)] == ["q", RECTANGLES, "f", "Q"]


NUMBERS = st.integers(0, 100_000) | st.floats(-1e4, 1e4).map(lambda number: round(number, 3))


@given(st.lists(st.lists(NUMBERS, min_size=4, max_size=4), min_size=1, max_size=20))
def test_the_numbers_of_a_run(rows: list[list[float]]) -> None:
    written = "".join(" ".join(map(repr, row)) + " re\n" for row in rows)
    assert corners(written.encode()).tolist() == rows


def test_other_words_are_found_without_the_runs() -> None:
    assert without_rectangles(f"q {RUN}foo Q".encode()) == b"q \nfoo Q"
