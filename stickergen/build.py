"""The steps in order: an order is imposed, drawn, finished, pictured and delivered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from stickergen.artwork.page import Page
from stickergen.delivery import MANIFEST, deliver
from stickergen.job import impose
from stickergen.order import Order
from stickergen.press.draw import draw
from stickergen.press.finish import finish
from stickergen.press.product import Product, codes, manifest
from stickergen.proof.preview import Shot, pictures

PIECE_DPI = 300.0
"""Pictures of single stickers: the resolution they are printed at."""

PAGE_DPI = 110.0
"""Pictures of whole pages. Tuned: an A4 page fills a screen and its smallest text can be read."""

Progress = Callable[[int, int], None]
"""Called with how many pages are drawn, and how many there are."""


@dataclass(frozen=True)
class Built:
    """What was delivered: the products and the names of all files."""

    order: Order
    products: tuple[Product, ...]
    files: tuple[str, ...]


def build(
    order: Order,
    folder: Path,
    *,
    expand: bool = False,
    skip: int = 0,
    progress: Progress = lambda done, total: None,
) -> Built:
    """Everything an order makes, delivered into a folder."""
    products, designs = impose(order, expand=expand, skip=skip)
    files = _printed(order, products, designs, progress)
    files["codes.csv"] = codes(products, designs).encode()
    files |= _pictured(products, designs, files)
    campaign = order.campaign.value.id
    files[MANIFEST] = manifest(campaign, order.sample, products, designs, files).encode()
    deliver(files, folder)
    return Built(order, products, tuple(files))


def _printed(
    order: Order, products: Sequence[Product], designs: dict[str, Page], progress: Progress
) -> dict[str, bytes]:
    """The finished PDF of each product."""
    campaign = order.campaign.value
    total = sum(len(product.sheets) for product in products)
    numbers = count(1)

    def drawn() -> None:
        progress(next(numbers), total)

    return {
        product.file: finish(
            draw(product.sheets, designs, drawn), f"{campaign.title} {product.what}", campaign.date
        )
        for product in products
    }


def _pictured(
    products: Sequence[Product], designs: dict[str, Page], files: dict[str, bytes]
) -> dict[str, bytes]:
    """Pictures: each sticker design once a scam type, the first pages, every flyer, the ticket."""
    found: dict[str, bytes] = {}
    for product in products:
        shots = dict(_shots(product, designs))
        images = pictures(files[product.file], list(shots.values()))
        found |= {f"preview/{name}.png": image for name, image in zip(shots, images, strict=True)}
    return found


def _shots(product: Product, designs: dict[str, Page]) -> list[tuple[str, Shot]]:
    """What is worth a picture in a product, by name."""
    stem = product.file.removesuffix(".pdf")
    if product.kind != "stickers":
        if len(product.sheets) > 1 and product.kind == "ticket":
            return [
                (f"{stem}-{n + 1}", Shot(n, None, PAGE_DPI)) for n in range(len(product.sheets))
            ]
        return [(stem, Shot(0, None, PAGE_DPI))]
    shots: dict[str, Shot] = {}
    for number, sheet in enumerate(product.sheets):
        shots.setdefault(f"{sheet.kind}-1", Shot(number, None, PAGE_DPI))
        if sheet.kind == "labels":
            for piece in sheet.pieces:
                for code in designs[piece.design].codes:
                    name = f"sticker-{code.scam}"
                    shots.setdefault(name, Shot(number, piece.box, PIECE_DPI))
    return list(shots.items())
