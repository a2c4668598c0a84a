"""The steps in order: an order is imposed, drawn, finished, proved, pictured and delivered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Literal

from stickergen.artwork.page import Page
from stickergen.delivery import MANIFEST, deliver, keep_for_paper
from stickergen.job import impose
from stickergen.order import Order
from stickergen.press.correction import Correction
from stickergen.press.draw import draw
from stickergen.press.finish import finish
from stickergen.press.product import Product, codes, expected, manifest
from stickergen.proof.preview import Shot, pictures
from stickergen.proof.prove import Given, prove
from stickergen.proof.result import Job, Proof
from stickergen.proofing import CODES, DELIVERED, reports

PIECE_DPI = 300.0
"""Pictures of single stickers: the resolution they are printed at."""

PAGE_DPI = 110.0
"""Pictures of whole pages. Tuned: an A4 page fills a screen and its smallest text can be read."""

Step = Literal["drawing", "proving"]

Progress = Callable[[Step, int, int], None]
"""Called with how many pages are drawn or proved, and how many there are."""


class Rejected(Exception):
    """The finished files did not pass their proof; nothing is delivered."""

    def __init__(self, proof: Proof) -> None:
        self.proof = proof
        super().__init__(f"{proof.errors} errors")


@dataclass(frozen=True)
class Built:
    """What was delivered: the products and the names of all files."""

    order: Order
    products: tuple[Product, ...]
    proof: Proof
    files: tuple[str, ...]


def build(
    order: Order,
    folder: Path,
    *,
    expand: bool = False,
    skip: int = 0,
    correction: Correction | None = None,
    progress: Progress = lambda step, done, total: None,
) -> Built:
    """Everything an order makes, delivered into a folder; Rejected if it does not pass."""
    keep_for_paper(folder)
    products, designs = impose(order, expand=expand, skip=skip, correction=correction)
    files = _printed(order, products, designs, progress)
    campaign = order.campaign.value
    job = Job(campaign.id, campaign.title, campaign.issuer.name, order.press.name, campaign.date)
    proof = prove(
        [Given(one.file, files[one.file], expected(one, designs), DELIVERED) for one in products],
        lambda done, known: progress("proving", done, known),
        job=job,
    )
    if not proof.passed:
        raise Rejected(proof)
    files[CODES] = codes(products, designs).encode()
    files |= _pictured(products, designs, files)
    files |= reports(proof)
    files[MANIFEST] = manifest(job, order.sample, products, designs, files).encode()
    deliver(files, folder)
    return Built(order, products, proof, tuple(files))


def _printed(
    order: Order, products: Sequence[Product], designs: dict[str, Page], progress: Progress
) -> dict[str, bytes]:
    """The finished PDF of each product."""
    campaign = order.campaign.value
    total = sum(len(product.sheets) for product in products)
    numbers = count(1)

    def drawn() -> None:
        progress("drawing", next(numbers), total)

    return {
        product.file: finish(
            draw(product.sheets, designs, product.press, drawn, product.correction),
            product.sheets,
            product.press,
            title=f"{campaign.title} {product.what}",
            day=campaign.date,
            profile=order.profile if product.press is order.press else None,
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
