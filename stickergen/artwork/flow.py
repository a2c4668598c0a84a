"""Boxes flow: a tree of nodes and a size for each style become placed items.

Comes in: `Node`s, sizes in points by style, the piece's edge. Goes out: items in mm and, where
something does not fit, `Overflow`s. One pass, no decision about sizes: that is `layout`'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stickergen.artwork import qr
from stickergen.artwork.bind import BarSource, CodeSource, Node, PictureSource, TallySource
from stickergen.artwork.bleed import Edge
from stickergen.artwork.fields import Filled
from stickergen.artwork.figures import placed_bar, placed_icon, placed_picture, placed_tally
from stickergen.artwork.fonts import font
from stickergen.artwork.page import Code, Item, Panel, Rule
from stickergen.artwork.template import BoxSpec, StyleSpec
from stickergen.artwork.text import ENDLESS, runs
from stickergen.artwork.typeset import Setting, excess, set_text
from stickergen.ink import Ink
from stickergen.measure import TOLERANCE, Box, Edges, Point


@dataclass(frozen=True, slots=True)
class Overflow:
    """A box that is too small for what is in it; `excess` is characters of `text` too many."""

    node: Node
    text: Filled | None
    excess: int


@dataclass(frozen=True, slots=True)
class Contrast:
    """A text's ink and what it stands on, for the check of the pair; None is a picture."""

    node: Node
    ink: Ink
    ground: Ink | None
    size_pt: float
    bold: bool


@dataclass(frozen=True, slots=True)
class Bleeding:
    """A box that bleeds and where it stands on the safe area, for the check that it can."""

    node: Node
    box: Box


@dataclass(frozen=True, slots=True)
class Pictured:
    """A picture and the width it is printed at, for the check of its pixels."""

    node: Node
    source: PictureSource
    width: float


class Overflowing(Exception):
    """Something does not fit; a trial ends here."""


class Flow:
    """One pass over a tree at given sizes: fills `items`, `overflows`, and what checks look at.

    A trial makes no texts: it raises Overflowing, or all fits.
    """

    def __init__(
        self,
        styles: Mapping[str, StyleSpec],
        sizes_pt: Mapping[str, float],
        inks: Mapping[str, Ink],
        dots: qr.Dots,
        edge: Edge,
        *,
        trial: bool = False,
    ) -> None:
        self._styles = styles
        self._sizes_pt = sizes_pt
        self._inks = inks
        self._dots = dots
        self.edge = edge
        self._trial = trial
        self.items: list[Item] = []
        self.overflows: list[Overflow] = []
        self.pairs: list[Contrast] = []
        self.bleeding: list[Bleeding] = []
        self.pictures: list[Pictured] = []
        self._rooms: dict[int, float] = {}  # id of a text's node → the width it was set to
        self._heights: dict[tuple[int, float], float] = {}  # of a node by its id, at a width

    # ---- measuring -------------------------------------------------------------------------

    def width(self, node: Node) -> float:
        """The width that just holds the node."""
        fixed = _fixed(node.spec.width)
        if fixed is not None:
            return fixed
        match node.content:
            case Filled(text=text):
                inner = set_text(text, self._setting(node), ENDLESS).width if text else 0.0
            case CodeSource():
                inner = self._code_side(node)
            case str():
                inner = node.spec.size or 0.0
            case _:
                widths = [self.width(child) for child in node.children]
                if node.spec.row is not None:
                    inner = sum(widths) + _gaps(node)
                else:
                    inner = max(
                        (w + i * node.spec.stair for i, w in enumerate(widths)), default=0.0
                    )
        return inner + self._padding(node).across

    def height(self, node: Node, width: float) -> float:
        """The height that just holds the node at this width: every box around it asks again."""
        fixed = _fixed(node.spec.height)
        if fixed is not None:
            return fixed
        key = (id(node), width)
        if key not in self._heights:
            self._heights[key] = self._height(node, width)
        return self._heights[key]

    def _height(self, node: Node, width: float) -> float:
        edges = self._padding(node)
        room = width - edges.across
        match node.content:
            case Filled(text=text):
                self._rooms[id(node)] = room
                setting = self._setting(node)
                inner = set_text(text, setting, room).height if text and room > 0 else 0.0
            case CodeSource():
                inner = self._code_side(node)
            case str():
                inner = node.spec.size or 0.0
            case PictureSource(width_px=across, height_px=down):
                inner = room * down / across
            case TallySource():
                tally = node.spec.tally
                assert tally is not None
                inner = room / tally.columns * (100 // tally.columns)
            case _ if node.spec.row is not None:
                widths = self._row_widths(node, room)
                inner = max(
                    (self.height(c, w) for c, w in zip(node.children, widths, strict=True)),
                    default=0.0,
                )
            case _:
                heights = [
                    self.height(c, self._column_width(node, i, c, room))
                    for i, c in enumerate(node.children)
                ]
                stacked = node.spec.stack is not None
                inner = max(heights, default=0.0) if stacked else sum(heights) + _gaps(node)
        return inner + edges.down

    # ---- placing ---------------------------------------------------------------------------

    def place(self, node: Node, box: Box, ground: Ink | None) -> None:
        """Put the node's items into the box; `ground` is the ink behind it."""
        spec = node.spec
        if spec.fill is not None or spec.rule is not None:
            self._place_panel(node, box)
            ground = ground if spec.fill is None else self._inks[spec.fill]
        start = len(self.items)
        self._place_content(node, box.inset(self._padding(node)), ground)
        if spec.bleed:
            content = self.items[start:]
            by = self.edge.shift(content, spec.bleed)
            self.items[start:] = [item.moved(by) for item in content]

    def _place_panel(self, node: Node, box: Box) -> None:
        spec = node.spec
        fill = None if spec.fill is None else self._inks[spec.fill]
        rule = None if spec.rule is None else Rule(self._inks[spec.rule.ink], spec.rule.width)
        corner = min(spec.corner, box.width / 2, box.height / 2)
        if spec.bleed:
            self.bleeding.append(Bleeding(node, box))
            box, corner = self.edge.panel(box, spec.bleed, corner)
        self.items.append(Panel(box, fill, rule, corner))

    def _place_content(self, node: Node, inner: Box, ground: Ink | None) -> None:
        spec = node.spec
        match node.content:
            case Filled():
                self._place_text(node, node.content, inner, ground)
            case CodeSource():
                self._place_code(node, node.content, inner)
            case str():
                size = spec.size or 0.0
                self._check_content(node, size, inner)
                self.items.append(placed_icon(node.content, self._inks[spec.ink], inner, size))
            case PictureSource():
                self._place_picture(node, node.content, inner)
            case TallySource():
                assert spec.tally is not None
                self._check_content(node, 0.0, inner)
                self.items += placed_tally(spec.tally, node.content, self._inks, inner)
            case BarSource():
                assert spec.bar is not None
                self._check_content(node, 0.0, inner)
                self.items += placed_bar(spec.bar, node.content, self._inks, inner)
            case _ if spec.row is not None:
                self._place_row(node, inner, ground)
            case _ if spec.column is not None:
                self._place_column(node, inner, ground)
            case _:
                self._place_stack(node, inner, ground)

    def _place_row(self, node: Node, inner: Box, ground: Ink | None) -> None:
        widths = self._row_widths(node, inner.width)
        free = inner.width - sum(widths) - _gaps(node)
        if free < -TOLERANCE:
            self._overflow(node, -free, across=True)
            return
        x, between = _spread(node, inner.x, free)
        for child, width in zip(node.children, widths, strict=True):
            natural = self.height(child, width)
            self._check_room(child, natural, inner.height)
            top, height = _down(node, child, inner, natural)
            self.place(child, Box(x, top, width, height), ground)
            x += width + node.spec.gap + between

    def _place_stack(self, node: Node, inner: Box, ground: Ink | None) -> None:
        """Each child over the one before; one with a size of its own is aligned in the stack."""
        for child in node.children:
            width = self._column_width(node, 0, child, inner.width)
            natural = self.height(child, width)
            self._check_room(child, natural, inner.height)
            left, _ = _aligned(node.spec.align, inner.x, inner.width, width)
            top, height = _down(node, child, inner, natural)
            self.place(child, Box(left, top, width, height), ground)
            if any(isinstance(n.content, PictureSource | BarSource) for n in child.walk()):
                ground = None
            elif child.spec.fill is not None:  # it covers what is under it
                ground = self._inks[child.spec.fill]

    def _place_column(self, node: Node, inner: Box, ground: Ink | None) -> None:
        widths = [self._column_width(node, i, c, inner.width) for i, c in enumerate(node.children)]
        heights = [self.height(c, w) for c, w in zip(node.children, widths, strict=True)]
        rigid = sum(
            h for c, h in zip(node.children, heights, strict=True) if not _share(c.spec.height)
        )
        shares = sum(_share(c.spec.height) for c in node.children)
        free = inner.height - rigid - _gaps(node)
        if shares:
            least = sum(
                h for c, h in zip(node.children, heights, strict=True) if _share(c.spec.height)
            )
            if least > free + TOLERANCE:
                self._overflow(node, least - free)
            heights = [
                max(free, 0.0) * _share(c.spec.height) / shares if _share(c.spec.height) else h
                for c, h in zip(node.children, heights, strict=True)
            ]
            free = 0.0
        if free < -TOLERANCE:
            self._overflow(node, -free)
        y, between = _spread(node, inner.y, free)
        for number, (child, width, height) in enumerate(
            zip(node.children, widths, heights, strict=True)
        ):
            stair = number * node.spec.stair
            left, _ = _aligned(node.spec.align, inner.x + stair, inner.width - stair, width)
            self.place(child, Box(left, y, width, height), ground)
            y += height + node.spec.gap + between

    def _place_text(self, node: Node, filled: Filled, inner: Box, ground: Ink | None) -> None:
        if not filled.text:
            return
        if inner.width <= 0:
            self._no_room(node)
            return
        setting = self._setting(node)
        block = set_text(filled.text, setting, inner.width)
        if block.width > inner.width + TOLERANCE or block.height > inner.height + TOLERANCE:
            self._no_room(node, filled, setting, inner.width, inner.height)
        if self._trial:
            return
        style = self._style(node)
        ink = self._inks[style.ink]
        self.pairs.append(Contrast(node, ink, ground, setting.size_pt, style.font != "regular"))
        spare = max(inner.height - block.height, 0.0)
        top = inner.y + {"center": spare / 2, "end": spare}.get(node.spec.justify, 0.0)
        self.items += runs(block, style.font, ink, Point(inner.x, top))

    def _place_code(self, node: Node, source: CodeSource, inner: Box) -> None:
        size = node.spec.size or 0.0
        module = qr.module_size(size, source.symbol, self._dots)
        if module is None:
            self._no_room(node)
            return
        side = module * source.symbol.full_width_modules
        self._check_content(node, side, inner)
        left = inner.x + (inner.width - side) / 2
        top = inner.y + (inner.height - side) / 2
        self.items.append(
            Code(
                Box(left, top, side, side),
                module,
                source.symbol,
                source.address.url,
                source.address.scam,
                source.address.point,
            )
        )

    def _place_picture(self, node: Node, source: PictureSource, inner: Box) -> None:
        self._check_content(node, 0.0, inner)
        picture = placed_picture(source, inner)
        self.items.append(picture)
        self.pictures.append(Pictured(node, source, picture.box.width))

    # ---- small parts -----------------------------------------------------------------------

    def _padding(self, node: Node) -> Edges:
        return self.edge.padding(_padding(node.spec), node.spec.bleed)

    def _style(self, node: Node) -> StyleSpec:
        assert node.spec.style is not None
        return self._styles[node.spec.style]

    def _setting(self, node: Node) -> Setting:
        style = self._style(node)
        return Setting(
            font=font(style.font),
            size_pt=self._sizes_pt[node.spec.style or ""],
            leading=style.leading,
            align=style.align,
            words=style.words,
            balance=style.balance,
        )

    def _code_side(self, node: Node) -> float:
        assert isinstance(node.content, CodeSource)
        size = node.spec.size or 0.0
        module = qr.module_size(size, node.content.symbol, self._dots)
        return size if module is None else module * node.content.symbol.full_width_modules

    def _row_widths(self, node: Node, room: float) -> list[float]:
        shares = [_row_share(child) for child in node.children]
        rigid = [0.0 if s else self.width(c) for c, s in zip(node.children, shares, strict=True)]
        free = max(room - sum(rigid) - _gaps(node), 0.0)
        total = sum(shares)
        return [free * s / total if s else w for s, w in zip(shares, rigid, strict=True)]

    def _column_width(self, node: Node, number: int, child: Node, room: float) -> float:
        room = room - number * (node.spec.stair if node.spec.column is not None else 0.0)
        natural = child.spec.width is not None or isinstance(child.content, CodeSource | str)
        if natural and not _share(child.spec.width):
            return min(self.width(child), room)
        return room

    def _check_room(self, child: Node, natural: float, room: float) -> None:
        if natural > room + TOLERANCE and not isinstance(child.content, Filled):
            self._overflow(child, natural - room)

    def _check_content(self, node: Node, side: float, inner: Box) -> None:
        """What is not text has room in its box; a code or an icon as much as its size asks for."""
        room = min(inner.width, inner.height)
        if room <= 0 or side > room + TOLERANCE:
            self._no_room(node)

    def _overflow(self, node: Node, missing: float, across: bool = False) -> None:
        """Blame the text that has most to give; across a row, of those as wide as their text."""
        given = [c for c in node.children if c.spec.width == "auto"] if across else [node]
        inside = [n for child in given for n in child.walk()]
        texts = [n for n in inside if isinstance(n.content, Filled) and n.content.text]
        if not texts:
            self._no_room(node)
            return
        longest = max(texts, key=lambda n: len(_filled(n).text) * self._setting(n).size_pt ** 2)
        text, setting = _filled(longest), self._setting(longest)
        if across:
            line = set_text(text.text, setting, ENDLESS)
            room, height = max(line.width - missing, 1.0), line.height
        else:
            room = max(self._rooms.get(id(longest), ENDLESS), 1.0)
            height = set_text(text.text, setting, room).height - missing
        self._no_room(node, text, setting, room, height)

    def _no_room(
        self,
        node: Node,
        text: Filled | None = None,
        setting: Setting | None = None,
        width: float = 0.0,
        height: float = 0.0,
    ) -> None:
        """Note an overflow: a text's by how many characters it is too long for this room."""
        if self._trial:
            raise Overflowing
        many = 0
        if text is not None and setting is not None:
            many = max(excess(text.text, setting, width, height), 1)
        self.overflows.append(Overflow(node, text, many))


def _filled(node: Node) -> Filled:
    assert isinstance(node.content, Filled)
    return node.content


def _fixed(length: str | None) -> float | None:
    if length is None or length == "auto" or length.endswith("fr"):
        return None
    return float(length)


def _share(length: str | None) -> float:
    return float(length[:-2]) if length is not None and length.endswith("fr") else 0.0


def _row_share(node: Node) -> float:
    """Texts and containers in a row take a share unless the template says otherwise."""
    if node.spec.width is not None:
        return _share(node.spec.width)
    return 0.0 if isinstance(node.content, CodeSource | str) else 1.0


def _gaps(node: Node) -> float:
    return node.spec.gap * max(len(node.children) - 1, 0)


def _padding(spec: BoxSpec) -> Edges:
    match spec.padding:
        case (every,):
            return Edges.all(every)
        case (down, across):
            return Edges(down, across, down, across)
        case (top, across, bottom):
            return Edges(top, across, bottom, across)
        case (top, right, bottom, left):
            return Edges(top, right, bottom, left)
    raise AssertionError("the model admits one to four")


def _spread(node: Node, start: float, free: float) -> tuple[float, float]:
    """Where the first child starts, and how much is added to each gap."""
    free = max(free, 0.0)
    match node.spec.justify:
        case "center":
            return start + free / 2, 0.0
        case "end":
            return start + free, 0.0
        case "between" if len(node.children) > 1:
            return start, free / (len(node.children) - 1)
    return start, 0.0


def _down(node: Node, child: Node, inner: Box, natural: float) -> tuple[float, float]:
    """Top and height of a child in a row or a stack; a height of its own is never stretched."""
    align = node.spec.align
    if align == "stretch" and _fixed(child.spec.height) is not None:
        align = "start"
    return _aligned(align, inner.y, inner.height, natural)


def _aligned(align: str, start: float, room: float, natural: float) -> tuple[float, float]:
    """Start and length of a child across its container."""
    if align == "stretch":
        return start, room
    natural = min(natural, room)
    return start + {"center": (room - natural) / 2, "end": room - natural}.get(align, 0.0), natural
