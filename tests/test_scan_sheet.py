"""The report of scans: how types and points rank, what is said of them, and that the page holds."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any, get_args

import pikepdf
import pypdfium2
import pytest
from conftest import page_text
from hypothesis import given
from hypothesis import strategies as st

from stickergen.artwork.template import Template
from stickergen.content.campaign import plan
from stickergen.content.model import Campaign, Point, Scam
from stickergen.content.source import Document
from stickergen.library import Library, campaign_file, house
from stickergen.press.profile import Press
from stickergen.problem import InputError
from stickergen.reading import read_campaign
from stickergen.scans.ranking import (
    LINES,
    NAME_CHARACTERS,
    ONE_COLUMN,
    TYPE_ROWS,
    Row,
    best_point,
    best_type,
    points,
    rate,
    types,
)
from stickergen.scans.sheet import (
    LOG_CHARACTERS,
    TEMPLATE,
    WHY,
    Scans,
    log_names,
    reasons,
    report,
    scans,
)
from stickergen.scans.tally import Cell, LeftOut, Tally

LIBRARY = Library()
SHEET = LIBRARY.get("templates", TEMPLATE, None, Template)
OFFICE = LIBRARY.get("presses", "office", None, Press).value
READING = read_campaign(campaign_file(None)).sound()
SCAMS = READING.scams
FIRST = date(2020, 11, 14)
LEFT_OUT: tuple[tuple[LeftOut, int], ...] = (("elsewhere", 4000), ("robot", 569), ("repeated", 0))


def campaign(
    names: list[str] | None = None, *, with_point: bool = True, **stickers: Any
) -> Document[Campaign]:
    """The demonstration with delivery points of these names, and other fields of its order."""
    value = READING.campaign.value
    assert value.stickers is not None
    if names is not None:
        stickers["points"] = tuple(
            Point(id=f"p{n}", name=name, share=1) for n, name in enumerate(names)
        )
    order = value.stickers.model_copy(update=stickers)
    link = value.link.model_copy(update={"with_point": with_point})
    return replace(
        READING.campaign, value=value.model_copy(update={"stickers": order, "link": link})
    )


def flyers_alone() -> Document[Campaign]:
    value = READING.campaign.value.model_copy(update={"stickers": None})
    return replace(READING.campaign, value=value)


def tally(*cells: tuple[int, str, str, int]) -> Tally:
    """Scans on days from the first on."""
    found = [Cell(FIRST + timedelta(day), scam, at, scans) for day, scam, at, scans in cells]
    return Tally(tuple(found), sum(cell.scans for cell in found) + 4569, LEFT_OUT)


def values(found: Tally, order: Document[Campaign]) -> Scans:
    return scans(found, order, SCAMS, ["access.log"], minutes=30)


def made(
    found: Tally, order: Document[Campaign], scams: tuple[Document[Scam], ...] = SCAMS
) -> bytes:
    logs = ["access.log", "access.log.1.gz"]
    return report(
        found, order, scams, logs, minutes=30, template=SHEET, house=house(), press=OFFICE
    )


def text(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        assert len(document) == 1
        return page_text(document[0])
    finally:
        document.close()


# --- rates and ranks ---


@pytest.mark.parametrize(
    ("scanned", "stickers", "written"),
    [
        (0, 1000, "0"),
        (1, 0, "—"),
        (1, 20_001, "<0.1"),
        (1, 20_000, "0.1"),
        (99, 10_000, "9.9"),
        (995, 100_000, "10"),
        (46, 1000, "46"),
        (123_456, 1000, "123,456"),
    ],
)
def test_scans_for_a_thousand_stickers(scanned: int, stickers: int, written: str) -> None:
    assert rate(scanned, stickers) == written


def typed(found: Tally, order: Document[Campaign]) -> list[tuple[Any, str, str, str]]:
    ordered = plan(order, [scam.value for scam in SCAMS], ups=1)
    rows = types(found, SCAMS, ordered, with_point=order.value.link.with_point)
    return [(row.name.value, row.scans, row.share, row.rate) for row in rows]


def test_types_by_scans_and_the_overview_last() -> None:
    found = tally(
        (0, "shuadan", "j01", 80), (0, "kefu", "j02", 30), (1, "kefu", "", 10), (1, "", "", 200)
    )
    # 30,000 stickers, 5:4:3:2:1 of them: of kefu 10,000, of shuadan 8,000.
    assert typed(found, campaign()) == [
        ("网络刷单", "80", "40.00", "10"),
        ("冒充客服", "40", "20.00", "3.0"),
        ("虚假购物", "0", "0.00", "0"),
        ("虚假贷款", "0", "0.00", "0"),
        ("虚假征信", "0", "0.00", "0"),
        ("总览页", "200", "100.00", "—"),
    ]


def test_where_addresses_tell_no_point_every_scan_of_a_type_counts_for_its_stickers() -> None:
    found = tally((0, "kefu", "", 40), (1, "", "", 200))
    assert typed(found, campaign(with_point=False))[0] == ("冒充客服", "40", "20.00", "4.0")


def test_many_types_are_summed_up() -> None:
    many = tuple(
        replace(SCAMS[0], value=SCAMS[0].value.model_copy(update={"id": f"s{n}", "rank": n + 1}))
        for n in range(30)
    )
    found = tally(*((0, f"s{n}", "j01", n + 1) for n in range(30)))
    order = campaign()
    rows = types(found, many, plan(order, [scam.value for scam in many], ups=1), with_point=True)
    assert len(rows) == TYPE_ROWS
    assert (rows[-1].name.value, rows[-1].share) == ("其余 21 种", "0")
    assert sum(int(row.scans) for row in rows) == found.total


def test_names_keep_their_places() -> None:
    (first, *_) = values(tally((0, "kefu", "j01", 1)), campaign()).types
    assert first.name.place == SCAMS[0].place("name")


def test_points_by_scans() -> None:
    order = campaign(["甲", "乙", "丙", "丁"], count=4000)
    found = points(
        tally((0, "kefu", "p1", 5), (0, "kefu", "p2", 50), (3, "kefu", "p1", 20), (3, "", "", 7)),
        order,
        plan(order, [scam.value for scam in SCAMS], ups=1),
        LINES,
    )
    (column,) = found.columns
    told = [(row.mark.value, row.name.value, row.scans, row.share, row.rate) for row in column]
    assert told == [("1", "丙", "50", "100.00", "50"), ("2", "乙", "25", "50.00", "25")]
    assert (found.others, found.others_scans) == ("", "")
    assert (found.silent, found.named.value, found.unmarked) == ("2", "甲、丁", "7")
    assert str(column[0].name.place) == str(order.place("stickers", "points", 2, "name"))


def all_rows(columns: tuple[tuple[Row, ...], ...]) -> list[Row]:
    return [row for column in columns for row in column]


def lines_of(column: tuple[Row, ...]) -> int:
    return sum(-(-len(str(row.name.value)) // NAME_CHARACTERS) for row in column)


@given(
    st.lists(st.tuples(st.integers(1, 24), st.integers(0, 99)), min_size=1, max_size=60),
    st.integers(LINES - TYPE_ROWS, LINES - 1),
)
def test_no_point_is_lost(given_points: list[tuple[int, int]], lines: int) -> None:
    order = campaign(
        [f"{n:02d}" + "点" * (length - 2) for n, (length, _) in enumerate(given_points)]
    )
    cells = [
        (0, "kefu", f"p{n}", scanned) for n, (_, scanned) in enumerate(given_points) if scanned
    ]
    ordered = plan(order, [scam.value for scam in SCAMS], ups=1)
    found = points(tally(*cells), order, ordered, lines)
    rows = all_rows(found.columns)
    shown = [int(row.scans) for row in rows]
    assert [int(str(row.mark.value)) for row in rows] == list(range(1, len(rows) + 1))
    assert shown == sorted((scanned for *_, scanned in cells), reverse=True)[: len(rows)]
    assert len(rows) + int(found.others or 0) + int(found.silent or 0) == len(given_points)
    assert sum(shown) + int(found.others_scans.replace(",", "") or 0) == sum(
        scanned for *_, scanned in cells
    )
    taken = [lines_of(column) for column in found.columns]
    if len(rows) > ONE_COLUMN:
        first, second = taken
        assert max(taken) <= lines
        assert abs(first - second) <= 3  # as even as rows of one and two lines can be
    if found.others:  # the columns are full
        assert sum(taken) >= 2 * lines - 2


def test_many_points_without_a_scan_are_counted_not_named() -> None:
    order = campaign([f"洪山区第{n}投放点" for n in range(40)])
    ordered = plan(order, [scam.value for scam in SCAMS], ups=1)
    found = points(tally((0, "kefu", "p0", 1)), order, ordered, LINES)
    assert (found.silent, found.named.value) == ("39", "")


def test_what_stands_out_is_more_than_all_others() -> None:
    order = campaign(["甲", "乙"])
    found = tally((0, "kefu", "p0", 2), (0, "shuadan", "p1", 1), (0, "", "", 9))
    kefu, point = best_type(found, SCAMS), best_point(found, order)
    assert kefu is not None
    assert point is not None
    assert (kefu.name.value, kefu.scans, kefu.percent) == ("冒充客服", "2", "17")
    assert (point.name.value, point.scans) == ("甲", "2")
    level = tally((0, "kefu", "p0", 2), (0, "shuadan", "p1", 2))
    assert (best_type(level, SCAMS), best_point(level, order)) == (None, None)
    assert best_type(found, SCAMS[:1]) is None
    assert best_type(Tally(), SCAMS) is None


# --- small print ---


def test_the_period_is_that_of_the_data() -> None:
    one, near = tally((0, "kefu", "j01", 1)), tally((0, "kefu", "j01", 1), (20, "kefu", "j01", 1))
    far = tally((0, "kefu", "j01", 1), (50, "kefu", "j01", 1))
    told = [
        (values(found, campaign()).period, values(found, campaign()).days)
        for found in (one, near, far)
    ]
    assert told == [
        ("2020年11月14日", "1"),
        ("2020年11月14日至12月4日", "21"),
        ("2020年11月14日至2021年1月3日", "51"),
    ]


def test_logs_may_be_called_anything_and_be_many() -> None:
    assert log_names(["a.log", "b.gz"]) == "a.log、b.gz"
    assert log_names(["a\x00\n😀b.log"]) == "a□□□b.log"
    assert log_names([f"{n}.log" for n in range(1200)]) == "0.log、1.log、2.log 等 1,200 个文件"
    (long,) = log_names(["x" * 300 + "-2020-11-13.log"]).split("、")
    assert len(long) == LOG_CHARACTERS
    assert long.startswith("…x")
    assert long.endswith("-2020-11-13.log")


def test_every_reason_has_words_and_the_most_frequent_comes_first() -> None:
    assert set(WHY) == set(get_args(LeftOut))
    told = [
        (reason.why, reason.lines)
        for reason in reasons((("robot", 5), ("failed", 1200), ("inside", 0)))
    ]
    assert told == [("网页没有打开", "1,200"), ("程序访问", "5")]


# --- the page ---


MIXED = tally(
    *(
        (day, scam.value.id, f"j{at:02d}", 3 + day % 5)
        for day in range(30)
        for scam in SCAMS
        for at in range(1, 9)
    ),
    *((day, "", "", 2) for day in range(30)),
)


def test_the_page_tells_what_was_scanned_where_and_when() -> None:
    found = text(made(MIXED, campaign()))
    for words in (
        "扫码统计",
        "防骗小贴士上快递",
        "2020年11月14日至12月13日，共30天",
        f"{MIXED.total:,}",
        "次扫码",
        "每天扫码",
        "街乡01",
        "一次也没有扫的投放点8个：街乡09、街乡10、区直单位01",
        "另有60次扫的是不带投放点的码",
        "30分钟内重复打开同一页只算一次",
        "来源：access.log、access.log.1.gz",
        "网址不是本活动的4,000、程序访问569",
    ):
        assert words in found, words
    for scam in SCAMS:
        assert scam.value.name in found
    assert "先查这几样" not in found
    assert "分不出哪个投放点" not in found


def test_the_same_counts_make_the_same_bytes_dated_by_the_data() -> None:
    pdf = made(MIXED, campaign())
    assert pdf == made(MIXED, campaign())
    with pikepdf.open(BytesIO(pdf)) as document:
        assert str(document.docinfo["/CreationDate"]) == "D:20201213000000+08'00'"
        assert str(document.docinfo["/Title"]) == "防骗小贴士上快递 扫码统计"


def test_a_page_without_a_scan_says_what_to_look_at() -> None:
    found = text(made(Tally((), 12345, (("elsewhere", 12000), ("unreadable", 345))), campaign()))
    for words in (
        "读了12,345行访问记录，没有一行是本活动的扫码",
        "先查这几样",
        "https://hs.example.com/kefu",
        "网址不是本活动的12,000行",
        "认不出的行345行",
    ):
        assert words in found, words
    assert not re.search("哪种骗局|哪个投放点|每千枚|第一", found)


def test_without_a_point_in_the_address_the_page_says_why_it_has_no_points() -> None:
    found = text(made(tally((0, "kefu", "", 40), (1, "", "", 2)), campaign(with_point=False)))
    assert "分不出哪个投放点" in found
    assert "with_point:true" in found
    assert "扫传单的也算在里面" in found
    assert "街乡" not in found


def test_flyers_alone_have_neither_points_nor_rates() -> None:
    found = text(made(tally((0, "kefu", "", 40), (1, "", "", 2)), flyers_alone()))
    assert not re.search("投放点|每千枚", found)
    assert "40" in found


def many_types(count: int) -> tuple[Document[Scam], ...]:
    update = {"name": "冒充客服冒充客服"}
    return tuple(
        replace(doc, value=doc.value.model_copy(update=update | {"id": f"s{n}", "rank": n + 1}))
        for n, doc in zip(range(count), SCAMS * count, strict=False)
    )


def crowded(scams: tuple[Document[Scam], ...], days: int) -> Tally:
    """Four hundred and ninety points scanned, numbers of seven digits, everything left out."""
    cells = [
        Cell(FIRST + timedelta(n % days), scams[n % len(scams)].value.id, f"p{n}", 99_999)
        for n in range(490)
    ]
    cells += [Cell(FIRST + timedelta(n), "", "", 9_999) for n in range(days)]
    left_out = tuple((why, 12_345_678) for why in get_args(LeftOut))
    return Tally(tuple(cells), 987_654_321, left_out)


@pytest.mark.parametrize(
    ("scams", "days"),
    [(SCAMS, 92), (many_types(40), 390), (many_types(40), 410)],
    ids=["5 types by day", "40 types by week", "40 types by month"],
)
def test_a_crowded_page_holds(scams: tuple[Document[Scam], ...], days: int) -> None:
    names = [f"洪山区珞南街道办事处第{n:03d}社区警务室与物业服务站"[:24] for n in range(500)]
    order = campaign(names, count=5_000_000)
    value = order.value.model_copy(update={"title": "防骗小贴士上快递" * 5})
    found = text(made(crowded(scams, days), replace(order, value=value), scams))
    assert "个投放点一共" in found
    assert "一次也没有扫的投放点10个" in found


@pytest.mark.parametrize(
    "found",
    [tally((0, "kefu", "p0", 1)), tally((0, "", "", 1)), tally((0, "kefu", "", 1), (1, "", "", 1))],
    ids=["one scan", "the overview alone", "no point scanned"],
)
def test_an_empty_page_holds(found: Tally) -> None:
    assert f"{found.total}次扫码" in text(made(found, campaign(["甲"])))


def test_a_name_that_cannot_be_set_is_told_at_its_place() -> None:
    order = campaign(["笑😀脸", "乙"])
    with pytest.raises(InputError) as caught:
        made(tally((0, "kefu", "p0", 1), (0, "kefu", "p1", 2)), order)
    (problem,) = caught.value.problems
    assert problem.code == "no-glyph"
    assert problem.place == order.place("stickers", "points", 0, "name")
