"""Safe reading of a PDF's objects: what foreign files break must not break a rule.

Comes in: whatever stands under a key. Goes out: plain values, None or nothing where the key is
missing or of the wrong type; and the pages of a `Subject`. Never raises for what a file holds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import pikepdf

from stickergen.proof.pagetree import Rectangle, inherited, rectangle
from stickergen.proof.subject import Subject

Value = Any
"""What pikepdf hands out: an Object, or a bool, int or Decimal in its place."""

_Result = TypeVar("_Result")

_TOLD = 60  # characters. Tuned: a line of the report

UNREADABLE: tuple[type[Exception], ...] = (
    pikepdf.PdfError,
    LookupError,
    NotImplementedError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)
"""What pikepdf raises for what it cannot read. Tuned: met by changing bytes at random."""

_HOLDERS = frozenset((pikepdf.ObjectType.dictionary, pikepdf.ObjectType.stream))


def once(read: Callable[[Subject], _Result]) -> Callable[[Subject], _Result]:
    """Remember what was read of a subject as long as the subject lives."""
    known: WeakKeyDictionary[Subject, _Result] = WeakKeyDictionary()

    @wraps(read)
    def remembered(subject: Subject) -> _Result:
        if subject not in known:
            known[subject] = read(subject)
        return known[subject]

    return remembered


# --- safe reading ---


def is_holder(value: Value) -> bool:
    """Whether a value has keys: a dictionary or a stream."""
    return isinstance(value, pikepdf.Object) and value._type_code in _HOLDERS


def is_stream(value: Value) -> bool:
    """Whether a value is a stream."""
    return isinstance(value, pikepdf.Stream)


def entry(holder: Value, *keys: str) -> Value:
    """What stands under a key, or under a way of keys; None if it leads nowhere."""
    for key in keys:
        if not is_holder(holder):
            return None
        holder = holder.get(key)
    return holder


def items(holder: Value) -> list[tuple[str, Value]]:
    """The entries of a dictionary or stream."""
    return list(holder.items()) if is_holder(holder) else []


def elements(value: Value) -> list[Value]:
    """The elements of an array; a value that is none counts as its only element."""
    if value is None:
        return []
    return list(value) if isinstance(value, pikepdf.Array) else [value]


def name(value: Value) -> str | None:
    """A name without its slash."""
    return _legible(bytes(value)) if isinstance(value, pikepdf.Name) else None


def label(key: str) -> str:
    """A key without its slash; pikepdf gives bytes that are no UTF-8 as surrogates."""
    return _legible(key.encode("utf-8", "surrogateescape"))


def _legible(written: bytes) -> str:
    """A name as text: UTF-8 (ISO 32000-1, 7.3.5), or GB 18030, as older Chinese programs write."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return written.decode(encoding).removeprefix("/")
        except UnicodeDecodeError:
            continue
    return written.decode("latin-1").removeprefix("/")


def text(value: Value) -> str | None:
    """A text string."""
    return str(value) if isinstance(value, pikepdf.String) else None


def number(value: Value) -> float | None:
    """A number; a boolean is none."""
    if isinstance(value, bool | pikepdf.Object) or value is None:
        return None
    return float(value)


def content(stream: Value) -> bytes:
    """The decoded bytes of a stream; nothing if they cannot be decoded."""
    try:
        return bytes(stream.read_bytes()) if is_stream(stream) else b""
    except UNREADABLE:
        return b""


def told(value: Value) -> str:
    """A value as a message can show it, cut to a line."""
    if isinstance(value, pikepdf.Object):
        shown = name(value) or text(value) or value._type_name
    else:
        shown = str(value)
    return shown[:_TOLD]


# --- the document and its pages ---


def catalogue(subject: Subject) -> Value:
    """The root of the file; pikepdf's own `Root` fails if it is no dictionary."""
    return entry(subject.pdf.trailer, "/Root")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page of the page tree; numbers count from 1."""

    number: int
    object: pikepdf.Object

    def inherited(self, key: str) -> Value:
        """The page's own entry, or the nearest one above it (ISO 32000-1, 7.7.3.4)."""
        return inherited(self.object, key)

    @property
    def media(self) -> Rectangle | None:
        """The MediaBox as the file says it."""
        return rectangle(self.inherited("/MediaBox"))


@once
def leaves(subject: Subject) -> tuple[Leaf, ...]:
    """The pages in their order; none if the page tree cannot be read."""
    try:
        found = [page.obj for page in subject.pdf.pages]
    except UNREADABLE:
        return ()
    return tuple(Leaf(number, object) for number, object in enumerate(found, start=1))
