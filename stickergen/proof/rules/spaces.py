"""The colour spaces that a PDF prints with, wherever they are named.

Comes in: a `Subject`. Goes out: a `Use` for each space of resources, images and shadings, for each
colour operator and each inline image; of a space that is built upon another, both. ISO 32000-1,
8.6. Limits: whether a space in the resources is painted with is not asked; the spaces of
transparency groups mix colours and are left to their own rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from stickergen.proof.rules.inventory import (
    SCREENED,
    SPACE_ROLES,
    Item,
    Operation,
    inventory,
)
from stickergen.proof.rules.objects import (
    Value,
    elements,
    name,
    once,
)
from stickergen.proof.subject import Subject

DEVICE = frozenset(("DeviceCMYK", "DeviceRGB", "DeviceGray"))
INDEPENDENT = frozenset(("ICCBased", "CalRGB", "CalGray", "Lab"))
"""Spaces that name a colour, not an amount of ink (ISO 32000-1, 8.6.5)."""

_SETS = {
    "rg": "DeviceRGB",
    "RG": "DeviceRGB",
    "k": "DeviceCMYK",
    "K": "DeviceCMYK",
    "g": "DeviceGray",
    "G": "DeviceGray",
}
"""Operators that choose a device space and a colour at once (ISO 32000-1, table 74)."""

_BASE = {"Indexed": 1, "Pattern": 1, "Separation": 2, "DeviceN": 2}
"""Where a space names the one it is built upon (ISO 32000-1, 8.6.6)."""

_DEEPEST = 8  # Tuned: an Indexed Separation is 3 deep; a space that holds itself has no end


@dataclass(frozen=True, slots=True)
class Use:
    """A colour space in one place: `name` is the resource or the operator that brings it in.

    `parts` are the elements of its array; `spot` the colorants for which it is the alternate;
    `defaults` the device spaces that are replaced by others in this place.
    """

    family: str
    name: str
    page: int | None
    parts: tuple[Value, ...]
    spot: str | None
    defaults: frozenset[str]


@once
def uses(subject: Subject) -> tuple[Use, ...]:
    """All spaces but those that the operators of grey and CMYK bring in."""
    found = inventory(subject)
    named = [item for role in SPACE_ROLES for item in found.printed(role)]
    spaces = [use for item in named for use in _built(item, item.value, None, _DEEPEST)]
    return (*spaces, *_chosen(found.operations(*SCREENED)))


@once
def process_uses(subject: Subject) -> tuple[Use, ...]:
    """The spaces that the operators of grey and CMYK bring in: they are in every stream."""
    return _chosen(inventory(subject).operations("k", "K", "g", "G"))


def colorants(parts: tuple[Value, ...]) -> str:
    """The inks of a Separation or DeviceN space."""
    inks = elements(parts[1]) if len(parts) > 1 else []
    return ", ".join(name(ink) or "?" for ink in inks)


def _built(item: Item, value: Value, spot: str | None, levels: int) -> Iterator[Use]:
    """A space, and what it is built upon."""
    parts = tuple(elements(value))
    family = name(parts[0]) if parts else None
    if family is None or not levels:
        return
    yield Use(family, item.name, item.page, parts, spot, item.defaults)
    base = _BASE.get(family)
    if base is not None and len(parts) > base:
        spot = colorants(parts) if base == 2 else spot
        yield from _built(item, parts[base], spot, levels - 1)


def _chosen(operations: tuple[Operation, ...]) -> tuple[Use, ...]:
    """The device spaces of operators, each once a content stream."""
    found: dict[tuple[int, str], tuple[Item, dict[str, None]]] = {}
    for operation in operations:
        item, operator = operation.item, operation.operator
        family = _SETS.get(operator) or operation.space
        if operator in ("cs", "CS") and operation.operands:
            family = name(operation.operands[0])
        if family in DEVICE:
            _, operators = found.setdefault((id(item), family), (item, {}))
            operators[operator] = None
    return tuple(
        Use(family, _place(item, operators), item.page, (), None, item.defaults)
        for (_, family), (item, operators) in found.items()
    )


def _place(item: Item, operators: Iterable[str]) -> str:
    """The operators, behind the form, pattern or font that holds them."""
    listed = ", ".join(operators)
    return listed if item.role == "/Page" else f"{item.name} {listed}"
