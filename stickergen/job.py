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
from stickergen.artwork.page import Page
from stickergen.artwork.template import Template
from stickergen.measure import Size
from stickergen.order import Order, Stickers
from stickergen.press import ticket
from stickergen.press.product import Product
from stickergen.press.sheet import Sheet, flyer_sheets, label_sheets, whole
from stickergen.problem import InputError, Problem

SMALLEST_SLIP = 200.0
"""mm; sheets that are smaller either way carry no slip: `slip-a4` needs about an A4, any way up."""

TICKET_PAPER = Size(210, 297)
"""mm; A4 (ISO 216), what offices have."""

MARK_INK = "warning"
"""The ink of the house style that the sample mark is printed in."""

MOST_PAGES = 20_000
"""Pages that `expand` writes at the most. Tuned: about a minute, and as much as viewers open."""


def impose(
    order: Order, *, expand: bool = False, skip: int = 0
) -> tuple[tuple[Product, ...], dict[str, Page]]:
    """The products of an order and every design on their sheets; nothing is drawn yet."""
    if expand:
        _check_pages(order)
    job = _Job(order, expand, skip)
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

    def __init__(self, order: Order, expand: bool, skip: int) -> None:
        self.order, self.expand, self.skip = order, expand, skip
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
        ups = len(placement.pieces)
        if self.skip >= ups:
            raise InputError([Problem("skip-too-large", None, {"skip": self.skip, "ups": ups})])
        least = min(placement.paper.width, placement.paper.height)
        slips = stock.kind == "sheet" and least >= SMALLEST_SLIP
        groups = stickers.by_point
        labels = [
            label_sheets(
                lots,
                [stickers.key(lot) for lot in lots],
                placement,
                title=self.order.campaign.value.title,
                mark=self.mark,
                skip=self.skip if position == 0 else 0,
                expand=self.expand,
            )
            for position, lots in enumerate(groups)
        ]
        sheets = [sheet for point in labels for sheet in point]
        if slips:
            sheets = self._behind_slips(stickers, labels)
        total = stickers.plan.total
        template = stickers.setup.template.value
        return (
            Product(
                "stickers.pdf",
                "stickers",
                template.name,
                tuple(sheets),
                stock.name,
                _size(template),
                total.ordered,
                total.spare,
            ),
        )

    def _behind_slips(self, stickers: Stickers, labels: Sequence[list[Sheet]]) -> list[Sheet]:
        """The label sheets of each delivery point behind its slip."""
        groups = stickers.by_point
        slips = {}
        for position, (lots, sheets) in enumerate(zip(groups, labels, strict=True), 1):
            keys = [stickers.key(lot) for lot in lots]
            point = lots[0].point.id
            name = self._point_names()[point]
            slips[point] = ticket.slip(
                name, lots, keys, sheets, position, len(groups), self.order.sample
            )
        pages = self._set("slip-a4", "slip", stickers.setup.placement.paper, list(slips.values()))
        return [
            sheet
            for point, (key, page), sheets in zip(slips, pages.items(), labels, strict=True)
            for sheet in (whole(page, key, "slip", point), *sheets)
        ]

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
            )
            products.append(
                Product(
                    f"{flyer.name}.pdf",
                    "flyer",
                    f"{template.name} {title}".strip(),
                    tuple(sheets),
                    flyer.setup.stock.name,
                    _size(template),
                    flyer.copies,
                )
            )
        return tuple(products)

    def ticket(self, products: Sequence[Product]) -> Product:
        """The job ticket and, with stickers, the packing list."""
        stickers = self.order.stickers
        files = [ticket.file_row(product) for product in products]
        counts: tuple[ticket.CountRow, ...] = ()
        total = None
        packing: list[ticket.PackingPage] = []
        pages: list[ticket.PageList] = []
        sheets = [sheet for product in products for sheet in product.sheets]
        if stickers is not None:
            numbered = list(enumerate(products[0].sheets, 1))
            labels = [sheet for _, sheet in numbered if sheet.kind == "labels"]
            keyed = [(lot, stickers.key(lot)) for lot in stickers.plan.lots]
            scams = [scam.value for scam in self.order.scams]
            counts, total = ticket.count_rows(keyed, scams, labels)
            packing = ticket.packing(stickers.plan.lots, scams, labels, self._point_names())
            unsaid = [(page, sheet) for page, sheet in numbered if _unsaid(sheet)]
            if not self.expand:
                types = {key: lot.scam.name for lot, key in keyed}
                pages = ticket.page_list(unsaid, types, self._point_names())
        how = ticket.HowTo(
            self.order.press.name,
            slips=any(sheet.kind == "slip" for sheet in sheets),
            numbered=not self.expand
            and any(sheet.kind == "labels" and not _unsaid(sheet) for sheet in sheets),
            listed=bool(pages),
            flyers=not self.expand and any(sheet.kind == "flyer" for sheet in sheets),
            halved=any(sheet.kind == "flyer" and len(sheet.pieces) > 1 for sheet in sheets),
            expanded=self.expand,
            skip=self.skip,
        )
        front = ticket.ticket(files, counts, total, how, self.order.sample)
        set_pages = [
            *self._set("ticket-a4", "ticket", TICKET_PAPER, front).items(),
            *self._set("packing-a4", "packing", TICKET_PAPER, packing).items(),
            *self._set("pages-a4", "list", TICKET_PAPER, pages).items(),
        ]
        return Product(
            "ticket.pdf",
            "ticket",
            "印刷工单",
            tuple(whole(page, key, "ticket") for key, page in set_pages),
            "A4",
            f"{TICKET_PAPER.width:g}×{TICKET_PAPER.height:g}",
        )

    def _point_names(self) -> dict[str, Bound]:
        """The name of each delivery point, with its place in the campaign file."""
        order = Bound(self.order.campaign.value, self.order.campaign).step("stickers")
        return {point.value.id: point.step("name") for point in order.step("points").parts()}

    def _set(
        self, template_id: str, name: str, paper: Size, values: Sequence[Any]
    ) -> dict[str, Page]:
        """Pages of sheet furniture by key, one for each value, which the template calls `name`."""
        if not values:
            return {}
        order = self.order
        found = order.library.get("templates", template_id, None, Template)
        size = {"size": (paper.width, paper.height)}
        template = replace(found, value=found.value.model_copy(update=size))
        campaign = Bound(order.campaign.value, order.campaign)
        scope = Scope({"campaign": campaign, "issuer": campaign.step("issuer")})
        scopes = [scope.with_names({name: Bound(value)}) for value in values]
        pages = lay_out(template, scopes, order.house, order.press.dots)
        keyed = {f"{name}/{number}": page for number, page in enumerate(pages, 1)}
        self.designs |= keyed
        return keyed


def _unsaid(sheet: Sheet) -> bool:
    """Whether a label sheet has no slug line to say how often it is printed."""
    return sheet.kind == "labels" and not sheet.numbered


def _size(template: Template) -> str:
    return f"{template.size[0]:g}×{template.size[1]:g}"
