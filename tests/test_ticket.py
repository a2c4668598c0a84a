"""The job ticket, the packing list and the slips: their numbers, and that they reach the paper."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from conftest import Deliver, Delivery
from hypothesis import given
from hypothesis import strategies as st

from stickergen.artwork.fields import Bound
from stickergen.content.campaign import Lot
from stickergen.content.model import Point, Scam
from stickergen.content.source import read
from stickergen.library import Library
from stickergen.measure import Box, Size
from stickergen.press.packing import (
    LINE_CHARACTERS,
    PACKING_ROWS,
    PAGE_LINES,
    packing,
    page_list,
)
from stickergen.press.product import Product
from stickergen.press.profile import Press
from stickergen.press.sheet import Piece, Sheet
from stickergen.press.ticket import (
    COUNT_ROWS,
    FileRow,
    HowTo,
    Table,
    TicketPage,
    count_row,
    count_rows,
    example,
    file_row,
    fill,
    number,
    slip,
    ticket,
    whole_sheets,
)
from stickergen.shipped import CONTENT

SCAMS = [read(CONTENT / "scams" / f"{name}.yaml", Scam).value for name in ("kefu", "shuadan")]
KEFU, SHUADAN = SCAMS


def point(n: int) -> Point:
    return Point(id=f"p{n}", name=f"投放点{n}", share=1)


def lot(n: int, scam: Scam, ordered: int, spare: int, printed: int) -> Lot:
    return Lot(point(n), scam, ordered, spare, printed)


def names(lots: Sequence[Lot]) -> dict[str, Bound]:
    return {lot.point.id: Bound(lot.point.name) for lot in lots}


def sheet(designs: Sequence[str], copies: int, at: str = "p1") -> Sheet:
    pieces = tuple(Piece(design, Box(0, 0, 10, 10)) for design in designs)
    return Sheet("labels", Size(210, 297), pieces, (), copies, at)


LOTS = [lot(1, KEFU, 1200, 24, 1248), lot(1, SHUADAN, 990, 20, 1032)]
KEYS = ["k/1", "s/1"]
HOW = HowTo("激光", False, "0", numbered="3", slips="4", flyers="5")
SHEETS = [sheet(["k/1"] * 24, 52), sheet(["s/1"] * 24, 42), sheet(["k/1", "s/1"], 1)]


def test_numbers_have_thousands_separators() -> None:
    assert [number(n) for n in (0, 999, 1000, 1_234_567)] == ["0", "999", "1,000", "1,234,567"]


def test_a_row_of_counts_sums_its_lots() -> None:
    row = count_row("合计", LOTS, 95)
    assert (row.ordered, row.spare, row.surplus, row.printed) == ("2,190", "44", "46", "2,280")
    assert row.sheets == "95"


def test_a_mixed_sheet_is_no_types_own() -> None:
    assert whole_sheets(["k/1"], SHEETS) == 52
    assert whole_sheets(["s/1"], SHEETS) == 42
    assert whole_sheets(KEYS, SHEETS) == 95
    assert whole_sheets(["x"], SHEETS) == 0


def test_the_page_list_tells_each_page() -> None:
    types = {"k/1": "冒充客服", "s/1": "网络刷单"}
    (page,) = page_list([(2, SHEETS[0]), (4, SHEETS[2])], types, names(LOTS))
    assert [row.first for row in page.rows] == [False, False]
    assert [(row.page, row.point.value, row.scams, row.copies) for row in page.rows] == [
        ("2", "投放点1", "冒充客服", "52"),
        ("4", "投放点1", "冒充客服＋网络刷单", "1"),
    ]


def test_a_delivery_point_is_set_off_in_the_page_list() -> None:
    lots = [*LOTS, lot(2, KEFU, 1, 0, 1)]
    labels = [(1, SHEETS[0]), (2, sheet(["k/1"], 1, "p2")), (3, sheet(["k/1"], 1, "p2"))]
    (page,) = page_list(labels, {"k/1": "冒充客服"}, names(lots))
    assert [row.first for row in page.rows] == [False, True, False]


def test_the_page_list_ends_with_the_sum_and_fills_its_pages() -> None:
    types = {"k/1": "冒充客服", "s/1": "类" * (2 * LINE_CHARACTERS)}
    one, two = sheet(["k/1"], 3), sheet(["s/1"], 1)
    full = [(n, one) for n in range(PAGE_LINES)]
    assert [page.total for page in page_list(full, types, names(LOTS))] == [f"{3 * PAGE_LINES}"]
    found = page_list([*full[1:], (PAGE_LINES, two)], types, names(LOTS), single=True)
    assert [len(page.rows) for page in found] == [PAGE_LINES - 1, 1]  # two lines do not fit
    assert [page.total for page in found] == [None, f"{3 * (PAGE_LINES - 1) + 1}"]
    assert [(page.number, page.pages, page.single) for page in found] == [
        ("1", "2", True),
        ("2", "2", True),
    ]
    assert page_list([], types, names(LOTS)) == []


def test_a_slip_names_the_point_its_types_and_its_sums() -> None:
    found = slip(Bound("投放点1"), LOTS, KEYS, SHEETS, 3, 16)
    assert (found.number, found.points, found.name.value) == ("3", "16", "投放点1")
    assert [(row.name, row.printed, row.sheets) for row in found.rows] == [
        ("冒充客服", "1,248", "52"),
        ("网络刷单", "1,032", "42"),
        ("混拼", "", "1"),
    ]
    assert (found.total.printed, found.total.sheets) == ("2,280", "95")


def test_the_ticket_counts_by_type_and_leaves_out_what_is_not_ordered() -> None:
    rows, total = count_rows(
        [(LOTS[0], "k/1"), (lot(2, KEFU, 100, 0, 120), "k/2")],
        SCAMS,
        [sheet(["k/1"] * 24, 52), sheet(["k/2"] * 24, 5, "p2")],
    )
    assert [(row.name, row.ordered, row.printed, row.sheets) for row in rows] == [
        ("冒充客服", "1,300", "1,368", "57")
    ]
    assert (total.printed, total.sheets) == ("1,368", "57")


@given(st.integers(1, 50), st.integers(0, 20), st.integers(12, 30))
def test_the_ticket_runs_over_pages_and_parts_no_table(files: int, types: int, room: int) -> None:
    file_rows = [FileRow(f"{n}.pdf", "", "", "", "", "", "", "") for n in range(files)]
    counts = [count_row(f"类型{n}", LOTS, n) for n in range(types)]
    total = count_row("合计", LOTS, 1) if counts else None

    def taken(page: TicketPage) -> int:
        return len(page.files) + len(page.counts) + (8 if page.how else 0)

    pages = ticket(
        file_rows,
        counts,
        total,
        HOW,
        single=False,
        sample=True,
        fits=lambda page: taken(page) <= room,
    )
    assert [row for page in pages for row in page.files] == file_rows
    assert [page.counts for page in pages if page.counts] == ([tuple(counts)] if counts else [])
    assert [page.total for page in pages if page.counts] == ([total] if counts else [])
    assert [page.how for page in pages] == [None] * (len(pages) - 1) + [HOW]
    assert [page.number for page in pages] == [str(n) for n in range(1, len(pages) + 1)]
    assert all(page.sample and page.slips and page.counted == bool(counts) for page in pages)
    assert (len(pages) == 1) == (files + types + 8 <= room)


def test_a_page_is_filled_before_the_next() -> None:
    assert fill([4, 3, 2, 5], list, lambda page: sum(page) <= 9) == [[4, 3, 2], [5]]
    assert fill([4, 5], list, lambda page: sum(page) <= 9) == [[4, 5]]
    assert fill([20, 5], list, lambda page: sum(page) <= 9) == [[20], [5]]


def test_counts_have_the_columns_that_say_something() -> None:
    none = count_row("冒充客服", [lot(1, KEFU, 10, 2, 12)], 12)
    assert Table.of([none], single=True) == Table(single=True, surplus=False, mixed=False)
    rows, _ = count_rows(list(zip(LOTS, KEYS, strict=True)), SCAMS, SHEETS)
    assert Table.of(rows, single=False) == Table(single=False, surplus=True, mixed=True)


def test_the_example_is_the_first_page_printed_more_than_once() -> None:
    labels = [sheet(["k"], 1), sheet(["k"], 2), sheet(["k"], 9), sheet(["k"], 1, "p2")]
    assert example(labels) == {"alone": "第1张", "span": "第2–3张", "copies": "2"}
    assert example([sheet(["k"], 4), sheet(["k"], 1)])["alone"] == "第5张"
    assert example([sheet(["k"], 1, "p1"), sheet(["k"], 3, "p2")])["span"] == "第1–3张"
    assert example([]) == {}
    assert example([sheet(["k"], 3)], single=True) == {"span": "第1–3枚", "copies": "3"}


def test_more_counts_than_scam_types_are_parted() -> None:
    counts = [count_row(f"类型{n}", LOTS, n) for n in range(COUNT_ROWS + 1)]
    total = count_row("", LOTS, 1)
    pages = ticket(
        [],
        counts,
        total,
        HOW,
        single=False,
        sample=False,
        fits=lambda page: len(page.counts) <= COUNT_ROWS,
    )
    assert [len(page.counts) for page in pages] == [COUNT_ROWS, 1]
    assert [page.total for page in pages] == [None, total]


def test_a_file_row_tells_what_the_product_holds() -> None:
    press = Library().get("presses", "office", None, Press).value
    product = Product("stickers.pdf", "stickers", "贴纸", tuple(SHEETS), "A4", "63.5×33.9", press)
    row = file_row(product)
    assert (row.file, row.pages, row.sheets, row.pieces) == ("stickers.pdf", "3", "95", "2,258")


def digits(text: str) -> int:
    return int(text.replace(",", ""))


@given(
    st.lists(
        st.tuples(st.integers(0, 5000), st.integers(0, 5000), st.integers(1, 300)),
        min_size=1,
        max_size=60,
    )
)
def test_the_packing_list_adds_up_across_its_pages(cells: list[tuple[int, int, int]]) -> None:
    lots = [
        lot(n, scam, printed, 0, printed)
        for n, (kefu, shuadan, _) in enumerate(cells)
        for scam, printed in ((KEFU, kefu), (SHUADAN, shuadan))
    ]
    labels = [sheet(["k"], copies, f"p{n}") for n, (_, _, copies) in enumerate(cells)]
    pages = packing(lots, SCAMS, labels, names(lots))
    rows = [row for page in pages for row in page.rows]
    assert [len(page.rows) for page in pages[:-1]] == [PACKING_ROWS] * (len(pages) - 1)
    assert [row.number for row in rows] == [str(n) for n in range(1, len(cells) + 1)]
    for row, (kefu, shuadan, copies) in zip(rows, cells, strict=True):
        assert [digits(cell) for cell in row.cells] == [kefu, shuadan]
        assert (digits(row.total), digits(row.sheets)) == (kefu + shuadan, copies)
    assert [page.total is None for page in pages] == [True] * (len(pages) - 1) + [False]
    total = pages[-1].total
    assert total is not None
    assert digits(total.total) == sum(digits(row.total) for row in rows)
    assert digits(total.sheets) == sum(digits(row.sheets) for row in rows)
    assert {page.pages for page in pages} == {str(len(pages))}


# --- on paper ---


def test_one_slip_stands_before_the_sheets_of_each_point(demonstration: Delivery) -> None:
    order = demonstration.built.order
    assert order.stickers is not None
    sheets = demonstration.entries["stickers.pdf"]["sheets"]
    runs: list[tuple[str, list[str]]] = []
    for entry in sheets:
        if entry["kind"] == "slip":
            runs.append((entry["point"], []))
        else:
            runs[-1][1].append(entry["point"])
    assert [name for name, _ in runs] == list(order.stickers.plan.by_point)
    assert all(points == [name] * 5 for name, points in runs)
    assert all(entry["copies"] == 1 for entry in sheets if entry["kind"] == "slip")


def test_a_slip_names_its_point_types_and_counts(demonstration: Delivery) -> None:
    stickers = demonstration.built.order.stickers
    assert stickers is not None
    texts = demonstration.texts("stickers.pdf")
    slips = [
        entry["page"]
        for entry in demonstration.entries["stickers.pdf"]["sheets"]
        if entry["kind"] == "slip"
    ]
    assert len(slips) == len(stickers.by_point) == 16
    for position, (page, lots) in enumerate(zip(slips, stickers.by_point, strict=True), 1):
        text = texts[page - 1]
        printed = sum(lot.printed for lot in lots)
        assert lots[0].point.name in text
        assert f"投放点{position}/16" in text
        assert f"{printed:,}枚" in text
        assert f"{printed // 24:,}张" in text
        for lot in lots:
            row = (lot.ordered, lot.spare, lot.printed - lot.ordered - lot.spare, lot.printed)
            cells = "".join(f"{n:,}" for n in (*row, lot.printed // 24))
            assert f"{lot.scam.name}{cells}" in text


def test_the_ticket_tells_files_and_counts(demonstration: Delivery) -> None:
    front, back = demonstration.texts("ticket.pdf")
    for file in demonstration.pdfs:
        assert (file in front) == (file != "ticket.pdf")
    stickers = demonstration.entries["stickers.pdf"]
    counts = stickers["counts"]
    sheets = stickers["pieces"] // 24
    total = "".join(f"{n:,}" for n in (*counts.values(), sheets))
    assert f"合计{total}" in front
    assert f"{stickers['pages']:,}{stickers['copies']:,}{stickers['pieces']:,}" in front
    assert "街乡01" in back
    assert f"{counts['printed']:,}{sheets:,}" in back


def test_many_points_fill_several_pages_of_the_packing_list(deliver_small: Deliver) -> None:
    points = [{"id": f"p{n}", "name": f"投放点{n:02}"} for n in range(PACKING_ROWS + 1)]
    changes = {"link.with_point": False, "stickers.count": 600, "stickers.points": points}
    _, first, second = deliver_small(changes, only="stickers").texts("ticket.pdf")
    assert "投放点23" in first
    assert "投放点24" in second
    assert first.count("合计") == 1  # the head of a column; the sums stand on the last page
    assert second.count("合计") == 2
    assert "612" in second


def test_a_job_of_flyers_has_no_packing_list(deliver_small: Deliver) -> None:
    (front,) = deliver_small(only="flyers").texts("ticket.pdf")
    assert "合计" not in front


@pytest.mark.parametrize(("count", "pages"), [(1, 1), (PACKING_ROWS, 1), (PACKING_ROWS + 1, 2)])
def test_a_page_of_the_packing_list_is_filled_before_the_next(count: int, pages: int) -> None:
    lots = [lot(n, KEFU, 1, 0, 1) for n in range(count)]
    assert len(packing(lots, SCAMS, [], names(lots))) == pages
