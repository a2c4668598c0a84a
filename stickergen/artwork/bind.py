"""A template and its data become a tree of nodes: repeats unrolled, fields filled, codes made.

Comes in: a `Document[Template]` and a `Scope`. Goes out: a `Node` tree without conditions or
fields, still without sizes. Problems are told at the place the person can mend: the content for a
text, the template for a name.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from PIL import ExifTags, Image, UnidentifiedImageError

from stickergen.artwork import qr
from stickergen.artwork.fields import (
    Bound,
    Filled,
    NotGiven,
    Scope,
    UnknownField,
    WrongFilter,
    filled,
    given,
    lookup,
)
from stickergen.artwork.fonts import UnknownIcon, icon, icons
from stickergen.artwork.page import PICTURE_FORMATS
from stickergen.artwork.template import BoxSpec, TallySpec, Template
from stickergen.content.link import Address
from stickergen.content.source import Document
from stickergen.problem import Place, Problem, nearest

MOST_PIXELS = 80_000_000
"""Tuned: an A4 page at 900 dpi; a picture beyond it is a mistake or an attack. Pillow itself warns
from 89 million on."""

_SHARE = re.compile(r"[0-9]{1,3}(\.[0-9]{1,10})?")

_ON_ITS_SIDE = range(5, 9)
"""Values of Orientation that swap width and height (Exif 2.32, 4.6.4, tag 0x0112)."""


@dataclass(frozen=True, slots=True)
class CodeSource:
    """What a code will carry."""

    symbol: qr.Symbol
    address: Address


@dataclass(frozen=True, slots=True)
class PictureSource:
    """A picture file and its size in pixels, the right way up."""

    path: Path
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class TallySource:
    """So many of a hundred, and the character of the icon."""

    count: int
    char: str


@dataclass(frozen=True, slots=True)
class BarSource:
    """So many per cent, 0–100."""

    percent: float


Content = Filled | CodeSource | PictureSource | TallySource | BarSource | str | None
"""What fills a node: text, a code, a picture, a tally, a bar, the character of an icon, nothing."""


@dataclass(frozen=True, slots=True)
class Node:
    """A box ready for measuring: its spec, its place in the template, its content or children."""

    spec: BoxSpec
    place: Place
    content: Content
    children: tuple[Node, ...]

    def walk(self) -> Iterator[Node]:
        """The node and all inside it."""
        yield self
        for child in self.children:
            yield from child.walk()


def bind(template: Document[Template], scope: Scope) -> tuple[Node, list[Problem]]:
    """The template's boxes filled from the scope, and the problems met; those boxes are empty."""
    binder = _Binder(template)
    (root,) = binder.nodes(template.value.body, ("body",), scope)
    return root, binder.problems


class _Binder:
    def __init__(self, template: Document[Template]) -> None:
        self.template = template
        self.problems: list[Problem] = []

    def nodes(self, spec: BoxSpec, keys: tuple[str | int, ...], scope: Scope) -> list[Node]:
        """The nodes of one spec: none, one, or one for each item."""
        try:
            if spec.when is not None and not given(spec.when, scope):
                return []
            if spec.unless is not None and given(spec.unless, scope):
                return []
            if spec.each is None:
                return [self._node(spec, keys, scope)]
            items = self._items(spec.each, scope)
        except (UnknownField, NotGiven, WrongFilter) as error:
            self._tell(error, keys)
            return []
        return [
            self._node(spec, keys, scope.with_names({spec.item: item, "number": Bound(number)}))
            for number, item in enumerate(items, 1)
        ]

    def _items(self, expression: str, scope: Scope) -> list[Bound]:
        bound = lookup(expression, scope)
        if bound.value is None:
            raise NotGiven(expression.strip("{} "), bound)
        if not isinstance(bound.value, tuple | list):
            raise WrongFilter("each", expression)
        return bound.parts()

    def _node(self, spec: BoxSpec, keys: tuple[str | int, ...], scope: Scope) -> Node:
        place = self.template.place(*keys)
        kind = next((k for k in ("row", "column", "stack") if getattr(spec, k) is not None), None)
        children: list[Node] = []
        if kind:
            for number, child in enumerate(spec.children):
                children += self.nodes(child, (*keys, kind, number), scope)
        try:
            content = self._content(spec, keys, scope)
        except (UnknownField, NotGiven, WrongFilter) as error:
            self._tell(error, keys)
            content = None
        return Node(spec, place, content, tuple(children))

    def _content(self, spec: BoxSpec, keys: tuple[str | int, ...], scope: Scope) -> Content:
        if spec.text is not None:
            return self._text(spec, keys, scope)
        if spec.icon is not None:
            return self._icon(filled(spec.icon, scope), (*keys, "icon"))
        if spec.code is not None:
            return self._code(keys, scope)
        if spec.picture is not None:
            return self._picture(filled(spec.picture, scope).text, (*keys, "picture"))
        if spec.tally is not None:
            return self._tally(spec.tally, (*keys, "tally"), scope)
        if spec.bar is not None:
            return self._bar(filled(spec.bar.share, scope).text, (*keys, "bar", "share"))
        return None

    def _text(self, spec: BoxSpec, keys: tuple[str | int, ...], scope: Scope) -> Filled:
        styles = self.template.value.styles
        if spec.style not in styles:
            self._add(
                "unknown-style",
                (*keys, "style"),
                value=spec.style,
                meant=nearest(spec.style or "", styles) or next(iter(styles), ""),
            )
        return filled(spec.text or "", scope)

    def _icon(self, name: Filled, keys: tuple[str | int, ...]) -> str | None:
        try:
            return icon(name.text)
        except UnknownIcon:
            place = name.origin.place if name.origin else None
            meant = nearest(name.text, icons()) or "warning"
            self.problems.append(
                Problem(
                    "unknown-icon",
                    place or self.template.place(*keys),
                    {"value": name.text, "meant": meant},
                )
            )
            return None

    def _tally(
        self, tally: TallySpec, keys: tuple[str | int, ...], scope: Scope
    ) -> TallySource | None:
        percent = filled(tally.percent, scope).text
        if not percent.isdecimal() or not 1 <= int(percent) <= 99:
            self._add("tally-not-a-percent", (*keys, "percent"), value=percent)
            return None
        char = self._icon(filled(tally.icon, scope), (*keys, "icon"))
        return None if char is None else TallySource(int(percent), char)

    def _bar(self, share: str, keys: tuple[str | int, ...]) -> BarSource | None:
        if not _SHARE.fullmatch(share) or float(share) > 100:
            self._add("bar-not-a-share", keys, value=share)
            return None
        return BarSource(float(share))

    def _code(self, keys: tuple[str | int, ...], scope: Scope) -> CodeSource | None:
        address = lookup("{address}", scope).value
        if not isinstance(address, Address):  # a repeat has given the name to something else
            raise WrongFilter("code", "{address}")
        try:
            return CodeSource(qr.symbol(address.url), address)
        except qr.TooLong:
            self._add("address-too-long-for-code", (*keys, "code"), value=address.url[:60])
            return None

    def _picture(self, name: str, keys: tuple[str | int, ...]) -> PictureSource | None:
        folder = self.template.path.parent.resolve()
        try:
            path = (folder / name).resolve()
            found = path.is_file()
        except (OSError, ValueError):  # a name that no file can have
            path, found = folder, False
        if not path.is_relative_to(folder):
            self._add("picture-outside-folder", keys, value=name)
            return None
        if not found:
            self._add("picture-not-found", keys, value=name)
            return None
        try:
            return PictureSource(path, *_size_px(path, path.stat().st_mtime_ns))
        except (Image.DecompressionBombWarning, Image.DecompressionBombError):
            self._add("picture-too-large", keys, value=name, most=MOST_PIXELS // 10_000)
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
            self._add("not-a-picture", keys, value=name)
        return None

    def _add(self, code: str, keys: tuple[str | int, ...], **values: Any) -> None:
        self.problems.append(Problem(code, self.template.place(*keys), values))

    def _tell(self, error: Exception, keys: tuple[str | int, ...]) -> None:
        """The problem behind a field that could not be filled."""
        match error:
            case UnknownField(name=name, meant=meant, known=known):
                self._add(
                    "unknown-template-field", keys, value=name, meant=meant or "、".join(known)
                )
            case NotGiven(name=name, bound=bound):
                values = {"value": name, "template": self.template.value.id}
                place = bound.place or self.template.place(*keys)
                self.problems.append(Problem("field-not-given", place, values))
            case WrongFilter(name=name, path=path):
                self._add("filter-does-not-fit", keys, value=path, filter=name)


@lru_cache(maxsize=64)
def _size_px(path: Path, changed_ns: int) -> tuple[int, int]:
    """Width and height of a picture the right way up, read to its end to know that it is whole.

    `changed_ns` is only there to read a changed file again; designs by the hundred share a picture.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        opened = Image.open(path, formats=PICTURE_FORMATS)
    with opened as image:
        width, height = image.size
        if width * height > MOST_PIXELS:
            raise Image.DecompressionBombError
        image.load()
        on_its_side = image.getexif().get(ExifTags.Base.Orientation, 1) in _ON_ITS_SIDE
    return (height, width) if on_its_side else (width, height)
