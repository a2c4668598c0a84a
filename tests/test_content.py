"""The shipped content is true, and stands right on every piece: each template with each scam type.

What is asked of a page is asked of its items alone, with nothing taken from layout: that texts keep
clear of each other and of the codes, that all can be read, that no line breaks a rule.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import NamedTuple

import pytest

from stickergen.artwork.bind import Node, bind
from stickergen.artwork.checks import LEAST_CONTRAST, LEAST_CONTRAST_LARGE
from stickergen.artwork.fields import Bound, Filled, Scope
from stickergen.artwork.fonts import icon, icons
from stickergen.artwork.layout import lay_out
from stickergen.artwork.page import Code, Page, Panel, Text
from stickergen.artwork.qr import LEAST_MODULE, Dots
from stickergen.artwork.template import Template
from stickergen.content import link
from stickergen.content.campaign import plan
from stickergen.content.model import Campaign, Scam
from stickergen.content.source import Document
from stickergen.ink import Ink, contrast
from stickergen.job import impose
from stickergen.library import DEMONSTRATION, Library, house, load
from stickergen.measure import Box
from stickergen.order import ready, trial_scopes
from stickergen.press.profile import Press
from stickergen.press.stock import Stock, StockFile

LIBRARY = Library()
PRESSES = ("office", "thermal-203")
WHITE = Ink(0, 0, 0, 0)
NEVER_FIRST = set("、，。．！？：；”’）》〉」』】〕…—·％%‰°℃～,.!?:;)]}")
NEVER_LAST = set("“‘（《〈「『【〔¥￥$＄№([{①②③")
CLEAR = 0.02
"""mm; boxes that touch may share so much by rounding."""

DEMO: Document[Campaign] = load(LIBRARY.names("campaigns")[DEMONSTRATION], Campaign)
SCAMS: dict[str, Document[Scam]] = LIBRARY.every("scams", Scam)
TEMPLATES: dict[str, Document[Template]] = LIBRARY.every("templates", Template)


# --- what is said ---


def test_the_five_scam_types_of_the_bulletin_by_rank() -> None:
    ranked = sorted((scam.value for scam in SCAMS.values()), key=lambda scam: scam.rank)
    assert [(scam.rank, scam.name) for scam in ranked] == [
        (1, "冒充客服"),
        (2, "网络刷单"),
        (3, "虚假购物"),
        (4, "虚假贷款"),
        (5, "虚假征信"),
    ]


def test_the_cases_are_those_of_the_bulletin() -> None:
    cases = {name: scam.value.case for name, scam in SCAMS.items() if scam.value.case}
    assert {name: (case.happened, case.loss) for name, case in cases.items()} == {
        "shuadan": (date(2020, 10, 19), 4000),
        "zhengxin": (date(2020, 10, 11), 84077),
    }


@pytest.mark.parametrize("name", SCAMS)
def test_every_scam_is_sourced_and_may_still_be_printed(name: str) -> None:
    scam = SCAMS[name].value
    assert scam.sources
    assert all(source.title and source.publisher for source in scam.sources)
    assert scam.review_by >= DEMO.value.date
    assert scam.icon in icons()
    assert any("诈骗" in rule or "不付" in rule or "违法" in rule for rule in scam.rules)


@pytest.mark.parametrize("name", SCAMS)
def test_no_sentence_ends_in_a_stop_that_the_page_adds(name: str) -> None:
    scam = SCAMS[name].value
    said = [*scam.rules, *scam.steps, *scam.giveaways, *scam.advice, scam.headline, scam.audience]
    said += [scam.case.story] if scam.case else []
    assert [text for text in said if text.endswith(("。", "；", "，", "！"))] == []


def test_no_two_scams_say_the_same() -> None:
    for field in ("name", "headline", "icon", "rank", "audience"):
        values = [getattr(scam.value, field) for scam in SCAMS.values()]
        assert len(set(values)) == len(values)


def test_the_order_of_the_bulletin() -> None:
    campaign = DEMO.value
    assert campaign.date == date(2020, 11, 13)
    assert campaign.finding is not None
    assert campaign.finding.percent == 45
    assert campaign.stickers is not None
    names = [point.name for point in campaign.stickers.points]
    assert sum(name.startswith("街乡") for name in names) == 10
    assert sum(name.startswith("区直单位") for name in names) == 6
    assert len(names) == 16
    assert campaign.issuer.hotline == "96110"
    assert campaign.issuer.emergency == "110"


def test_the_sums_of_the_order() -> None:
    order = DEMO.value.stickers
    assert order is not None
    ups = len(Stock.of(LIBRARY.get("stocks", order.stock, None, StockFile).value).ups)
    planned = plan(DEMO, [scam.value for scam in SCAMS.values()], ups)
    assert planned.total.ordered == 30_000
    assert planned.total.spare == 600
    assert len(planned.lots) == 16 * 5
    assert all(lot.printed % ups == 0 for lot in planned.lots)
    by_scam = [amount.ordered for amount in planned.by_scam.values()]
    assert by_scam == [10_000, 8_000, 6_000, 4_000, 2_000]


def test_the_demonstration_says_that_it_is_one() -> None:
    assert link.is_placeholder(DEMO.value.link)


# --- where it stands ---


class Piece(NamedTuple):
    """A page, what it was made from, and the press it is for."""

    template: Template
    page: Page
    nodes: Node
    dots: Dots


def without_point(scope: Scope) -> Scope:
    scam = scope.names["scam"].value
    address = link.address(DEMO.value.link, scam.id if scam else None)
    spoken = Bound(address.spoken)
    return scope.with_names({"point": Bound(None), "address": Bound(address), "spoken": spoken})


def pieces_of(name: str, pressed: str, with_point: bool) -> Iterator[Piece]:
    template = TEMPLATES[name]
    scopes, style, _ = trial_scopes(template.value, LIBRARY)
    if not with_point:
        scopes = [without_point(scope) for scope in scopes]
    dots = LIBRARY.get("presses", pressed, None, Press).value.dots
    for scope, page in zip(scopes, lay_out(template, scopes, style, dots), strict=True):
        nodes, problems = bind(template, scope)
        assert nodes is not None
        assert problems == []
        yield Piece(template.value, page, nodes, dots)


@cache
def pieces() -> tuple[Piece, ...]:
    """Every template for pieces × press × with and without a point × scam type."""
    names = [name for name, template in TEMPLATES.items() if template.value.kind != "sheet"]
    return tuple(
        piece
        for name, pressed, with_point in itertools.product(names, PRESSES, (True, False))
        if with_point or TEMPLATES[name].value.kind == "sticker"
        for piece in pieces_of(name, pressed, with_point)
    )


@cache
def sheets() -> dict[str, Page]:
    """The slips, the ticket and the packing list of the demonstration."""
    order = ready(LIBRARY.names("campaigns")[DEMONSTRATION])
    designs = impose(order).designs
    return {key: page for key, page in designs.items() if key not in order.designs}


def pages() -> list[tuple[str, Page]]:
    named = [(f"{piece.template.id}", piece.page) for piece in pieces()]
    return [*named, *sheets().items()]


def texts(page: Page) -> list[Text]:
    return [item for item in page.items if isinstance(item, Text) and item.font != "icons"]


def test_there_are_pages_of_every_template() -> None:
    laid = {piece.template.id for piece in pieces()}
    sheet_templates = {name for name, t in TEMPLATES.items() if t.value.kind == "sheet"}
    assert laid | sheet_templates == set(TEMPLATES)
    assert {"parcel-63x34", "waybill-65x30", "parcel-100x50", "seal-50"} <= laid
    assert {"talk-a4", "overview-a4", "talk-a5"} <= laid
    assert len(pieces()) == len(PRESSES) * (4 * 2 * 5 + 2 * 5 + 1)
    assert {key.partition("/")[0] for key in sheets()} == {"slip", "ticket", "packing"}
    assert len([key for key in sheets() if key.startswith("slip/")]) == 16


def test_everything_stands_inside_the_safe_area() -> None:
    for piece in pieces():
        width, height = piece.template.size
        safe = piece.template.safe
        for item in piece.page.items:
            box = item.box
            if isinstance(item, Text | Code) and piece.page.round:
                for x, y in itertools.product((box.x, box.right), (box.y, box.bottom)):
                    reach = ((x - width / 2) ** 2 + (y - height / 2) ** 2) ** 0.5
                    assert reach <= width / 2 - safe + CLEAR, (piece.template.id, item)
            else:
                inner = Box(safe, safe, width - 2 * safe, height - 2 * safe)
                assert inner.contains(box), (piece.template.id, item)


def test_texts_keep_clear_of_each_other() -> None:
    for name, page in pages():
        ordered = sorted(
            (item for item in page.items if isinstance(item, Text)), key=lambda item: item.box.y
        )
        for number, one in enumerate(ordered):
            for other in ordered[number + 1 :]:
                if other.box.y >= one.box.bottom:
                    break
                assert not one.box.overlaps(other.box, CLEAR), (name, one.text, other.text)


def test_nothing_is_drawn_over_a_code_or_its_quiet_zone() -> None:
    for name, page in pages():
        for number, item in enumerate(page.items):
            if isinstance(item, Code):
                after = page.items[number + 1 :]
                assert not [o for o in after if o.box.overlaps(item.box, CLEAR)], name
                written = [t for t in page.items if isinstance(t, Text)]
                assert not [t for t in written if t.box.overlaps(item.box, CLEAR)], name


def test_a_code_keeps_its_quiet_zone_inside_the_panel_it_stands_on() -> None:
    """The painted white may not cut a panel's edge: it would look like a fault of the press."""
    for name, page in pages():
        for code in page.codes:
            for panel in (item for item in page.items if isinstance(item, Panel) and item.fill):
                if panel.box.overlaps(code.box, CLEAR):
                    assert panel.box.contains(code.box), name


# --- sizes, inks ---


def test_few_sizes_all_on_the_scale() -> None:
    scale = set(house().sizes_pt)
    for piece in pieces():
        sizes = {item.size_pt for item in texts(piece.page)}
        most = 3 if piece.template.kind == "sticker" else 5
        assert len(sizes) <= most, (piece.template.id, sizes)
        assert sizes <= scale
        assert min(sizes) >= 6


def test_sheets_are_set_on_the_scale() -> None:
    scale = set(house().sizes_pt)
    for key, page in sheets().items():
        assert {item.size_pt for item in texts(page)} <= scale, key


def ground(page: Page, text: Text) -> Ink:
    """The fill of the last panel that is drawn under a text; the text may not jut out of it."""
    below = page.items[: page.items.index(text)]
    found = WHITE
    for panel in below:
        if isinstance(panel, Panel) and panel.fill and panel.box.overlaps(text.box, CLEAR):
            assert panel.box.contains(text.box, 0.2), text
            found = panel.fill
    return found


def test_every_text_can_be_read_on_its_ground_in_colour_and_in_grey() -> None:
    for name, page in pages():
        for text in texts(page):
            below = ground(page, text)
            bold = text.font in ("bold", "black")
            large = text.size_pt >= (14 if bold else 18)
            least = LEAST_CONTRAST_LARGE if large else LEAST_CONTRAST
            assert contrast(text.ink, below) >= least, (name, text.text)
            assert contrast(text.ink.grey, below.grey) >= least, (name, text.text)
            if below != WHITE and text.ink == WHITE:
                assert text.size_pt >= 7, (name, text.text)
                assert bold or text.size_pt >= 8, (name, text.text)


def test_icons_stand_out() -> None:
    """3:1 for what tells something (WCAG 2.2, 1.4.11); the rest of a tally only makes its mass."""
    rest = icon("package")
    for name, page in pages():
        for text in page.items:
            if isinstance(text, Text) and text.font == "icons" and text.text != rest:
                assert contrast(text.ink, ground(page, text)) >= 3, (name, text.text)


def test_a_thermal_sticker_is_black_and_white() -> None:
    """A thermal printer has one ink: what is to print on it needs no other."""
    (name,) = (name for name in TEMPLATES if name.startswith("waybill"))
    for piece in pieces():
        if piece.template.id == name:
            inks = {item.ink for item in piece.page.items if isinstance(item, Text)}
            inks |= {i.fill for i in piece.page.items if isinstance(i, Panel) and i.fill}
            assert inks <= {WHITE, Ink(0, 0, 0, 100)}


# --- codes, and who says so ---


def test_modules_suit_the_press() -> None:
    for piece in pieces():
        for code in piece.page.codes:
            assert code.module >= LEAST_MODULE - 1e-9
            dots = code.module / piece.dots.grid
            assert dots == pytest.approx(round(dots))
            assert code.box.width == pytest.approx(code.module * code.symbol.full_width_modules)
            assert code.symbol_box.x - code.box.x == pytest.approx(4 * code.module)


def test_every_piece_has_one_code_that_leads_to_its_own_warning() -> None:
    for piece in pieces():
        (code,) = piece.page.codes
        assert code.address.startswith(f"{DEMO.value.link.base}/")
        if piece.template.of == "scam":
            assert code.scam is not None
            assert f"/{code.scam}" in code.address
            assert SCAMS[code.scam].value.headline.replace(" ", "") in joined(piece.page)


def joined(page: Page) -> str:
    """All words of a page in their order, without blanks."""
    return "".join(item.text for item in texts(page)).replace(" ", "")


def test_the_address_stands_in_words_beside_its_code() -> None:
    for name, page in pages():
        for code in page.codes:
            spoken = link.Address(code.address).spoken
            assert any(spoken in item.text for item in texts(page)), name


def test_issuer_and_hotline_stand_on_every_piece() -> None:
    issuer = DEMO.value.issuer
    for piece in pieces():
        words = joined(piece.page)
        assert issuer.hotline in words, piece.template.id
        assert issuer.name in words or issuer.short in words, piece.template.id


# --- lines ---


def lines(page: Page) -> Iterator[list[Text]]:
    """The lines of a page: runs that follow each other on one baseline at one size."""

    def of(item: Text) -> tuple[str, float, float, Ink]:
        return item.font, item.size_pt, round(item.at.y, 4), item.ink

    for _, runs in itertools.groupby(texts(page), of):
        yield list(runs)


def test_no_line_begins_or_ends_against_the_rules() -> None:
    count = 0
    for name, page in pages():
        for line in lines(page):
            words = "".join(run.text for run in line).strip()
            count += 1
            assert words[0] not in NEVER_FIRST, (name, words)
            assert words[-1] not in NEVER_LAST, (name, words)
    assert count > 1000


NUMBER = re.compile(r"¥?[0-9][0-9,.]*%?")


def numbers(words: list[str]) -> Counter[str]:
    return Counter(number for text in words for number in NUMBER.findall(text))


def node_texts(piece: Piece) -> list[str]:
    return [node.content.text for node in piece.nodes.walk() if isinstance(node.content, Filled)]


def test_numbers_are_never_parted() -> None:
    """96110, ¥84,077, 45%: each stands in one run as it stands in the text."""
    for piece in pieces():
        wanted, found = numbers(node_texts(piece)), numbers([t.text for t in texts(piece.page)])
        assert found == wanted, piece.template.id
        assert wanted["96110"] >= 1
    seen = numbers([text for piece in pieces() for text in node_texts(piece)])
    assert {"96110", "¥84,077", "¥4,000", "45%"} <= seen.keys()


def test_numbers_keep_their_units() -> None:
    for name, page in pages():
        before: Text | None = None
        for line in lines(page):
            first = line[0]
            follows = before and (before.font, before.size_pt) == (first.font, first.size_pt)
            if before and follows and first.at.y > before.at.y and abs(first.at.x) < before.at.x:
                parted = re.search(r"[0-9]$", before.text) and re.match("[元年月日%]", first.text)
                assert not parted, (name, before.text, first.text)
            before = line[-1]


def test_nothing_that_is_to_be_said_is_lost() -> None:
    for piece in pieces():
        assert joined(piece.page) == "".join(node_texts(piece)).replace(" ", "")


def test_headlines_break_between_phrases_and_leave_no_character_alone() -> None:
    for piece in pieces():
        claim = max(item.size_pt for item in texts(piece.page) if item.font == "black")
        for line in lines(piece.page):
            words = "".join(run.text for run in line)
            if line[0].size_pt == claim and not NUMBER.fullmatch(words):
                assert len(words) >= 2, (piece.template.id, words)
