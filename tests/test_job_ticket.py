"""The order for a print shop and the papers around it: what a shop reads is what was imposed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conftest import OWN_HOST, SMALL, campaign_folder
from hypothesis import given
from hypothesis import strategies as st

from stickergen.artwork.fields import Bound
from stickergen.artwork.page import Page, Panel, Text
from stickergen.content.model import Campaign
from stickergen.content.source import read
from stickergen.job import impose
from stickergen.library import Library
from stickergen.order import Order, ready
from stickergen.paperwork import TICKET_PAPER, Paperwork
from stickergen.press.packing import LINE_CHARACTERS, PAGE_LINES, PageList, PageRow
from stickergen.press.product import Product, described, entry, expected, manifest, placed
from stickergen.press.profile import Press
from stickergen.press.shop import OrderPage, Terms, Work, order
from stickergen.press.ticket import COUNT_ROWS, FILE_ROWS, CountRow, FileRow, Table
from stickergen.proof.result import Job
from stickergen.shipped import CONTENT

DEMONSTRATION = CONTENT / "campaigns" / "hongshan-2020.yaml"

PRINTING: dict[str, Any] = {
    "contact": "张警官",
    "phone": "027-00000000",
    "deadline": "2020-11-18",
    "deliver_to": "××路00号收发室",
    "paper": {"sticker": "80g铜版纸不干胶", "flyer": "157g铜版纸"},
    "finishing": {"sticker": "覆哑膜", "flyer": "不覆膜"},
    "notes": "先送一张看样",
}
ONE_UP = {"press": "shop", "stickers.stock": "one-up"}

JOB = Job("small", "活动", "公安局", "办公室", date(2020, 11, 13))


def text(page: Page) -> str:
    """The text of a page in the order it was set, without blanks."""
    runs = [item.text for item in page.items if isinstance(item, Text)]
    return "".join("".join(runs).split())


def papers(order: Order, **options: Any) -> dict[str, str]:
    """The text of every page of the ticket and the slips, by key."""
    imposed = impose(order, **options)
    return told(imposed.products, imposed.designs)


def told(products: Sequence[Product], designs: dict[str, Page]) -> dict[str, str]:
    keys = [
        sheet.pieces[0].design
        for product in products
        for sheet in product.sheets
        if sheet.kind in ("ticket", "slip")
    ]
    return {key: text(designs[key]) for key in keys}


@cache
def demonstration(press: str) -> Order:
    return ready(DEMONSTRATION, None, press)


@cache
def shown(press: str) -> dict[str, str]:
    return papers(demonstration(press))


def small(folder: Path, changes: dict[str, Any]) -> Order:
    campaign = campaign_folder(folder, SMALL | changes)
    return ready(campaign / "campaign.yaml")


# --- what the shop is told ---


@pytest.mark.parametrize("single", [True, False])
def test_the_shop_reads_what_the_manifest_counts(single: bool, tmp_path: Path) -> None:
    order = small(tmp_path, ONE_UP if single else {"press": "shop"})
    imposed = impose(order)
    products, designs = imposed.products, imposed.designs
    listed = [
        entry(one.file, "", described(one, designs, expected(one, designs, placed(one, designs))))
        for one in products
    ]
    listed = json.loads(manifest(JOB, True, listed))["files"]
    entries = {one["file"]: one for one in listed}
    found = told(products, designs)
    for one in listed:
        if one["kind"] in ("stickers", "flyer"):
            copies = () if single else (one["copies"],)
            counted = (one["pages"], *copies, one["counts"]["ordered"], one["pieces"])
            numbers = "".join(f"{n:,}" for n in counted)
            assert one["file"] in found["order/1"]
            assert numbers in found["order/1"]
    stickers = entries["stickers.pdf"]
    sheets = "" if single else f"{stickers['copies']:,}"
    shown = {key: n for key, n in stickers["counts"].items() if key != "surplus" or n}
    total = "".join(f"{n:,}" for n in shown.values())
    assert f"合计{total}{sheets}" in found["order/1"]
    assert found["packing/1"].endswith(f"{stickers['pieces']:,}{sheets}")
    names = {"j01": "街乡01", "d01": "区直单位01"}
    for sheet in stickers["sheets"]:
        assert f"{sheet['page']}{sheet['copies']}{names[sheet['point']]}" in found["list/1"]
    assert found["list/1"].endswith(f"合计{stickers['copies']:,}")
    if not single:
        assert f"slips.pdf，{entries['slips.pdf']['pages']}张" in found["order/1"]


def test_a_page_that_is_one_piece_has_pieces_and_no_sheets(tmp_path: Path) -> None:
    found = papers(small(tmp_path, ONE_UP))
    assert "印几枚" in found["list/1"]
    assert "张数" not in found["order/1"] + found["packing/1"]
    assert "一页一枚，由贵厂拼版" in found["order/1"]
    assert "slips.pdf" not in found["order/1"]


def test_a_sheet_of_several_pieces_is_counted_in_sheets(tmp_path: Path) -> None:
    found = papers(small(tmp_path, {"press": "shop"}))
    assert "印几张" in found["list/1"]
    assert "张数" in found["order/1"]
    assert "张数" in found["packing/1"]
    assert "已拼好：每张21枚，裁切后210×297毫米，用纸不小于" in found["order/1"]


def test_everything_that_the_campaign_says_stands_on_the_order(tmp_path: Path) -> None:
    front = papers(small(tmp_path, {"press": "shop", "printing": PRINTING}))["order/1"]
    given = [value for value in PRINTING.values() if isinstance(value, str)]
    given += [word for part in ("paper", "finishing") for word in PRINTING[part].values()]
    given[given.index("2020-11-18")] = "2020年11月18日"
    assert [word for word in given if word not in front] == []


def test_what_the_campaign_leaves_out_is_left_blank(tmp_path: Path) -> None:
    page = impose(small(tmp_path, {"press": "shop", "printing": None})).designs["order/1"]
    assert "交货日期联系人电话样张" in text(page)
    assert "送货地址备注下单" in text(page)
    assert "纸张不干胶：颜色" in text(page)
    assert "印后文件标准" in text(page)
    labels = [i for i in page.items if isinstance(i, Text) and i.text in ("送货地址", "备注")]
    lines = [i.box for i in page.items if isinstance(i, Panel) and i.box.height < 0.3]
    for label in labels:
        below = [line for line in lines if 0 <= line.y - label.box.bottom < 2]
        assert [line.width for line in below] == [TICKET_PAPER.width - 2 * 13]


def test_a_field_may_be_given_alone(tmp_path: Path) -> None:
    printing = {"phone": "027-00000000", "finishing": {"flyer": "不覆膜"}}
    front = papers(small(tmp_path, {"press": "shop", "printing": printing}))["order/1"]
    assert "交货日期联系人电话027-00000000样张" in front
    assert "印后不覆膜文件标准" in front


@pytest.mark.parametrize(
    ("press", "standard"),
    [
        ("shop", "全部PDF：PDF/X-1a:2003，印刷条件FOGRA39，字体已嵌入打样"),
        ("shop-x4", "全部PDF：PDF/X-4，印刷条件FOGRA39，字体已嵌入，ICC文件已内嵌打样"),
    ],
)
def test_the_shop_is_told_standard_inks_cut_and_what_not_to_do(press: str, standard: str) -> None:
    front = shown(press)["order/1"]
    assert standard in front
    for words in (
        "四色（CMYK）单面；刀线专色CutContour不印",
        "四边各2毫米四边各3毫米",
        "沿刀线半穿（模切到底纸，不切穿）；外边按角线裁切按角线裁切",
        "不要缩放",
        "不要转成RGB",
        "3slips.pdf、ticket.pdf是说明，不印。4贴纸：刀线专色CutContour不印，只用来模切",
    ):
        assert words in front


def test_without_a_cut_line_none_is_spoken_of(tmp_path: Path) -> None:
    order = small(tmp_path, {"press": "shop"})
    uncut = replace(order, press=order.press.model_copy(update={"cut": None, "outline": True}))
    front = papers(uncut)["order/1"]
    assert "刀线" not in front
    assert "刀版由贵厂照成品尺寸做" in front
    assert "文字已转曲" in front


def test_flyers_alone_speak_of_no_stickers(tmp_path: Path) -> None:
    found = papers(small(tmp_path, {"press": "shop", "stickers": None, "printing": None}))
    assert list(found) == ["order/1"]
    assert "贴纸" not in found["order/1"]
    assert "装箱单" not in found["order/1"]
    assert "三、送货与签字" in found["order/1"]


def test_expanded_nothing_is_counted_page_by_page(tmp_path: Path) -> None:
    found = papers(small(tmp_path, {"press": "shop"}), expand=True)
    assert "每个文件从头到尾印一遍就是全部" in found["order/1"]
    assert "页码表" not in found["order/1"]
    assert "list/1" not in found


def test_only_a_sample_says_so(tmp_path: Path) -> None:
    assert "样张" in papers(small(tmp_path / "a", {"press": "shop"}))["order/1"]
    assert "样张" not in papers(small(tmp_path / "b", {"press": "shop"} | OWN_HOST))["order/1"]


# --- every press ---


@pytest.mark.parametrize(
    ("press", "first", "others"),
    [
        ("office", "ticket/1", {"slip", "packing"}),
        ("copier", "ticket/1", set()),
        ("shop", "order/1", {"slip", "packing", "list"}),
        ("shop-x4", "order/1", {"slip", "packing", "list"}),
    ],
)
def test_each_press_has_its_ticket(press: str, first: str, others: set[str]) -> None:
    found = shown(press)
    kinds = {key.partition("/")[0] for key in found}
    assert first in found
    assert kinds == {first.partition("/")[0]} | others
    assert ("CutContour" in found[first]) == press.startswith("shop")


def test_the_sections_of_the_offices_ticket_are_counted_through(tmp_path: Path) -> None:
    assert "三、怎么印" in papers(small(tmp_path / "a", {}))["ticket/1"]
    assert "二、怎么印" in papers(small(tmp_path / "b", {"stickers": None}))["ticket/1"]


# --- how a file comes ---


def products_of(order: Order) -> tuple[Product, ...]:
    return impose(order).products[:-1]  # all but the ticket


def test_how_files_come_is_read_off_their_sheets() -> None:
    order = demonstration("shop")
    terms = Terms.of(order.press, products_of(order), expanded=False)
    assert terms.stickers == Work("240×327", "210×297", "21", "2", imposed=True, cut=True)
    assert terms.flyers == Work("242×329", "210×297", "1", "3", imposed=False, cut=False)
    assert (terms.cut, terms.slips) == ("CutContour", "16")


def test_an_office_sheet_is_no_work_for_a_shop(tmp_path: Path) -> None:
    assert Work.of(products_of(small(tmp_path, {}))) is None


def test_a_round_sticker_has_a_diameter(tmp_path: Path) -> None:
    changes = {"stickers.template": "seal-50", "stickers.stock": "a4-12-round60"}
    assert "ø50" in papers(small(tmp_path, {"press": "shop"} | changes))["order/1"]


# --- pages ---

SHOP = Library().get("presses", "shop", None, Press).value
TERMS = Terms.of(SHOP, (), expanded=False)


def row(number: int) -> FileRow:
    return FileRow(f"{number}.pdf", "", "", "", "", "", "", "")


@given(st.integers(1, 50), st.integers(0, 70), st.integers(COUNT_ROWS + 5, 50))
def test_an_order_tells_everything_once_and_in_order(files: int, types: int, room: int) -> None:
    counts = [CountRow(f"类型{n}", "", "", "", "", "") for n in range(types)]
    total = counts[0] if counts else None
    rows = [row(n) for n in range(files)]

    def taken(page: OrderPage) -> int:
        rest = (12 if page.terms else 0) + (5 if page.last else 0)
        return len(page.files) + len(page.counts) + rest

    pages = order(
        rows, row(0), counts, total, TERMS, sample=False, fits=lambda page: taken(page) <= room
    )
    assert all(taken(page) <= room for page in pages)
    assert [row for page in pages for row in page.files] == rows
    assert [row for page in pages for row in page.counts] == counts
    (place,) = [n for n, page in enumerate(pages) if page.terms is not None]
    assert not any(page.files for page in pages[place + 1 :])
    assert not any(page.counts for page in pages[:place])
    assert [page.last for page in pages] == [False] * (len(pages) - 1) + [True]
    assert [page.total for page in pages if page.total] == ([total] if total else [])
    assert [page.sum for page in pages if page.ends] == [row(0)]
    assert [page.number for page in pages] == [str(n) for n in range(1, len(pages) + 1)]
    assert {page.pages for page in pages} == {str(len(pages))}
    assert (len(pages) == 1) == (files + types + 17 <= room)


def longest(order: Order) -> Order:
    """The order with as many words from the campaign as there may be."""
    both = {"sticker": "纸" * 60, "flyer": "纸" * 60}
    printing = {
        "contact": "张" * 16,
        "phone": "027-00000000-0000000",
        "deadline": "2020-12-31",
        "deliver_to": "路" * 100,
        "paper": both,
        "finishing": both,
        "notes": "话" * 200,
    }
    plain = order.campaign.value.model_dump(mode="json") | {"printing": printing}
    plain["talk"]["time"] = "2020-11-19 19:00"
    campaign = replace(order.campaign, value=Campaign.model_validate(plain))
    return replace(order, reading=replace(order.reading, campaign=campaign))


def test_pages_hold_their_rows_with_the_longest_words() -> None:
    full = longest(demonstration("shop"))
    terms = Terms.of(full.press, products_of(full), expanded=False)
    file = FileRow(
        "flyer-talk-a4-zhengxin.pdf",
        "讲座传单 A4 虚假征信",
        "",
        "210×297",
        pages="1",
        sheets="1,000,000",
        ordered="1,000,000",
        pieces="1,000,000",
        corner="12.5",
    )
    count = CountRow("冒充客服冒充客服", *["5,000,000"] * 5)
    table = Table(single=False, surplus=True, mixed=True)

    def page(files: int, counts: int, known: Terms | None, last: bool) -> OrderPage:
        return OrderPage(
            files=(file,) * files,
            sum=file if files else None,
            ends=bool(files),
            terms=known,
            counts=(count,) * counts,
            total=count if counts else None,
            table=table,
            counted=True,
            last=last,
            sample=True,
            number="1",
            pages="2",
        )

    parts = [
        page(FILE_ROWS, 0, None, False),
        page(0, 0, terms, False),
        page(0, COUNT_ROWS, None, False),
        page(0, 0, None, True),
    ]
    papers = Paperwork(full, expand=False, skip=0)
    assert len(papers._set("order-a4", "order", TICKET_PAPER, parts)) == len(parts)


def test_the_demonstration_fits_one_page_whoever_prints_it() -> None:
    for press, name in (("shop", "order"), ("office", "ticket"), ("copier", "ticket")):
        assert [key for key in shown(press) if key.startswith(name)] == [f"{name}/1"]


def test_what_does_not_fit_goes_on_to_another_page_with_the_contact(tmp_path: Path) -> None:
    flyers = [
        {"template": template, "stock": stock, "copies": 5}
        for template, stock in (("talk-a4", "a4"), ("talk-a5", "a5-2up"), ("overview-a4", "a4"))
    ]
    found = papers(longest(small(tmp_path, {"press": "shop", "flyers": flyers})))
    assert [key for key in found if key.startswith("order")] == ["order/1", "order/2"]
    assert "三、贴纸合计" in found["order/1"]
    assert "四、送货与签字" not in found["order/1"]
    assert "四、送货与签字" in found["order/2"]
    assert all("交货日期2020年12月31日" in found[key] for key in ("order/1", "order/2"))


def test_every_row_of_the_page_list_may_be_another_delivery_points() -> None:
    order = demonstration("shop")
    one = PageRow("1,000", Bound("街乡01"), "类" * LINE_CHARACTERS, "1,000", first=True)
    pages = [PageList((one,) * PAGE_LINES, "1", single=False, number="1", pages="1")]
    assert (
        len(Paperwork(order, expand=False, skip=0)._set("pages-a4", "list", TICKET_PAPER, pages))
        == 1
    )


# --- a printer of labels, and what the others are not told ---


def labels(press: str, tmp_path: Path) -> str:
    campaign = campaign_folder(tmp_path, SMALL | OWN_HOST) / "campaign.yaml"
    return papers(ready(campaign, None, press))["ticket/1"]


def test_a_printer_of_labels_is_told_of_its_roll(tmp_path: Path) -> None:
    front = labels("thermal-203", tmp_path)
    assert "卷装标签纸63.5×33.9毫米，一枚一页" in front
    assert not [word for word in ("A4", "分隔页", "凑整", "张数", "黑白") if word in front]
    assert "二、贴纸合计类型订数加放印数" in front


def test_an_office_is_told_of_its_sheets(tmp_path: Path) -> None:
    front = labels("office", tmp_path)
    assert "二、贴纸合计（不含分隔页）类型订数加放印数张数" in front
    assert "卷装" not in front


def test_a_page_printed_more_than_once_is_the_example(tmp_path: Path) -> None:
    order = small(tmp_path, {"stickers.count": 2000})
    imposed = impose(order)
    products, designs = imposed.products, imposed.designs
    sheet = next(s for s in products[0].sheets if s.kind == "labels" and s.copies > 1)
    front = told(products, designs)["ticket/1"]
    assert f"写“第1–{sheet.copies}张”的那一页，印{sheet.copies}张" in front


def test_steps_are_counted_through(tmp_path: Path) -> None:
    front = papers(small(tmp_path, {}))["ticket/1"]
    steps = front[front.index("怎么印") :]
    assert [steps.index(step) for step in ("1先印一张试扫", "2印刷方式", "3", "4分隔页", "5传单")]


def test_a_shop_packs_so_many_parcels(tmp_path: Path) -> None:
    assert "共2包：" in papers(small(tmp_path, {"press": "shop"}))["order/1"]


# --- the campaign file ---


def test_the_starters_lines_about_printing_can_be_uncommented(tmp_path: Path) -> None:
    lines = (CONTENT / "starter" / "campaign.yaml").read_text(encoding="utf-8").splitlines()
    start = lines.index("# printing:")
    used = lines[:start] + [line.removeprefix("# ") for line in lines[start:]]
    (tmp_path / "campaign.yaml").write_text("\n".join(used), encoding="utf-8")
    printing = read(tmp_path / "campaign.yaml", Campaign).value.printing
    assert printing is not None
    assert all(value is not None for _, value in printing)


# --- a shop that imposes by itself ---

SINGLES = {"press": "shop", "stickers.stock": "one-up", "stickers.template": "parcel-100x50"}


def test_a_shop_that_imposes_gets_each_design_once(tmp_path: Path) -> None:
    order = small(tmp_path, SINGLES | {"link.with_point": False})
    products = impose(order).products
    sheets = products[0].sheets
    assert order.stickers is not None
    printed = order.stickers.plan.by_scam
    assert [sheet.copies for sheet in sheets] == [total.printed for total in printed.values()]
    assert {sheet.point for sheet in sheets} == {None}
    listed = papers(order)["list/1"]
    assert f"合计{products[0].pieces}" in listed
    assert listed.count("全部") == len(sheets)
    assert "共2包：" in papers(order)["order/1"]


def test_where_the_point_is_in_the_code_each_point_has_its_designs(tmp_path: Path) -> None:
    order = small(tmp_path, SINGLES | {"link.with_point": True})
    products = impose(order).products
    points = [sheet.point for sheet in products[0].sheets]
    assert sorted(set(filter(None, points))) == ["d01", "j01"]
    assert len(points) == 10
