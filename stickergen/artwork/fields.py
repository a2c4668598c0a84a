"""Fields in templates: `{scam.headline}` and `{case.loss|amount}` become text with a place.

Comes in: a template's string and a `Scope` (name → value, and where the value was written).
Goes out: the text, and the place to name when the text does not fit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from stickergen.content.link import Address
from stickergen.content.model import Model
from stickergen.content.source import Document
from stickergen.problem import Place, nearest

_FIELD = re.compile(r"\{([^{}]*)\}")
_WEEKDAYS = "一二三四五六日"

FILTERS: Mapping[str, Callable[[Any], str]] = {
    "amount": lambda loss: f"{loss:,}",
    "date": lambda day: f"{day.year}年{day.month}月{day.day}日",
    "day": lambda day: f"{day.month}月{day.day}日",
    "weekday": lambda day: f"星期{_WEEKDAYS[day.weekday()]}",
    "clock": lambda moment: f"{moment.hour}:{moment.minute:02d}",
}
"""What may stand behind a bar: 84,077 · 2020年10月11日 · 10月11日 · 星期四 · 19:00."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A value in scope, and where it was written, if it was written by a person."""

    value: Any
    document: Document[Any] | None = None
    keys: tuple[str | int, ...] = ()

    @property
    def place(self) -> Place | None:
        """Where the value stands in the input."""
        return self.document.place(*self.keys) if self.document else None

    @property
    def name(self) -> str:
        """The field's name in its file: `steps[2]`."""
        words = [f"[{key + 1}]" if isinstance(key, int) else f".{key}" for key in self.keys]
        return "".join(words).lstrip(".")

    def step(self, key: str) -> Bound:
        """The value inside, by name; a value that knows its own place keeps it."""
        value = getattr(self.value, key)
        return value if isinstance(value, Bound) else Bound(value, self.document, (*self.keys, key))

    def parts(self) -> list[Bound]:
        """The values of a list, each with its own place."""
        return [
            Bound(value, self.document, (*self.keys, number))
            if not isinstance(value, Bound)
            else value
            for number, value in enumerate(self.value)
        ]


@dataclass(frozen=True)
class Scope:
    """The names a template may use."""

    names: Mapping[str, Bound] = field(default_factory=dict)

    def with_names(self, names: Mapping[str, Bound]) -> Scope:
        """The scope with more names."""
        return Scope({**self.names, **names})


class UnknownField(Exception):
    """No such field in scope; `meant` is a near name or None."""

    def __init__(self, name: str, meant: str | None, known: tuple[str, ...]) -> None:
        self.name, self.meant, self.known = name, meant, known
        super().__init__(name)


class NotGiven(Exception):
    """The field exists, but the input leaves it out; `bound` is the last value there was."""

    def __init__(self, name: str, bound: Bound) -> None:
        self.name, self.bound = name, bound
        super().__init__(name)


class WrongFilter(Exception):
    """The filter cannot write this value."""

    def __init__(self, name: str, path: str) -> None:
        self.name, self.path = name, path
        super().__init__(name)


@dataclass(frozen=True, slots=True)
class Filled:
    """A template's string with its fields filled in; `origin` is the field it mostly comes from."""

    text: str
    origin: Bound | None


def lookup(expression: str, scope: Scope) -> Bound:
    """The value of `{a.b.c}`: a whole string that is one field. A value of None is not given."""
    match = _FIELD.fullmatch(expression.strip())
    if not match:
        raise UnknownField(expression, None, tuple(sorted(scope.names)))
    return _resolved(match[1].strip(), scope)


def given(expression: str, scope: Scope) -> bool:
    """Whether the field holds anything: what `when:` and `unless:` ask."""
    try:
        return bool(lookup(expression, scope).value)
    except NotGiven:
        return False


def filled(template: str, scope: Scope) -> Filled:
    """The string with every field replaced by its text; a brace left over is a broken field."""
    if set(rest := _FIELD.sub("", template)) & set("{}"):
        raise UnknownField(rest.strip(), None, tuple(sorted(scope.names)))
    origins: list[tuple[int, Bound]] = []

    def replaced(match: re.Match[str]) -> str:
        path, _, name = (part.strip() for part in match[1].partition("|"))
        bound = _resolved(path, scope)
        if bound.value is None:
            raise NotGiven(path, bound)
        text = _text(bound.value, name, path)
        origins.append((len(text), bound))
        return text

    text = _FIELD.sub(replaced, template)
    return Filled(text, max(origins, key=lambda pair: pair[0])[1] if origins else None)


def _resolved(path: str, scope: Scope) -> Bound:
    first, *rest = path.split(".")
    if first not in scope.names:
        raise UnknownField(path, nearest(first, scope.names), tuple(sorted(scope.names)))
    bound = scope.names[first]
    for depth, key in enumerate(rest, 1):
        if bound.value is None:
            raise NotGiven(".".join([first, *rest][:depth]), bound)
        known = _fields(bound.value)
        if key not in known:
            raise UnknownField(path, nearest(key, known), known)
        bound = bound.step(key)
    return bound


def _fields(value: Any) -> tuple[str, ...]:
    if isinstance(value, Model):
        own = vars(type(value)).items()
        derived = (name for name, member in own if isinstance(member, property))
        return (*type(value).model_fields, *derived)
    return tuple(getattr(value, "__dataclass_fields__", ()))


def _text(value: Any, name: str, path: str) -> str:
    if name and name not in FILTERS:
        raise UnknownField(f"|{name}", nearest(name, FILTERS), tuple(FILTERS))
    if not name and isinstance(value, date):
        name = "date"
    try:
        if name:
            return FILTERS[name](value)
    except (AttributeError, TypeError, ValueError) as error:
        raise WrongFilter(name, path) from error
    if not isinstance(value, str | int | Address):
        raise WrongFilter("text", path)
    return str(value)
