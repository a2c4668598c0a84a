"""One walk through a PDF for all rules: every object, and the operators of its content streams.

Comes in: a `Subject`. Goes out: an `Inventory` of all that can be reached, each object with its
role, its name and the first page that uses it. A page's resources and contents are `printed`;
annotations, actions and the document's own objects are not. Limits: the structure tree is not
walked, it paints nothing; rows of numbers are passed over.
"""

from __future__ import annotations

import re
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

import pikepdf

from stickergen.proof.rules.objects import (
    UNREADABLE,
    Value,
    catalogue,
    content,
    elements,
    entry,
    is_holder,
    is_stream,
    items,
    label,
    leaves,
    name,
    number,
    once,
)
from stickergen.proof.subject import Subject

_CATEGORIES = frozenset(
    ("/ColorSpace", "/ExtGState", "/Font", "/Pattern", "/Properties", "/Shading", "/XObject")
)
"""The kinds of named resources (ISO 32000-1, table 33)."""

_PRINTED = ("/Contents", "/Group")
"""What of a page goes on paper, beside its resources; annotations and actions do not."""

_PASSED_OVER = frozenset(("/Parent", "/ProcSet", "/StructTreeRoot", "/W", "/Widths"))
"""Keys that lead back, or to long rows of numbers that no rule asks for."""

_ALIKE = frozenset(("/AA", "/CharProcs", "/Colorants"))
"""Dictionaries of any names, whose values are all of one kind."""

SPACE_ROLES = ("/ColorSpace", "/Colorants")
"""The keys under which colour spaces stand: resources, images and shadings; single spots."""

SCREENED = ("rg", "RG", "cs", "CS", "BI", "PS")
"""Operators that can break a rule whatever the output intent: few streams hold any."""

_REGULAR = rb"[^\s\[\]<>(){}/%]"  # what a name or operator is made of (ISO 32000-1, 7.2.2)

_OBJECT = pikepdf.ObjectType
_CONTAINERS = frozenset((_OBJECT.dictionary, _OBJECT.stream, _OBJECT.array))


@dataclass(frozen=True, slots=True)
class Item:
    """An object with keys, or a colour space: where it was met first.

    `role` is the key that leads to it, for a resource its category; `under` the role of what
    holds it; `name` its name among the resources, or that of the resource it belongs to. `page`
    is None for what belongs to the document. `defaults` are the Default… colour spaces in force.
    """

    value: Value
    role: str
    under: str
    name: str
    page: int | None
    printed: bool
    resources: Value = None
    defaults: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator in a content stream; `filters` and `space` are an inline image's."""

    item: Item
    operator: str
    operands: tuple[Value, ...] = ()
    filters: tuple[str, ...] = ()
    space: str | None = None


@dataclass(frozen=True, eq=False)
class Inventory:
    """Everything in a file. `items` holds each object once, `roles` once a role and Defaults."""

    items: tuple[Item, ...]
    roles: dict[str, list[Item]]
    painting: tuple[Item, ...]
    """What holds a content stream: pages, forms, tiling patterns, the glyphs of Type 3 fonts."""
    _operations: dict[tuple[str, ...], tuple[Operation, ...]] = field(default_factory=dict)

    def printed(self, role: str) -> Iterator[Item]:
        """What stands on pages in a role."""
        return (item for item in _each_once(self.roles.get(role, ())) if item.printed)

    def images(self) -> Iterator[Item]:
        """Image XObjects, masks and alternates among them."""
        return (item for item in self.items if item.printed and _is_image(item))

    def streams(self) -> Iterator[Item]:
        """Every stream."""
        return (item for item in self.items if is_stream(item.value))

    def operations(self, *wanted: str) -> tuple[Operation, ...]:
        """These operators in all content streams; BI stands for a whole inline image."""
        if wanted not in self._operations:
            found = [operation for item in self.painting for operation in _within(item, wanted)]
            self._operations[wanted] = tuple(found)
        return self._operations[wanted]


@once
def inventory(subject: Subject) -> Inventory:
    """Walk a file: its pages in order, what hangs on them, then the document."""
    pages = leaves(subject)
    walk = _Walk({page.object.objgen for page in pages})
    for page in pages:
        resources = page.inherited("/Resources")
        defaults = _defaults(resources)
        base = Item(page.object, "/Page", "", "", page.number, True, resources, defaults)
        walk.painting.append(base)
        walk.visit(resources, base, "/Resources")
        for key in _PRINTED:
            walk.visit(entry(page.object, key), base, key)
    for page in pages:
        base = Item(page.object, "/Page", "", "", page.number, False)
        for key, value in items(page.object):
            if key not in ("/Resources", *_PRINTED):
                walk.visit(value, base, key)
    root = Item(catalogue(subject), "/Root", "", "", None, False)
    for key, value in items(catalogue(subject)):
        if key != "/Pages":
            walk.visit(value, root, key)
    roles: dict[str, list[Item]] = defaultdict(list)
    for item in walk.found:
        roles[item.role].append(item)
    return Inventory(tuple(_each_once(walk.found)), dict(roles), tuple(walk.painting))


def _each_once(found: Iterable[Item]) -> Iterator[Item]:
    """The items without those of an object that was there before."""
    seen = set()
    for item in found:
        if item.value.is_indirect:
            if item.value.objgen in seen:
                continue
            seen.add(item.value.objgen)
        yield item


class _Walk:
    """One way through the file; what has been seen in its role is not entered again."""

    def __init__(self, pages: set[tuple[int, int]]) -> None:
        self.found: list[Item] = []
        self.painting: list[Item] = []
        self._pages = pages
        self._seen: set[tuple[tuple[int, int], str, frozenset[str]]] = set()

    def visit(self, value: Value, holder: Item, role: str) -> None:
        """Enter a value and all that hangs on it, in the order of the file."""
        waiting = [(value, holder, role, holder.name)]
        while waiting:
            value, holder, role, called = waiting.pop()
            if not isinstance(value, pikepdf.Object) or role in _PASSED_OVER:
                continue
            kind = value._type_code
            is_space = role in SPACE_ROLES and kind in (_OBJECT.name_, _OBJECT.array)
            if not (kind in _CONTAINERS or is_space) or self._known(value, role, holder):
                continue
            if kind == _OBJECT.array and not is_space:
                waiting += [(part, holder, role, called) for part in reversed(list(value))]
                continue
            item = self._entered(value, holder, role, called)
            waiting += reversed(list(_below(item)))

    def _known(self, value: pikepdf.Object, role: str, holder: Item) -> bool:
        if not value.is_indirect:
            return False
        key = (value.objgen, role if holder.printed else "", holder.defaults)
        if value.objgen in self._pages or key in self._seen:
            return True
        self._seen.add(key)
        return False

    def _entered(self, value: pikepdf.Object, holder: Item, role: str, called: str) -> Item:
        own = entry(value, "/Resources")
        resources = own if is_holder(own) else holder.resources
        if role == "/Resources":
            resources = value
        defaults = holder.defaults if resources is None else _defaults(resources)
        item = Item(
            value,
            role,
            holder.role,
            called or role.removeprefix("/"),
            holder.page,
            holder.printed,
            resources,
            defaults,
        )
        self.found.append(item)
        if item.printed and _paints(item):
            self.painting.append(item)
        return item


def _below(item: Item) -> Iterator[tuple[Value, Item, str, str]]:
    """What hangs on an object: the value, its holder, its role, its name."""
    called = "" if item.name == item.role.removeprefix("/") else item.name
    if isinstance(item.value, pikepdf.Array):
        for part in item.value:
            yield part, item, "/Part", called
        return
    for key, value in items(item.value):
        if item.role == "/Resources" and key in _CATEGORIES:
            for resource, found in items(value):
                yield found, item, key, label(resource)
        elif item.role in _ALIKE and not is_stream(item.value):
            yield value, item, item.role, called
        else:
            yield value, item, key, called


def _defaults(resources: Value) -> frozenset[str]:
    """The device spaces that a resource dictionary replaces (ISO 32000-1, 8.6.5.6)."""
    spaces = entry(resources, "/ColorSpace")
    if spaces is None:
        return frozenset()
    devices = ("DeviceGray", "DeviceRGB", "DeviceCMYK")
    return frozenset(
        device
        for device in devices
        if entry(spaces, "/Default" + device.removeprefix("Device")) is not None
    )


def _is_image(item: Item) -> bool:
    return is_stream(item.value) and name(item.value.get("/Subtype")) == "Image"


def _paints(item: Item) -> bool:
    if not is_stream(item.value):
        return False
    return (
        item.role == "/CharProcs"
        or name(item.value.get("/Subtype")) == "Form"
        or number(item.value.get("/PatternType")) == 1
    )


# --- content streams ---


def _within(item: Item, wanted: tuple[str, ...]) -> Iterator[Operation]:
    """These operators of one content stream; a parser is asked only if they seem to be there."""
    streams = elements(entry(item.value, "/Contents")) if item.role == "/Page" else [item.value]
    data = b"\n".join(content(stream) for stream in streams)
    seeming = {found.decode() for found in _looks_like(wanted).findall(data)}
    if not seeming:
        return
    listed = " ".join((*wanted, "ID EI")) if "BI" in wanted else " ".join(wanted)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of broken streams, what can be read counts
            instructions = pikepdf.parse_content_stream(item.value, listed)
    except UNREADABLE:
        for operator in sorted(seeming):  # unreadable: what seems to be there is taken as there
            yield Operation(item, operator)
        return
    for instruction in instructions:
        if isinstance(instruction, pikepdf.ContentStreamInlineImage):
            yield _inline(item, instruction)
        else:
            yield Operation(item, str(instruction.operator), tuple(instruction.operands))


@cache
def _looks_like(operators: tuple[str, ...]) -> re.Pattern[bytes]:
    either = b"|".join(re.escape(operator.encode()) for operator in operators)
    return re.compile(rb"(?<!%b)(?:%b)(?!%b)" % (_REGULAR, either, _REGULAR))


def _inline(item: Item, instruction: pikepdf.ContentStreamInlineImage) -> Operation:
    """An inline image, its short names written out; nothing of it if its keys are wrong."""
    try:
        image = instruction.iimage
        filters = tuple(str(found).removeprefix("/") for found in image.filters)
        space = image.colorspace
    except UNREADABLE:
        return Operation(item, "BI")
    return Operation(item, "BI", (), filters, space.removeprefix("/") if space else None)
