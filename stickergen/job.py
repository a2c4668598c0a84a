"""A job: an order imposed on sheets, with its slips, its ticket and its packing list.

Comes in: an `Order`. Goes out: `Product`s, and the page of every design on their sheets. Nothing
is drawn here. Lengths are in mm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from stickergen.artwork.fields import Bound, Scope
from stickergen.artwork.layout import lay_out
from stickergen.artwork.page import Item, Page
from stickergen.artwork.template import Template
from stickergen.content.campaign import Lot
from stickergen.library import house
from stickergen.measure import Size
from stickergen.order import Order, Setup, Stickers, inked
from stickergen.press import shop, ticket
from stickergen.press.calibration import ruler
from stickergen.press.correction import Correction
from stickergen.press.marks import Cut, Trimming
from stickergen.press.product import Product
from stickergen.press.profile import Press
from stickergen.press.sheet import Sheet, flyer_sheets, label_sheets, ruler_strip, whole
from stickergen.press.ticket import CountRow, HowTo
from stickergen.problem import InputError, Problem

SMALLEST_SLIP = 200.0
"""mm; sheets that are smaller either way carry no slip: `slip-a4` needs about an A4, any way up."""

TICKET_PAPER = Size(210, 297)
"""mm; A4 (ISO 216), what offices have."""

SLIPS = "slips.pdf"
"""The slips of a job that a shop prints: a file of their own, for the office."""

MARK_INK = "warning"
"""The ink of the house style that the sample mark is printed in."""

MOST_PAGES = 20_000
"""Pages that `expand` writes at the most. Tuned: about a minute, and as much as viewers open."""


def impose(
    order: Order, *, expand: bool = False, skip: int = 0, correction: Correction | None = None
) -> tuple[tuple[Product, ...], dict[str, Page]]:
    """The products of an order and every design on their sheets; nothing is drawn yet."""
    if expand:
        _check_pages(order)
    job = _Job(order, expand, skip, correction)
    products = (*job.stickers(), *job.flyers())
    return (*products, job.ticket(products)), job.designs


def _check_pages(order: Order) -> None:
    """Refuse what no viewer opens, before the work is done."""
    pages = sum(-(-flyer.copies // len(flyer.setup.placement.pieces)) for flyer in order.flyers)
    if order.stickers is not None:
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
        self.designs: dict[str, Page] = dict(order.designs)

    def stickers(self) -> tuple[Product, ...]:
        """The sticker sheets, each delivery point's behind its slip."""
        stickers = self.order.stickers
        if stickers is None:
            if self.skip:
                raise InputError([Problem("skip-without-stickers")])
            return ()
        placement, stock = stickers.setup.placement, stickers.setup.stock
        if self.skip and self.order.press.for_shop:
            raise InputError([Problem("skip-in-a-shop", None, {"press": self.order.press.id})])
        ups = len(placement.pieces)
        if self.skip >= ups:
            raise InputError([Problem("skip-too-large", None, {"skip": self.skip, "ups": ups})])
        least = min(placement.paper.width, placement.paper.height)
        slips = stock.kind == "sheet" and least >= SMALLEST_SLIP
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
        if slips:
            fronts = self._slips(stickers, labels)
            if self.order.press.for_shop:  # a shop's plates hold stickers and nothing else
                apart = [self._slip_product(fronts)]
            else:
                pairs = zip(fronts, labels, strict=True)
                sheets = [sheet for slip, own in pairs for sheet in (slip, *own)]
        total = stickers.plan.total
        template = stickers.setup.template.value
        product = Product(
            "stickers.pdf",
            "stickers",
            template.name,
            tuple(sheets),
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
        return (product, *apart)

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

    def _slips(self, stickers: Stickers, labels: Sequence[list[Sheet]]) -> list[Sheet]:
        """The slip of each delivery point."""
        groups = stickers.by_point
        slips = {}
        for position, (lots, sheets) in enumerate(zip(groups, labels, strict=True), 1):
            keys = [stickers.key(lot) for lot in lots]
            point = lots[0].point.id
            name = self._point_names()[point]
            slips[point] = ticket.slip(
                name, lots, keys, sheets, position, len(groups), self.order.sample
            )
        shop = self.order.press.for_shop
        paper = TICKET_PAPER if shop else stickers.setup.placement.paper
        press = self.order.office if shop else self.order.press
        pages = self._set("slip-a4", "slip", paper, list(slips.values()), press)
        return [
            whole(page, key, "slip", point)
            for point, (key, page) in zip(slips, pages.items(), strict=True)
        ]

    def _slip_product(self, slips: Sequence[Sheet]) -> Product:
        """The slips in a file of their own, for the office's printer."""
        return self._office_product(SLIPS, "分隔页", slips)

    def _office_product(self, file: str, what: str, sheets: Sequence[Sheet]) -> Product:
        return Product(
            file,
            "ticket",
            what,
            tuple(sheets),
            "A4",
            f"{TICKET_PAPER.width:g}×{TICKET_PAPER.height:g}",
            self.order.office,
        )

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

    def ticket(self, products: Sequence[Product]) -> Product:
        """The job ticket and, with stickers, the packing list and the list of pages."""
        stickers, for_shop = self.order.stickers, self.order.press.for_shop
        counts: tuple[CountRow, ...] = ()
        total = None
        packing: list[ticket.PackingPage] = []
        pages: list[ticket.PageList] = []
        if stickers is not None:
            numbered = list(enumerate(products[0].sheets, 1))
            labels = [sheet for _, sheet in numbered if sheet.kind == "labels"]
            keyed = [(lot, stickers.key(lot)) for lot in stickers.plan.lots]
            scams = [scam.value for scam in self.order.scams]
            points, single = self._point_names(), self._single
            counts, total = ticket.count_rows(keyed, scams, labels)
            packing = ticket.packing(stickers.plan.lots, scams, labels, points, single=single)
            if not self.expand:
                types = {key: lot.scam.name for lot, key in keyed}
                unsaid = [  # a shop's pages lose their margin
                    (page, sheet)
                    for page, sheet in numbered
                    if _unsaid(sheet) or (for_shop and sheet.kind == "labels")
                ]
                pages = ticket.page_list(unsaid, types, points, single=single)
        if for_shop:
            front = self._shop_front(products, counts, total)
        else:
            front = self._office_front(products, counts, total, listed=bool(pages))
        set_pages = [
            *front.items(),
            *self._set("packing-a4", "packing", TICKET_PAPER, packing).items(),
            *self._set("pages-a4", "list", TICKET_PAPER, pages).items(),
        ]
        return self._office_product(
            "ticket.pdf", "印刷工单", [whole(page, key, "ticket") for key, page in set_pages]
        )

    @property
    def _single(self) -> bool:
        """Whether a page of stickers.pdf is one sticker."""
        stickers = self.order.stickers
        return stickers is not None and len(stickers.setup.placement.pieces) == 1

    def _shop_front(
        self,
        products: Sequence[Product],
        counts: Sequence[CountRow],
        total: CountRow | None,
    ) -> dict[str, Page]:
        """The order that goes to a print shop."""
        printed = [product for product in products if product.kind != "ticket"]
        pages = shop.order(
            [ticket.file_row(product) for product in printed],
            shop.sum_row(printed),
            counts,
            total,
            shop.Terms.of(
                self.order.press,
                products,
                points=len(self.order.stickers.by_point) if self.order.stickers else 0,
                expanded=self.expand,
            ),
            sample=self.order.sample,
            fits=lambda page: self._fits("order-a4", "order", page),
        )
        return self._set("order-a4", "order", TICKET_PAPER, pages)

    def _office_front(
        self,
        products: Sequence[Product],
        counts: Sequence[CountRow],
        total: CountRow | None,
        *,
        listed: bool,
    ) -> dict[str, Page]:
        """The ticket that the office prints by; `listed`: a list of pages follows."""
        sheets = [sheet for product in products for sheet in product.sheets]
        pages = ticket.ticket(
            [ticket.file_row(product) for product in products],
            counts,
            total,
            self._how(products, listed=listed),
            single=self._single and all(len(sheet.pieces) == 1 for sheet in sheets),
            sample=self.order.sample,
            fits=lambda page: self._fits("ticket-a4", "ticket", page),
        )
        return self._set("ticket-a4", "ticket", TICKET_PAPER, pages)

    def _how(self, products: Sequence[Product], *, listed: bool) -> HowTo:
        """What the office is told of printing: what there is in the job, in the order to do it."""
        sheets = [sheet for product in products for sheet in product.sheets]
        said = [sheet for sheet in sheets if sheet.kind == "labels" and not _unsaid(sheet)]
        flyers = [sheet for sheet in sheets if sheet.kind == "flyer"]
        steps = {
            "numbered": bool(said) and not self.expand,
            "listed": listed,
            "expanded": self.expand,
            "skipped": bool(self.skip),
            "slips": any(sheet.kind == "slip" for sheet in sheets),
            "flyers": bool(flyers) and not self.expand,
            "halved": any(len(sheet.pieces) > 1 for sheet in flyers),
        }
        # The first two steps, the trial and the settings, are the same in every job.
        there = [step for step, needed in steps.items() if needed]
        numbers = {step: str(position) for position, step in enumerate(there, 3)}
        grey = self.order.press.inks != "colour"
        skip = ticket.number(self.skip)
        return HowTo(
            self.order.press.name,
            grey,
            skip,
            **numbers,
            **ticket.example(said, single=self._single),
        )

    def _point_names(self) -> dict[str, Bound]:
        """The name of each delivery point, with its place in the campaign file."""
        order = Bound(self.order.campaign.value, self.order.campaign).step("stickers")
        return {point.value.id: point.step("name") for point in order.step("points").parts()}

    def _fits(self, template_id: str, name: str, value: Any) -> bool:
        """Whether a page of the ticket holds this; what else is wrong is told when all are set."""
        try:
            self._laid_out(template_id, name, TICKET_PAPER, [value], self.order.office)
        except InputError:
            return False
        return True

    def _set(
        self,
        template_id: str,
        name: str,
        paper: Size,
        values: Sequence[Any],
        press: Press | None = None,
    ) -> dict[str, Page]:
        """Pages of sheet furniture by key, one for each value, which the template calls `name`.

        They join the designs; they are for the office's printer if no other press is given.
        """
        if not values:
            return {}
        pages = self._laid_out(template_id, name, paper, values, press or self.order.office)
        keyed = {f"{name}/{number}": page for number, page in enumerate(pages, 1)}
        self.designs |= keyed
        return keyed

    def _laid_out(
        self, template_id: str, name: str, paper: Size, values: Sequence[Any], press: Press
    ) -> list[Page]:
        found = self.order.library.get("templates", template_id, None, Template)
        size = {"size": (paper.width, paper.height)}
        template = replace(found, value=found.value.model_copy(update=size))
        campaign = Bound(self.order.campaign.value, self.order.campaign)
        scope = Scope({"campaign": campaign, "issuer": campaign.step("issuer")})
        scopes = [scope.with_names({name: Bound(value)}) for value in values]
        return lay_out(template, scopes, inked(house(), press), press.dots)


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


def _unsaid(sheet: Sheet) -> bool:
    """Whether a label sheet has no slug line to say how often it is printed."""
    return sheet.kind == "labels" and not sheet.numbered


def _size(template: Template) -> str:
    if template.shape == "round":
        return f"ø{template.size[0]:g}"
    return f"{template.size[0]:g}×{template.size[1]:g}"
