"""The report: what a proof says, for programs as JSON, for print shops and police as a page.

Comes in: a `Proof`. Goes out: `proof.json` and `proof.html` as text: no clock, no paths, the same
bytes for the same files. The page holds all it shows, needs no script and prints on A4. Names and
texts of the files are shown as they are and never as markup. Lengths in mm.
"""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from stickergen.measure import Box
from stickergen.problem import Language, Problem, Wording, worded
from stickergen.proof.finding import Severity
from stickergen.proof.result import CheckResult, Design, Fault, FileProof, Image, Proof
from stickergen.proof.series import as_one, series

HERE = Path(__file__).parent
TEMPLATE = "report.html.j2"

MOST_TOLD = 6
"""Equal checks' faults told in full for a file; the rest are counted. Tuned: one page of paper."""

FILES_ACROSS = 16
"""Columns of the table of checks at the most. Tuned: what A4 holds beside the words."""

FEW_DESIGNS = 3
"""Files with no more pictures than that share one gallery."""

LANGUAGES: tuple[Language, Language] = ("zh", "en")
_LANG = {"zh": "zh-CN", "en": "en"}

_PARTS = re.compile(r"(?<=//)(?!/)|(?<=[^:/])(?=/)")
"""Where an address may break: after the double stroke, before single ones."""

Words = Mapping[str, Sequence[str]]


# --- JSON ---


def proof_json(proof: Proof) -> str:
    """The proof for other programs: keys sorted, pictures left out."""
    whole = {
        "basis": "checked against our PDF/X rule list; not a certification",
        "passed": proof.passed,
        "job": proof.job and asdict(proof.job),
        "errors": proof.errors,
        "warnings": proof.warnings,
        "files": [_file(file) for file in proof.files],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n"


def _file(file: FileProof) -> dict[str, Any]:
    return {
        "file": file.name,
        "sha256": file.sha256,
        "standard": file.standard,
        "held_against_order": file.ordered,
        "pages": file.pages,
        "trims": [
            {"width_mm": trim.size.width, "height_mm": trim.size.height, "pages": trim.pages}
            for trim in file.trims
        ],
        "errors": file.count("error"),
        "warnings": file.count("warning"),
        "checks": [
            {
                "check": check.code,
                "clause": check.clause,
                "outcome": check.outcome,
                "faults": [_fault(fault) for fault in check.faults],
            }
            for check in file.checks
        ],
        "codes": {
            "expected": file.codes.expected,
            "read": file.codes.read,
            "pages_read": file.codes.pages_read,
            "texts": [
                {"text": spot.text, "page": spot.page, "count": spot.count, **_box(spot.box)}
                for spot in file.codes.spots
            ],
        },
        "trials": [
            {
                "trial": trial.name,
                "tried": trial.tried,
                "read": trial.read,
                "failed": [code.url for code in trial.failed],
            }
            for trial in file.trials
        ],
        "coverage_percent": {
            "pages": file.coverage.pages,
            "means": {plate: round(mean, 1) for plate, mean in file.coverage.means},
            "worst_total": round(file.coverage.worst_total, 1),
            "worst_page": file.coverage.worst_page,
        }
        if file.coverage
        else None,
        "designs": [_design(design) for design in file.designs],
    }


def _fault(fault: Fault) -> dict[str, Any]:
    finding = fault.finding
    return {
        "code": finding.check,
        "severity": finding.severity,
        "values": {
            name: _finite(value) if isinstance(value, float) else value
            for name, value in finding.values.items()
        },
        "count": fault.count,
        "pages": fault.pages,
        "page": finding.page,
        "spot": None if finding.spot is None else _box(finding.spot),
    }


def _design(design: Design) -> dict[str, Any]:
    return {
        "page": design.page,
        "part": None if design.part is None else _box(design.part),
        "addresses": design.addresses,
        "pieces": design.pieces,
    }


def _box(box: Box) -> dict[str, float | None]:
    sides = {"x_mm": box.x, "y_mm": box.y, "width_mm": box.width, "height_mm": box.height}
    return {name: _finite(side) for name, side in sides.items()}


def _finite(number: float) -> float | None:
    """A number as JSON can say it."""
    return round(number, 3) if math.isfinite(number) else None


# --- the page ---


@dataclass(frozen=True, slots=True)
class Told:
    """A fault in the report: its file, its check, and both wordings, the reader's first."""

    file: FileProof
    check: CheckResult
    fault: Fault
    wordings: tuple[Wording, Wording]
    places: tuple[str, str]


@dataclass(frozen=True, slots=True)
class More:
    """Faults of a check that are only counted."""

    file: FileProof
    check: CheckResult
    count: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table of checks: its words, and the outcome of each file (None: not asked)."""

    clause: str
    words: Sequence[str]
    outcomes: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A group of lines in the table of checks."""

    words: Sequence[str]
    lines: tuple[Line, ...]


def proof_html(proof: Proof, language: Language = "zh") -> str:
    """The proof for people: a page of its own, in a language with the other small beside it."""
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    order = _order(language)
    all_series = series(proof.files)
    units = tuple(map(as_one, all_series))

    def said(pair: Sequence[str], **values: Any) -> tuple[str, str]:
        first, second = (pair[place].format(**values) for place in order)
        return first, "" if second == first else second

    environment.globals |= {
        "said": said,
        "image": _data_uri,
        "pages": _page_words,
        "address": _address,
    }
    return environment.get_template(TEMPLATE).render(
        proof=proof,
        lang=_LANG[language],
        book=book(),
        w={name: said(pair) for name, pair in book()["words"].items()},
        errors=tuple(_told(proof, "error", language)),
        warnings=tuple(_told(proof, "warning", language)),
        units=units,
        series=[volumes for volumes in all_series if len(volumes) > 1],
        tables=[(start, files, tuple(_sections(files))) for start, files in _bands(units)],
        few=FEW_DESIGNS,
        plates=_plates(proof),
        codes=sum(file.codes.read for file in proof.files),
        expected=sum(file.codes.expected or 0 for file in proof.files),
    )


@cache
def book() -> dict[str, Any]:
    """The words of the report: [Chinese, English]."""
    words: dict[str, Any] = yaml.safe_load((HERE / "report.yaml").read_text(encoding="utf-8"))
    return words


def place_words(fault: Fault, language: Language) -> str:
    """Where a fault is, in words: the first place, and how many there are."""
    words: Words = book()["phrases"]
    chosen = LANGUAGES.index(language)
    finding, parts = fault.finding, []
    if finding.page is not None:
        parts.append(words["page"][chosen].format(page=finding.page))
    if (spot := finding.spot) is not None:
        at = words["place_at"][chosen]
        parts.append(at.format(x=f"{spot.x:.1f}", y=f"{spot.y:.1f}"))
    if fault.count > 1:
        parts.append(words["total"][chosen].format(count=fault.count))
    return ("，" if language == "zh" else ", ").join(parts)


def _order(language: Language) -> tuple[int, int]:
    """Where the reader's language stands in a pair of words, and where the other."""
    return (0, 1) if language == "zh" else (1, 0)


def _told(proof: Proof, severity: Severity, language: Language) -> Iterator[Told | More]:
    """The faults of a severity, a few of each check and file in full."""
    languages = [LANGUAGES[place] for place in _order(language)]
    for file in proof.files:
        for check in file.checks:
            faults = [fault for fault in check.faults if fault.finding.severity == severity]
            for fault in faults[:MOST_TOLD]:
                problem = Problem(fault.finding.check, None, dict(fault.finding.values))
                first, second = (worded(problem, one) for one in languages)
                here, there = (place_words(fault, one) for one in languages)
                yield Told(file, check, fault, (first, second), (here, there))
            if count := sum(fault.count for fault in faults[MOST_TOLD:]):
                yield More(file, check, count)


def _sections(files: Sequence[FileProof]) -> Iterator[Section]:
    """The table of checks for some files: what at least one of them was asked."""
    results = [{check.code: check for check in file.checks} for file in files]
    for group in book()["groups"]:
        lines = []
        for code, words in group["checks"].items():
            found = [of_file.get(code) for of_file in results]
            asked = [check for check in found if check is not None]
            if asked:
                outcomes = tuple(None if check is None else check.outcome for check in found)
                lines.append(Line(asked[0].clause, words, outcomes))
        if lines:
            yield Section(group["name"], tuple(lines))


def _bands(files: Sequence[FileProof]) -> Iterator[tuple[int, Sequence[FileProof]]]:
    """The files as the table of checks tells them side by side: evenly; how many stand before."""
    count = -(-len(files) // FILES_ACROSS)
    for number in range(count):
        start, end = (edge * len(files) // count for edge in (number, number + 1))
        yield start, files[start:end]


def _plates(proof: Proof) -> list[str]:
    """The plates of all files, each once."""
    covered = [file.coverage for file in proof.files if file.coverage is not None]
    return list(dict.fromkeys(plate for one in covered for plate, _ in one.means))


def _page_words(pages: Sequence[int]) -> str:
    """Pages as a list of runs: 2–7, 9."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][1] + 1:
            runs[-1][1] = page
        else:
            runs.append([page, page])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in runs)


def _address(text: str) -> Markup:
    """An address that a narrow column breaks where addresses are read in parts."""
    return Markup("<wbr>").join(_PARTS.split(text))


def _data_uri(image: Image) -> str:
    return f"data:{image.media_type};base64,{base64.b64encode(image.data).decode('ascii')}"
