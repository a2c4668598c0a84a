"""The proof: files through every rule, their codes read and maltreated, their designs pictured.

Comes in: names, bytes and what is expected of them. Goes out: a `Proof`. What is wrong with a file
is a finding, also that it is no PDF or that a rule cannot judge it. A file is "checked against our
PDF/X rule list"; nothing here certifies it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal, TypeVar

from stickergen.measure import Box, Size
from stickergen.proof.crew import Failure, Progress, Task, work_off, workers_at_most
from stickergen.proof.expected import Expected, has_serial
from stickergen.proof.finding import Finding
from stickergen.proof.gallery import framed, pictured, wanted
from stickergen.proof.ghostscript import Separations, separated
from stickergen.proof.inks import coverage
from stickergen.proof.judge import Judged, cannot_judge, judge, page_count, tried
from stickergen.proof.readback import Readback, by_page, read_pages
from stickergen.proof.result import (
    CheckResult,
    Codes,
    CodeSpot,
    Coverage,
    Fault,
    FileProof,
    Job,
    Proof,
    told_once,
)
from stickergen.proof.trials import Trial, Trials, designs, hard_run

FEW_PAGES = 20
"""So many pages in all are proved in one process. Tuned: what two processes take to start."""

CHUNK = 8
"""Pages or designs of a task. Tuned: about a second of work, so that the bar moves."""

READINGS = 4
"""Tasks that read a long file, at the most. Tuned: of pages alike, all but the first of a task take
a third of the time."""

MOST_SEPARATED = 8
"""Pages of a file whose plates are looked at. Tuned: a second each; the pieces of a job are built
alike, so that some sheets tell of all."""

MOST_INKED = 8
"""Pages of a file whose ink is measured. Tuned: a tenth of a second each; means settle early."""

LEAST_NUMBERED = 2
"""The same two where pages differ in their numbers alone, if all designs are on so few. Tuned: what
is wrong with a design is so on every page that shows it."""

MOST_SPOTS = 24
"""Spots of a file that are pictured at the most. Tuned: what a person looks through."""

MOST_SPOTS_A_CHECK = 6
"""One broken check leaves room for the others."""

CODE_CHECKS = ("code-missing", "code-wrong", "code-extra")
"""What the reading of the codes may find."""

UNREAD = ("code-missing", "code-wrong")
"""Those of them after which a code does not count as read."""

HARD_RUN_CHECKS = ("code-fragile",)
"""What the hard run may find."""

PLATE_CHECKS = (
    "code-not-on-black-plate",
    "ink-under-code",
    "plate-not-meant",
    "separations-failed",
)
"""What Ghostscript may find."""

OPENS = "not-a-pdf"
"""Whether a file can be opened at all."""

FILE_CLAUSE = "File"
"""Where the report has what is found before a file is opened."""

CODES_CLAUSE = "QR"
"""Where the checks of codes stand in the report: they are no part of the PDF/X list."""

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """The key of a piece of work: which file, what kind of work, which piece of it."""

    file: int
    kind: Literal["judge", "read", "trials", "plates", "inks", "pictures"]
    number: int = 0


@dataclass(frozen=True)
class Given:
    """A file to prove. `data` is None if it is not there, `expected` is None if it is foreign.

    `checked` are the checks that were made before the file is opened, `findings` what they found.
    """

    name: str
    data: bytes | None
    expected: Expected | None
    checked: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def prove(
    files: Sequence[Given],
    progress: Progress = lambda done, known: None,
    workers: int | None = None,
    job: Job | None = None,
) -> Proof:
    """Prove the files of a job; `workers` are the processes that share the work, by default as it
    pays.
    """
    if workers is None:
        pages = sum(page_count(file.data) for file in files if file.data is not None)
        workers = 1 if pages <= FEW_PAGES else workers_at_most()
    first = [
        Task(Part(number, "judge"), 1, partial(judge, file.name, file.data, file.expected))
        for number, file in enumerate(files)
        if file.data is not None
    ]

    def follow(task: Task, result: Any) -> Iterable[Task]:
        if not isinstance(result, Judged):
            return ()
        assert isinstance(task.key, Part)
        data = files[task.key.file].data
        assert data is not None
        return _tasks(task.key.file, data, result)

    results: list[dict[Part, Any]] = [{} for _ in files]
    for part, result in work_off(first, follow, progress, workers).items():
        assert isinstance(part, Part)
        results[part.file][part] = result
    proved = (_proved(file, found) for file, found in zip(files, results, strict=True))
    return Proof(tuple(proved), job)


def prove_file(given: Given) -> FileProof:
    """Prove one file here and now: what a worker process does for a volume of an order."""
    return prove([given], workers=1).files[0]


def lost(given: Given, failure: Failure) -> FileProof:
    """What is told of a file whose proof came to nothing."""
    return _proved(given, {Part(0, "judge"): failure})


def _tasks(file: int, data: bytes, judged: Judged) -> Iterator[Task]:
    """The work on a file that could be opened, in pieces that any process can do."""
    expected = judged.expected
    work: Callable[[], Any]
    differing = [group[0] for group in judged.groups]
    for part, pages in enumerate(_readings(differing)):
        work = partial(tried, read_pages, data, _only(expected, pages), pages)
        yield Task(Part(file, "read", part), len(pages), work)
    for part, codes in enumerate(chunks(designs(expected))):
        work = partial(tried, hard_run, data, replace(expected, codes=()), codes)
        yield Task(Part(file, "trials", part), len(codes), work)
    asked = by_page(expected)
    coded = [page for page in differing if page in asked]
    inked, split = _spread(differing, MOST_INKED), _spread(coded, MOST_SEPARATED)
    if coded and _numbered(expected):
        inked = split = _showing_all(coded, judged.expected)
    yield Task(
        Part(file, "inks"), len(inked), partial(tried, coverage, data, _only(expected, ()), inked)
    )
    if expected.standard != "plain":
        for part, pages in enumerate(chunks(split, most=2)):
            work = partial(tried, separated, data, _only(expected, pages), pages)
            yield Task(Part(file, "plates", part), len(pages), work)
    shown, _ = wanted(expected, len(judged.papers))
    for part, some in enumerate(chunks(shown)):
        papers = [judged.papers[design.page - 1] for design in some]
        work = partial(tried, pictured, data, some, papers)
        yield Task(Part(file, "pictures", part), 1, work)


def chunks(items: Sequence[_Item], most: int = CHUNK) -> Iterator[Sequence[_Item]]:
    """The items in pieces of about equal length, none longer than `most`."""
    count = -(-len(items) // most)
    for number in range(count):
        yield items[number * len(items) // count : (number + 1) * len(items) // count]


def _readings(pages: Sequence[int]) -> Iterator[Sequence[int]]:
    """The pages that one task reads, for each of the tasks."""
    return chunks(pages, max(CHUNK, -(-len(pages) // READINGS)))


def _numbered(expected: Expected) -> bool:
    """Whether the codes have serial numbers."""
    return any(has_serial(code.url) for code in expected.codes or ())


def _spread(pages: Sequence[int], most: int) -> list[int]:
    """So many of the pages at the most, from all over the file."""
    count = min(len(pages), most)
    return [pages[number * len(pages) // count] for number in range(count)]


def _showing_all(pages: Sequence[int], expected: Expected) -> list[int]:
    """A few of the pages, from all over the file, and those on which other designs are."""
    asked = by_page(expected)
    found = _spread(pages, LEAST_NUMBERED)
    shown = {code.design for page in found for code in asked[page]}
    for page in pages:
        new = {code.design for code in asked[page]} - shown
        if new and len(found) < MOST_SEPARATED:
            found.append(page)
            shown |= new
    return sorted(found)


def _only(expected: Expected, pages: Sequence[int]) -> Expected:
    """What is expected of some pages: the codes of all others need not be sent along."""
    if expected.codes is None:
        return expected
    kept = set(pages)
    return replace(expected, codes=tuple(code for code in expected.codes if code.page in kept))


# --- what was found, put together ---


def _proved(file: Given, results: Mapping[Part, Any]) -> FileProof:
    """What the results of a file's parts say of it together."""
    digest = None if file.data is None else hashlib.sha256(file.data).hexdigest()
    before = _checked(FILE_CLAUSE, file.checked, True, file.findings, ())
    judged = next(iter(_kind(results, "judge")), None)
    if not isinstance(judged, Judged):
        broken = () if judged is None else _unopened(judged)
        order = file.expected or Expected("plain")
        return FileProof(
            name=file.name,
            sha256=digest,
            standard=order.standard,
            ordered=file.expected is not None,
            checks=(*before, *broken),
            codes=Codes(None if order.codes is None else len(order.codes)),
            numbered=_numbered(order),
        )
    assert file.data is not None
    codes, code_checks = _codes(judged, _kind(results, "read"))
    trials, trial_checks = _trials(_kind(results, "trials"))
    inks = _kind(results, "inks")
    pictures = [part for part in _kind(results, "pictures") if not isinstance(part, Failure)]
    opened = CheckResult(OPENS, FILE_CLAUSE, True)
    checks = (*before, opened, *judged.checks, *code_checks, *trial_checks)
    checks += _plates(judged.expected, _kind(results, "plates"))
    return FileProof(
        name=file.name,
        sha256=digest,
        standard=judged.expected.standard,
        ordered=file.expected is not None,
        pages=len(judged.papers),
        trims=judged.trims,
        checks=_with_pictures(file.data, judged, checks),
        codes=codes,
        trials=trials,
        coverage=next((one for one in inks if isinstance(one, Coverage)), None),
        designs=tuple(design for part in pictures for design in part),
        designs_left_out=wanted(judged.expected, len(judged.papers))[1],
        numbered=_numbered(judged.expected),
    )


def _kind(results: Mapping[Part, Any], kind: str) -> list[Any]:
    """The results of one kind, in the order of their parts."""
    return [results[part] for part in sorted(results) if part.kind == kind]


def _unopened(found: Finding | Failure) -> tuple[CheckResult, ...]:
    if isinstance(found, Failure):
        found = cannot_judge(OPENS, found)
    return (CheckResult(OPENS, FILE_CLAUSE, True, told_once([found])),)


def _codes(
    judged: Judged, parts: Sequence[Readback | Failure]
) -> tuple[Codes, tuple[CheckResult, ...]]:
    """What the reading of one page of each group says of all its pages."""
    alike = {group[0]: group for group in judged.groups}
    asked = by_page(judged.expected)
    findings: list[Finding] = []
    failures: list[Failure] = []
    spots: dict[str, CodeSpot] = {}
    read = pages_read = 0
    for part, pages in zip(parts, _readings([*alike]), strict=True):
        if isinstance(part, Failure):
            failures.append(part)
            continue
        pages_read += part.pages_rendered
        read += sum(len(asked.get(page, ())) * len(alike[page]) for page in pages)
        read -= sum(len(alike[f.page]) for f in part.findings if f.page and f.check in UNREAD)
        findings += [replace(f, page=page) for f in part.findings for page in alike[f.page or 1]]
        for seen in part.seen:
            known = spots.get(seen.text) or CodeSpot(seen.text, seen.page, seen.box, 0)
            spots[seen.text] = replace(known, count=known.count + len(alike[seen.page]))
    codes = judged.expected.codes
    if codes is None:
        found = tuple(spots.values())
        total = sum(spot.count for spot in found)
        return Codes(None, total, pages_read, found), _checked(
            CODES_CLAUSE, CODE_CHECKS, False, (), failures
        )
    return Codes(len(codes), read, pages_read), _checked(
        CODES_CLAUSE, CODE_CHECKS, True, findings, failures
    )


def _trials(parts: Sequence[Trials | Failure]) -> tuple[tuple[Trial, ...], tuple[CheckResult, ...]]:
    """The hard runs of all designs as one."""
    failures = [part for part in parts if isinstance(part, Failure)]
    run = Trials.joined(part for part in parts if isinstance(part, Trials))
    return run.trials, _checked(CODES_CLAUSE, HARD_RUN_CHECKS, bool(parts), run.findings, failures)


def _plates(expected: Expected, parts: Sequence[Separations | Failure]) -> tuple[CheckResult, ...]:
    """What Ghostscript says of the plates, if it is there and the file is for a print shop."""
    failures = [part for part in parts if isinstance(part, Failure)]
    found = [part for part in parts if isinstance(part, Separations) and part.is_there]
    findings = on_plates(expected, found)
    return _checked(CODES_CLAUSE, PLATE_CHECKS, bool(found), findings, failures)


def on_plates(expected: Expected, parts: Sequence[Separations]) -> list[Finding]:
    """What is wrong on the plates, and the plates with ink that the order does not know."""
    inked = {plate.name for part in parts for plate in part.plates if plate.coverage > 0}
    others = () if expected.plates is None else sorted(inked.difference(expected.plates))
    return [
        *(finding for part in parts for finding in part.findings),
        *(Finding("plate-not-meant", values={"plate": name}) for name in others),
    ]


def _checked(
    clause: str,
    codes: Sequence[str],
    ran: bool,
    findings: Sequence[Finding],
    failures: Sequence[Failure],
) -> tuple[CheckResult, ...]:
    """The checks that one kind of work makes; work that failed is told under the first of them."""
    assert {finding.check for finding in findings} <= set(codes)
    told = {code: [f for f in findings if f.check == code] for code in codes}
    for failure in failures:
        told[codes[0]].append(cannot_judge(codes[0], failure))
    return tuple(
        CheckResult(code, clause, ran and not failures, told_once(found))
        for code, found in told.items()
    )


def _with_pictures(
    data: bytes, judged: Judged, checks: Sequence[CheckResult]
) -> tuple[CheckResult, ...]:
    """The checks with their first spots pictured: a few of each check, errors first."""
    spots: list[tuple[Fault, tuple[int, Box, Size]]] = []
    for check in sorted(checks, key=lambda check: check.outcome != "failed"):
        placed = [
            (fault, (fault.finding.page, fault.finding.spot, judged.papers[fault.finding.page - 1]))
            for fault in check.faults
            if fault.finding.page is not None and fault.finding.spot is not None
        ]
        spots += placed[:MOST_SPOTS_A_CHECK]
    spots = spots[:MOST_SPOTS]
    images = tried(framed, data, [spot for _, spot in spots])
    if isinstance(images, Failure):
        return tuple(checks)
    taken = {id(fault): image for (fault, _), image in zip(spots, images, strict=True)}
    return tuple(
        replace(
            check,
            faults=tuple(replace(f, image=taken.get(id(f))) for f in check.faults),
        )
        for check in checks
    )
