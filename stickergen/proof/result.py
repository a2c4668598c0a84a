"""What a proof says of files: checks, codes, trials, inks, and pictures of what was printed.

Comes in: findings. Goes out: plain frozen values; nothing here opens a file. Equal findings are
told once, as a `Fault` with all its pages. Pages count from 1, lengths are in mm from the top left
of the page's MediaBox, ink in per cent.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from stickergen.measure import Box, Size
from stickergen.proof.expected import Standard
from stickergen.proof.finding import Finding
from stickergen.proof.trials import Trial

Outcome = Literal["passed", "warned", "failed", "not-run"]


@dataclass(frozen=True, slots=True)
class Image:
    """A picture for the report, and its width as it is to be shown."""

    data: bytes
    media_type: Literal["image/png", "image/jpeg"]
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class Fault:
    """Equal findings: the first of them, how many there are, on which pages; its spot pictured."""

    finding: Finding
    count: int
    pages: tuple[int, ...]
    image: Image | None = None


@dataclass(frozen=True, slots=True)
class CheckResult:
    """How a file fared in a check; `clause` is its number in the rule list.

    A check that did not run had nothing to be held against, or could not be done to the end: then
    it has a fault that says so.
    """

    code: str
    clause: str
    ran: bool
    faults: tuple[Fault, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """The worst that was found."""
        severities = {fault.finding.severity for fault in self.faults}
        if "error" in severities:
            return "failed"
        if "warning" in severities:
            return "warned"
        return "passed" if self.ran else "not-run"


@dataclass(frozen=True, slots=True)
class CodeSpot:
    """A code that was read in a file without an order: where it first stands, what it says."""

    text: str
    page: int
    box: Box
    count: int


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes of a file: how many the order asks for (None: nobody said), how many were read.

    Pages whose codes are alike are read once: `pages_read` of them stand for all.
    """

    expected: int | None = None
    read: int = 0
    pages_read: int = 0
    spots: tuple[CodeSpot, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """Ink on the pages that were looked at: the mean of each plate, the worst total of a spot."""

    pages: tuple[int, ...]
    means: tuple[tuple[str, float], ...]
    worst_total: float
    worst_page: int


@dataclass(frozen=True, slots=True)
class Design:
    """One of the designs in a file, as it first stands there, and how many pieces show it.

    `part` is the piece's trim box; None is a whole page.
    """

    page: int
    part: Box | None
    addresses: tuple[str, ...]
    pieces: int
    image: Image


@dataclass(frozen=True, slots=True)
class Trims:
    """Pages of one trim size: how many there are."""

    size: Size
    pages: int


@dataclass(frozen=True)
class FileProof:
    """What the proof says of a file; `ordered` tells whether an order stood behind it."""

    name: str
    sha256: str | None
    standard: Standard
    ordered: bool
    pages: int = 0
    trims: tuple[Trims, ...] = ()
    checks: tuple[CheckResult, ...] = ()
    codes: Codes = Codes()
    trials: tuple[Trial, ...] = ()
    coverage: Coverage | None = None
    designs: tuple[Design, ...] = ()
    designs_left_out: int = 0
    numbered: bool = False
    """Whether its codes have serial numbers: then it may be one of many volumes of an order."""

    def count(self, severity: Literal["error", "warning"]) -> int:
        """How many findings of a severity there are."""
        return sum(
            fault.count
            for check in self.checks
            for fault in check.faults
            if fault.finding.severity == severity
        )


@dataclass(frozen=True, slots=True)
class Job:
    """Whose job the files are: the campaign, who issues it, how it is printed, its day."""

    id: str
    title: str
    issuer: str
    press: str
    date: datetime.date


@dataclass(frozen=True)
class Proof:
    """What the proof says of all files, in the order in which they were given.

    `job` is None for files that no delivery of ours holds.
    """

    files: tuple[FileProof, ...]
    job: Job | None = None

    @property
    def errors(self) -> int:
        """How many findings stop the delivery."""
        return sum(file.count("error") for file in self.files)

    @property
    def warnings(self) -> int:
        """How many findings are told and nothing more."""
        return sum(file.count("warning") for file in self.files)

    @property
    def passed(self) -> bool:
        """Whether the files can go to print."""
        return self.errors == 0


def told_once(findings: Iterable[Finding]) -> tuple[Fault, ...]:
    """Equal findings as one: the same check, values and severity, wherever they are."""
    groups: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in findings:
        values = repr(sorted(finding.values.items()))
        groups.setdefault((finding.check, finding.severity, values), []).append(finding)
    return tuple(
        Fault(group[0], len(group), tuple(sorted({f.page for f in group if f.page is not None})))
        for group in groups.values()
    )
