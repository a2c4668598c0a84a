"""What a model expects at each of its fields: for hints, and for reading text as numbers.

Comes in: a pydantic model and the plain data read for it (texts, lists, blocks). Goes out: `Spec`s,
the names and descriptions of fields, and the texts that are not plain numbers or true/false.
Limits: it follows models, lists, tuples, mappings and unions of them; validators of a model's own
are pydantic's business.
"""

from __future__ import annotations

import re
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel, BeforeValidator, PlainValidator, Tag, WrapValidator
from pydantic.fields import FieldInfo
from typing_extensions import TypeAliasType

Path = tuple[str | int, ...]

_PLAIN: dict[Any, tuple[re.Pattern[str], str]] = {
    bool: (re.compile(r"true|false"), "not-true-or-false"),
    int: (re.compile(r"[+-]?[0-9]+"), "not-a-whole-number"),
    float: (re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)"), "not-a-number"),
}
"""How numbers and switches are written: pydantic alone would take `yes`, `1_0` and `nan`."""

_LISTS = (list, tuple, set, frozenset, Sequence)
_BLOCKS = (dict, Mapping)


@dataclass(frozen=True)
class Option:
    """One type that a field may have, with the metadata pydantic hangs on it."""

    type: Any
    metadata: tuple[Any, ...] = ()

    @property
    def origin(self) -> Any:
        """The type without its arguments."""
        return get_origin(self.type) or self.type

    @property
    def model(self) -> type[BaseModel] | None:
        """The model, if it is one."""
        known = isinstance(self.type, type) and issubclass(self.type, BaseModel)
        return self.type if known else None

    @property
    def choices(self) -> tuple[str, ...]:
        """The texts of a Literal."""
        return tuple(map(str, get_args(self.type))) if self.origin is Literal else ()

    def holds(self, data: object) -> bool:
        """Whether the data has this type's shape: text, list or block, and its fixed words."""
        if isinstance(data, list):
            return self.origin in _LISTS
        if not isinstance(data, dict):
            texts = self.model is None and self.origin not in (*_LISTS, *_BLOCKS)
            return texts and (not self.choices or data in self.choices)
        fields = spec_of(self.model) if self.model else {}
        fixed = {name: spec.choices for name, spec in fields.items() if spec.fixed}
        return bool(self.model or self.origin in _BLOCKS) and all(
            data.get(name, words[0]) in words for name, words in fixed.items()
        )


@dataclass(frozen=True)
class Spec:
    """What is expected at one place: the types it may have, and its description."""

    options: tuple[Option, ...] = ()
    about: str = ""
    required: bool = False

    @property
    def choices(self) -> tuple[str, ...]:
        """The fixed words that may stand here."""
        return tuple(word for option in self.options for word in option.choices)

    @property
    def fixed(self) -> bool:
        """Whether nothing but fixed words may stand here."""
        return bool(self.options) and all(option.choices for option in self.options)

    @property
    def names(self) -> tuple[str, ...]:
        """The fields of the models that may stand here."""
        models = [option.model for option in self.options if option.model]
        return tuple(dict.fromkeys(name for model in models for name in spec_of(model)))

    @property
    def limits(self) -> str:
        """The allowed numbers, as in `1–100`."""
        whole = any(option.type is int for option in self.options)
        low, high = "", ""
        for item in (item for option in self.options for item in option.metadata):
            match item:
                case Ge(ge=bound):
                    low = f"{bound}"
                case Le(le=bound):
                    high = f"{bound}"
                case Gt(gt=int(bound)) if whole:
                    low = f"{bound + 1}"
                case Lt(lt=int(bound)) if whole:
                    high = f"{bound - 1}"
                case Gt(gt=bound):
                    low = f">{bound}"
                case Lt(lt=bound):
                    high = f"<{bound}"
        if low and high:
            return f"{low}–{high}"
        return (low if low.startswith(">") else f"≥{low}") if low else _ceiling(high)

    def only(self, label: str) -> Spec:
        """The one type of a union that pydantic names with this label in an error's place."""
        for option in self.options:
            tags = [item.tag for item in option.metadata if isinstance(item, Tag)]
            fixed = spec_of(option.model).values() if option.model else ()
            if label in tags or any(label in spec.choices for spec in fixed):
                return Spec((option,), self.about)
        for option in self.options:
            name = getattr(option.origin, "__name__", str(option.origin)).lower()
            if option.model.__name__ in label if option.model else label.startswith(name):
                return Spec((option,), self.about)
        return Spec((), self.about)

    def inside(self, part: str | int) -> Spec:
        """What is expected at a field of this block, or at an entry of this list."""
        for option in self.options:
            arguments = get_args(option.type)
            if option.model and part in (fields := spec_of(option.model)):
                return fields[str(part)]
            if isinstance(part, int) and option.origin in _LISTS and arguments:
                own = option.origin is tuple and Ellipsis not in arguments
                return _spec(arguments[min(part, len(arguments) - 1) if own else 0])
            if isinstance(part, str) and option.origin in _BLOCKS and arguments:
                return _spec(arguments[1])
        return Spec()

    def along(self, keys: Path) -> Spec:
        """What is expected at these keys from here, described by the nearest that is described."""
        spec = self
        for key in keys:
            inner = spec.inside(key)
            spec = replace(inner, about=inner.about or spec.about)
        return spec


@cache
def spec_of(model: type[BaseModel]) -> Mapping[str, Spec]:
    """The fields of a model by the names written in YAML."""
    return {info.alias or name: _field(info) for name, info in model.model_fields.items()}


def misread(spec: Spec, data: object, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """The texts that are no plain number or true/false where one is expected: place and code."""
    several = len(spec.options) > 1
    fitting = [option for option in spec.options if not several or option.holds(data)]
    if isinstance(data, str):
        own = [o for o in fitting if o.type in _PLAIN and not _custom(o)]
        if own and len(own) == len(fitting):
            readings = [_PLAIN[option.type] for option in own]
            if not any(pattern.fullmatch(data.strip()) for pattern, _ in readings):
                yield path, readings[-1][1]
    elif isinstance(data, dict | list) and len(fitting) == 1:
        here = Spec((fitting[0],))
        parts = data.items() if isinstance(data, dict) else enumerate(data)
        for part, inner in parts:
            yield from misread(here.inside(part), inner, (*path, part))


def _ceiling(high: str) -> str:
    return high if high.startswith("<") or not high else f"≤{high}"


def _custom(option: Option) -> bool:
    """Whether a validator of the field's own reads the text before pydantic does."""
    readers = (BeforeValidator, PlainValidator, WrapValidator)
    return any(isinstance(item, readers) for item in option.metadata)


def _field(info: FieldInfo) -> Spec:
    options = _options(info.annotation, tuple(info.metadata))
    return Spec(options, info.description or "", info.is_required())


def _spec(annotation: Any) -> Spec:
    return Spec(_options(annotation, ()))


def _options(annotation: Any, metadata: tuple[Any, ...]) -> tuple[Option, ...]:
    """The types of an annotation, without None, each with its own and the common metadata."""
    if isinstance(annotation, TypeAliasType):
        return _options(annotation.__value__, metadata)
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *items = get_args(annotation)
        own = [x for m in items for x in (m.metadata if isinstance(m, FieldInfo) else [m])]
        return _options(inner, (*metadata, *own))
    if origin in (Union, types.UnionType):
        members = [member for member in get_args(annotation) if member is not types.NoneType]
        return tuple(option for member in members for option in _options(member, metadata))
    return (Option(annotation, metadata),)
