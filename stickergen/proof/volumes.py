"""The volumes of an order, proved file by file in processes of their own.

Comes in: `Stored` files: where they lie, where the list of codes tells of them. Goes out: a
`FileProof` of each. A file is read where it is proved and forgotten there, so that an order of a
million stickers takes no more memory than one of ten thousand.
"""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from stickergen.proof.codelist import Listed
from stickergen.proof.crew import Failure, Progress, Task, work_off, workers_at_most
from stickergen.proof.expected import Expected
from stickergen.proof.finding import Finding
from stickergen.proof.gathering import Gathering
from stickergen.proof.judge import tried
from stickergen.proof.prove import Given, lost, prove_file
from stickergen.proof.result import FileProof

DELIVERED = ("file-missing", "file-changed")
"""The checks of a file by the manifest."""


@dataclass(frozen=True)
class Stored:
    """A file of a delivery that is read where it is proved; `expected` is without its codes."""

    name: str
    path: Path
    sha256: str | None
    expected: Expected
    listed: Listed

    @property
    def pages(self) -> int:
        """How many pages were ordered."""
        return len(self.expected.pages or ())

    def unopened(self) -> Given:
        """The file with its codes alone."""
        return Given(self.name, None, replace(self.expected, codes=self.listed.codes()))

    def given(self) -> Given:
        """The file with its bytes and its codes."""
        expected = replace(self.expected, codes=self.listed.codes())
        if not self.path.is_file():
            return Given(self.name, None, expected, DELIVERED, (Finding("file-missing"),))
        data = self.path.read_bytes()
        same = hashlib.sha256(data).hexdigest() == self.sha256
        findings = () if same else (Finding("file-changed"),)
        return Given(self.name, data, expected, DELIVERED, findings)


def prove_volumes(
    volumes: Sequence[Stored], progress: Progress, workers: int | None = None
) -> tuple[FileProof, ...]:
    """Prove files, each in one process; `workers` share them, by default as many as are of use."""
    gathering = Gathering()

    def keep(key: Hashable, result: FileProof | Failure) -> None:
        assert isinstance(key, int)
        if isinstance(result, Failure):
            volume = volumes[key]
            given = tried(volume.unopened)
            if isinstance(given, Failure):  # the list of codes cannot be read any more
                given = Given(volume.name, None, volume.expected)
            result = lost(given, result)
        gathering.add(key, result)

    tasks = [
        Task(number, volume.pages, partial(_proved, volume))
        for number, volume in enumerate(volumes)
    ]
    count = workers_at_most() if workers is None else workers
    work_off(tasks, lambda task, result: (), progress, count, keep)
    return gathering.files


def _proved(volume: Stored) -> FileProof | Failure:
    given = tried(volume.given)
    return given if isinstance(given, Failure) else prove_file(given)
