"""Plates as Ghostscript separates them, and the codes on them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from printed_codes import PAPER, Printed, modules, order, painted, pdf

from stickergen.measure import to_pt
from stickergen.proof.expected import Expected
from stickergen.proof.ghostscript import Separations, ghostscript, separated

ONE = Printed()
RICH = replace(ONE, ink="1 .5 0 1 k")
COLOURED = replace(ONE, ink="0 1 1 0 k")

needs_ghostscript = pytest.mark.skipif(ghostscript() is None, reason="Ghostscript is not there")


def told(content: str) -> list[tuple[str, object]]:
    found = separated(pdf(content), order(ONE), [1]).findings
    return [(finding.check, finding.values.get("plate")) for finding in found]


def panel(ink: str, inset: float) -> str:
    """A tint all over the page but for a margin."""
    x, width, height = (
        to_pt(v) for v in (inset, PAPER.width - 2 * inset, PAPER.height - 2 * inset)
    )
    return f"{ink} {x} {x} {width} {height} re f"


def test_without_ghostscript_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert separated(pdf(painted([RICH])), order(ONE), [1]) == Separations(is_there=False)


@needs_ghostscript
def test_a_code_in_black_alone_is_good() -> None:
    on_second = Expected("plain", codes=(replace(ONE.at, page=2),))
    result = separated(pdf("", painted([ONE])), on_second, [2])
    assert (result.is_there, result.pages, result.findings) == (True, (2,), ())
    coverage = {plate.name: plate.coverage for plate in result.plates}
    assert coverage.keys() == {"Cyan", "Magenta", "Yellow", "Black"}
    assert coverage["Cyan"] == coverage["Magenta"] == coverage["Yellow"] == 0
    dark = sum(map(sum, modules(ONE.url))) * ONE.module**2 / (PAPER.width * PAPER.height)
    assert dark < coverage["Black"] < 1.25 * dark  # a pixel that is touched is black


@needs_ghostscript
@pytest.mark.parametrize(
    ("content", "found"),
    [
        (painted([RICH]), [("ink-under-code", "Cyan"), ("ink-under-code", "Magenta")]),
        (
            painted([COLOURED]),
            [
                ("code-not-on-black-plate", None),
                ("ink-under-code", "Magenta"),
                ("ink-under-code", "Yellow"),
            ],
        ),
        (f"{panel('0 0 .02 0 k', 1)} {painted([ONE])}", [("ink-under-code", "Yellow")]),
        (f"{panel('0 0 0 .1 k', 1)} {painted([ONE])}", []),
    ],
    ids=["rich black", "red", "on a tint", "on grey"],
)
def test_codes_stand_on_the_black_plate_alone(
    content: str, found: list[tuple[str, object]]
) -> None:
    assert told(content) == found


@needs_ghostscript
def test_what_lies_beside_the_clear_space_is_no_ink_under_the_code() -> None:
    beside = to_pt(ONE.at.box.right + 4 * ONE.module)
    assert told(f"1 1 1 0 k {beside} 0 100 500 re f {painted([ONE])}") == []


@needs_ghostscript
def test_a_file_that_cannot_be_separated_is_told() -> None:
    result = separated(b"%PDF-1.4 and no more", order(ONE), [1])
    assert [(f.check, f.severity) for f in result.findings] == [("separations-failed", "warning")]
    assert result.plates == ()
