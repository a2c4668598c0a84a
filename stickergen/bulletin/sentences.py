"""Lines → paragraphs of sentences, each sentence with the line that it begins on.

Comes in: the lines of a manuscript. Goes out: `Paragraph`s: a heading, or text whose lines were
joined where a sentence runs on. A full stop inside quotation marks does not end a sentence.
Limits: a sentence over MOST_CHARACTERS is no sentence of a bulletin and is left out, so that what
looks at sentences looks at short ones.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate

from stickergen.bulletin.markdown import PLAIN, Line

MOST_CHARACTERS = 400
"""As many as `Words` of content/model may have: what is longer cannot be printed anyway."""

_WRAPPED = 15
"""Characters. Tuned: a line that was broken by an editor is longer; verses of posts are shorter."""

_END = re.compile(r"(?:[。！？；…]+|[!?;]+(?=\s|$))[”’）)]*")
_NUMBER = re.compile(
    r"\s*(?:\d{1,2}[.、)）](?!\d)|[（(]\d{1,2}[）)]|[①-⑳]|第[一二三四五六七八九十][，：])\s*"
)
_BORDER = re.compile(r"[，,]\s*")
_TAIL = "。！!；;，,、：: "


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence without its last stop, and the line it begins on."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A heading, an `item` of a list, or the sentences between two paragraph ends."""

    line: int
    level: int
    sentences: tuple[Sentence, ...]
    item: bool = False

    @property
    def text(self) -> str:
        """All of it, in one line."""
        return "。".join(sentence.text for sentence in self.sentences)


def paragraphs(lines: Iterable[Line]) -> tuple[Paragraph, ...]:
    """The lines as paragraphs, in their order."""
    return tuple(_paragraph(group) for group in _joined(lines))


def clauses(text: str) -> list[str]:
    """A sentence at its commas; a comma inside quotation marks or a figure is no border."""
    found: list[str] = []
    for part in _BORDER.split(text):
        if found and (_open(found[-1]) or (found[-1][-1:].isdigit() and part[:1].isdigit())):
            found[-1] += f"，{part}"
        elif part:
            found.append(part)
    return found


def trimmed(text: str) -> str:
    """A piece of a sentence without the signs that parted it from the next."""
    return text.strip().rstrip(_TAIL)


def _joined(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """The lines that belong together: a sentence runs on where nothing ends it."""
    group: list[Line] = []
    for line in lines:
        last = group[-1] if group else None
        runs_on = (
            last is not None
            and not line.opens
            and not line.text.startswith("凡")
            and last.level == line.level == PLAIN
            and len(last.text) >= _WRAPPED
            and not re.search(r"[。！？；：…”）!?;:]$", last.text)
        )
        if group and not runs_on:
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _paragraph(group: list[Line]) -> Paragraph:
    first = group[0]
    if first.level != PLAIN:
        return Paragraph(first.number, first.level, (Sentence(first.number, first.text),))
    text = "".join(line.text for line in group)
    starts = [0, *accumulate(len(line.text) for line in group)]
    found = []
    for start, end in _spans(text):
        line = group[bisect_right(starts, start) - 1]
        number = _NUMBER.match(text, start, end)
        piece = trimmed(text[number.end() if number else start : end])
        if piece and len(piece) <= MOST_CHARACTERS:
            found.append(Sentence(line.number, piece))
    return Paragraph(first.number, PLAIN, tuple(found), first.item)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Where the sentences of a text begin and end."""
    start, depth, at = 0, 0, 0
    for stop in _END.finditer(text):
        depth += text.count("“", at, stop.end()) - text.count("”", at, stop.end())
        at = stop.end()
        if depth <= 0 or at - start > MOST_CHARACTERS:
            yield start, at
            start, depth = at, 0
    if start < len(text):
        yield start, len(text)


def _open(text: str) -> bool:
    """Whether a quotation mark is opened in a text and not closed."""
    return text.count("“") > text.count("”")
