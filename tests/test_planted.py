"""The proof against planted faults: good files pass, a broken copy gives its own finding alone.

Comes in: files of our own build for a print shop (PDF/X-1a and PDF/X-4) and for an office, and the
tables of faults. Goes out: what rules, readback, hard run and Ghostscript find in them.
"""

from __future__ import annotations

import pytest
from planted import Fault, PressName, broken, good, hard, on_piece, plates, readback, rules
from planted_in_file import IN_FILE
from planted_on_paper import LINES, ON_PAPER, PICTURES, TEXT

from stickergen.problem import Problem, worded
from stickergen.proof.finding import Finding
from stickergen.proof.ghostscript import ghostscript
from stickergen.proof.prove import CODE_CHECKS, HARD_RUN_CHECKS, PLATE_CHECKS
from stickergen.proof.rules import RULES, X3

PRESSES: tuple[PressName, ...] = ("shop", "shop-x4", "office")
FAULTS = {
    **{f"file: {name}": fault for name, fault in IN_FILE.items()},
    **{f"paper: {name}": fault for name, fault in ON_PAPER.items()},
}
UNOPENED = {"locked", "not-a-pdf", "no-pages"}
"""What is found before a rule can look."""


def found(fault: Fault) -> list[Finding]:
    data, order = broken(fault)
    return [finding for look in fault.eyes for finding in look(data, order)]


@pytest.mark.parametrize("press", PRESSES)
def test_a_good_file_passes(press: PressName) -> None:
    file = good(press)
    assert [f for look in (rules, readback, hard) for f in look(file.data, file.expected)] == []
    if press != "office":
        assert list(plates(file.data, file.expected)) == []


@pytest.mark.parametrize("press", PRESSES)
def test_what_is_planted_is_no_fault_by_itself(press: PressName) -> None:
    """A copy saved as the broken ones are; a mark painted as theirs are."""
    assert found(Fault("none", press=press)) == []
    line = b"0 0 0 1 K .6 w 20 47 m 140 47 l S 0 0 0 .2 k 152 52 26 26 re f"
    assert found(Fault("none", on_piece(line), press)) == []


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_by_the_check_meant_for_it(name: str) -> None:
    fault = FAULTS[name]
    if plates in fault.eyes and ghostscript() is None:
        pytest.skip("Ghostscript is not there")
    findings = found(fault)
    assert {finding.check for finding in findings} == {fault.check, *fault.also}
    assert {f.severity for f in findings if f.check == fault.check} == {fault.severity}
    for finding in findings:
        problem = Problem(finding.check, None, dict(finding.values))
        assert worded(problem, "zh").sentence
        assert worded(problem, "en").sentence


@pytest.mark.parametrize("name", [*LINES, *TEXT, *PICTURES])
def test_a_fault_is_told_where_it_is(name: str) -> None:
    """On the last page, on its first piece: nothing else was painted anew."""
    fault = ON_PAPER[name]
    order = good(fault.press).expected
    assert order.pages is not None
    piece = order.frames[order.pages[-1]].ups[0].trim
    spots = [finding.spot for finding in found(fault) if finding.page == len(order.pages)]
    assert any(spot is not None and piece.contains(spot) for spot in spots)


def test_every_check_has_its_fault() -> None:
    mine = {rule.code for rule in RULES.values() if rule.standards != {X3}}
    asked = mine | UNOPENED | {*CODE_CHECKS, *HARD_RUN_CHECKS, *PLATE_CHECKS}
    asked -= {"separations-failed"}  # Ghostscript's own fault
    assert {fault.check for fault in FAULTS.values()} == asked
