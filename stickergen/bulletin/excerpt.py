"""A text taken from a bulletin: without what shows a victim, and with its line.

Comes in: a piece of a sentence. Goes out: an `Excerpt`, its text masked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from stickergen.bulletin.privacy import masked
from stickergen.bulletin.sentences import trimmed


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A text of the bulletin; `remark` says what was done to it."""

    text: str
    line: int
    remark: str = ""


def excerpt(text: str, line: int, *remarks: str) -> Excerpt:
    """A text masked, with what was done to it."""
    safe = masked(trimmed(text))
    hidden = (f"已隐去{'、'.join(safe.hidden)}",) if safe.hidden else ()
    return Excerpt(trimmed(safe.text), line, "；".join([*(r for r in remarks if r), *hidden]))


def once(excerpts: Iterable[Excerpt]) -> tuple[Excerpt, ...]:
    """The texts that say something, each once."""
    first: dict[str, Excerpt] = {}
    for one in excerpts:
        if one.text:
            first.setdefault(one.text, one)
    return tuple(first.values())
