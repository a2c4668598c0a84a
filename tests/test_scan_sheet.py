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
    Points,
    alike,
    best,
    point_table,
    points,
    rate,
    shortened,
    type_rows,
    types,
)
from stickergen.scans.sheet import (
    LOG_CHARACTERS,
    TEMPLATE,
    Scans,
    log_names,
    reasons,
    report,
    scans,
)
from stickergen.scans.tally import WHY, Cell, LeftOut, Tally

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
    return scans(found, order, SCAMS, ["access.log"])


def made(
    found: Tally, order: Document[Campaign], scams: tuple[Document[Scam], ...] = SCAMS
) -> bytes:
    logs = ["access.log", "access.log.1.gz"]
    return report(found, order, scams, logs, template=SHEET, house=house(), press=OFFICE)


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
    rows = values(found, order).types
    return [(row.name.value, row.scans, row.share, row.rate) for row in rows]


def test_types_by_scans_for_a_thousand_stickers_and_the_overview_last() -> None:
    found = tally(
        (0, "shuadan", "j01", 80), (0, "kefu", "j02", 30), (1, "kefu", "", 60), (1, "", "", 200)
    )
    # 30,000 stickers, 5:4:3:2:1 of them: of kefu 10,000, of shuadan 8,000. A scan without a point
    # is a flyer's.
    assert typed(found, campaign()) == [
        ("网络刷单", "80", "100.00", "10"),
        ("冒充客服", "90", "30.00", "3.0"),
        ("虚假购物", "0", "0", "0"),
        ("虚假贷款", "0", "0", "0"),
        ("虚假征信", "0", "0", "0"),
        ("总览页", "200", "0", "—"),
    ]


def test_a_type_without_stickers_comes_last() -> None:
    # Flyers carry the same addresses where these do not tell the point.
    order = campaign(with_point=False, shares={"kefu": 1, "shuadan": 1})
    found = tally((0, "gouwu", "", 90), (0, "shuadan", "", 30))
    assert [row[1:] for row in typed(found, order)][:3] == [
        ("30", "100.00", "2.0"),
        ("0", "0", "0"),
        ("90", "0", "—"),
    ]


def test_types_by_scans_where_no_stickers_were_ordered() -> None:
    order = flyers_alone()
    found = tally((0, "shuadan", "", 80), (0, "kefu", "", 40), (1, "", "", 200))
    second, *_, last = typed(found, order)[1:]
    assert second == ("冒充客服", "40", "20.00", "—")
    assert last == ("总览页", "200", "100.00", "—")
    first = values(found, order).best_type
    assert first is not None
    assert (first.name.value, first.percent) == ("网络刷单", "25")


def test_many_types_are_summed_up() -> None:
    many = tuple(
        replace(SCAMS[0], value=SCAMS[0].value.model_copy(update={"id": f"s{n}", "rank": n + 1}))
        for n in range(30)
    )
    found = tally(*((0, f"s{n}", "j01", n + 1) for n in range(30)))
    ordered = plan(campaign(), [scam.value for scam in many], ups=1)
    rows = type_rows(types(found, many, ordered, with_point=True), 0)
    assert len(rows) == TYPE_ROWS
    assert (rows[-1].name.value, rows[-1].share) == ("其余 21 种", "0")
    assert sum(int(row.scans) for row in rows) == found.total


def test_names_keep_their_places() -> None:
    (first, *_) = values(tally((0, "kefu", "j01", 1)), campaign()).types
    assert first.name.place == SCAMS[0].place("name")


def tabled(found: Tally, order: Document[Campaign], lines: int = LINES) -> Points:
    ordered = plan(order, [scam.value for scam in SCAMS], ups=1)
    unmarked = found.by(lambda cell: cell.point).get("", 0)
    return point_table(points(found, order, ordered), order, unmarked, lines)


def test_points_by_scans_for_a_thousand_stickers() -> None:
    given_points = tuple(
        Point(id=f"p{n}", name=name, share=share)
        for n, (name, share) in enumerate([("甲", 4), ("乙", 4), ("丙", 1), ("丁", 1)])
    )
    order = campaign(points=given_points, count=5000)
    found = tabled(
        tally((0, "kefu", "p1", 50), (0, "kefu", "p2", 20), (3, "kefu", "p2", 5), (3, "", "", 7)),
        order,
    )
    (column,) = found.columns
    told = [(row.mark.value, row.name.value, row.scans, row.share, row.rate) for row in column]
    assert told == [("1", "丙", "25", "100.00", "50"), ("2", "乙", "50", "50.00", "25")]
    assert (found.others, found.others_scans) == ("", "")
    assert (found.silent, found.named.value, found.unmarked) == ("2", "甲、丁", "7")
    assert str(column[0].name.place) == str(order.place("stickers", "points", 2, "name"))


@given(
    st.lists(st.tuples(st.integers(2, 24), st.integers(0, 99)), min_size=1, max_size=60),
    st.integers(LINES - TYPE_ROWS, LINES - 1),
)
def test_no_point_is_lost(given_points: list[tuple[int, int]], lines: int) -> None:
    names = [f"{n:02d}" + "点" * (length - 2) for n, (length, _) in enumerate(given_points)]
    order = campaign(names)
    cells = [
        (0, "kefu", f"p{n}", scanned) for n, (_, scanned) in enumerate(given_points) if scanned
    ]
    ordered = plan(order, [scam.value for scam in SCAMS], ups=1).by_point
    found = tabled(tally(*cells), order, lines)
    rows = [row for column in found.columns for row in column]
    assert [int(str(row.mark.value)) for row in rows] == list(range(1, len(rows) + 1))
    rates = [scanned / ordered[name].ordered for _, _, name, scanned in cells]
    tops = sorted(rates, reverse=True)
    assert [float(row.share) for row in rows] == pytest.approx(
        [100 * top / tops[0] for top in tops[: len(rows)]], abs=0.01
    )
    assert len(rows) + int(found.others or 0) + int(found.silent or 0) == len(given_points)
    shown = sum(int(row.scans) for row in rows)
    assert shown + int(found.others_scans.replace(",", "") or 0) == sum(
        scanned for *_, scanned in cells
    )
    assert max(map(len, found.columns), default=0) <= lines
    if len(found.columns) == 2:
        first, second = map(len, found.columns)
        assert first - second in {0, 1}
        assert first + second > ONE_COLUMN
        assert max(len(str(row.name.value)) for row in rows) <= NAME_CHARACTERS
        assert not found.others or second == lines  # the columns are full
    else:
        assert {str(row.name.value) for row in rows} <= set(names)
        assert not found.others


def test_long_names_stand_in_one_column_as_long_as_it_holds_them() -> None:
    long = [f"洪山区珞南街道办事处第{n:02d}社区警务室与物业服务站" for n in range(17)]
    scanned = [(0, "kefu", f"p{n}", 9) for n in range(17)]
    for count, columns in ((16, 1), (17, 2)):
        found = tabled(tally(*scanned[:count]), campaign(long[:count]), lines=16)
        assert len(found.columns) == columns
        assert not found.short
    assert tabled(tally(*scanned), campaign([f"街乡{n:02d}" for n in range(17)])).short


def test_shortened_names_stay_apart() -> None:
    assert shortened(["街乡01", "洪山区珞南街道办事处第01社区警务室"]) == [
        "街乡01",
        "洪山区珞南街道办事处第01…",
    ]
    in_front = [f"洪山区珞南街道办事处警务室第{n}社区" for n in "一二"]
    assert shortened(in_front) == ["洪山区珞南街道…务室第一社区", "洪山区珞南街道…务室第二社区"]
    assert all(len(name) <= NAME_CHARACTERS for name in shortened(["点" * 24] * 2))


def test_many_points_without_a_scan_are_counted_not_named() -> None:
    order = campaign([f"洪山区第{n}投放点" for n in range(40)])
    found = tabled(tally((0, "kefu", "p0", 1)), order)
    assert (found.silent, found.named.value) == ("39", "")


# --- what is said of them ---


def by_rank(*scanned: int) -> Tally:
    """So many scans of each type at the first point: of 30,000 stickers 10,000, 8,000 … 2,000."""
    cells = zip(SCAMS, scanned, strict=True)
    return tally(*((0, scam.value.id, "j01", count) for scam, count in cells if count))


@pytest.mark.parametrize(
    ("scanned", "led", "level"),
    [
        # In step with the stickers that were printed: nothing to say of a type.
        ((500, 400, 300, 200, 100), None, True),
        ((500, 400, 300, 200, 109), None, True),
        ((500, 400, 300, 200, 120), ("虚假征信", "60", "8"), False),
        # Two lead the others, neither of them the other.
        ((500, 400, 300, 300, 150), None, False),
        # Too few to say anything.
        ((5, 4, 3, 2, 1), None, False),
        ((0, 0, 0, 0, 9), None, False),
        ((0, 0, 0, 0, 10), ("虚假征信", "5.0", "100"), False),
    ],
)
def test_a_type_stands_out_by_scans_for_a_thousand_stickers(
    scanned: tuple[int, ...], led: tuple[str, str, str] | None, level: bool
) -> None:
    found = values(by_rank(*scanned), campaign())
    first = found.best_type
    assert (first and (first.name.value, first.rate, first.percent)) == led
    assert found.types_alike == level


def test_a_point_stands_out_too_and_one_alone_does_not() -> None:
    order = campaign(["甲", "乙"], count=4000)
    found = values(tally((0, "kefu", "p1", 30), (0, "shuadan", "p0", 10), (0, "", "", 99)), order)
    assert found.best_point is not None
    assert (found.best_point.name.value, found.best_point.rate) == ("乙", "15")
    level = values(tally((0, "kefu", "p1", 30), (0, "shuadan", "p0", 30)), order)
    assert (level.best_point, level.points_alike) == (None, True)
    ranked = points(tally((0, "kefu", "p0", 30)), order, plan(order, [SCAMS[0].value], ups=1))
    assert best(ranked, 30) is not None
    assert best(ranked[:1], 30) is None
    assert not alike(ranked[:1])


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


@pytest.fixture(scope="module")
def mixed() -> bytes:
    return made(MIXED, campaign())


def test_the_page_tells_what_was_scanned_where_and_when(mixed: bytes) -> None:
    found = text(mixed)
    for words in (
        "扫码统计",
        "防骗小贴士上快递",
        "2020年11月14日至12月13日，共30天",
        f"{MIXED.total:,}",
        "次扫码",
        "类型里最多：虚假征信",
        "每天扫码",
        "街乡01",
        "一次也没有扫的投放点8个：街乡09、街乡10、区直单位01",
        "另有60次扫的是不带投放点的码",
        "30分钟内重复打开同一页只算一次",
        "来源：access.log、access.log.1.gz",
        "不是本活动的网址4,000、程序访问569",
    ):
        assert words in found, words
    for scam in SCAMS:
        assert scam.value.name in found
    assert "先查这几样" not in found
    assert "分不出哪个投放点" not in found


def test_the_same_counts_make_the_same_bytes_dated_by_the_data(mixed: bytes) -> None:
    assert mixed == made(MIXED, campaign())
    with pikepdf.open(BytesIO(mixed)) as document:
        assert str(document.docinfo["/CreationDate"]) == "D:20201213000000+08'00'"
        assert str(document.docinfo["/Title"]) == "防骗小贴士上快递 扫码统计"


def test_a_page_without_a_scan_says_what_to_look_at() -> None:
    found = text(made(Tally((), 12345, (("elsewhere", 12000), ("unreadable", 345))), campaign()))
    for words in (
        "读了12,345行访问记录，没有一行是本活动的扫码",
        "先查这几样",
        "https://hs.example.com/kefu",
        "不是本活动的网址12,000行",
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
    [(SCAMS, 84), (many_types(40), 390), (many_types(40), 690)],
    ids=["5 types by day", "40 types by week", "40 types by month"],
)
def test_a_crowded_page_holds(scams: tuple[Document[Scam], ...], days: int) -> None:
    names = [f"洪山区珞南街道办事处第{n:03d}社区警务室与物业服务站"[:24] for n in range(500)]
    order = campaign(names, count=5_000_000)
    value = order.value.model_copy(update={"title": "防骗小贴士上快递" * 5})
    found = text(made(crowded(scams, days), replace(order, value=value), scams))
    assert "个投放点一共" in found
    assert "一次也没有扫的投放点10个" in found


@pytest.mark.parametrize("name", ["点", "第1"], ids=["wide", "spaced"])
def test_a_name_of_any_letters_stands_on_one_line(name: str) -> None:
    # Rows are as high as one line: a name on two would be an overflow.
    names = [f"{n}{name * 24}"[:24] for n in range(10, 50)]
    scanned = tally(*((0, "kefu", f"p{n}", 1_000_000) for n in range(40)))
    found = text(made(scanned, campaign(names, count=4_000)))
    assert f"1{names[0][: NAME_CHARACTERS - 1]}" in found


def test_a_week_that_lacks_days_is_told_under_its_chart() -> None:
    found = tally(*((day, "kefu", "j01", 2) for day in range(99)))
    assert "条纹：最后一周只有1天" in text(made(found, campaign()))


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
