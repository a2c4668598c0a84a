"""Layout: a template and its data become finished pages, at the largest sizes that fit.

Comes in: a `Document[Template]`, one `Scope` for each page of a series, the house style; of the
press its dots, how far it bleeds (mm), whether items must sit on its dots. Goes out: `Page`s. The
sizes are common to the series, so that pieces which belong together look alike. What does not fit
at the smallest size is an `InputError`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stickergen.artwork import qr
from stickergen.artwork.bind import CodeSource, Node, bind
from stickergen.artwork.bleed import Edge
from stickergen.artwork.checks import LEAST_PPI, faults, in_safe_area, too_coarse
from stickergen.artwork.fields import Bound, Filled, Scope
from stickergen.artwork.flow import Flow, Overflow, Overflowing
from stickergen.artwork.fonts import font
from stickergen.artwork.page import Item, Page
from stickergen.artwork.snap import inwards, snapped
from stickergen.artwork.template import BoxSpec, HouseStyle, Template
from stickergen.artwork.text import ENDLESS
from stickergen.artwork.typeset import MissingGlyph, Setting, set_text
from stickergen.content.source import Document
from stickergen.ink import Ink, contrast
from stickergen.measure import MM_PER_INCH, Box, Edges, Size
from stickergen.problem import InputError, Place, Problem, nearest

_WHITE = Ink(0, 0, 0, 0)
_BLACK = Ink(0, 0, 0, 100)


DARK = 50.0
"""Per cent of black from which a grey is printed darker. Tuned: what carries white text."""


@dataclass(frozen=True)
class House:
    """The house style ready for use: inks by name, the scale of sizes."""

    inks: Mapping[str, Ink]
    sizes_pt: tuple[float, ...]

    @classmethod
    def of(cls, style: HouseStyle) -> House:
        """From content/style.yaml."""
        return cls({k: Ink(*v) for k, v in style.inks.items()}, tuple(sorted(style.sizes_pt)))

    def grey(self) -> House:
        """The style for a press with black ink alone: light inks as they were, dark ones darker.

        What is loudest in colour must not become a coarse middle grey.
        """
        inks = {name: _deepened(ink.grey) for name, ink in self.inks.items()}
        return House(inks, self.sizes_pt)

    def one_bit(self) -> House:
        """The style for a printer without greys: an ink is black if white stands out better on it.

        So white on it, or it on white, is as readable as before: what had 4.6:1 now has 21:1.
        """
        inks = {
            name: _BLACK if contrast(ink, _WHITE) > contrast(ink, _BLACK) else _WHITE
            for name, ink in self.inks.items()
        }
        return House(inks, self.sizes_pt)


def _deepened(grey: Ink) -> Ink:
    """A dark grey half way to black."""
    return Ink(0, 0, 0, 50 + grey.k / 2) if grey.k >= DARK else grey


def lay_out(
    template: Document[Template],
    scopes: Sequence[Scope],
    house: House,
    dots: qr.Dots,
    *,
    bleed: float = 0.0,
    snap: bool = False,
) -> list[Page]:
    """One page for each scope, all at the same sizes."""
    _check_names(template, house)
    roots: list[Node] = []
    problems: list[Problem] = []
    for scope in scopes:
        root, found = bind(template, scope)
        found += _missing_glyphs(template.value, root)
        problems += found
        if not found:
            roots.append(root)
    series = _Series(template, roots, house, dots, bleed, snap)
    problems += series.problems()
    if problems:
        raise InputError(problems)
    return series.pages()


class _Series:
    """The pages of one template: finds the sizes they share, then places them."""

    def __init__(
        self,
        template: Document[Template],
        roots: list[Node],
        house: House,
        dots: qr.Dots,
        bleed: float,
        snap: bool,
    ) -> None:
        self.template, self.roots, self.house, self.dots = template, roots, house, dots
        self.snap = snap
        trim = Box(0, 0, *template.value.size)
        safe = trim.inset(Edges.all(template.value.safe))
        if snap:
            safe = inwards(safe, dots.grid)
        self.edge = Edge(trim, safe, bleed, template.value.shape == "round")
        self._ladders = {
            name: [size for size in house.sizes_pt if style.size[0] <= size <= style.size[1]]
            for name, style in template.value.styles.items()
            if isinstance(style.size, tuple)
        }
        """The sizes open to each style that has sizes of its own, the smallest first."""
        self._sized_by = {name: template.value.sized_by(name) for name in template.value.styles}

    def problems(self) -> list[Problem]:
        """What does not fit even at the smallest sizes; of one field's overflows the worst."""
        smallest = dict.fromkeys(self._ladders, 0)
        worst: dict[tuple[str, Place | None], Problem] = {}
        for root in self.roots:
            for overflow in self._flow(root, smallest).overflows:
                problem = self._overflow_problem(overflow)
                key = (problem.code, problem.place)
                if key not in worst or _excess(problem) > _excess(worst[key]):
                    worst[key] = problem
        return list(worst.values())

    def pages(self) -> list[Page]:
        """The pages at their common sizes; InputError if what fits is still not right."""
        steps = self._common()
        flows = [self._flow(root, steps) for root in self.roots]
        finished = [self._finished(flow) for flow in flows]
        problems = [
            problem
            for flow, items in zip(flows, finished, strict=True)
            for problem in faults(self.template, flow, items)
        ]
        pictures = (picture for flow in flows for picture in flow.pictures)
        problems += too_coarse(pictures, self._least_ppi())
        if problems:
            raise InputError(problems)
        template = self.template.value
        return [
            Page(
                Size(*template.size),
                items,
                template.shape == "round",
                template.corner,
                self.edge.bleed,
                template.safe,
            )
            for items in finished
        ]

    def _finished(self, flow: Flow) -> tuple[Item, ...]:
        """The items as they will be printed."""
        if not self.snap:
            return tuple(flow.items)
        return snapped(
            flow.items, self.dots.grid, lambda box: in_safe_area(self.template.value, box)
        )

    def _least_ppi(self) -> float:
        """What pictures need; where they are made of the device's own dots, no more than those."""
        return min(LEAST_PPI, MM_PER_INCH / self.dots.grid) if self.snap else LEAST_PPI

    def _common(self) -> dict[str, int]:
        """The largest sizes that fit every page, found on the few pages that decide them."""
        deciding = self.roots[:1]
        while True:
            grown = self._grown(deciding)
            tighter = next((r for r in self.roots if not self._fits(r, grown)), None)
            if tighter is None:
                return grown
            deciding = [*deciding, tighter]

    def _grown(self, roots: list[Node]) -> dict[str, int]:
        """Raise each style in turn by one step as long as everything still fits."""
        steps = dict.fromkeys(self._ladders, 0)
        growing = list(steps)
        while growing:
            for name in list(growing):
                raised = {**steps, name: steps[name] + 1}
                if raised[name] < len(self._ladders[name]) and all(
                    self._fits(root, raised) for root in roots
                ):
                    steps = raised
                else:
                    growing.remove(name)
        return steps

    def _fits(self, root: Node, steps: dict[str, int]) -> bool:
        try:
            self._flow(root, steps, trial=True)
        except Overflowing:
            return False
        return True

    def _flow(self, root: Node, steps: dict[str, int], *, trial: bool = False) -> Flow:
        template = self.template.value
        sizes = {name: self._ladders[size][steps[size]] for name, size in self._sized_by.items()}
        flow = Flow(template.styles, sizes, self.house.inks, self.dots, self.edge, trial=trial)
        flow.place(root, self.edge.safe, self.house.inks["white"])
        return flow

    def _overflow_problem(self, overflow: Overflow) -> Problem:
        template = self.template.value.id
        node = overflow.node
        if overflow.text is None:
            if isinstance(node.content, CodeSource) and not self._prints(node.content, node.spec):
                modules = node.content.symbol.full_width_modules
                least = qr.least_size(self.dots)
                values = {"template": template, "size": node.spec.size, "modules": modules}
                values |= {"least": round(least, 4), "needed": modules * least}
                return Problem("code-too-small", node.place, values)
            return Problem("box-too-small", node.place, {"template": template})
        origin = overflow.text.origin
        place = (origin.place if origin else None) or node.place
        return Problem(
            "text-too-long",
            place,
            {
                "field": (origin.name if origin else "") or "text",
                "value": overflow.text.text[:40],
                "template": template,
                "excess": overflow.excess,
            },
        )

    def _prints(self, code: CodeSource, spec: BoxSpec) -> bool:
        """Whether the size that a code is given lets its modules be printed well."""
        return qr.module_size(spec.size or 0.0, code.symbol, self.dots) is not None


def _excess(problem: Problem) -> int:
    return int(problem.values.get("excess", 0))


def missing_glyph(bound: Bound, weight: str = "regular") -> Problem | None:
    """The problem of a text, written by a person, that the font cannot set."""
    assert bound.place is not None
    return _missing_glyph(str(bound.value), weight, bound.place, bound.name)


def _missing_glyphs(template: Template, root: Node) -> list[Problem]:
    """The first character of each text that its font does not have."""
    problems = []
    for node in root.walk():
        if isinstance(node.content, Filled) and node.spec.style in template.styles:
            origin = node.content.origin
            place = (origin.place if origin else None) or node.place
            name = (origin.name if origin else "") or "text"
            weight = template.styles[node.spec.style].font
            problems.append(_missing_glyph(node.content.text, weight, place, name))
    return [problem for problem in problems if problem]


def _missing_glyph(text: str, weight: str, place: Place, name: str) -> Problem | None:
    try:
        set_text(text, Setting(font(weight), 1.0), ENDLESS)
    except MissingGlyph as error:
        code_point = f"U+{ord(error.char):04X}"
        char = error.char if error.char.isprintable() else code_point
        return Problem("no-glyph", place, {"char": char, "code_point": code_point, "field": name})
    return None


def _check_names(template: Document[Template], house: House) -> None:
    """Every ink is in the house style and every style has a size on its scale."""
    problems = []
    for keys, name in template.value.ink_names():
        if name not in house.inks:
            meant = nearest(name, house.inks) or "、".join(house.inks)
            problems.append(
                Problem("unknown-ink", template.place(*keys), {"value": name, "meant": meant})
            )
    for name, style in template.value.styles.items():
        place = template.place("styles", name, "size")
        if isinstance(style.size, str):
            problems += _size_problems(template.value, style.size, place)
        elif not any(style.size[0] <= size <= style.size[1] for size in house.sizes_pt):
            values = {"style": name, "scale": "、".join(f"{s:g}" for s in house.sizes_pt)}
            problems.append(Problem("no-size-on-scale", place, values))
    if problems:
        raise InputError(problems)


def _size_problems(template: Template, name: str, place: Place) -> list[Problem]:
    """A style may take its size from another style that has one of its own."""
    owners = [other for other, style in template.styles.items() if isinstance(style.size, tuple)]
    if name in owners:
        return []
    meant = nearest(name, owners) or "、".join(owners)
    return [Problem("unknown-style", place, {"value": name, "meant": meant})]
