"""The command `proof`: files and folders are proved, the report is written beside them.

Comes in: paths of PDFs or folders. Goes out: a `Proof`, problems in words for the screen, and
`proof.json` and `proof.html`. A folder with a manifest is a delivery of ours: its PDFs are held
against the order that the manifest and codes.csv keep. All else is foreign: it is held against
the standard that it claims. Lengths in mm.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Any

from pydantic import TypeAdapter

from stickergen.delivery import MANIFEST
from stickergen.measure import Box
from stickergen.problem import InputError, Language, Place, Problem
from stickergen.proof.expected import CodeAt, Expected, Frame
from stickergen.proof.finding import Finding, Severity
from stickergen.proof.prove import Given, prove
from stickergen.proof.report import place_words, proof_html, proof_json
from stickergen.proof.result import Job, Proof

CODES = "codes.csv"
"""The list of codes of a delivery."""

DELIVERED = ("file-missing", "file-changed")
"""The checks of a file by the manifest."""

LEAST_MODULES = 21
"""The modules of the smallest symbol (ISO/IEC 18004, version 1): where codes.csv does not say how
large a module is, it is no larger than that."""

MOST_TOLD = 8
"""Equal faults of a check and file that are told on the screen. Tuned: the report has them all."""

REPORT = ("proof.json", "proof.html")
"""The names of the report in a folder."""

LEAST_DPI, MOST_DPI = 60.0, 9600.0
"""What a press's resolution may be (press.profile.Dpi); anything else in a manifest is damage."""

LONGEST = 5000.0
"""mm; a box beyond it is damage. Tuned: the longest PDF page, 14,400 pt (ISO 32000-1, annex C)."""

_EXPECTED = TypeAdapter(Expected)
_JOB = TypeAdapter(Job)

_MOST_MODULES = 177.5
_FEWEST = 20.5
"""Symbols are 21 to 177 modules wide (ISO/IEC 18004); codes.csv rounds to the thousandth."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of codes.csv: in which file a code stands, and what must be there."""

    file: str
    code: CodeAt


Progress = Callable[[int, int], None]


def prove_paths(paths: Sequence[Path], progress: Progress = lambda done, known: None) -> Proof:
    """Prove PDFs, and the PDFs in folders; InputError if there are none."""
    files: dict[Path, Given] = {}
    jobs: list[Job | None] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            given, job = _given(path)
            files |= given
            jobs.append(job)
        except InputError as error:
            problems += error.problems
        except OSError as error:
            problems.append(_unreadable(path, error))
    if problems:
        raise InputError(problems)
    whose = jobs[0] if len(set(jobs)) == 1 else None
    return prove(_named(files), progress, job=whose)


def write_report(
    proof: Proof, paths: Sequence[Path], language: Language = "zh"
) -> tuple[Path, ...]:
    """Write the report beside what was proved; where it lies. InputError if that cannot be."""
    places = report_places(paths)
    _write(dict(zip(places, reports(proof, language).values(), strict=True)))
    return places


def reports(proof: Proof, language: Language = "zh") -> dict[str, bytes]:
    """The files of the report by name, for a delivery."""
    contents = (proof_json(proof), proof_html(proof, language))
    return {
        name: text.encode("utf-8", errors="replace")
        for name, text in zip(REPORT, contents, strict=True)
    }


def report_places(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Where the report goes: into a folder; beside a lone PDF, under its name; of several paths,
    into the folder of the first.
    """
    first = paths[0]
    if first.is_dir():
        return tuple(first / name for name in REPORT)
    if len(paths) == 1:
        return tuple(first.with_name(f"{first.stem}.{name}") for name in REPORT)
    return tuple(first.with_name(name) for name in REPORT)


def problems(proof: Proof, language: Language, severity: Severity = "error") -> list[Problem]:
    """What was found, for the screen: file, page and place in words; what repeats is counted."""
    found: list[Problem] = []
    for file in proof.files:
        for check in file.checks:
            faults = [fault for fault in check.faults if fault.finding.severity == severity]
            for fault in faults[:MOST_TOLD]:
                place = " ".join(filter(None, (file.name, place_words(fault, language))))
                values = dict(fault.finding.values)
                found.append(Problem(fault.finding.check, Place(place), values))
            if more := sum(fault.count for fault in faults[MOST_TOLD:]):
                found.append(Problem("proof-more", Place(file.name), {"count": more}))
    return found


# --- what to prove ---


def _given(path: Path) -> tuple[dict[Path, Given], Job | None]:
    """The files that a path stands for, and whose job they are."""
    if not path.exists():
        raise InputError([Problem("file-not-found", Place(str(path)), {"name": path.name})])
    folder = path if path.is_dir() else path.parent
    if (folder / MANIFEST).is_file():
        delivery = _Delivery(folder)
        if path.is_dir():
            return delivery.given(delivery.pdfs), delivery.job
        if path.name in delivery.pdfs:
            return delivery.given([path.name]), delivery.job
    if path.is_file():
        return {path: Given(path.name, _read(path), None)}, None
    pdfs = sorted(one for one in path.iterdir() if one.suffix.lower() == ".pdf" and one.is_file())
    if not pdfs:
        raise InputError([Problem("no-pdf", Place(str(path)), {"folder": path.name})])
    return {one: Given(one.name, _read(one), None) for one in pdfs}, None


def _named(files: Mapping[Path, Given]) -> list[Given]:
    """The files; those of one name in different folders with their folders' names."""
    names = Counter(file.name for file in files.values())
    return [
        replace(file, name=f"{path.resolve().parent.name}/{file.name}")
        if names[file.name] > 1
        else file
        for path, file in files.items()
    ]


class _Delivery:
    """A folder that the build delivered: its manifest and its list of codes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.job, self._entries = _kept(folder / MANIFEST)
        self.pdfs = [name for name in self._entries if PurePath(name).suffix.lower() == ".pdf"]
        if not self.pdfs:
            raise InputError([Problem("no-pdf", Place(str(folder)), {"folder": folder.name})])
        listed = (folder / CODES).is_file()
        self._codes = list(code_rows(folder / CODES)) if listed else []

    def given(self, names: Sequence[str]) -> dict[Path, Given]:
        """These PDFs, and the list of codes where something is wrong with it."""
        found = {self.folder / name: self._one(name) for name in names}
        codes = self._one(CODES) if CODES in self._entries else None
        if codes is not None and codes.findings:
            found[self.folder / CODES] = replace(codes, data=None)
        return found

    def _one(self, name: str) -> Given:
        entry, path = self._entries[name], self.folder / name
        expected = expected_of(entry, self._codes) if name != CODES else None
        if not path.is_file():
            return Given(name, None, expected, DELIVERED, (Finding("file-missing"),))
        data = _read(path)
        same = hashlib.sha256(data).hexdigest() == entry.get("sha256")
        findings = () if same else (Finding("file-changed"),)
        return Given(name, data, expected, DELIVERED, findings)


def _kept(path: Path) -> tuple[Job | None, dict[str, Mapping[str, Any]]]:
    """What a manifest keeps: the job, unless it is of an early version; its files by name."""
    try:
        manifest = json.loads(_read(path).decode("utf-8"))
        entries = {str(entry["file"]): entry for entry in manifest["files"]}
        job = _JOB.validate_python(manifest["job"]) if "job" in manifest else None
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise _damaged(path.name) from error
    inside = (path.parent / name for name in entries)
    if not all(map(_can_be_a_file, entries)) or not all(
        one.resolve().is_relative_to(path.parent.resolve()) for one in inside
    ):
        raise _damaged(path.name)
    return job, entries


def _can_be_a_file(name: str) -> bool:
    """Whether a name can be asked for at all."""
    try:
        return "\0" not in name and bool(os.fsencode(name))
    except UnicodeEncodeError:
        return False


def expected_of(entry: Mapping[str, Any], rows: Sequence[Row]) -> Expected:
    """The order behind a file of a delivery: the manifest's entry, and the lines of codes.csv.

    A delivery of an early version keeps no more of it than the codes.
    """
    codes = tuple(row.code for row in rows if row.file == entry.get("file"))
    if "proof" not in entry:
        return Expected("plain", codes=codes)
    try:
        json.dumps(entry["proof"], allow_nan=False)
        expected = _EXPECTED.validate_python(entry["proof"])
    except (ValueError, RecursionError) as error:
        raise _damaged(MANIFEST) from error
    if any(not 0 <= number < len(expected.frames) for number in expected.pages or ()):
        raise _damaged(MANIFEST)
    if not LEAST_DPI <= expected.dpi <= MOST_DPI or not all(map(_possible, expected.frames)):
        raise _damaged(MANIFEST)
    return replace(expected, codes=codes)


def _possible(frame: Frame) -> bool:
    """Whether boxes are of a size that paper has."""
    boxes = (frame.media, frame.trim, *(box for up in frame.ups for box in (up.trim, up.safe)))
    return all(0 <= box.width <= LONGEST and 0 <= box.height <= LONGEST for box in boxes)


def code_rows(path: Path) -> Iterator[Row]:
    """The lines of codes.csv."""
    reader = csv.DictReader(io.StringIO(_read(path).decode("utf-8-sig", errors="replace")))
    try:
        for line in reader:
            yield _row(line)
    except (ValueError, TypeError, KeyError, csv.Error) as error:
        place = Place(CODES, reader.line_num)
        raise InputError([Problem("codes-list-damaged", place, {"file": CODES})]) from error


def _row(line: Mapping[str, str]) -> Row:
    x, y, size = (float(line[column]) for column in ("x_mm", "y_mm", "size_mm"))
    module = float(line["module_mm"]) if "module_mm" in line else size / LEAST_MODULES
    page = int(line["page"])
    modules = size / module if module else math.nan
    on_paper = 0 < size <= LONGEST and abs(x) + abs(y) <= LONGEST
    if page < 1 or not on_paper or not _FEWEST <= modules <= _MOST_MODULES:
        raise ValueError(line)
    return Row(line["file"], CodeAt(page, Box(x, y, size, size), module, line["url"]))


def _damaged(file: str) -> InputError:
    return InputError([Problem("manifest-damaged", Place(file), {"file": file})])


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError([_unreadable(path, error)]) from error


def _unreadable(path: Path, error: OSError) -> Problem:
    values = {"name": path.name, "reason": error.strerror or str(error)}
    return Problem("file-not-readable", Place(str(path)), values)


# --- the report's files ---


def _write(contents: Mapping[Path, bytes]) -> None:
    """Put the files in place when all are written; none is left half done."""
    drafts = {path: path.with_name(f".{path.name}.{os.getpid()}") for path in contents}
    try:
        for path, content in contents.items():
            drafts[path].write_bytes(content)
        for path, draft in drafts.items():
            os.replace(draft, path)
    except OSError as error:
        file = next(iter(contents)).name
        values = {"file": file, "reason": error.strerror or str(error)}
        place = Place(str(next(iter(contents)).parent))
        raise InputError([Problem("report-not-written", place, values)]) from error
    finally:
        for draft in drafts.values():
            with suppress(OSError):
                draft.unlink(missing_ok=True)
