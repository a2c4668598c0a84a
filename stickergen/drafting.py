"""The command `draft`: a police bulletin → draft scam types for a person to review.

Comes in: a bulletin in Markdown or plain text, a folder. Goes out: one YAML file a scam type that
the bulletin tells of, and `Drafted`: what was found for each, and which lines of the bulletin
nothing was made of. No file is ever overwritten; all appear or none. Rules only: no language model,
no network.
Limits: MOST_BYTES; UTF-8.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from stickergen.bulletin import writing
from stickergen.bulletin.gist import Gist, gists, unsorted
from stickergen.bulletin.markdown import manuscript
from stickergen.bulletin.origin import origin
from stickergen.bulletin.passages import bulletin
from stickergen.bulletin.privacy import discreet
from stickergen.content.textfile import text_of
from stickergen.content.tree import quoted
from stickergen.delivery import deliver
from stickergen.problem import InputError, Language, Place, Problem

MOST_BYTES = 2_000_000
"""Tuned: a bulletin has 10 kB; two hundred of them are another kind of file."""

WORD_FILES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf")
"""How the files of Word and WPS begin: a zip (ECMA-376-2), a compound file ([MS-CFB] 2.2), RTF."""

PDF = b"%PDF"
"""ISO 32000-1, 7.5.2."""

MOST_TYPES = 30
"""Tuned: three times the longest ranking of a bulletin; more are headings misunderstood."""

STAND_IN = "leixing"
"""The file name, with a number, of a type that no table knows: a person gives it its id."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One file, and how much of it the bulletin told."""

    file: Path
    name: str
    rules: int
    steps: int
    giveaways: int
    cases: int
    advice: int
    missing: tuple[str, ...]

    def missing_in(self, language: Language) -> tuple[str, ...]:
        """The fields that a person has to write, in words."""
        return tuple(map(writing.in_words, self.missing)) if language == "zh" else self.missing


@dataclass(frozen=True)
class Drafted:
    """What was made of a bulletin; `skipped` are lines with rules or advice of no known type."""

    drafts: tuple[Draft, ...]
    skipped: tuple[int, ...]

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that were written."""
        return tuple(draft.file for draft in self.drafts)


def draft(path: Path, folder: Path) -> Drafted:
    """Read the bulletin and write its drafts into the folder; InputError if that cannot be."""
    file = path.as_posix()
    if code := _no_text(path):
        raise InputError([Problem(code, Place(file), {"name": quoted(path.name)})])
    text = text_of(path, file, MOST_BYTES, too_large="bulletin-too-large")
    if not text.strip():
        raise InputError([Problem("bulletin-empty", Place(file))])
    written = discreet(manuscript(text))
    told = bulletin(written)
    source = origin(written, told)
    if len(told.kinds) > MOST_TYPES:
        values = {"count": len(told.kinds), "limit": MOST_TYPES}
        raise InputError([Problem("bulletin-too-many-scams", Place(file), values)])
    found = gists(told, source.until)
    if not found:
        raise InputError([Problem("bulletin-without-scams", Place(file))])
    names = _names(found)
    if taken := [file.name for name in names for file in _taken(folder, name)]:
        there = {"files": "、".join(taken), "folder": folder.as_posix()}
        raise InputError([Problem("draft-exists", Place(folder.as_posix()), there)])
    texts = {name: writing.draft(f, source, name) for name, f in zip(names, found, strict=True)}
    deliver({f"{name}.yaml": text.encode() for name, text in texts.items()}, folder)
    drafts = [_told(f, folder / f"{name}.yaml") for name, f in zip(names, found, strict=True)]
    return Drafted(tuple(drafts), unsorted(told))


def _no_text(path: Path) -> str | None:
    """The code of what is wrong with a folder, or with a file of a word processor."""
    if path.is_dir():
        return "bulletin-is-a-folder"
    try:
        with path.open("rb") as stream:
            head = stream.read(max(map(len, WORD_FILES)))
    except (OSError, ValueError):
        return None  # for `text_of` to tell
    if head.startswith(PDF):
        return "bulletin-is-a-pdf"
    return "bulletin-is-a-word-file" if head.startswith(WORD_FILES) else None


def _names(found: tuple[Gist, ...]) -> list[str]:
    """The id of each type, or a stand-in that no other has."""
    new = iter(range(1, len(found) + 1))
    return [f.kind.id or f"{STAND_IN}{next(new)}" for f in found]


def _taken(folder: Path, name: str) -> list[Path]:
    """What the folder has under this id, in either spelling of the suffix."""
    files = [folder / f"{name}{suffix}" for suffix in (".yaml", ".yml")]
    return [file for file in files if os.path.lexists(file)]


def _told(found: Gist, file: Path) -> Draft:
    return Draft(
        file,
        found.name,
        len(found.rules),
        len(found.steps),
        len(found.giveaways),
        len(found.cases),
        len(found.advice),
        writing.missing(found),
    )
