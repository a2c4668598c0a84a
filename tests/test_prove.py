"""The proof as a whole: files through all rules, in one process and in several."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from io import BytesIO
from typing import Any

import numpy as np
import pikepdf
import PIL.Image
import pytest
from hypothesis import given
from hypothesis import strategies as st
from printed_codes import PAPER, URL, Printed, order, painted, pdf

from stickergen.measure import Box
from stickergen.proof import judge as judging
from stickergen.proof import prove as proving
from stickergen.proof.crew import DIED, Failure, Task, processes, work_off
from stickergen.proof.expected import Expected, Frame, Standard, Up
from stickergen.proof.finding import Finding
from stickergen.proof.gallery import FRAME_RED, MOST_WHOLE, framed, wanted
from stickergen.proof.inks import coverage
from stickergen.proof.judge import BROKEN, judge, rules_of, standard_claimed
from stickergen.proof.prove import CHUNK, Given, chunks, prove
from stickergen.proof.result import FileProof, told_once
from stickergen.proof.rules import RULES, Rule
from stickergen.proof.subject import Subject

ONE = Printed()
OTHER = Printed(url="https://hs.example.com/shuadan/j01", x=50)
WHOLE = Box(0, 0, PAPER.width, PAPER.height)
PIECES = (Up(Box(0, 0, 45, 60), Box(2, 2, 41, 56)), Up(Box(45, 0, 45, 60), Box(47, 2, 41, 56)))
FRAME = Frame(WHOLE, WHOLE, 0, PIECES)


def sheets(count: int) -> tuple[bytes, Expected]:
    """A file of pages that are all alike, two pieces on each, and its order."""
    first = order(ONE, OTHER).codes or ()
    codes = tuple(replace(code, page=page) for page in range(1, count + 1) for code in first)
    expected = Expected("plain", frames=(FRAME,), pages=(0,) * count, codes=codes)
    return pdf(*[painted([ONE, OTHER])] * count), expected


def proved(data: bytes | None, expected: Expected | None, *findings: Finding) -> FileProof:
    checked = tuple(finding.check for finding in findings)
    proof = prove([Given("a.pdf", data, expected, checked, findings)])
    return proof.files[0]


def found(file: FileProof) -> dict[str, int]:
    """The findings of a file: how many of each code."""
    faults = [fault for check in file.checks for fault in check.faults]
    return {fault.finding.check: fault.count for fault in faults}


# --- a good file ---


@pytest.fixture(scope="module")
def good() -> FileProof:
    return proved(*sheets(3))


def test_a_good_file_passes(good: FileProof) -> None:
    assert found(good) == {}
    assert {check.outcome for check in good.checks} <= {"passed", "not-run"}


def test_every_rule_of_the_standard_is_told_once(good: FileProof) -> None:
    codes = [check.code for check in good.checks]
    assert len(codes) == len(set(codes))
    asked = {rule.code for rule in RULES.values() if "plain" in rule.standards}
    assert 20 < len(asked) < len(RULES)
    assert set(codes) - asked == {
        "not-a-pdf",
        *("code-missing", "code-wrong", "code-extra", "code-fragile"),
        *("code-not-on-black-plate", "ink-under-code"),
        *("plate-not-meant", "separations-failed"),
    }


def test_what_is_told_of_a_file(good: FileProof) -> None:
    assert good.name == "a.pdf"
    assert good.sha256 is not None
    assert len(good.sha256) == 64
    assert (good.pages, good.standard, good.ordered) == (3, "plain", True)
    assert [(trim.size, trim.pages) for trim in good.trims] == [(PAPER, 3)]


def test_pages_that_are_alike_are_read_once_and_counted_all(good: FileProof) -> None:
    assert (good.codes.expected, good.codes.read, good.codes.pages_read) == (6, 6, 1)


def test_every_design_is_tried_and_pictured(good: FileProof) -> None:
    assert {trial.tried for trial in good.trials} == {2}
    sheet, *pieces = good.designs
    assert (sheet.part, sheet.pieces) == (None, 2)
    assert [(one.addresses, one.pieces) for one in pieces] == [((ONE.url,), 3), ((OTHER.url,), 3)]
    picture = PIL.Image.open(BytesIO(pieces[0].image.data))
    assert picture.size == (pieces[0].image.width_px, pieces[0].image.height_px)
    assert max(picture.size) == pytest.approx(400, abs=2)


def test_ink_is_measured(good: FileProof) -> None:
    assert good.coverage is not None
    means = dict(good.coverage.means)
    assert means["Cyan"] == means["Magenta"] == means["Yellow"] == 0
    assert 3 < means["Black"] < 5  # two symbols of 14.5 mm, half black, on 90 × 60 mm
    assert 60 < good.coverage.worst_total <= 100


def test_ink_is_measured_inside_the_trim() -> None:
    data = pdf("0 0 0 1 k 0 0 1000 1000 re f 0 0 0 0 k 0 0 85.04 170.08 re f")  # left third: paper
    frame = replace(FRAME, trim=Box(0, 0, 30, 60))
    expected = Expected("plain", frames=(frame,), pages=(0,))
    assert dict(coverage(data, expected, [1]).means)["Black"] == pytest.approx(0, abs=1)
    assert dict(coverage(data, Expected("plain"), [1]).means)["Black"] == pytest.approx(67, abs=1)


# --- findings ---


def test_what_is_wrong_on_a_page_is_told_for_all_that_are_like_it() -> None:
    _, expected = sheets(3)
    file = proved(pdf(*[painted([ONE])] * 3), expected)
    (check,) = [check for check in file.checks if check.code == "code-missing"]
    (fault,) = check.faults
    assert (fault.count, fault.pages, fault.finding.values["url"]) == (3, (1, 2, 3), OTHER.url)
    assert (file.codes.expected, file.codes.read) == (6, 3)
    assert check.outcome == "failed"


def test_a_spot_is_pictured_in_a_red_frame() -> None:
    _, expected = sheets(1)
    file = proved(pdf(painted([ONE])), expected)
    (fault,) = [fault for check in file.checks for fault in check.faults if fault.image]
    assert fault.image is not None
    assert len(reddish(fault.image.data)) > 300


def reddish(data: bytes) -> list[Any]:
    return [
        p for p in pixels(data) if max(abs(a - b) for a, b in zip(p, FRAME_RED, strict=True)) < 12
    ]


def pixels(data: bytes) -> list[tuple[int, ...]]:
    picture = PIL.Image.open(BytesIO(data)).convert("RGB")
    return [tuple(pixel) for row in np.asarray(picture).tolist() for pixel in row]


@pytest.mark.parametrize(
    "box", [Box(-50, 0, 10, 10), Box(0, 70, 10, 10), Box(float("nan"), 0, 1, 1)]
)
def test_a_spot_off_the_page_has_no_picture(box: Box) -> None:
    assert framed(pdf(painted([ONE])), [(1, box, PAPER)]) == [None]


@pytest.mark.parametrize("box", [Box(0, 0, 90, 60), Box(20, 20, 0, 30), Box(80, 50, 40, 40)])
def test_a_spot_without_width_or_over_the_edge_is_framed(box: Box) -> None:
    (image,) = framed(pdf(""), [(1, box, PAPER)])
    assert image is not None
    assert len(reddish(image.data)) > 100


def test_a_frame_shows_on_red_art() -> None:
    (image,) = framed(pdf("0 1 .9 .1 k 0 0 900 900 re f"), [(1, Box(30, 20, 20, 20), PAPER)])
    assert image is not None
    assert sum(1 for pixel in pixels(image.data) if min(pixel) > 240) > 200


def test_equal_findings_are_told_once() -> None:
    findings = [
        Finding("a", 2, Box(0, 0, 1, 1), {"x": 1}),
        Finding("a", 1, None, {"x": 1}),
        Finding("a", 1, None, {"x": 2}),
        Finding("a", None, None, {"x": 1}, "warning"),
    ]
    faults = told_once(findings)
    assert [(fault.finding, fault.count, fault.pages) for fault in faults] == [
        (findings[0], 2, (1, 2)),
        (findings[2], 1, (1,)),
        (findings[3], 1, ()),
    ]


# --- files that cannot be judged ---


def locked() -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf(""))) as document:
        document.save(out, encryption=pikepdf.Encryption(user="a", owner="b"))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not-a-pdf"),
        (b"hello", "not-a-pdf"),
        (pdf("")[:200], "not-a-pdf"),
        (locked(), "locked"),
        (pdf(), "no-pages"),
    ],
)
def test_a_file_that_cannot_be_opened_is_a_finding(data: bytes, code: str) -> None:
    file = proved(data, order(ONE))
    assert found(file) == {code: 1}
    assert (file.pages, file.codes.expected, file.codes.read) == (0, 1, 0)


def test_a_file_that_is_not_there_has_its_finding_alone() -> None:
    file = proved(None, order(ONE), Finding("file-missing"))
    assert found(file) == {"file-missing": 1}
    assert (file.sha256, file.codes.expected) == (None, 1)


@given(st.integers(0, 10_000), st.binary(max_size=30))
def test_a_damaged_file_is_never_a_traceback(at: int, junk: bytes) -> None:
    data = DAMAGED[: at % len(DAMAGED)] + junk + DAMAGED[at % len(DAMAGED) + len(junk) :]
    judge("a.pdf", data, None)


DAMAGED = pdf(painted([ONE]), Annots=pikepdf.Array([]))


@pytest.fixture
def one_rule(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A rule list of one rule, made of a function."""

    def enter(find: Any) -> None:
        rule = Rule("fake-rule", "Z1", frozenset({"plain"}), find)
        monkeypatch.setattr(judging, "RULES", {rule.code: rule})

    return enter


@pytest.mark.parametrize("error", [KeyError("/Kids"), ValueError("x"), pikepdf.PdfError("y")])
def test_a_rule_that_stumbles_is_a_finding_of_its_own(one_rule: Any, error: Exception) -> None:
    def find(subject: Subject) -> Iterator[Finding]:
        yield Finding("fake-rule")
        raise error

    one_rule(find)
    file = proved(pdf(""), None)
    (check,) = [check for check in file.checks if check.code == "fake-rule"]
    (fault,) = check.faults
    assert (check.ran, check.outcome, fault.finding.check) == (False, "failed", "cannot-judge")
    assert fault.finding.values["check"] == "fake-rule"
    assert type(error).__name__ in fault.finding.values["reason"]


def test_a_rule_may_find_nothing_but_its_own(one_rule: Any) -> None:
    one_rule(lambda subject: iter([Finding("another-rule")]))
    with pytest.raises(AssertionError):
        proved(pdf(""), None)


def test_a_mistake_in_the_program_is_not_hidden(one_rule: Any) -> None:
    assert not issubclass(NameError, BROKEN)
    one_rule(lambda subject: iter([undefined]))  # type: ignore[name-defined]  # noqa: F821
    with pytest.raises(NameError):
        proved(pdf(""), None)


def test_reading_that_fails_is_told_under_its_check(monkeypatch: pytest.MonkeyPatch) -> None:
    def read_pages(*_: Any) -> None:
        raise RuntimeError("Failed to load page.\n")

    monkeypatch.setattr(proving, "read_pages", read_pages)
    file = proved(*sheets(1))
    (check,) = [check for check in file.checks if check.faults]
    assert (check.code, check.outcome) == ("code-missing", "failed")
    values = check.faults[0].finding.values
    assert values == {"check": "code-missing", "reason": "RuntimeError: Failed to load page"}
    assert file.codes.read == 0


# --- foreign files ---


def claiming(info: str | None, xmp: str | None) -> bytes:
    """A file that claims a standard in its information, or in XMP."""
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf(""))) as document:
        if info is not None:
            document.docinfo["/GTS_PDFXVersion"] = info
        if xmp is not None:
            document.Root.Metadata = document.make_stream(xmp.encode())
        document.save(out, fix_metadata_version=False)
    return out.getvalue()


@pytest.mark.parametrize(
    ("info", "xmp", "standard"),
    [
        (None, None, "plain"),
        ("PDF/X-1a:2003", None, "pdf-x-1a"),
        ("PDF/X-1:2001", None, "pdf-x-1a"),
        ("PDF/X-3:2002", None, "pdf-x-3"),
        ("PDF/X-4", None, "pdf-x-4"),
        (None, '<x pdfxid:GTS_PDFXVersion="PDF/X-4"/>', "pdf-x-4"),
        (None, "<pdfxid:GTS_PDFXVersion>\n PDF/X-4</pdfxid:GTS_PDFXVersion>", "pdf-x-4"),
        ("something", "GTS_PDFXVersion", "plain"),
    ],
)
def test_a_foreign_file_is_held_against_what_it_claims(
    info: str | None, xmp: str | None, standard: Standard
) -> None:
    with pikepdf.open(BytesIO(claiming(info, xmp))) as document:
        assert standard_claimed(document) == standard


def test_a_foreign_file_is_told_by_its_standard_and_its_codes() -> None:
    file = proved(pdf(painted([ONE]), painted([ONE])), None)
    assert (file.ordered, file.standard, file.codes.expected, file.codes.read) == (
        False,
        "plain",
        None,
        2,
    )
    (spot,) = file.codes.spots
    assert (spot.text, spot.page, spot.count) == (URL, 1, 2)
    checks = {check.code: check.outcome for check in file.checks}
    assert checks["code-missing"] == checks["code-fragile"] == "not-run"
    assert [(design.page, design.part) for design in file.designs] == [(1, None), (2, None)]


def test_rules_that_need_an_order_are_not_passed_without_one() -> None:
    needy = {code for codes in judging.NEEDS.values() for code in codes}
    assert needy <= RULES.keys()
    foreign = {check.code: check for check in proved(pdf(painted([ONE])), None).checks}
    assert {foreign[code].outcome for code in needy & foreign.keys()} == {"not-run"}
    ordered = {check.code: check for check in proved(*sheets(1)).checks}
    assert ordered["page-size"].outcome == ordered["quiet-zone-covered"].outcome == "passed"
    assert ordered["cut-line-missing"].outcome == ordered["unexpected-ink"].outcome == "not-run"


def test_each_standard_has_its_rules() -> None:
    numbers = {
        standard: len(list(rules_of(standard)))
        for standard in ("plain", "pdf-x-1a", "pdf-x-3", "pdf-x-4")
    }
    assert 0 < numbers["plain"] < min(n for name, n in numbers.items() if name != "plain")


# --- what is pictured ---


def test_designs_are_pictured_once_and_whole_pages_a_few() -> None:
    _, expected = sheets(5)
    found, left_out = wanted(expected, 5 + MOST_WHOLE)  # the rest have no order, as slips have none
    whole = [one for one in found if one.part is None]
    assert len(whole) == MOST_WHOLE
    assert left_out == 1  # the sheet of the imposition is one of them
    pieces = [(one.page, one.part, one.pieces) for one in found if one.part is not None]
    assert pieces == [(1, PIECES[0].trim, 5), (1, PIECES[1].trim, 5)]


def test_pieces_of_another_size_are_another_design() -> None:
    _, expected = sheets(2)
    other = replace(FRAME, ups=(replace(PIECES[0], trim=Box(0, 0, 44, 60)), PIECES[1]))
    found, _ = wanted(replace(expected, frames=(FRAME, other), pages=(0, 1)), 2)
    assert [one.pieces for one in found if one.part is not None] == [1, 2, 1]


# --- the work ---


@given(st.lists(st.integers(), max_size=200), st.integers(1, 30))
def test_chunks_are_all_there_and_of_a_length(items: list[int], most: int) -> None:
    parts = list(chunks(items, most))
    assert [item for part in parts for item in part] == items
    lengths = [len(part) for part in parts]
    assert not lengths or (max(lengths) <= most and max(lengths) - min(lengths) <= 1)


def counting(progress: list[tuple[int, int]], workers: int) -> dict[Any, Any]:
    """Ten tasks, each of which gives rise to another one."""
    first = [Task(number, 2, partial(abs, -number)) for number in range(1, 11)]

    def follow(task: Task, result: int) -> list[Task]:
        return [Task((result, "again"), 1, partial(pow, result, 2))] if task.weight == 2 else []

    return dict(work_off(first, follow, lambda *done: progress.append(done), workers))


def test_work_is_done_with_what_follows_and_the_bar_moves() -> None:
    progress: list[tuple[int, int]] = []
    results = counting(progress, 1)
    assert results[3] == 3
    assert results[3, "again"] == 9
    assert len(results) == 20
    assert progress[0] == (2, 21)
    assert progress[-1] == (30, 30)
    assert [done for done, _ in progress] == sorted(done for done, _ in progress)


def test_processes_do_the_same_and_survive_one_that_dies() -> None:
    progress: list[tuple[int, int]] = []
    assert counting(progress, 2) == counting([], 1)
    assert progress[-1] == (30, 30)
    deadly = [Task("dies", 1, partial(os._exit, 3)), Task("lives", 1, partial(abs, -1))]
    results = work_off(deadly, lambda *_: (), lambda *_: None, 2)
    assert results == {"dies": DIED, "lives": 1}


def test_all_processes_begin_with_the_first_task() -> None:
    """None begins while another dies: it would be waited for without end."""
    with processes(3) as executor:
        executor.submit(int).result()
        assert len(executor._processes) == 3


def test_work_that_raises_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ZeroDivisionError):
        work_off([Task(1, 1, partial(divmod, 1, 0))], lambda *_: (), lambda *_: None, 1)


def test_many_processes_prove_what_one_proves() -> None:
    files = [Given("a.pdf", *sheets(CHUNK)), Given("b.pdf", pdf(painted([ONE])), order(OTHER))]
    assert prove(files, workers=2) == prove(files, workers=1)


def test_little_work_stays_in_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def work_off_here(tasks: Any, follow: Any, progress: Any, workers: int) -> Any:
        asked.append(workers)
        return work_off(tasks, follow, progress, 1)

    monkeypatch.setattr(proving, "work_off", work_off_here)
    monkeypatch.setattr(proving, "workers_at_most", lambda: 7)
    for pages in (proving.FEW_PAGES, proving.FEW_PAGES + 1):
        prove([Given("a.pdf", pdf(*[""] * pages), None), Given("b.pdf", b"?", None)])
    assert asked == [1, 7]


def test_a_dead_process_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def died(tasks: Any, follow: Any, progress: Any, workers: int) -> Any:
        return {task.key: Failure("gone") for task in tasks}

    monkeypatch.setattr(proving, "work_off", died)
    assert found(proved(pdf(""), None)) == {"cannot-judge": 1}


def test_papers_without_a_size_are_taken_as_viewers_take_them() -> None:
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf(""))) as document:
        document.pages[0].obj.MediaBox = pikepdf.Array([0, 0, 0, 0])
        document.save(out)
    judged = judge("a.pdf", out.getvalue(), None)
    assert isinstance(judged, judging.Judged)
    (paper,) = judged.papers
    assert (paper.width, paper.height) == pytest.approx((215.9, 279.4))
