"""A YAML file → `Document`: the typed value, and where each of its fields stands.

Comes in: the path of a UTF-8 file and a pydantic model. Goes out: a `Document`, or an `InputError`
with all problems of the file at once, each with file, line and column (from 1). Fields are named
as `stickers.points[3].name`, where [3] is the third entry.
Limits: MOST_BYTES; see `tree` for what of YAML is read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from stickergen.content import fields
from stickergen.content.faults import Fault, at, faults, meant, sharper
from stickergen.content.fields import Option, Spec, misread
from stickergen.content.textfile import text_of
from stickergen.content.tree import BadYamlError, Node, glued_code, glued_field, quoted, tree
from stickergen.problem import InputError, Place, Problem, nearest

M = TypeVar("M", bound=BaseModel)

MOST_BYTES = 1_000_000
"""Tuned: a campaign of 500 delivery points has 40 kB; a larger file is another kind of file."""


@dataclass(frozen=True)
class Document(Generic[M]):
    """A file's value, and where everything in it stands."""

    value: M
    file: str
    path: Path
    places: Mapping[fields.Path, Place] = field(default_factory=dict, repr=False, compare=False)
    key_places: Mapping[fields.Path, Place] = field(default_factory=dict, repr=False, compare=False)

    def place(self, *keys: str | int) -> Place:
        """Where the value at these keys stands, or else what is nearest around it."""
        return _around(self.places, keys, self.file)

    def key_place(self, *keys: str | int) -> Place:
        """Where the name of this field stands, or else its value."""
        return self.key_places.get(keys) or self.place(*keys)


def read(path: Path, model: type[M], *, shown: str | None = None) -> Document[M]:
    """The file as a Document of this model; an InputError with all that is wrong with it."""
    file = path.as_posix() if shown is None else shown
    try:
        root = tree(text_of(path, file, MOST_BYTES), file)
    except BadYamlError as error:
        raise InputError([error.problem]) from None
    if root is None or (root.kind == "nothing" and not root.flaws):
        raise InputError([Problem("empty-file", Place(file))])
    if root.kind != "block" or any(flaw.code == "yaml-tag" for flaw in root.flaws):
        raise InputError(_not_a_block(root))
    spec = Spec((Option(model),))
    reading = _Reading(file, spec)
    data = reading.expand(root, ())
    loose = dict(misread(spec, data))
    found: list[Fault] = []
    value: M | None = None
    try:
        value = model.model_validate(data)
    except ValidationError as error:
        found = faults(error, spec, data)
    found = [fault for fault in found if fault.keys not in loose or fault.code == "not-one-of"]
    known = {fault.keys for fault in found}
    found += [
        sharper(Fault(keys, code), at(data, keys))
        for keys, code in loose.items()
        if keys not in known
    ]
    problems = reading.problems(found, data)
    if problems:
        raise InputError(problems)
    assert value is not None
    return Document(value, file, path, reading.places, reading.key_places)


def field_name(keys: fields.Path) -> str:
    """`stickers.points[3].name`: entries count from 1, as people do."""
    name = ""
    for key in keys:
        name += f"[{key + 1}]" if isinstance(key, int) else f".{key}" if name else key
    return name


# --- the nodes ---


def _not_a_block(root: Node) -> list[Problem]:
    """Why a root that is no plain block cannot be read."""
    glued = glued_field(root.text)
    if root.flaws:
        return list(root.flaws)
    if glued:
        return [_glued(glued, root.place)]
    value = quoted(root.text) if root.kind == "text" else quoted([])
    return [Problem("not-a-mapping", root.place, {"value": value})]


def _glued(glued: re.Match[str], place: Place) -> Problem:
    """A field whose colon does not part name and value."""
    column = (place.column or 1) + glued.start("colon")
    line = quoted(glued.string.strip())
    return Problem(glued_code(glued), Place(place.file, place.line, column), {"line": line})


def _around(places: Mapping[fields.Path, Place], keys: fields.Path, file: str) -> Place:
    """The place of these keys, or of the nearest keys around them."""
    for end in range(len(keys), -1, -1):
        if keys[:end] in places:
            return places[keys[:end]]
    return Place(file)


class _Reading:
    """The plain data of a tree, with its places and with what is wrong on the way."""

    def __init__(self, file: str, spec: Spec) -> None:
        self.file = file
        self.spec = spec
        self.places: dict[fields.Path, Place] = {}
        self.key_places: dict[fields.Path, Place] = {}
        self.flaws: list[Problem] = []
        self.flawed: set[fields.Path] = set()
        self.incomplete: set[fields.Path] = set()
        self.empty: list[fields.Path] = []

    def expand(self, node: Node, keys: fields.Path) -> Any:
        """The node as plain texts, lists and dicts; None where nothing is given."""
        self.places[keys] = node.place
        self.flaws += node.flaws
        if node.flaws and node.kind != "block":
            self.flawed.add(keys)
        elif node.flaws:
            self.incomplete.add(keys)
        if node.kind == "nothing":
            self.empty.append(keys)
            return None
        if node.kind == "list":
            return [self.expand(item, (*keys, n)) for n, item in enumerate(node.items)]
        if node.kind == "block":
            for key, _ in node.fields:
                self.key_places[(*keys, key.text)] = key.place
            return {key.text: self.expand(value, (*keys, key.text)) for key, value in node.fields}
        return node.text

    def problems(self, found: list[Fault], data: object) -> list[Problem]:
        """All that is wrong with the file, one cause once."""
        unknown = [fault for fault in found if fault.code == "unknown-field"]
        told = self.flawed | {fault.keys for fault in unknown}
        empty = [keys for keys in self.empty if not _within(keys, told)]
        told |= set(empty)
        absent = {fault.keys for fault in found if fault.code == "missing-field"}
        problems = self.flaws + [self._empty(keys) for keys in empty]
        explained: set[fields.Path] = set()
        for fault in unknown:
            around, name = fault.keys[:-1], str(fault.keys[-1])
            if _within(around, told):
                continue
            lacking = [str(keys[-1]) for keys in absent if keys[:-1] == around]
            glued = glued_field(name)
            likely = glued["key"] if glued else nearest(name, lacking)
            likely = likely or meant(name, fault.spec.names)
            explained.add((*around, likely))
            problems.append(
                _glued(glued, self.key_places[fault.keys])
                if glued
                else self._problem(fault, data, meant=likely)
            )
        for fault in found:
            missing = fault.code == "missing-field"
            follows = missing and (fault.keys in explained or fault.keys[:-1] in self.incomplete)
            if not follows and not _within(fault.keys, told):
                problems.append(self._problem(fault, data))
        return problems

    def _empty(self, keys: fields.Path) -> Problem:
        return Problem("empty-field", self.places[keys], self._words(keys))

    def _problem(self, fault: Fault, data: object, **more: object) -> Problem:
        """A fault with its place and its words."""
        place = _around(self.places, fault.keys, self.file)
        value = at(data, fault.keys)
        glued = glued_field(value) if isinstance(value, str) else None
        if fault.code == "not-a-block" and glued:
            return _glued(glued, place)
        if fault.of_key:
            place = self.key_places.get(fault.keys, place)
        words = self._words(fault.keys) | {"value": quoted(value)}
        return Problem(fault.code, place, words | fault.values | more)

    def _words(self, keys: fields.Path) -> dict[str, object]:
        """A field as messages name it: in full, by its own name, and what it is for."""
        about = self.spec.along(keys).about or "—"
        return {"field": field_name(keys), "name": str(keys[-1]) if keys else "", "about": about}


def _within(keys: fields.Path, told: set[fields.Path]) -> bool:
    """Whether these keys, or any around them, are told already."""
    return any(keys[:end] in told for end in range(len(keys) + 1))
