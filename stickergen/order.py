"""An order made ready: the campaign with all it names, found, read, checked and laid out.

Comes in: a campaign file. Goes out: an `Order`: documents, the plan, the finished page of every
design, the place of the pieces on their stock. All problems are told at once, stage by stage;
nothing is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any, Literal, ParamSpec, TypeVar

from stickergen.artwork import qr
from stickergen.artwork.fields import Bound, Scope
from stickergen.artwork.layout import House, lay_out, missing_glyph
from stickergen.artwork.numbered import parted
from stickergen.artwork.page import Page
from stickergen.artwork.qr import Dots
from stickergen.artwork.template import Template
from stickergen.content import campaign as campaigns
from stickergen.content import link
from stickergen.content.campaign import Lot, Plan
from stickergen.content.model import Campaign, FlyerOrder, Point, Scam
from stickergen.content.serial import Mistyped, Numbering, ranges
from stickergen.content.source import Document
from stickergen.content.tree import quoted
from stickergen.library import DEMONSTRATION, Library, house, load
from stickergen.measure import Size
from stickergen.press.placement import place
from stickergen.press.profile import Press, Shelf
from stickergen.press.sheet import has_room_for_mark
from stickergen.press.stock import Placement, Stock, StockFile
from stickergen.problem import InputError, Place, Problem
from stickergen.reading import Reading, read_campaign

P = ParamSpec("P")
T = TypeVar("T")

Only = Literal["stickers", "flyers"]

OFFICE = "office"
"""The press of tickets and lists, whoever prints the rest."""


@dataclass(frozen=True)
class Setup:
    """A template on a stock: what both kinds of order need."""

    template: Document[Template]
    stock: Stock
    placement: Placement


@dataclass(frozen=True)
class Stickers:
    """The sticker order, planned; with a point in the address each point has its own designs."""

    setup: Setup
    plan: Plan
    with_point: bool
    numbering: Numbering | None = None
    """How the stickers are numbered, where each has a number of its own."""
    stacked: bool = False
    """Whether numbers run down the pile, for cut-and-stack."""
    again: bool = False
    """Whether these are some of the numbers alone, printed again."""

    def key(self, lot: Lot) -> str:
        """The key of a lot's design."""
        point = f"/{lot.point.id}" if self.with_point else ""
        return f"{self.setup.template.value.id}/{lot.scam.id}{point}"

    @property
    def by_point(self) -> list[list[Lot]]:
        """The lots of each delivery point, in the plan's order."""
        return [list(group) for _, group in groupby(self.plan.lots, key=lambda lot: lot.point.id)]


@dataclass(frozen=True)
class Flyer:
    """One design of a flyer order; `scam` is None for a flyer about all of them."""

    setup: Setup
    copies: int
    scam: Scam | None
    key: str

    @property
    def name(self) -> str:
        """The file name without its ending."""
        parts = ["flyer", self.setup.template.value.id, self.scam.id if self.scam else ""]
        return "-".join(part for part in parts if part)


@dataclass(frozen=True)
class Order:
    """Everything decided; what is left is imposing, drawing and writing."""

    reading: Reading
    press: Press
    office: Press
    """The press of everything that is not for the shop: tickets, lists."""
    profile: Path | None
    """The ICC profile of the press."""
    house: House
    designs: dict[str, Page]
    stickers: Stickers | None
    flyers: tuple[Flyer, ...]

    @property
    def embedded(self) -> bytes | None:
        """The ICC profile that the press's files hold."""
        return None if self.profile is None else self.profile.read_bytes()

    @property
    def campaign(self) -> Document[Campaign]:
        """The campaign that is ordered."""
        return self.reading.campaign

    @property
    def scams(self) -> tuple[Document[Scam], ...]:
        """Its scam types, by rank."""
        return self.reading.scams

    @property
    def library(self) -> Library:
        """Where its parts were found."""
        return self.reading.library

    @property
    def papers(self) -> set[Size]:
        """The pages that the press prints on."""
        setups = [flyer.setup for flyer in self.flyers]
        if self.stickers is not None:
            setups.append(self.stickers.setup)
        return {setup.placement.paper for setup in setups}

    @property
    def sample(self) -> bool:
        """Whether the codes still lead to a placeholder address."""
        return self.reading.sample


def ready(
    path: Path,
    only: Only | None = None,
    press: str | None = None,
    serials: str | None = None,
) -> Order:
    """The order of a campaign file; InputError with everything that is wrong with it.

    `press` is printed on instead of the campaign's; `serials` are the numbers of stickers that
    are printed again, and no others.
    """
    reading = read_campaign(path)
    campaign, used, library = reading.campaign, reading.scams, reading.library
    trouble = _Trouble()
    trouble.add(reading.problems)
    trouble.add(_unprintable_names(campaign))
    asked = campaign.place("press") if press is None else None
    device = trouble.of(library.get, "presses", press or campaign.value.press, asked, Press)
    profile = trouble.of(_profile, device, library) if device is not None else None
    office = trouble.of(library.get, "presses", OFFICE, None, Press)
    setups = _setups(campaign, library, only, device, trouble)
    trouble.stop()
    assert device is not None
    assert office is not None
    maker = _Maker(campaign, used, library, device.value, trouble)
    stickers = None
    if (setup := setups.get("stickers")) is not None:
        stickers = maker.stickers(setup)
    if serials is not None and (stickers is not None or campaign.value.stickers is None):
        stickers = trouble.of(_again, campaign, stickers, serials)
    flyers: dict[str, Flyer] = {}
    for number, order in enumerate(campaign.value.flyers):
        if (setup := setups.get(f"flyers.{number}")) is None:
            continue
        made = {flyer.name: flyer for flyer in maker.flyers(setup, order)}
        if twice := made.keys() & flyers.keys():
            values = {"value": "、".join(sorted(twice))}
            trouble.add([Problem("duplicate-flyer", campaign.place("flyers", number), values)])
        flyers |= made
    trouble.stop()
    if serials is not None:  # the papers say so; the stickers are laid out as they were
        title = f"{campaign.value.title}（补印）"
        value = campaign.value.model_copy(update={"title": title})
        reading = replace(reading, campaign=replace(campaign, value=value))
    return Order(
        reading,
        device.value,
        office.value,
        profile,
        maker.house,
        maker.designs,
        stickers,
        tuple(flyers.values()),
    )


def _again(campaign: Document[Campaign], stickers: Stickers | None, typed: str) -> Stickers:
    """The order for some of its numbers alone."""
    if stickers is None or stickers.numbering is None:
        raise InputError([Problem("serials-without-serial", campaign.place("stickers"))])
    first, last = stickers.plan.lots[0].serials[0], stickers.plan.lots[-1].serials[-1]
    values: dict[str, str | int] = {"value": quoted(typed)}
    values |= {"first": stickers.numbering.words(first), "last": stickers.numbering.words(last)}
    try:
        wanted = ranges(typed, stickers.numbering)
    except Mistyped as error:
        code = error.code
        if code == "serial-check-differs":  # the campaign may have changed since
            code = "reprint-check-differs"
        raise InputError([Problem(code, None, values)]) from error
    if any(part.start < first or part.stop - 1 > last for part in wanted):
        raise InputError([Problem("serials-not-in-order", None, values)])
    if any(one.stop > other.start for one, other in pairwise(sorted(wanted, key=_start))):
        raise InputError([Problem("serials-twice", None, values)])
    return replace(stickers, plan=stickers.plan.within(sorted(wanted, key=_start)), again=True)


def _start(serials: range) -> int:
    return serials.start


def _profile(press: Document[Press], library: Library) -> Path | None:
    """The file of a press's ICC profile; InputError if it is not there."""
    return library.profile(press) if press.value.profile is not None else None


def trial_scopes(template: Template, library: Library) -> tuple[list[Scope], House, Dots]:
    """What a template is tried with: the demonstration's order and every scam type there is."""
    campaign = load(library.names("campaigns")[DEMONSTRATION], Campaign)
    scams = campaigns.chosen(campaign, library.every("scams", Scam))
    device = library.get("presses", campaign.value.press, None, Press)
    maker = _Maker(campaign, scams, library, device.value, _Trouble())
    wanted = [None] if template.of == "all" else list(scams)
    assert campaign.value.stickers is not None
    point = campaign.value.stickers.points[0] if template.kind == "sticker" else None
    return [maker.scope(scam, point) for scam in wanted], maker.house, device.value.dots


def _unprintable_names(campaign: Document[Campaign]) -> list[Problem]:
    """Characters without a glyph in what stands on slug lines, slips and lists alone."""
    whole = Bound(campaign.value, campaign)
    names = [whole.step("title")]
    if campaign.value.stickers is not None:
        points = whole.step("stickers").step("points").parts()
        names += [point.step("name") for point in points]
    return [problem for name in names if (problem := missing_glyph(name))]


def inked(style: House, press: Press) -> House:
    """The house style in the inks of a press; what becomes unreadable, layout finds."""
    match press.inks:
        case "colour":
            return style
        case "grey":
            return style.grey()
        case "one-bit":
            return style.one_bit()


def _shows_number(page: Page, numbering: Numbering) -> bool:
    """Whether the number stands on the piece in words, in one line."""
    return any(text.text == numbering.widest for text in parted(page, numbering).texts)


class _Trouble:
    """Collects problems, so that all are told at once."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []

    def add(self, problems: Iterable[Problem]) -> None:
        """Take these along."""
        self._problems += problems

    def of(self, step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """The step's result, or None if it found problems."""
        try:
            return step(*args, **kwargs)
        except InputError as error:
            self._problems += error.problems
            return None

    def stop(self) -> None:
        """Raise what was collected, if anything."""
        if self._problems:
            raise InputError(self._problems)


def _setups(
    campaign: Document[Campaign],
    library: Library,
    only: Only | None,
    device: Document[Press] | None,
    trouble: _Trouble,
) -> dict[str, Setup]:
    """The template and stock of each part of the order, by `stickers` and `flyers.0` …"""
    value = campaign.value
    wanted: list[tuple[str, tuple[str | int, ...], str, str, str]] = []
    prints = device.value.prints if device is not None else ("sticker", "flyer")
    if value.stickers is not None and only != "flyers" and "sticker" in prints:
        part = value.stickers
        wanted.append(("stickers", ("stickers",), part.template, part.stock, "sticker"))
    if only != "stickers" and "flyer" in prints:
        for number, order in enumerate(value.flyers):
            at = ("flyers", number)
            wanted.append((f"flyers.{number}", at, order.template, order.stock, "flyer"))
    if not wanted and (value.stickers is not None or value.flyers):
        trouble.add([_nothing(campaign, only, device)])
    found = {}
    if device is not None:
        trouble.add(_unprintable_part(device))
    for name, keys, template_id, stock_id, kind in wanted:
        at_template = campaign.place(*keys, "template")
        template = trouble.of(library.get, "templates", template_id, at_template, Template)
        if template is not None and (kind, template.value.of) == ("sticker", "all"):
            trouble.add([Problem("sticker-of-all", at_template, {"value": template_id})])
        if template is not None and template.value.kind != kind:
            code = "not-a-sticker-template" if kind == "sticker" else "not-a-flyer-template"
            trouble.add([Problem(code, at_template, {"value": template_id})])
            template = None
        at_stock = campaign.place(*keys, "stock")
        stock = trouble.of(library.get, "stocks", stock_id, at_stock, StockFile)
        if template is None or stock is None or device is None:
            continue
        trouble.add([*_unprintable_part(template), *_unprintable_part(stock)])
        setup = trouble.of(_setup, template, Stock.of(stock.value), device.value, at_stock)
        if setup is None:
            continue
        margin = template.value.safe if kind == "flyer" else 0.0
        if link.is_placeholder(value.link) and not has_room_for_mark(setup.placement, margin):
            if device.value.feeds == "labels":
                values = {"press": device.value.name}
                trouble.add([Problem("no-sample-on-labels", at_stock, values)])
            else:
                values = {"stock": stock_id}
                trouble.add([Problem("no-room-for-sample-mark", at_stock, values)])
        found[name] = setup
    return found


def _nothing(
    campaign: Document[Campaign], only: Only | None, device: Document[Press] | None
) -> Problem:
    """Why nothing is left to print: the press does not print it, or it is not ordered."""
    value = campaign.value
    ordered = {"stickers": value.stickers is not None, "flyers": bool(value.flyers)}
    if device is not None and (ordered[only] if only else any(ordered.values())):
        return Problem("nothing-for-this-press", campaign.place(), {"press": device.value.name})
    return Problem("nothing-to-print", campaign.place(), {"only": only or ""})


def _unprintable_part(part: Document[Any]) -> list[Problem]:
    """Characters without a glyph in the name of a part, which stands on the ticket."""
    problem = missing_glyph(Bound(part.value, part).step("name"))
    return [problem] if problem else []


def _setup(template: Document[Template], stock: Stock, press: Press, asked: Place) -> Setup:
    value = template.value
    shelf: Shelf = "sticker" if value.kind == "sticker" else "flyer"
    placement = place(
        stock,
        Size(*value.size),
        round=value.shape == "round",
        press=press,
        shelf=shelf,
        asked=asked,
    )
    return Setup(template, stock, placement)


class _Maker:
    """Plans the parts of an order and lays out their designs."""

    def __init__(
        self,
        campaign: Document[Campaign],
        scams: tuple[Document[Scam], ...],
        library: Library,
        press: Press,
        trouble: _Trouble,
    ) -> None:
        self.campaign, self.scams = campaign, scams
        self.library, self.press, self.trouble = library, press, trouble
        self.house = inked(house(), press)
        self.designs: dict[str, Page] = {}

    def stickers(self, setup: Setup) -> Stickers | None:
        """The plan of the sticker order and its designs."""
        plan = self.trouble.of(
            campaigns.plan,
            self.campaign,
            [scam.value for scam in self.scams],
            len(setup.placement.pieces),
        )
        if plan is None:
            return None
        value = self.campaign.value
        assert value.stickers is not None
        numbering = Numbering.of(value.stickers.serial) if value.stickers.serial else None
        stacked = value.stickers.cut_and_stack
        stickers = Stickers(setup, plan, value.link.with_point, numbering, stacked)
        documents = {scam.value.id: scam for scam in self.scams}
        scopes = {
            stickers.key(lot): self.scope(documents[lot.scam.id], lot.point, numbering=numbering)
            for lot in plan.lots
        }
        qr.prepare(str(scope.names["address"].value) for scope in scopes.values())
        self._lay_out(setup, scopes)
        pages = [self.designs[key] for key in scopes if key in self.designs]
        if numbering is not None and not all(_shows_number(page, numbering) for page in pages):
            values = {"template": setup.template.value.id}
            place = self.campaign.place("stickers", "template")
            self.trouble.add([Problem("serial-not-shown", place, values)])
        return stickers

    def flyers(self, setup: Setup, order: FlyerOrder) -> list[Flyer]:
        """The flyers of one order: one a scam type, or one for all."""
        template = setup.template.value.id
        wanted = [s for s in self.scams if order.scams is None or s.value.id in order.scams]
        if setup.template.value.of == "all":
            key = f"{template}/all"
            self._lay_out(setup, {key: self.scope(None, None, wanted)})
            return [Flyer(setup, order.copies, None, key)]
        keys = {f"{template}/{scam.value.id}": scam for scam in wanted}
        self._lay_out(setup, {k: self.scope(scam, None) for k, scam in keys.items()})
        return [Flyer(setup, order.copies, scam.value, key) for key, scam in keys.items()]

    def _lay_out(self, setup: Setup, scopes: dict[str, Scope]) -> None:
        pages = self.trouble.of(
            lay_out,
            setup.template,
            list(scopes.values()),
            self.house,
            self.press.dots,
            bleed=setup.placement.bleed,
            snap=self.press.snaps,
        )
        if pages is not None:
            self.designs |= dict(zip(scopes, pages, strict=True))

    def scope(
        self,
        scam: Document[Scam] | None,
        point: Point | None,
        scams: Sequence[Document[Scam]] | None = None,
        numbering: Numbering | None = None,
    ) -> Scope:
        """What a template may name: a scam type and perhaps a point, or the types of a list.

        With a numbering, a number as wide as any stands for that of each piece.
        """
        value = self.campaign.value
        if not value.link.with_point:
            point = None  # one design for all points: it may not name any
        address = link.address(
            value.link, scam.value.id if scam else None, point.id if point else None
        )
        if numbering is not None:
            address = address.numbered(numbering.widest_code)
        serial = numbering.widest if numbering is not None else None
        listed = self.scams if scams is None else scams
        return Scope(
            {
                "campaign": Bound(value, self.campaign),
                "issuer": Bound(value.issuer, self.campaign, ("issuer",)),
                "talk": Bound(value.talk, self.campaign, ("talk",)),
                "finding": Bound(value.finding, self.campaign, ("finding",)),
                "scams": Bound([Bound(s.value, s) for s in listed]),
                "scam": Bound(scam.value, scam) if scam else Bound(None, self.campaign),
                "point": Bound(point, self.campaign),
                "address": Bound(address, self.campaign, ("link", "base")),
                "serial": Bound(serial, self.campaign, ("stickers", "serial")),
                "spoken": Bound(address.spoken, self.campaign, ("link", "base")),
                "host": Bound(address.host, self.campaign, ("link", "base")),
            }
        )
