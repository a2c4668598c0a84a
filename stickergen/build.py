"""The steps in order: an order is imposed, drawn, finished, proved, pictured and delivered."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Literal

from stickergen.artwork.page import Page
from stickergen.delivery import (
    MANIFEST,
    alone,
    deliver,
    keep_for_paper,
    keep_whole,
    refused,
    sha256,
)
from stickergen.executors import Crew, crew
from stickergen.job import Imposed, impose
from stickergen.order import Order
from stickergen.press.correction import Correction
from stickergen.press.draw import draw
from stickergen.press.finish import finish
from stickergen.press.product import (
    CODES_HEAD,
    Product,
    code_lines,
    described,
    entry,
    expected,
    manifest,
    placed,
    serials,
)
from stickergen.press.series import Series
from stickergen.proof.codelist import CodeList
from stickergen.proof.crew import workers_at_most
from stickergen.proof.expected import Expected
from stickergen.proof.gathering import gathered
from stickergen.proof.preview import Shot, pictures
from stickergen.proof.prove import Given, prove, prove_file
from stickergen.proof.result import FileProof, Job, Proof
from stickergen.proofing import CODES, DELIVERED, SERIAL_CHECKS, reports, said_twice
from stickergen.reprint import agree, keep_ledger
from stickergen.volumes import Kept, make_all

PIECE_DPI = 300.0
"""Pictures of single stickers: the resolution they are printed at."""

PAGE_DPI = 110.0
"""Pictures of whole pages. Tuned: an A4 page fills a screen and its smallest text can be read."""

Step = Literal["drawing", "numbering", "proving"]

Progress = Callable[[Step, int, int], None]
"""Called with how many pages are drawn, made in volumes or proved, and how many there are."""

UNFINISHED = ".stickergen.volumes"
"""The folder of finished volumes, in the folder of the delivery, until all are there."""


class Rejected(Exception):
    """The finished files did not pass their proof; nothing is delivered."""

    def __init__(self, proof: Proof) -> None:
        self.proof = proof
        super().__init__(f"{proof.errors} errors")


@dataclass(frozen=True)
class Built:
    """What was delivered: the products, a series as one, and the names of all files.

    `proof` is None where it was left for later; `held` are the deliveries that a reprint was held
    against.
    """

    order: Order
    products: tuple[Product, ...]
    proof: Proof | None
    files: tuple[str, ...]
    held: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Way:
    """How an order is built, whatever it is."""

    expand: bool = False
    """Whether equal sheets are pages of their own."""
    skip: int = 0
    """Labels of the first sheet that are used up already."""
    correction: Correction | None = None
    """What undoes the error of the printer."""
    volume_pages: int | None = None
    """Pages of a volume; None: as `job` has it."""
    jobs: int | None = None
    """Processes that share the proof; None: as it pays."""
    crew: Crew = field(default_factory=lambda: crew(workers_at_most()))
    """Who makes the volumes."""
    prove: bool = True
    """Whether the finished files are proved."""


def build(
    order: Order,
    folder: Path,
    way: Way | None = None,
    progress: Progress = lambda step, done, total: None,
) -> Built:
    """Everything an order makes, delivered into a folder; Rejected if it does not pass."""
    way = way or Way()
    keep_for_paper(folder)
    held: tuple[Path, ...] = ()
    if order.stickers is not None and order.stickers.again:
        keep_whole(folder)
        held = agree(order, folder)
    else:
        keep_ledger(order, folder)
    job = impose(
        order,
        expand=way.expand,
        skip=way.skip,
        correction=way.correction,
        volume_pages=way.volume_pages,
    )
    if job.series is None:
        built = _delivered(order, job, _rest(order, job, way, progress, way.jobs), (), folder)
    else:
        with alone(folder / UNFINISHED, told=folder):
            rest, volumes = _with_volumes(order, job, folder / UNFINISHED, way, progress)
            built = _delivered(order, job, rest, volumes, folder)
    shutil.rmtree(folder / UNFINISHED, ignore_errors=True)
    return replace(built, held=held)


@dataclass(frozen=True)
class _Rest:
    """A job without its volumes: finished PDFs, what each must hold, their proof, pictures."""

    pdfs: Mapping[str, bytes]
    expected: Mapping[str, Expected]
    proof: Proof | None
    pictures: Mapping[str, bytes]


def _with_volumes(
    order: Order, job: Imposed, folder: Path, way: Way, progress: Progress
) -> tuple[_Rest, list[Kept]]:
    """The rest of a numbered order, made while workers make its volumes, and the volumes."""
    series = job.series
    assert series is not None
    total, finished = sum(map(series.pages, range(len(series.volumes)))), 0
    rest: list[_Rest] = []

    def told(pages: int) -> None:
        nonlocal finished
        finished += pages
        progress("numbering", finished, total)

    told(0)
    volumes = make_all(
        series,
        way.crew,
        folder,
        shots=_volume_shots(series),
        prove=way.prove,
        progress=told,
        beside=lambda: rest.append(_rest(order, job, way, progress, workers=1)),
    )
    return rest[0], volumes


def _rest(
    order: Order, job: Imposed, way: Way, progress: Progress, workers: int | None = None
) -> _Rest:
    """The products of a job, drawn, proved and pictured."""
    pdfs = _printed(order, job.products, job.designs, progress)
    ordered = {
        one.file: expected(one, job.designs, placed(one, job.designs)) for one in job.products
    }
    proof = None
    if way.prove:
        proof = prove(
            [Given(name, pdfs[name], ordered[name], DELIVERED) for name in pdfs],
            lambda done, known: progress("proving", done, known),
            workers,
        )
    return _Rest(pdfs, ordered, proof, _pictured(job.products, job.designs, pdfs))


def _delivered(
    order: Order, job: Imposed, rest: _Rest, volumes: Sequence[Kept], folder: Path
) -> Built:
    """All of a job in its folder, with the lists that tell of it, if all of it passed its proof."""
    campaign = order.campaign.value
    whose = Job(campaign.id, campaign.title, campaign.issuer.name, order.press.name, campaign.date)
    proof = None
    listed = _codes(job, volumes, folder)
    if rest.proof is not None:
        own = gathered(one for kept in volumes if (one := kept.proof()) is not None)
        proof = Proof((*own, *_listed(listed), *rest.proof.files), whose)
        if not proof.passed:
            raise Rejected(proof)
    lists: dict[str, bytes | Path] = {CODES: listed, **rest.pictures}
    for kept in volumes:
        lists |= kept.pictures
    if proof is not None:
        lists |= reports(proof)
    about = {one.file: described(one, job.designs, rest.expected[one.file]) for one in job.products}
    entries = [json.loads(kept.entry) for kept in volumes]
    entries += [entry(name, _digest(pdf), about[name]) for name, pdf in rest.pdfs.items()]
    entries += [entry(name, _digest(content)) for name, content in lists.items()]
    numbers = None
    if order.stickers is not None and order.stickers.numbering is not None:
        part = order.stickers.again
        numbers = serials(order.stickers.numbering, order.stickers.plan, part=part)
    files: dict[str, bytes | Path] = {kept.pdf.name: kept.pdf for kept in volumes}
    files |= {**rest.pdfs, **lists}
    files[MANIFEST] = manifest(whose, order.sample, entries, numbers).encode()
    deliver(files, folder)
    whole = (job.series.whole,) if job.series is not None else ()
    return Built(order, (*whole, *job.products), proof, tuple(files))


def _digest(content: bytes | Path) -> str:
    return sha256(content) if isinstance(content, Path) else hashlib.sha256(content).hexdigest()


def _codes(job: Imposed, volumes: Sequence[Kept], folder: Path) -> bytes | Path:
    """codes.csv: that of volumes is put together on disk, a million lines are 100 MB."""
    own = "".join(code_lines(product, placed(product, job.designs)) for product in job.products)
    if not volumes:
        return (CODES_HEAD + own).encode()
    path = folder / UNFINISHED / CODES
    try:
        path.unlink(missing_ok=True)
        with path.open("wb") as whole:
            whole.write(CODES_HEAD.encode())
            for kept in volumes:
                with kept.codes.open("rb") as lines:
                    shutil.copyfileobj(lines, whole)
            whole.write(own.encode())
    except OSError as error:
        raise refused(folder, error) from error
    return path


def _listed(codes: bytes | Path) -> Iterator[FileProof]:
    """The proof of a list of codes with numbers: none is there twice."""
    if isinstance(codes, Path):
        twice = tuple(map(said_twice, CodeList(codes).twice))
        yield prove_file(Given(CODES, None, None, SERIAL_CHECKS, twice))


def _printed(
    order: Order, products: Sequence[Product], designs: Mapping[str, Page], progress: Progress
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
            profile=order.embedded if product.press is order.press else None,
        )
        for product in products
    }


def _pictured(
    products: Sequence[Product], designs: Mapping[str, Page], files: Mapping[str, bytes]
) -> dict[str, bytes]:
    """Pictures: each sticker design once a scam type, the first pages, every flyer, the ticket."""
    found: dict[str, bytes] = {}
    for product in products:
        shots = dict(_shots(product, designs))
        images = pictures(files[product.file], list(shots.values()))
        found |= {_picture(name): image for name, image in zip(shots, images, strict=True)}
    return found


def _volume_shots(series: Series) -> dict[int, dict[str, Shot]]:
    """What is worth a picture in which volume: a sticker of each type, first pages."""
    shots: dict[int, dict[str, Shot]] = defaultdict(dict)
    for scam, first in series.firsts().items():
        shots[first.volume][_picture(f"sticker-{scam}")] = Shot(first.page, first.box, PIECE_DPI)
    slip = series.volumes[0][0].slip
    if slip:
        shots[0][_picture("slip-1")] = Shot(0, None, PAGE_DPI)
    shots[0][_picture("labels-1")] = Shot(int(slip), None, PAGE_DPI)
    return shots


def _picture(name: str) -> str:
    return f"preview/{name}.png"


def _shots(product: Product, designs: Mapping[str, Page]) -> list[tuple[str, Shot]]:
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
