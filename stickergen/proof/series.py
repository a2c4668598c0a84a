"""The volumes of an order as one file, for tables that have a row or a column for each file.

Comes in: the `FileProof`s of all files. Goes out: the same with the volumes of a series as one:
pages and codes added up, of each check the worst that any volume has, all faults. What stands where
is told of the volumes themselves.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from stickergen.measure import Size
from stickergen.proof.result import CheckResult, Codes, Coverage, FileProof, Trims
from stickergen.proof.trials import Trials

_VOLUME = re.compile(r"-\d+(?=\.pdf$)", re.IGNORECASE)
"""What tells the volumes of a series apart: stickers-001.pdf, stickers-002.pdf …"""


def series(files: Sequence[FileProof]) -> tuple[tuple[FileProof, ...], ...]:
    """The files in their order; those that are volumes of one series together."""
    found: dict[object, list[FileProof]] = {}
    for number, file in enumerate(files):
        alike = file.numbered and _VOLUME.search(file.name)
        found.setdefault(_VOLUME.sub("", file.name) if alike else number, []).append(file)
    return tuple(map(tuple, found.values()))


def as_one(volumes: Sequence[FileProof]) -> FileProof:
    """The volumes of a series as if they were one file; a file alone is as it is."""
    first, *others = volumes
    if not others:
        return first
    return FileProof(
        name=f"{first.name} – {others[-1].name}",
        sha256=None,
        standard=first.standard,
        ordered=all(file.ordered for file in volumes),
        pages=sum(file.pages for file in volumes),
        trims=_trims(volumes),
        checks=_checks(volumes),
        codes=_codes(volumes),
        trials=Trials.joined(Trials(file.trials) for file in volumes if file.trials).trials,
        coverage=_coverage(volumes),
        numbered=True,
    )


def _trims(volumes: Sequence[FileProof]) -> tuple[Trims, ...]:
    sizes: Counter[Size] = Counter()
    for file in volumes:
        sizes.update({trim.size: trim.pages for trim in file.trims})
    return tuple(Trims(size, pages) for size, pages in sizes.items())


def _checks(volumes: Sequence[FileProof]) -> tuple[CheckResult, ...]:
    found: dict[str, list[CheckResult]] = {}
    for file in volumes:
        for check in file.checks:
            found.setdefault(check.code, []).append(check)
    return tuple(
        CheckResult(
            code,
            checks[0].clause,
            all(check.ran for check in checks),
            tuple(fault for check in checks for fault in check.faults),
        )
        for code, checks in found.items()
    )


def _codes(volumes: Sequence[FileProof]) -> Codes:
    return Codes(
        sum(file.codes.expected or 0 for file in volumes),
        sum(file.codes.read for file in volumes),
        sum(file.codes.pages_read for file in volumes),
    )


def _coverage(volumes: Sequence[FileProof]) -> Coverage | None:
    """The mean of the volumes' means, and the worst spot of all."""
    known = [file.coverage for file in volumes if file.coverage is not None]
    if not known:
        return None
    sums: Counter[str] = Counter()
    for one in known:
        sums.update(dict(one.means))
    worst = max(known, key=lambda one: one.worst_total)
    means = tuple((plate, total / len(known)) for plate, total in sums.items())
    return Coverage(worst.pages, means, worst.worst_total, worst.worst_page)
