"""A series: the sticker files of a numbered order, each made from this and its number alone.

Comes in: bundles and their designs, dealt out to volumes. Goes out: for each volume its `Product`
and its PDF, whatever else is made and wherever. Lengths are in mm; volumes are counted from 0,
their files from 1.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from stickergen.artwork.numbered import parted
from stickergen.artwork.page import Item, Page, Text
from stickergen.content.serial import Numbering
from stickergen.ink import Ink
from stickergen.measure import Box
from stickergen.press.draw import draw_to_be_numbered
from stickergen.press.finish import finish
from stickergen.press.marks import Trimming
from stickergen.press.numbers import overlays, written
from stickergen.press.product import Product, Whole
from stickergen.press.sheet import Piece, Sheet, numbered_sheets, whole
from stickergen.press.stock import Placement
from stickergen.press.volume import Bundle, Part, place_of

_NONE = Bundle((), ())
"""In the place of a bundle that is not needed."""


@dataclass(frozen=True)
class First:
    """Where a scam type first stands: volume, page from 0, box of the piece."""

    volume: int
    page: int
    box: Box


@dataclass(frozen=True)
class Series:
    """What the volumes of an order have in common; `product` is one of them without its sheets."""

    product: Product
    title: str
    day: date
    profile: bytes | None
    """The ICC profile of the press, where it is embedded."""
    designs: Mapping[str, Page]
    """The pages of pieces and slips."""
    letters: Mapping[str, str]
    """What is written on pieces, by font: their text is then the same in every file."""
    bundles: tuple[Bundle, ...]
    volumes: tuple[tuple[Part, ...], ...]
    placement: Placement
    mark: Ink | None
    stacked: bool
    trimming: Trimming | None
    ruler: tuple[Item, ...]

    @property
    def numbering(self) -> Numbering:
        """How the pieces are numbered."""
        assert self.product.numbering is not None
        return self.product.numbering

    def file(self, number: int) -> str:
        """The name of a volume's file; names sort in the order of the volumes."""
        digits = max(3, len(str(len(self.volumes))))
        return f"stickers-{number + 1:0{digits}}.pdf"

    def pages(self, number: int) -> int:
        """Pages of a volume."""
        return sum(part.pages for part in self.volumes[number])

    @property
    def whole(self) -> Product:
        """All volumes as one product, with the first sheet of each kind."""
        pages = sum(map(self.pages, range(len(self.volumes))))
        pieces = sum(bundle.pieces for bundle in self.bundles)
        first = self.volumes[0][0]
        few = replace(first, sheets=first.sheets[:1]) if not self.stacked else first
        last = len(self.volumes) - 1
        file = self.file(0) if not last else f"{self.file(0)} … {self.file(last)}"
        return replace(
            self.product,
            file=file,
            sheets=tuple(islice(self._sheets(few), 1 + few.slip)),
            whole=Whole(pages, pieces),
        )

    def alone(self, number: int) -> Series:
        """What is needed for one volume: the parts, bundles and designs of no other."""
        own = {part.bundle: self.bundles[part.bundle] for part in self.volumes[number]}
        keys = {key for bundle in own.values() for key in (*bundle.keys, bundle.slip)}
        return replace(
            self,
            designs={key: page for key, page in self.designs.items() if key in keys},
            bundles=tuple(own.get(n, _NONE) for n in range(len(self.bundles))),
            volumes=tuple(parts if n == number else () for n, parts in enumerate(self.volumes)),
        )

    def volume(self, number: int) -> Product:
        """A volume with its sheets."""
        sheets = (sheet for part in self.volumes[number] for sheet in self._sheets(part))
        return replace(self.product, file=self.file(number), sheets=tuple(sheets))

    def firsts(self) -> dict[str, First]:
        """Where each scam type first stands."""
        found: dict[str, First] = {}
        boxes = self.placement.pieces
        for number, parts in enumerate(self.volumes):
            page = 0
            for part in parts:
                begin = 0
                for lot in self.bundles[part.bundle].lots:
                    piece = max(begin, part.pieces.start)
                    begin += lot.printed
                    if lot.scam.id not in found and piece < min(begin, part.pieces.stop):
                        sheet, up = place_of(piece, part, len(boxes), stacked=self.stacked)
                        found[lot.scam.id] = First(number, page + part.slip + sheet, boxes[up])
                page += part.pages
        return found

    def _sheets(self, part: Part) -> Iterator[Sheet]:
        bundle = self.bundles[part.bundle]
        if part.slip:
            assert bundle.slip is not None
            point = bundle.lots[0].point.id
            yield whole(self.designs[bundle.slip], bundle.slip, "slip", point)
        yield from numbered_sheets(
            bundle,
            part,
            self.placement,
            self.numbering,
            title=self.title,
            mark=self.mark,
            stacked=self.stacked,
            trimming=self.trimming,
            ruler=self.ruler,
        )


def letters(pages: Iterable[Page]) -> dict[str, str]:
    """The characters on these pages, by font."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for page in pages:
        for item in page.items:
            if isinstance(item, Text):
                found[item.font].update(item.text)
    return {name: "".join(sorted(found[name])) for name in sorted(found)}


def printed(series: Series, volume: Product) -> bytes:
    """The finished PDF of a volume: each page that differs from others in its numbers alone is
    drawn once.
    """
    pieces = (piece for sheet in volume.sheets for piece in sheet.pieces)
    keys = {piece.design for piece in pieces if piece.serial is not None}
    numbered = {key: parted(series.designs[key], series.numbering) for key in sorted(keys)}
    art = {**series.designs, **{key: one.art for key, one in numbered.items()}}
    bare = [_bare(sheet) for sheet in volume.sheets]
    pages = {sheet: number for number, sheet in enumerate(dict.fromkeys(bare))}
    drawn = draw_to_be_numbered(
        pages, art, volume.press, series.letters, correction=volume.correction
    )
    return finish(
        drawn.pdf,
        volume.sheets,
        volume.press,
        title=f"{series.title} {volume.what} {volume.file}",
        day=series.day,
        profile=series.profile,
        pages=[pages[sheet] for sheet in bare],
        overlays=overlays(volume.sheets, numbered, series.numbering, volume.press, drawn.fonts),
    )


def _bare(sheet: Sheet) -> Sheet:
    """A sheet without its numbers."""
    pieces = tuple(Piece(piece.design, piece.box) for piece in sheet.pieces)
    left = set(map(id, written(sheet)))
    furniture = tuple(item for item in sheet.furniture if id(item) not in left)
    return replace(sheet, pieces=pieces, furniture=furniture)
