"""A job: an order imposed on sheets, with its slips, its ticket and its packing list.

Comes in: an `Order`. Goes out: `Product`s, and the page of every design on their sheets. Nothing
is drawn here. Lengths are in mm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from stickergen.artwork.page import Item, Page
from stickergen.artwork.template import Template
from stickergen.content.campaign import Lot
from stickergen.order import Order, Setup, Stickers
from stickergen.paperwork import Paperwork
from stickergen.press.calibration import ruler
from stickergen.press.correction import Correction
from stickergen.press.marks import Cut, Trimming
from stickergen.press.product import Product
from stickergen.press.profile import Press
from stickergen.press.series import Series, letters
from stickergen.press.sheet import flyer_sheets, label_sheets, ruler_strip
from stickergen.press.ticket import alike
from stickergen.press.volume import Bundle, volumes
from stickergen.problem import InputError, Problem

SMALLEST_SLIP = 200.0
"""mm; sheets that are smaller either way carry no slip: `slip-a4` needs about an A4, any way up."""

MARK_INK = "warning"
"""The ink of the house style that the sample mark is printed in."""

MOST_PAGES = 20_000
"""Pages that `expand` writes at the most. Tuned: about a minute, and as much as viewers open."""

VOLUME_PAGES = 200
"""Pages of a volume, if the order does not say. Tuned: a pile that a guillotine takes (its clamp
opens 8 cm, label sheets are 0.2 mm), and seconds of work."""

SINGLE_PAGES = 2_000
"""The same where a page is one sticker. Tuned: a roll of labels holds so many."""


class Imposed:
    """A job ready to be drawn: its series of numbered stickers, its other products, all designs.

    The products are imposed when they are first asked for: volumes can be begun before.
    """

    def __init__(self, job: _Job, volume_pages: int | None) -> None:
        self._job = job
        self._slips: tuple[Product, ...] = ()
        self.series: Series | None = None
        stickers = job.order.stickers
        if stickers is not None and stickers.numbering is not None:
            self.series, self._slips = job.series(stickers, volume_pages)

    @cached_property
    def products(self) -> tuple[Product, ...]:
        """Everything but the series; the ticket, which tells of all, comes last."""
        job, series = self._job, self.series
        if series is None:
            products = (*job.stickers(), *job.flyers())
            return (*products, job.papers.ticket(products))
        products = (*self._slips, *job.flyers())
        return (*products, job.papers.ticket((series.whole, *products), series))

    @property
    def designs(self) -> Mapping[str, Page]:
        """The page of every design on the products."""
        _ = self.products  # their papers are set with them
        return self._job.designs


def impose(
    order: Order,
    *,
    expand: bool = False,
    skip: int = 0,
    correction: Correction | None = None,
    volume_pages: int | None = None,
) -> Imposed:
    """The job of an order; nothing is drawn yet."""
    if expand:
        _check_pages(order)
    return Imposed(_Job(order, expand, skip, correction), volume_pages)


def _check_pages(order: Order) -> None:
    """Refuse what no viewer opens, before the work is done."""
    pages = sum(-(-flyer.copies // len(flyer.setup.placement.pieces)) for flyer in order.flyers)
    if order.stickers is not None and order.stickers.numbering is None:
        ups = len(order.stickers.setup.placement.pieces)
        pages += order.stickers.plan.total.printed // ups
    if pages > MOST_PAGES:
        values = {"pages": f"{pages:,}", "most": f"{MOST_PAGES:,}"}
        raise InputError([Problem("too-many-pages", None, values)])


class _Job:
    """Imposes an order; slips and tickets join the designs on the way."""

    def __init__(
        self, order: Order, expand: bool, skip: int, correction: Correction | None
    ) -> None:
        self.order, self.expand, self.skip = order, expand, skip
        self.correction = correction
        self.mark = order.house.inks[MARK_INK] if order.sample else None
        self.papers = Paperwork(order, expand=expand, skip=skip)

    @property
    def designs(self) -> dict[str, Page]:
        """The designs of the order, and those of the papers set so far."""
        return {**self.order.designs, **self.papers.designs}

    def stickers(self) -> tuple[Product, ...]:
        """The sticker sheets, each delivery point's behind its slip."""
        stickers = self.order.stickers
        if stickers is None:
            if self.skip:
                raise InputError([Problem("skip-without-stickers")])
            return ()
        placement = stickers.setup.placement
        self._check_skip(stickers)
        groups = self._groups(stickers)
        labels = [
            label_sheets(
                lots,
                [stickers.key(lot) for lot in lots],
                placement,
                title=self.order.campaign.value.title,
                mark=self.mark,
                skip=self.skip if position == 0 else 0,
                expand=self.expand,
                trimming=_trimming(stickers.setup, self.order.press),
                ruler=self._ruler(stickers.setup),
            )
            for position, lots in enumerate(groups)
        ]
        sheets = [sheet for point in labels for sheet in point]
        apart: list[Product] = []
        if self._has_slips(stickers):
            fronts = self.papers.slips(stickers, labels)
            if self.order.press.for_shop:  # a shop's plates hold stickers and nothing else
                apart = [self.papers.slip_product(fronts)]
            else:
                pairs = zip(fronts, labels, strict=True)
                sheets = [sheet for slip, own in pairs for sheet in (slip, *own)]
        return (replace(self._sticker_product(stickers), sheets=tuple(sheets)), *apart)

    def series(
        self, stickers: Stickers, volume_pages: int | None
    ) -> tuple[Series, tuple[Product, ...]]:
        """The numbered stickers in volumes, and the slips that a shop does not print."""
        self._check_skip(stickers)
        if self.skip and stickers.stacked:
            raise InputError([Problem("skip-in-a-stack")])
        if stickers.stacked and self.order.press.cut is not None:
            place = self.order.campaign.place("stickers", "cut_and_stack")
            values = {"press": self.order.press.name}
            raise InputError([Problem("stack-is-die-cut", place, values)])
        placement, shop = stickers.setup.placement, self.order.press.for_shop
        ups = len(placement.pieces)
        bundles = [
            Bundle(tuple(lots), tuple(stickers.key(lot) for lot in lots))
            for lots in stickers.by_point
        ]
        pages = volume_pages or (VOLUME_PAGES if ups > 1 else SINGLE_PAGES)
        has_slips, apart = self._has_slips(stickers), []
        if has_slips and not shop:  # they have their place before what they tell of is counted
            bundles = [replace(one, slip=f"slip/{n}") for n, one in enumerate(bundles, 1)]
        parts = volumes(bundles, ups, pages, self.skip)
        if has_slips:
            sheets = alike(bundles, parts, ups, stacked=stickers.stacked)
            fronts = self.papers.slips(stickers, sheets)
            apart = [self.papers.slip_product(fronts)] if shop else []
        series = Series(
            product=replace(self._sticker_product(stickers), numbering=stickers.numbering),
            title=self.order.campaign.value.title,
            day=self.order.campaign.value.date,
            profile=self.order.embedded,
            designs=self.designs,
            letters=letters(self._sticker_designs(stickers)),
            bundles=tuple(bundles),
            volumes=parts,
            placement=placement,
            mark=self.mark,
            stacked=stickers.stacked,
            trimming=_trimming(stickers.setup, self.order.press),
            ruler=self._ruler(stickers.setup),
        )
        return series, tuple(apart)

    def _sticker_designs(self, stickers: Stickers) -> list[Page]:
        """All designs of the stickers, whichever of them are printed this time."""
        own = f"{stickers.setup.template.value.id}/"
        return [page for key, page in self.order.designs.items() if key.startswith(own)]

    def _check_skip(self, stickers: Stickers) -> None:
        """Refuse labels that are used up where there are no such labels."""
        if self.skip and self.order.press.for_shop:
            raise InputError([Problem("skip-in-a-shop", None, {"press": self.order.press.id})])
        ups = len(stickers.setup.placement.pieces)
        if self.skip >= ups:
            raise InputError([Problem("skip-too-large", None, {"skip": self.skip, "ups": ups})])

    def _has_slips(self, stickers: Stickers) -> bool:
        """Whether the sheets are large enough for slips between them."""
        paper = stickers.setup.placement.paper
        return stickers.setup.stock.kind == "sheet" and (
            min(paper.width, paper.height) >= SMALLEST_SLIP
        )

    def _sticker_product(self, stickers: Stickers) -> Product:
        """The product of the stickers, still without its sheets."""
        total, stock = stickers.plan.total, stickers.setup.stock
        template = stickers.setup.template.value
        return Product(
            "stickers.pdf",
            "stickers",
            template.name,
            (),
            stock.name,
            _size(template),
            self.order.press,
            total.ordered,
            total.spare,
            template.corner,
            template.shape == "round",
            stock.label if self.order.press.feeds == "labels" and stock.kind == "sheet" else None,
            self.correction,
        )

    def _groups(self, stickers: Stickers) -> list[list[Lot]]:
        """The lots that are imposed together: a delivery point's, behind its slip.

        A shop that imposes by itself gets each design on a page of its own, once.
        """
        alone = self.order.press.for_shop and stickers.setup.stock.kind != "sheet"
        return (
            [list(stickers.plan.lots)] if alone and not stickers.with_point else stickers.by_point
        )

    def _ruler(self, setup: Setup) -> tuple[Item, ...]:
        """The ruler in the margin of an office sheet; none where a shop or a roll prints."""
        if self.order.press.for_shop or setup.stock.kind != "sheet":
            return ()
        strip = ruler_strip(setup.placement)
        return ruler(strip) if strip is not None else ()

    def flyers(self) -> tuple[Product, ...]:
        """The flyers, one product each."""
        products = []
        for flyer in self.order.flyers:
            template = flyer.setup.template.value
            title = flyer.scam.name if flyer.scam else ""
            sheets = flyer_sheets(
                flyer.key,
                flyer.copies,
                flyer.setup.placement,
                template.safe,
                words=[self.order.campaign.value.title, title],
                mark=self.mark,
                expand=self.expand,
                trimming=_trimming(flyer.setup, self.order.press),
            )
            products.append(
                Product(
                    f"{flyer.name}.pdf",
                    "flyer",
                    f"{template.name} {title}".strip(),
                    tuple(sheets),
                    flyer.setup.stock.name,
                    _size(template),
                    self.order.press,
                    flyer.copies,
                    correction=self.correction,
                )
            )
        return tuple(products)


def _trimming(setup: Setup, press: Press) -> Trimming | None:
    """What a shop cuts on the pages of a template; a flyer is trimmed by its crop marks alone."""
    if not press.for_shop:
        return None
    placement, template = setup.placement, setup.template.value
    cuts: tuple[Cut, ...] = ()
    if template.kind == "sticker" and press.cut is not None:
        round = template.shape == "round"
        cuts = tuple(Cut.of(box, corner=template.corner, round=round) for box in placement.pieces)
    return Trimming.of(placement.trim, placement.bleed, cuts)


def _size(template: Template) -> str:
    if template.shape == "round":
        return f"ø{template.size[0]:g}"
    return f"{template.size[0]:g}×{template.size[1]:g}"
