"""What goes with a job: slips, the ticket or a shop's order, packing list and page list.

Comes in: an `Order`, its products and label sheets. Goes out: a `Product` of pages set by the
templates `slip-a4`, `ticket-a4`, `order-a4`, `packing-a4`, `pages-a4`, and the page of each design.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from stickergen.artwork.fields import Bound, Scope
from stickergen.artwork.layout import lay_out
from stickergen.artwork.page import Page
from stickergen.artwork.template import Template
from stickergen.content.source import Document
from stickergen.library import house
from stickergen.measure import Size
from stickergen.order import Order, Stickers, inked
from stickergen.press import packing, shop, ticket
from stickergen.press.product import Product
from stickergen.press.profile import Press
from stickergen.press.series import Series
from stickergen.press.sheet import Sheet, whole
from stickergen.press.ticket import CountRow, HowTo, alike
from stickergen.problem import InputError

TICKET_PAPER = Size(210, 297)
"""mm; A4 (ISO 216), what offices have."""

SLIPS = "slips.pdf"
"""The slips of a job that a shop prints: a file of their own, for the office."""


class Paperwork:
    """Sets the papers of a job; their pages gather in `designs`."""

    def __init__(self, order: Order, *, expand: bool, skip: int) -> None:
        self.order, self.expand, self.skip = order, expand, skip
        self.designs: dict[str, Page] = {}
        self._templates: dict[str, Document[Template]] = {}
        self._tried: tuple[str, Any, list[Page]] = ("", None, [])
        """Template, value and pages of the last trial that fitted."""

    def slips(self, stickers: Stickers, labels: Sequence[Sequence[ticket.Printed]]) -> list[Sheet]:
        """The slip of each delivery point."""
        groups = stickers.by_point
        slips = {}
        for position, (lots, sheets) in enumerate(zip(groups, labels, strict=True), 1):
            keys = [stickers.key(lot) for lot in lots]
            point = lots[0].point.id
            name = self._point_names()[point]
            slips[point] = ticket.slip(
                name,
                lots,
                keys,
                sheets,
                position,
                len(groups),
                self.order.sample,
                stickers.numbering,
            )
        shop = self.order.press.for_shop
        paper = TICKET_PAPER if shop else stickers.setup.placement.paper
        press = self.order.office if shop else self.order.press
        pages = self._set("slip-a4", "slip", paper, list(slips.values()), press)
        return [
            whole(page, key, "slip", point)
            for point, (key, page) in zip(slips, pages.items(), strict=True)
        ]

    def slip_product(self, slips: Sequence[Sheet]) -> Product:
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

    def ticket(self, products: Sequence[Product], series: Series | None = None) -> Product:
        """The job ticket and, with stickers, the packing list and the list of pages.

        `series` is the one that the first of the products stands for.
        """
        stickers, for_shop = self.order.stickers, self.order.press.for_shop
        counts: tuple[CountRow, ...] = ()
        total = None
        packed: list[packing.PackingPage] = []
        pages: list[packing.PageList] = []
        if stickers is not None:
            numbered = list(enumerate(products[0].sheets, 1))
            labels: list[ticket.Printed] = [s for _, s in numbered if s.kind == "labels"]
            if series is not None:
                ups = len(series.placement.pieces)
                own = alike(series.bundles, series.volumes, ups, stacked=series.stacked)
                labels = [sheet for sheets in own for sheet in sheets]
            keyed = [(lot, stickers.key(lot)) for lot in stickers.plan.lots]
            scams = [scam.value for scam in self.order.scams]
            points, single = self._point_names(), self._single
            counts, total = ticket.count_rows(keyed, scams, labels, stickers.numbering)
            packed = packing.packing(
                stickers.plan.lots,
                scams,
                labels,
                points,
                single=single,
                numbering=stickers.numbering,
            )
            if not self.expand and series is None:
                types = {key: lot.scam.name for lot, key in keyed}
                unsaid = [  # a shop's pages lose their margin
                    (page, sheet)
                    for page, sheet in numbered
                    if _unsaid(sheet) or (for_shop and sheet.kind == "labels")
                ]
                pages = packing.page_list(unsaid, types, points, single=single)
        if for_shop:
            front = self._shop_front(products, counts, total, series)
        else:
            front = self._office_front(products, counts, total, series, listed=bool(pages))
        set_pages = [
            *front.items(),
            *self._set("packing-a4", "packing", TICKET_PAPER, packed).items(),
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
        series: Series | None,
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
                expanded=self.expand or series is not None,
                serials=total.serials if total is not None else "",
                stacked=series is not None and series.stacked,
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
        series: Series | None,
        *,
        listed: bool,
    ) -> dict[str, Page]:
        """The ticket that the office prints by; `listed`: a list of pages follows."""
        sheets = [sheet for product in products for sheet in product.sheets]
        pages = ticket.ticket(
            [ticket.file_row(product) for product in products],
            counts,
            total,
            self._how(products, series, listed=listed),
            single=self._single and all(len(sheet.pieces) == 1 for sheet in sheets),
            sample=self.order.sample,
            fits=lambda page: self._fits("ticket-a4", "ticket", page),
        )
        return self._set("ticket-a4", "ticket", TICKET_PAPER, pages)

    def _how(self, products: Sequence[Product], series: Series | None, *, listed: bool) -> HowTo:
        """What the office is told of printing: what there is in the job, in the order to do it."""
        sheets = [sheet for product in products for sheet in product.sheets]
        said = [sheet for sheet in sheets if sheet.kind == "labels" and not _unsaid(sheet)]
        flyers = [sheet for sheet in sheets if sheet.kind == "flyer"]
        expanded = self.expand or series is not None
        steps = {
            "numbered": bool(said) and not expanded,
            "listed": listed,
            "expanded": self.expand and series is None,
            "volumes": series is not None,
            "stacked": series is not None and series.stacked,
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
            **(ticket.example(said, single=self._single) if not expanded else {}),
        )

    def _point_names(self) -> dict[str, Bound]:
        """The name of each delivery point, with its place in the campaign file."""
        order = Bound(self.order.campaign.value, self.order.campaign).step("stickers")
        return {point.value.id: point.step("name") for point in order.step("points").parts()}

    def _fits(self, template_id: str, name: str, value: Any) -> bool:
        """Whether a page of the ticket holds this; what else is wrong is told when all are set."""
        try:
            pages = self._laid_out(template_id, name, TICKET_PAPER, [value], self.order.office)
        except InputError:
            return False
        self._tried = (template_id, value, pages)
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
        if self._tried[:2] == (template_id, *values):  # what was tried is what is wanted
            pages = self._tried[2]
        else:
            pages = self._laid_out(template_id, name, paper, values, press or self.order.office)
        keyed = {f"{name}/{number}": page for number, page in enumerate(pages, 1)}
        self.designs |= keyed
        return keyed

    def _laid_out(
        self, template_id: str, name: str, paper: Size, values: Sequence[Any], press: Press
    ) -> list[Page]:
        if template_id not in self._templates:
            found = self.order.library.get("templates", template_id, None, Template)
            self._templates[template_id] = found
        found = self._templates[template_id]
        size = {"size": (paper.width, paper.height)}
        template = replace(found, value=found.value.model_copy(update=size))
        campaign = Bound(self.order.campaign.value, self.order.campaign)
        scope = Scope({"campaign": campaign, "issuer": campaign.step("issuer")})
        scopes = [scope.with_names({name: Bound(value)}) for value in values]
        return lay_out(template, scopes, inked(house(), press), press.dots)


def _unsaid(sheet: Sheet) -> bool:
    """Whether a label sheet has no slug line to say how often it is printed."""
    return sheet.kind == "labels" and not sheet.numbered
