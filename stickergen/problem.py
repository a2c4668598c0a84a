"""What is wrong with the input, and where: the only way a user's mistake is told.

A `Problem` carries a code, a place and the offending values; its sentence and its hint stand in
`messages/*.yaml`, one file a room, once in Chinese and once in English. Problems are collected
and raised together as an `InputError`. A programmer's mistake is an `assert`, never a Problem.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

Language = Literal["zh", "en"]

MESSAGES = Path(__file__).parent / "messages"
_NEAR = 0.6  # difflib's own default for close matches; tuned: `hedline` finds `headline`


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in the input: file, line and column, both from 1."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        numbers = [str(n) for n in (self.line, self.column) if n is not None]
        return ":".join([self.file, *numbers])


@dataclass(frozen=True)
class Problem:
    """One cause, told once: `code` names the entry in messages/, `values` fill it."""

    code: str
    place: Place | None = None
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def order(self) -> tuple[str, int, int, str]:
        """The key by which problems are listed: file, line, column, code."""
        at = self.place or Place("")
        return (at.file, at.line or 0, at.column or 0, self.code)


class InputError(Exception):
    """The input has these problems; nothing is written."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        unique = {(p.order, repr(sorted(p.values.items()))): p for p in problems}
        self.problems = tuple(sorted(unique.values(), key=lambda p: p.order))
        assert self.problems, "an InputError needs a problem"
        super().__init__("; ".join(f"{p.place}: {p.code}" for p in self.problems))


class MissingError(Exception):
    """Something the installation needs is not there (exit code 3); `problem` says what."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.code)


@dataclass(frozen=True, slots=True)
class Wording:
    """A problem as a person reads it."""

    sentence: str
    hint: str


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """The entries of all message files: code → zh, zh_hint, en, en_hint."""
    entries: dict[str, dict[str, str]] = {}
    for path in sorted(MESSAGES.glob("*.yaml")):
        loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert not entries.keys() & loaded.keys(), f"{path.name} repeats a code"
        entries |= loaded
    return entries


def worded(problem: Problem, language: Language) -> Wording:
    """The sentence and the hint of a problem in a language."""
    entry = catalogue()[problem.code]
    return Wording(
        entry[language].format(**problem.values),
        entry[f"{language}_hint"].format(**problem.values),
    )


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant, if one is near."""
    found = difflib.get_close_matches(word, list(known), n=1, cutoff=_NEAR)
    return found[0] if found else None
