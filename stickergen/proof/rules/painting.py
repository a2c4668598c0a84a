"""What the rules on painted marks share: marks by place and page, names of colours.

Comes in: a `Subject`. Goes out: looked-up marks. Millimetres from the top left.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from stickergen.measure import Box, Point
from stickergen.proof.painted import Colour, Mark
from stickergen.proof.rules.objects import once
from stickergen.proof.subject import Subject

_CELL = 15.0  # mm; tuned: a sticker lies on a dozen cells, a cell holds a few dozen marks
_MOST_CELLS = 64  # tuned: a mark on more of them is looked at every time instead
_NEAR = 0.01  # mm; a mark without height or width still touches what it lies on

COVERING = frozenset(("fill", "image", "shading"))
"""The kinds of marks that hide what lies below them."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A mark with its place in the order of painting: layer, and number within it."""

    layer: int
    order: int
    mark: Mark


class Places:
    """The marks of one layer by the place where they lie."""

    def __init__(self, layer: int, marks: Sequence[Mark]) -> None:
        self._cells: dict[tuple[int, int], list[Placed]] = defaultdict(list)
        self._everywhere: list[Placed] = []
        self._all = [Placed(layer, order, mark) for order, mark in enumerate(marks)]
        for placed in self._all:
            cells = _cells(placed.mark.reach)
            if cells is None:
                self._everywhere.append(placed)
            else:
                for cell in cells:
                    self._cells[cell].append(placed)

    def near(self, box: Box) -> list[Placed]:
        """The marks that leave ink in a box, or next to it, in painting order."""
        return [
            placed
            for placed in self._candidates(box)
            if placed.mark.reach.overlaps(box, -_NEAR)
            and any(part.overlaps(box, -_NEAR) for part in placed.mark.inked)
        ]

    def _candidates(self, box: Box) -> list[Placed]:
        cells = _cells(box)
        if cells is None:
            return self._all
        found = {placed.order: placed for placed in self._everywhere}
        for cell in cells:
            for placed in self._cells.get(cell, ()):
                found[placed.order] = placed
        return [found[order] for order in sorted(found)]


def _cells(box: Box) -> list[tuple[int, int]] | None:
    """The cells that a box lies on; None if they are too many to list."""
    across, down = (
        range(int(start // _CELL), int(end // _CELL) + 1)
        for start, end in ((box.x, box.right), (box.y, box.bottom))
    )
    if len(across) * len(down) > _MOST_CELLS:
        return None
    return [(column, row) for column in across for row in down]


@once
def places(subject: Subject) -> tuple[Places, ...]:
    """The marks of each layer by place."""
    return tuple(Places(n, layer.marks) for n, layer in enumerate(subject.layers))


@dataclass(frozen=True, slots=True, eq=False)
class Stack:
    """Layers on a page: the uppermost that hides anything, and those below it."""

    top: int
    below: Stack | None


@once
def stacks(subject: Subject) -> Mapping[int, Mapping[Stack | None, int]]:
    """What each layer is painted on, as it differs, with the first page; None: on paper."""
    hiding = [any(mark.kind in COVERING for mark in layer.marks) for layer in subject.layers]
    known: dict[tuple[int, Stack | None], Stack] = {}
    found: dict[int, dict[Stack | None, int]] = defaultdict(dict)
    for page, numbers in subject.painting.pages.items():
        stack: Stack | None = None
        for number in numbers:
            found[number].setdefault(stack, page)
            if hiding[number]:
                stack = known.setdefault((number, stack), Stack(number, stack))
    return found


def marks(subject: Subject) -> Iterator[tuple[int, Placed]]:
    """Every mark, with the first page that shows it."""
    for number, layer in enumerate(subject.layers):
        for order, mark in enumerate(layer.marks):
            yield layer.pages[0], Placed(number, order, mark)


def ground(subject: Subject, placed: Placed, stack: Stack | None) -> Mark | None:
    """What a mark's middle lies on: the last that was painted there before; None: paper."""
    of_layer = places(subject)
    spot = middle(placed.mark.box)
    at = Box(spot.x, spot.y, 0, 0)
    found = [other for other in of_layer[placed.layer].near(at) if other.order < placed.order]
    while True:
        below = [other.mark for other in found if other.mark.kind in COVERING]
        if below or stack is None:
            return below[-1] if below else None
        found, stack = of_layer[stack.top].near(at), stack.below


def middle(box: Box) -> Point:
    """The point in the middle of a box."""
    return Point(box.x + box.width / 2, box.y + box.height / 2)


def named(colour: Colour | None) -> str:
    """A colour as printers write it: C10 M100 Y95 K10."""
    if colour is None:
        return "?"
    inks = colour.inks
    if inks is None:
        parts = " ".join(f"{value:.2g}" for value in colour.values)
        return f"{colour.space} {parts}".rstrip()
    shown = [f"{_SHORT.get(name, name + ' ')}{100 * part:.0f}" for name, part in inks.items()]
    return " ".join(shown) or _WHITE


_SHORT = {"Cyan": "C", "Magenta": "M", "Yellow": "Y", "Black": "K"}
_WHITE = "C0 M0 Y0 K0"
