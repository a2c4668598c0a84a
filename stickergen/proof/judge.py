"""A file is opened and put through every rule of its standard.

Comes in: the bytes of a PDF and what is expected of it, or nothing for a foreign file. Goes out:
`Judged`, or the finding that the file cannot be opened. A rule that stumbles over a broken file
does not stop the others: that it could not judge is a finding of its own. Sizes are in mm.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

import pikepdf

from stickergen.measure import Size
from stickergen.proof.alike import distinct
from stickergen.proof.crew import Failure
from stickergen.proof.expected import Expected, Standard
from stickergen.proof.finding import Finding
from stickergen.proof.pagetree import Rectangle, media_box, rectangle
from stickergen.proof.result import CheckResult, Trims, told_once
from stickergen.proof.rules import (
    RULES,
    X1A,
    X3,
    X4,
    Rule,
    colours,
    coverage,
    cutting,
    document,
    intent,
    pages,
    pieces,
    resources,
    shop,
    soundness,
    transparency,
)
from stickergen.proof.rules.objects import Leaf, content, entry, leaves, text
from stickergen.proof.subject import Subject

ROOMS = (
    document,
    intent,
    pages,
    pieces,
    resources,
    transparency,
    colours,
    coverage,
    shop,
    cutting,
    soundness,
)
"""The rooms of the rule list: importing them fills RULES."""

NEEDS: Mapping[str, tuple[str, ...]] = {
    "condition": ("condition-differs",),
    "pages": ("page-count",),
    "frames": ("page-size", "bleed-missing", "text-outside-safe-area"),
    "codes": (
        "code-outside-safe-area",
        "quiet-zone-covered",
        "code-on-colour",
        "code-not-black",
        "code-size",
    ),
    "plates": ("unexpected-ink", "not-one-colour"),
    "cut": (
        "cut-line-missing",
        "cut-line-in-process-colour",
        "cut-line-width",
        "cut-line-knocks-out",
        "cut-line-alternate",
        "cut-spot-misused",
        "cut-line-step",
    ),
}
"""The rules that hold a file against its order, by what the order must say: where it says nothing
they find nothing, and that is not the same as passing."""

BROKEN = (
    pikepdf.PdfError,
    pikepdf.PasswordError,
    RuntimeError,  # PDFium's and pikepdf's own; too deep a recursion
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    OSError,
    MemoryError,
)
"""What libraries and rules raise on files that are broken in ways nobody thought of."""

_CLAIMS: tuple[tuple[str, Standard], ...] = (("PDF/X-1", X1A), ("PDF/X-3", X3), ("PDF/X-4", X4))
"""How a claim begins, and the level that is held against it: the one that shops ask for."""

_XMP_CLAIM = re.compile(rb"GTS_PDFXVersion\s*(?:=\s*[\"']|>)\s*(PDF/X-\d)")
_MOST_REASON = 120  # characters. Tuned: a line of the report

_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True)
class Judged:
    """A file that could be opened: the sizes of its pages, which are alike, what the rules found.

    `expected` is the order, or for a foreign file the standard that it claims.
    """

    expected: Expected
    papers: tuple[Size, ...]
    trims: tuple[Trims, ...]
    groups: tuple[tuple[int, ...], ...]
    checks: tuple[CheckResult, ...]


def cannot_judge(check: str, failure: Failure) -> Finding:
    """That a check could not be done to the end."""
    return Finding("cannot-judge", values={"check": check, "reason": failure.reason})


def tried(
    work: Callable[_Given, _Made], *given: _Given.args, **named: _Given.kwargs
) -> _Made | Failure:
    """The result of a piece of work, or why a broken file made it fail."""
    try:
        return work(*given, **named)
    except BROKEN as error:
        words = " ".join(f"{type(error).__name__}: {error}".split())
        return Failure(words[:_MOST_REASON].rstrip("."))


def page_count(data: bytes) -> int:
    """How many pages a file has; 0 if it cannot be opened."""
    counted = tried(_counted, data)
    return 0 if isinstance(counted, Failure) else counted


def _counted(data: bytes) -> int:
    subject = Subject.of("", data, Expected("plain"))
    with subject.pdf:
        return len(subject.pdf.pages)


def judge(name: str, data: bytes, expected: Expected | None) -> Judged | Finding:
    """Open a file and put it through the rules of its standard."""
    try:
        subject = Subject.of(name, data, expected or Expected("plain"))
    except pikepdf.PasswordError:
        return Finding("locked")
    except BROKEN:
        return Finding("not-a-pdf")
    with subject.pdf:
        if expected is None:
            subject = Subject(name, data, subject.pdf, Expected(standard_claimed(subject.pdf)))
        found = leaves(subject)
        if not found:
            return Finding("no-pages")
        alike = tried(distinct, subject.pdf, subject.expected)
        return Judged(
            subject.expected,
            tuple(_size(media_box(leaf.object)) for leaf in found),
            _trims(found),
            tuple((leaf.number,) for leaf in found) if isinstance(alike, Failure) else alike,
            tuple(_checked(rule, subject) for rule in rules_of(subject.standard)),
        )


def rules_of(standard: Standard) -> Iterator[Rule]:
    """The rules that a standard asks for, in the order of the list."""
    return (rule for rule in RULES.values() if standard in rule.standards)


def _checked(rule: Rule, subject: Subject) -> CheckResult:
    found = tried(lambda: tuple(rule.find(subject)))
    if isinstance(found, Failure):
        return CheckResult(
            rule.code, rule.clause, False, told_once([cannot_judge(rule.code, found)])
        )
    for finding in found:
        assert finding.check == rule.code, f"{rule.code} finds {finding.check}"
    return CheckResult(rule.code, rule.clause, _asked(rule, subject.expected), told_once(found))


def _asked(rule: Rule, expected: Expected) -> bool:
    """Whether the order says what a rule holds the file against."""
    return all(getattr(expected, need) for need, codes in NEEDS.items() if rule.code in codes)


def standard_claimed(pdf: pikepdf.Pdf) -> Standard:
    """The standard that a file says it keeps, in its information or in XMP; plain if in neither."""
    claims = [
        text(entry(pdf.trailer, "/Info", "/GTS_PDFXVersion")) or "",
        *(found.decode() for found in _XMP_CLAIM.findall(content(entry(pdf.Root, "/Metadata")))),
    ]
    for claim in claims:
        for beginning, standard in _CLAIMS:
            if claim.startswith(beginning):
                return standard
    return "plain"


def _size(box: Rectangle) -> Size:
    return box.on(box).size


def _trims(found: tuple[Leaf, ...]) -> tuple[Trims, ...]:
    """The finished sizes, each with its number of pages: TrimBox, else what viewers show."""
    sizes: Counter[Size] = Counter()
    for leaf in found:
        boxes = (rectangle(leaf.inherited(key)) for key in ("/TrimBox", "/ArtBox", "/CropBox"))
        good = (box for box in boxes if box is not None and box.has_area)
        size = _size(next(good, media_box(leaf.object)))
        sizes[Size(round(size.width, 1), round(size.height, 1))] += 1
    return tuple(Trims(size, count) for size, count in sizes.items())
