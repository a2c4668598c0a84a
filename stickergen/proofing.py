"""The command `proof`: files and folders are proved, the report is written beside them.

Comes in: paths of PDFs or folders. Goes out: a `Proof`, problems in words for the screen, and
`proof.json` and `proof.html`. A folder with a manifest is a delivery of ours: its PDFs are held
against the order that the manifest and codes.csv keep, the volumes of numbered stickers one by one
where they lie. All else is foreign: it is held against the standard that it claims. Lengths in mm.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any

from pydantic import TypeAdapter

from stickergen.delivery import MANIFEST, sha256
from stickergen.problem import InputError, Language, Place, Problem
from stickergen.proof import codelist, volumes
from stickergen.proof.codelist import LONGEST, CodeList, Listed, Row, Twice
from stickergen.proof.expected import Expected, Frame
from stickergen.proof.finding import Finding, Severity
from stickergen.proof.gathering import gathered
from stickergen.proof.prove import Given, prove
from stickergen.proof.report import place_words, proof_html, proof_json
from stickergen.proof.result import FileProof, Job, Proof
from stickergen.proof.volumes import Stored, prove_volumes

CODES = codelist.CODES
"""The list of codes of a delivery."""

DELIVERED = volumes.DELIVERED
"""The checks of a file by the manifest."""

SERIAL_CHECKS = ("serial-twice",)
"""The check of the list of codes, if there are serial numbers in it."""

MOST_TOLD = 8
"""Equal faults of a check and file that are told on the screen. Tuned: the report has them all."""

REPORT = ("proof.json", "proof.html")
"""The names of the report in a folder."""

LEAST_DPI, MOST_DPI = 60.0, 9600.0
"""What a press's resolution may be (press.profile.Dpi); anything else in a manifest is damage."""

_KEPT = ("file", "sha256", "proof")
"""What is kept of a manifest's entry."""

_EXPECTED = TypeAdapter(Expected)
_JOB = TypeAdapter(Job)

File = Given | Stored
"""A file to prove: here with its bytes, or where it lies."""

Progress = Callable[[int, int], None]


def prove_paths(paths: Sequence[Path], progress: Progress = lambda done, known: None) -> Proof:
    """Prove PDFs, and the PDFs in folders; InputError if there are none."""
    files: dict[Path, File] = {}
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
    return Proof(_proved(_named(files), progress, whose), whose)


def _proved(files: Sequence[File], progress: Progress, job: Job | None) -> tuple[FileProof, ...]:
    """The proofs of files: first the volumes, each in one process, then all others together."""
    stored = [file for file in files if isinstance(file, Stored)]
    others = [file for file in files if isinstance(file, Given)]
    pages = sum(file.pages for file in stored)
    of_volumes = iter(prove_volumes(stored, progress) if stored else ())
    rest = prove(others, lambda done, known: progress(pages + done, pages + known), job=job)
    of_others = iter(rest.files)
    return gathered(next(of_volumes if isinstance(file, Stored) else of_others) for file in files)


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
                found.append(Problem(fault.finding.check, Place(place, values.get("line")), values))
            if more := sum(fault.count for fault in faults[MOST_TOLD:]):
                found.append(Problem("proof-more", Place(file.name), {"count": more}))
    return found


# --- what to prove ---


def _given(path: Path) -> tuple[Mapping[Path, File], Job | None]:
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


def _named(files: Mapping[Path, File]) -> list[File]:
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
        self._codes = _code_list(folder / CODES)

    def given(self, names: Sequence[str]) -> dict[Path, File]:
        """These PDFs, and the list of codes where there is something to say of it."""
        numbered = self._codes.numbered.intersection(names) if self._codes else ()
        found: dict[Path, File] = {
            self.folder / name: self._volume(name)
            if name in numbered and len(numbered) > 1
            else self._one(name)
            for name in names
        }
        if (codes := self._list()) is not None:
            found[self.folder / CODES] = codes
        return found

    def _one(self, name: str) -> Given:
        return self._volume(name).given()

    def _volume(self, name: str) -> Stored:
        entry, path = self._entries[name], self.folder / name
        _look_into(path)
        listed = self._codes.of(name) if self._codes else Listed(self.folder / CODES)
        return Stored(name, path, entry.get("sha256"), expected_of(entry, ()), listed)

    def _list(self) -> Given | None:
        """The list of codes, if something is wrong with it or it has serial numbers."""
        path = self.folder / CODES
        checked: tuple[str, ...] = ()
        findings: list[Finding] = []
        if CODES in self._entries:
            checked = DELIVERED
            if not path.is_file():
                findings.append(Finding("file-missing"))
            elif _digest(path) != self._entries[CODES].get("sha256"):
                findings.append(Finding("file-changed"))
        if self._codes is not None and self._codes.numbered:
            checked += SERIAL_CHECKS
            findings += [said_twice(one) for one in self._codes.twice]
        elif not findings:
            return None
        return Given(CODES, None, None, checked, tuple(findings))


def said_twice(found: Twice) -> Finding:
    """The finding on a serial number that is not the only one of its kind."""
    values = {"url": found.url, "line": found.line, "first": found.first}
    return Finding("serial-twice", values=values)


def _kept(path: Path) -> tuple[Job | None, dict[str, Mapping[str, Any]]]:
    """What a manifest keeps: the job, unless it is of an early version; its files by name."""
    try:
        manifest = json.loads(_read(path).decode("utf-8"))
        entries: dict[str, Mapping[str, Any]] = {
            str(entry["file"]): {key: entry[key] for key in _KEPT if key in entry}
            for entry in manifest["files"]
        }
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


def _code_list(path: Path) -> CodeList | None:
    """The list of codes of a delivery, if it is there."""
    try:
        return CodeList(path) if path.is_file() else None
    except OSError as error:
        raise InputError([_unreadable(path, error)]) from error


def _damaged(file: str) -> InputError:
    return InputError([Problem("manifest-damaged", Place(file), {"file": file})])


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError([_unreadable(path, error)]) from error


def _look_into(path: Path) -> None:
    """Whether a file can be read is told before the work begins."""
    if path.is_file():
        try:
            path.open("rb").close()
        except OSError as error:
            raise InputError([_unreadable(path, error)]) from error


def _digest(path: Path) -> str:
    """The digest of a file; InputError if it cannot be read."""
    try:
        return sha256(path)
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
