"""The command `draft`: a police bulletin → draft scam types for a person to review.

Comes in: a bulletin in Markdown, a folder. Goes out: one YAML file a scam type that the bulletin
tells of, and `Drafted`: what was found for each, and which lines of the bulletin nothing was made
of. No file is ever overwritten; all appear or none. Rules only: no language model, no network.
Limits: MOST_BYTES; UTF-8.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from stickergen.bulletin import writing
from stickergen.bulletin.finding import Findings, findings, unsorted
from stickergen.bulletin.markdown import manuscript
from stickergen.bulletin.origin import origin
from stickergen.bulletin.passages import bulletin
from stickergen.content.textfile import text_of
from stickergen.delivery import deliver
from stickergen.problem import InputError, Place, Problem

MOST_BYTES = 2_000_000
"""Tuned: a bulletin has 10 kB; two hundred of them are another kind of file."""

MOST_TYPES = 30
"""Tuned: three times the longest ranking of a bulletin; more are headings misunderstood."""

STAND_IN = "leixing"
"""The file name, with a number, of a type that no table knows: a person gives it its id."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One file, and how much of it the bulletin told; `lines` are the first of each value."""

    file: Path
    name: str
    rules: int
    steps: int
    giveaways: int
    cases: int
    advice: int
    lines: tuple[int, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Drafted:
    """What was made of a bulletin; `skipped` are lines with rules or advice of no known type."""

    title: str | None
    drafts: tuple[Draft, ...]
    skipped: tuple[int, ...]

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that were written."""
        return tuple(draft.file for draft in self.drafts)


def draft(path: Path, folder: Path) -> Drafted:
    """Read the bulletin and write its drafts into the folder; InputError if that cannot be."""
    file = path.as_posix()
    text = text_of(path, file, MOST_BYTES, too_large="bulletin-too-large")
    if not text.strip():
        raise InputError([Problem("bulletin-empty", Place(file))])
    written = manuscript(text)
    told = bulletin(written)
    source = origin(written, told)
    if len(told.kinds) > MOST_TYPES:
        values = {"count": len(told.kinds), "limit": MOST_TYPES}
        raise InputError([Problem("bulletin-too-many-scams", Place(file), values)])
    found = findings(told, source.published)
    if not found:
        raise InputError([Problem("bulletin-without-scams", Place(file))])
    names = _names(found)
    if taken := [file for name in names for file in _taken(folder, name)]:
        raise InputError(
            Problem("draft-exists", Place(file.as_posix()), {"file": file.name}) for file in taken
        )
    texts = {name: writing.draft(f, source, name) for name, f in zip(names, found, strict=True)}
    deliver({f"{name}.yaml": text.encode() for name, text in texts.items()}, folder)
    drafts = [_told(f, folder / f"{name}.yaml") for name, f in zip(names, found, strict=True)]
    return Drafted(source.title, tuple(drafts), unsorted(told))


def _names(found: tuple[Findings, ...]) -> list[str]:
    """The id of each type, or a stand-in that no other has."""
    new = iter(range(1, len(found) + 1))
    return [f.kind.id or f"{STAND_IN}{next(new)}" for f in found]


def _taken(folder: Path, name: str) -> list[Path]:
    """What the folder has under this id, in either spelling of the suffix."""
    files = [folder / f"{name}{suffix}" for suffix in (".yaml", ".yml")]
    return [file for file in files if os.path.lexists(file)]


def _told(found: Findings, file: Path) -> Draft:
    values = [*found.rules, *found.steps, *found.giveaways, *found.advice]
    values += [case.story for case in found.cases]
    values += [value for value in (found.rank, found.audience) if value]
    return Draft(
        file,
        found.kind.name,
        len(found.rules),
        len(found.steps),
        len(found.giveaways),
        len(found.cases),
        len(found.advice),
        tuple(sorted({found.line, *(value.line for value in values)})),
        writing.missing(found),
    )
