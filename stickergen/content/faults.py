"""What pydantic says → faults in the words of problem codes, one fault a cause.

Comes in: a ValidationError, the model's `Spec` and the plain data. Goes out: `Fault`s with the keys
of the field (not the union labels that pydantic mixes in), a code and its values.
Limits: a validator of a model's own should raise PydanticCustomError with a code that has an entry
in messages/; its context then fills the message, beside `field`, `value` and `about`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import ValidationError

from stickergen.content.fields import Path, Spec
from stickergen.content.tree import quoted
from stickergen.problem import catalogue, nearest

_CODES = {
    "missing": "missing-field",
    "extra_forbidden": "unknown-field",
    "int_parsing_size": "out-of-range",
    "int": "not-a-whole-number",
    "float": "not-a-number",
    "decimal": "not-a-number",
    "finite_number": "not-a-number",
    "bool": "not-true-or-false",
    "string_type": "not-a-text",
    "dict_type": "not-a-block",
    "mapping_type": "not-a-block",
    "model_type": "not-a-block",
    "model_attributes_type": "not-a-block",
    "list_type": "not-a-list",
    "tuple_type": "not-a-list",
    "set_type": "not-a-list",
    "frozen_set_type": "not-a-list",
    "iterable_type": "not-a-list",
    "date": "not-a-date",
    "datetime": "not-a-time",
    "literal_error": "not-one-of",
    "enum": "not-one-of",
    "union_tag_invalid": "not-one-of",
    "union_tag_not_found": "missing-field",
    "greater_than": "out-of-range",
    "greater_than_equal": "out-of-range",
    "less_than": "out-of-range",
    "less_than_equal": "out-of-range",
    "string_too_long": "too-many-characters",
    "string_too_short": "too-few-characters",
    "too_long": "too-many-entries",
    "too_short": "too-few-entries",
    "string_pattern_mismatch": "bad-pattern",
}
"""pydantic's error types, or the first word of a family of them (`int_parsing`, `int_type` …)."""

_WIDE = str.maketrans(
    {chr(0xFEE0 + n): chr(n) for n in range(0x21, 0x7F)} | dict.fromkeys("“”‘’", "") | {"　": " "}
)
"""Full-width forms to ASCII (Unicode, U+FF01–FF5E); typographic quotes go."""

_ASCII_ONLY = (
    *("not-a-whole-number", "not-a-number", "not-true-or-false", "not-a-date", "not-a-time"),
    *("not-a-number-to-ring", "not-one-of", "bad-pattern"),
)
"""Faults that full-width digits and letters are the likely cause of."""


@dataclass(frozen=True)
class Fault:
    """One thing wrong with the value at these keys (`of_key`: with the name of the field)."""

    keys: Path
    code: str
    spec: Spec = field(default_factory=Spec)
    values: dict[str, Any] = field(default_factory=dict)
    of_key: bool = False
    tried: tuple[tuple[Path, str, Spec], ...] = ()


def faults(error: ValidationError, root: Spec, data: object) -> list[Fault]:
    """The faults of a ValidationError; the tries of a union count as one."""
    found = [_fault(dict(detail), root, data) for detail in error.errors(include_url=False)]
    return _united([fault for fault in found if not _follows(fault)], data)


def at(data: object, keys: Path) -> Any:
    """The plain data at these keys, None where there is none."""
    for key in keys:
        try:
            data = data[key]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def meant(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant, or all of them."""
    words = list(known)
    return nearest(word, words) or " / ".join(words) or "—"


def halfwidth(text: str) -> str:
    """The text with ASCII letters, digits and signs for full-width ones, and without “ ”."""
    return text.translate(_WIDE).strip()


def _fault(detail: dict[str, Any], root: Spec, data: object) -> Fault:
    """One error of pydantic, at the keys that the file has."""
    spec = around = root
    keys: Path = ()
    tried: tuple[tuple[Path, str, Spec], ...] = ()
    labelled = False
    parts = [part for part in detail["loc"] if part != "[key]"]
    for part in parts:
        strange = not spec.options and isinstance(part, str) and at(data, (*keys, part)) is None
        if (len(spec.options) > 1 and not labelled) or (strange and part is not parts[-1]):
            tried += ((keys, str(part), spec),)
            spec, labelled = spec.only(str(part)), True
        else:
            around, spec, labelled = spec, spec.inside(part), False
            keys += (part,)
    kind = detail["type"]
    code = _CODES.get(kind) or _CODES.get(kind.split("_")[0])
    context = detail.get("ctx") or {}
    value = at(data, keys)
    if code is None:
        code, values = (kind, context) if kind in catalogue() else ("not-accepted", {})
        values = {"reason": quoted(detail["msg"]), **values}
        return sharper(Fault(keys, code, spec, values, tried=tried), value)
    if code == "unknown-field":
        spec = around
    if "discriminator" in context:
        name = context["discriminator"].strip("'")
        if code == "not-one-of":
            spec = Spec((), spec.inside(name).about)
            value = context["tag"]
            words = re.findall(r"'([^']*)'", context["expected_tags"])
            return Fault((*keys, name), code, spec, {"meant": meant(value, words)}, tried=tried)
        return Fault((*keys, name), code, spec.inside(name), tried=tried)
    values = _VALUES[code](value, spec, context) if code in _VALUES else {}
    of_key = "[key]" in detail["loc"] or code == "unknown-field"
    if "[key]" in detail["loc"]:
        values |= _VALUES[code](keys[-1], spec, context) if code in _VALUES else {}
        values["value"] = quoted(keys[-1])
    return sharper(Fault(keys, code, spec, values, of_key, tried), keys[-1] if of_key else value)


def _follows(fault: Fault) -> bool:
    """Whether a list is too short only for pydantic, which does not count its faulty entries."""
    return fault.code == "too-few-entries" and fault.values["length"] >= fault.values["limit"]


def sharper(fault: Fault, value: object) -> Fault:
    """A fault told by the slip of the hand that explains it, if there is one."""
    if not isinstance(value, str):
        return fault
    if fault.code == "too-few-characters" and not value.strip():
        return replace(fault, code="empty-field")
    plain = halfwidth(value)
    if fault.code in _ASCII_ONLY and plain and plain != value.strip():
        values = fault.values | {"meant": plain}
        return replace(fault, code="fullwidth-characters", values=values)
    if fault.code == "bad-pattern":
        values = fault.values | {"meant": re.sub(r"[\s_]+", "-", plain.lower())}
        if re.search(fault.values["pattern"], values["meant"]):
            return replace(fault, code="bad-pattern-near", values=values)
    return fault


def _united(found: list[Fault], data: object) -> list[Fault]:
    """The tries of each union as one: the try that came furthest, or "none of them"."""
    told = [fault for fault in found if not fault.tried]
    branches: list[list[Fault]]
    unions: dict[Path, dict[str, list[Fault]]] = {}
    whole: dict[Path, Spec] = {}
    for fault in found:
        if fault.tried:
            (keys, label, spec), *rest = fault.tried
            whole[keys] = spec
            tries = unions.setdefault(keys, {})
            tries.setdefault(label, []).append(replace(fault, tried=tuple(rest)))
    for keys, tries in unions.items():
        branches = [_united(branch, data) for branch in tries.values()]
        deep = [b for b in branches if all(len(fault.keys) > len(keys) for fault in b)]
        if len(branches) == 1 or deep:
            told.extend(sorted(deep or branches, key=len)[0])
        else:
            tried = [fault for branch in branches for fault in branch]
            told.append(_none_of(keys, whole[keys], tried, at(data, keys)))
    return told


def _none_of(keys: Path, spec: Spec, tries: list[Fault], value: object) -> Fault:
    """No type of the union fits; of a text those tell more that expect one."""
    if isinstance(value, str):
        tries = [f for f in tries if f.code not in ("not-a-block", "not-a-list")] or tries
    codes = {fault.code for fault in tries}
    if len(codes) == 1:
        return replace(tries[0], spec=spec)
    slips = [fault for fault in tries if fault.code == "fullwidth-characters"]
    if slips:
        return replace(slips[0], spec=spec)
    choices = [fault for fault in tries if fault.code == "not-one-of"]
    if choices:
        return replace(choices[0], spec=spec)
    return Fault(keys, "wrong-type", spec)


def _choices(value: Any, spec: Spec, context: dict[str, Any]) -> dict[str, Any]:
    words = spec.choices or re.findall(r"'([^']*)'", str(context.get("expected", "")))
    return {"meant": meant(value if isinstance(value, str) else "", words)}


def _text_length(value: Any, spec: Spec, context: dict[str, Any]) -> dict[str, Any]:
    limit = context.get("max_length", context.get("min_length"))
    return {"length": len(value.strip()) if isinstance(value, str) else 0, "limit": limit}


def _list_length(value: Any, spec: Spec, context: dict[str, Any]) -> dict[str, Any]:
    limit = context.get("max_length", context.get("min_length"))
    return {"length": len(value) if isinstance(value, list | dict) else 0, "limit": limit}


def _range(value: Any, spec: Spec, context: dict[str, Any]) -> dict[str, Any]:
    return {"limits": spec.limits}


def _pattern(value: Any, spec: Spec, context: dict[str, Any]) -> dict[str, Any]:
    return {"pattern": context["pattern"]}


_VALUES: dict[str, Callable[[Any, Spec, dict[str, Any]], dict[str, Any]]] = {
    "not-one-of": _choices,
    "too-many-characters": _text_length,
    "too-few-characters": _text_length,
    "too-many-entries": _list_length,
    "too-few-entries": _list_length,
    "out-of-range": _range,
    "bad-pattern": _pattern,
}
"""The values of a message beyond field, value and about."""
