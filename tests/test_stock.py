"""Stocks and presses: the shipped files by geometry, the checks by brute force, the placements."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickergen.content.source import Document, read
from stickergen.measure import Box, Edges, Size, close
from stickergen.press.profile import Press
from stickergen.press.stock import Placement, Stock, StockFile, problems
from stickergen.problem import InputError, Place, Problem, worded
from stickergen.shipped import CONTENT

STOCKS = sorted((CONTENT / "stocks").glob("*.yaml"))
PRESSES = sorted((CONTENT / "presses").glob("*.yaml"))
CHOSEN = Place("campaign.yaml", 12, 10)

PIECES = {
    "parcel-63x34": (Size(63.5, 33.9), False, "a4-24-63.5x33.9"),
    "waybill-65x30": (Size(65, 30), False, "a4-24-70x36"),
    "parcel-100x50": (Size(100, 50), False, "a4-10-105x57"),
    "seal-50": (Size(50, 50), True, "a4-20-round50"),
}

SHEET: dict[str, Any] = {
    "id": "trial",
    "name": "试样",
    "kind": "sheet",
    "paper": (210, 297),
    "label": (60, 40),
    "first": (10, 20),
    "pitch": (65, 50),
    "columns": 3,
    "rows": 5,
    "source": "test",
}


def document(**changes: Any) -> Document[StockFile]:
    """The sheet above with other values; None drops a field."""
    fields = {key: value for key, value in (SHEET | changes).items() if value is not None}
    return Document(StockFile(**fields), "trial.yaml", Path("trial.yaml"))


def codes(**changes: Any) -> list[str]:
    """The codes found in the sheet above with other values; each can be worded."""
    found = problems(document(**changes))
    for problem in found:
        for language in ("zh", "en"):
            wording = worded(problem, language)
            assert wording.sentence
            assert wording.hint
    return [problem.code for problem in found]


def shipped(name: str) -> Stock:
    return Stock.of(read(CONTENT / "stocks" / f"{name}.yaml", StockFile).value)


def placed(stock: Stock, size: Size, round: bool = False, bleed: float = 0) -> Placement:
    return stock.for_piece(size, round=round, bleed=bleed, place=CHOSEN)


# --- what ships ---


@pytest.mark.parametrize("path", STOCKS, ids=lambda path: path.stem)
def test_shipped_stock(path: Path) -> None:
    found = read(path, StockFile)
    file = found.value
    assert problems(found) == []
    assert file.id == path.stem
    assert len(file.source) > 10
    stock = Stock.of(file)
    if stock.paper is None:
        assert file.kind == "one-up"
        return
    page = Box(0, 0, stock.paper.width, stock.paper.height)
    assert len(stock.ups) == file.columns * file.rows
    assert all(page.contains(up) for up in stock.ups)
    bled = [up.inset(Edges.all(-file.bleed)) for up in stock.ups]
    assert not any(a.overlaps(b) for a, b in combinations(bled, 2))


def test_names_and_ids_tell_what_is_on_the_sheet() -> None:
    sheets = [read(p, StockFile).value for p in STOCKS if p.stem.startswith("a4-")]
    assert len(sheets) >= 24
    assert len({(s.label, s.first, s.pitch, s.shape) for s in sheets}) == len(sheets)
    for file in sheets:
        assert file.label is not None
        _, count, size = file.id.split("-")
        assert int(count) == file.columns * file.rows
        assert f"{count} 枚" in file.name
        if file.shape == "round":
            sides = [float(size.removeprefix("round"))] * 2
        else:
            sides = [float(side) for side in size.split("x")]
        assert all(close(a, b, 0.05) for a, b in zip(file.label, sides, strict=True))
        assert file.parts[0] in file.source


@pytest.mark.parametrize("template", PIECES)
def test_each_sticker_has_a_sheet_and_a_roll(template: str) -> None:
    size, round, sheet = PIECES[template]
    assert len(placed(shipped(sheet), size, round).pieces) >= 10
    rolls = [shipped(path.stem) for path in STOCKS if path.stem.startswith("roll-")]
    fitting = [r for r in rolls if not r.misfits(size, round=round, bleed=0, place=CHOSEN)]
    assert fitting
    assert all(len(placed(roll, size, round).pieces) == 1 for roll in fitting)


def test_a5_side_by_side_on_a4() -> None:
    page = placed(shipped("a5-2up"), Size(148, 210))
    assert page.paper == Size(297, 210)
    assert page.pieces == (Box(0.5, 0, 148, 210), Box(148.5, 0, 148, 210))


# --- the checks ---


def test_a_good_sheet_has_no_problems() -> None:
    assert codes() == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"columns": 4}, "stock-ups-off-sheet"),
        ({"rows": 6}, "stock-ups-off-sheet"),
        ({"first": (20.1, 20)}, "stock-ups-off-sheet"),
        ({"pitch": (59.9, 50)}, "stock-ups-overlap"),
        ({"pitch": (65, 39.9)}, "stock-ups-overlap"),
        ({"bleed": 3}, "stock-gap-too-small"),
        ({"shape": "round"}, "stock-round-not-square"),
        ({"shape": "round", "label": (40, 40), "corner": 2}, "stock-corner-on-round"),
        ({"corner": 20.1}, "stock-corner-too-large"),
        ({"paper": None}, "stock-missing-field"),
        ({"label": None}, "stock-missing-field"),
        ({"first": None}, "stock-missing-field"),
        ({"pitch": None}, "stock-missing-field"),
        ({"margin": 5}, "stock-useless-field"),
        ({"bleed": 3, "first": (20.1, 20)}, "stock-ups-off-sheet stock-gap-too-small"),
    ],
)
def test_problems(changes: dict[str, Any], code: str) -> None:
    assert " ".join(codes(**changes)) == code


@pytest.mark.parametrize(
    "changes",
    [
        {"corner": 20},
        {"bleed": 2.5},
        {"first": (20, 57)},
        {"pitch": (60, 40)},
        {"columns": 1, "rows": 1, "pitch": None},
        {"columns": 1, "pitch": (1, 50)},
        {"shape": "round", "label": (40, 40)},
    ],
)
def test_just_right(changes: dict[str, Any]) -> None:
    assert codes(**changes) == []


def test_one_up_and_roll_need_little_and_refuse_the_rest() -> None:
    bare = {"paper": None, "first": None, "pitch": None, "columns": None, "rows": None}
    assert codes(kind="one-up", label=None, **bare) == []
    assert codes(kind="one-up", **bare) == ["stock-useless-field"]
    assert codes(kind="roll", **bare) == []
    assert codes(kind="roll", label=None, **bare) == ["stock-missing-field"]
    assert codes(kind="roll") == ["stock-useless-field"] * 5
    assert codes(kind="roll", **bare | {"columns": 2}) == ["stock-useless-field"]


@pytest.mark.parametrize(
    "changes",
    [
        {"paper": (0, 297)},
        {"paper": (210, 1500.1)},
        {"label": (-1, 40)},
        {"label": (float("nan"), 40)},
        {"pitch": (float("inf"), 50)},
        {"first": (-0.1, 0)},
        {"columns": 0},
        {"rows": 61},
        {"bleed": -1},
    ],
)
def test_lengths_and_counts_out_of_range(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        document(**changes)


def test_problems_point_at_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "trial.yaml"
    path.write_text(
        "id: trial\nname: 试样\nkind: sheet\npaper: [210, 297]\nlabel: [60, 40]\n"
        "first: [160, 20]\npitch: [59, 50]\nrows: 2\ncolumns: 2\ncorner: 30\nsource: test\n",
        encoding="utf-8",
    )
    found = problems(read(path, StockFile, shown="trial.yaml"))
    lines = {problem.code: problem.place.line for problem in found if problem.place}
    assert lines == {
        "stock-ups-off-sheet": 6,
        "stock-ups-overlap": 7,
        "stock-corner-too-large": 10,
    }


halves = st.integers(1, 240).map(lambda n: n / 2)
"""Lengths in half millimetres, so that none lies within the tolerance of another."""


@given(
    label=st.tuples(halves, halves),
    pitch=st.tuples(halves, halves),
    first=st.tuples(halves, halves),
    columns=st.integers(1, 4),
    rows=st.integers(1, 4),
    bleed=st.sampled_from([0, 0.5, 1, 2]),
)
def test_checks_agree_with_brute_force(
    label: tuple[float, float],
    pitch: tuple[float, float],
    first: tuple[float, float],
    columns: int,
    rows: int,
    bleed: float,
) -> None:
    trial = document(label=label, pitch=pitch, first=first, columns=columns, rows=rows, bleed=bleed)
    found = {problem.code for problem in problems(trial)}
    ups = [
        Box(first[0] + i * pitch[0], first[1] + j * pitch[1], *label)
        for j in range(rows)
        for i in range(columns)
    ]
    bled = [up.inset(Edges.all(-bleed)) for up in ups]
    overlap = any(a.overlaps(b) for a, b in combinations(ups, 2))
    tight = any(a.overlaps(b) for a, b in combinations(bled, 2))
    assert list(Stock.of(trial.value).ups) == ups
    assert ("stock-ups-overlap" in found) == overlap
    assert ("stock-gap-too-small" in found) == (tight and not overlap)
    outside = not all(Box(0, 0, 210, 297).contains(up) for up in ups)
    assert ("stock-ups-off-sheet" in found) == outside


# --- a piece on a stock ---


@given(
    width=st.floats(1, 120),
    height=st.floats(1, 120),
    round=st.booleans(),
    stock=st.sampled_from(["a4-24-70x36", "a4-12-round60", "roll-100x50", "one-up", "a4"]),
    bleed=st.sampled_from([0, 0.5, 3]),
)
def test_a_placed_piece_is_centred_and_bleeds_on_nobody(
    width: float, height: float, round: bool, stock: str, bleed: float
) -> None:
    size = Size(width, width if round else height)
    chosen = shipped(stock)
    refused = chosen.misfits(size, round=round, bleed=bleed, place=CHOSEN)
    if refused:
        with pytest.raises(InputError) as raised:
            placed(chosen, size, round, bleed)
        assert list(raised.value.problems) == refused
        return
    page = placed(chosen, size, round, bleed)
    sheet = Box(0, 0, page.paper.width, page.paper.height)
    assert len(page.labels) == len(page.pieces)
    for label, piece in zip(page.labels, page.pieces, strict=True):
        assert piece.size == size
        assert sheet.contains(label)
        assert label.contains(piece)
        assert close(piece.x + piece.right, label.x + label.right)
        assert close(piece.y + piece.bottom, label.y + label.bottom)
    bled = [piece.inset(Edges.all(-bleed)) for piece in page.pieces]
    assert not any(a.overlaps(b, 0.05) for a, b in combinations(bled, 2))


@pytest.mark.parametrize(
    ("stock", "size", "round", "fits"),
    [
        ("a4-24-63.5x33.9", Size(63.5, 33.9), False, True),
        ("a4-24-63.5x33.9", Size(63.6, 33.9), False, False),
        ("a4-24-63.5x33.9", Size(33.9, 63.5), False, False),
        ("a4-20-round50", Size(50, 50), True, True),
        ("a4-20-round50", Size(50.1, 50.1), True, False),
        ("a4-20-round50", Size(40, 30), False, True),
        ("a4-20-round50", Size(40, 31), False, False),
        ("a4-15-50x50", Size(50, 50), True, True),
        ("one-up", Size(900, 900), False, True),
    ],
)
def test_what_fits(stock: str, size: Size, round: bool, fits: bool) -> None:
    found = shipped(stock).misfits(size, round=round, bleed=0, place=CHOSEN)
    assert [p.code for p in found] == ([] if fits else ["piece-does-not-fit-stock"])
    assert all(p.place == CHOSEN for p in found)
    assert all(stock in worded(p, "zh").sentence for p in found)
    assert all(stock in worded(p, "en").sentence for p in found)


def test_bleed_needs_room() -> None:
    def refused(stock: str, size: Size, bleed: float) -> list[Problem]:
        return shipped(stock).misfits(size, round=False, bleed=bleed, place=CHOSEN)

    assert refused("a4-24-70x36", Size(64, 30), 3) == []
    assert refused("a4-24-70x36", Size(66, 32), 2) == []
    assert [p.values["room"] for p in refused("a4-24-70x36", Size(66, 33), 2)] == [1.5]
    assert refused("a4", Size(210, 297), 3) == []
    assert refused("one-up", Size(64, 30), 10) == []
    for stock, size, bleed in [("a4-24-70x36", Size(70, 36), 3), ("one-up", Size(64, 30), 10.1)]:
        (problem,) = refused(stock, size, bleed)
        assert problem.code == "piece-bleed-too-large"
        assert worded(problem, "zh").sentence != worded(problem, "en").sentence


def test_one_up_page_is_the_piece_and_its_margins() -> None:
    page = placed(shipped("one-up"), Size(100, 50), bleed=3)
    assert page.paper == Size(120, 70)
    assert page.pieces == (Box(10, 10, 100, 50),)
    assert page.strip(6) == Box(0, 0, 120, 7)
    assert page.strip(7.1) is None


# --- the strip for the slug line ---


def test_strip_is_the_top_margin_where_it_is_high_enough() -> None:
    page = placed(shipped("a4-24-63.5x33.9"), Size(63.5, 33.9))
    strip = page.strip(5)
    assert strip is not None
    assert (strip.x, strip.y, strip.right, strip.bottom) == pytest.approx((4.2, 4.2, 205.8, 12.9))
    assert page.strip(9) is None


def test_strip_elsewhere_when_the_top_is_too_low() -> None:
    stock = Stock.of(document(first=(10, 6), pitch=(65, 50)).value)
    strip = placed(stock, Size(60, 40)).strip(5)
    assert strip is not None
    assert (strip.y, strip.height) == pytest.approx((246, 297 - 4.2 - 246))
    lower = replace(stock, unprintable=0.0)
    assert placed(lower, Size(60, 40)).strip(5) == Box(0, 0, 210, 6)


def test_strip_is_the_highest_when_the_top_is_too_low() -> None:
    stock = Stock.of(document(first=(10, 6), pitch=(65, 100), rows=3).value)
    strip = placed(stock, Size(60, 40)).strip(5)
    assert strip == Box(4.2, 46, 201.6, 60)


def test_strip_ends_where_printing_ends() -> None:
    low = Stock.of(document(label=(60, 10), first=(10, 280), rows=1).value)
    strip = placed(replace(low, unprintable=30.0), Size(60, 10)).strip(5)
    assert strip == Box(30, 30, 150, 237)


@pytest.mark.parametrize("stock", ["a4", "a5-2up", "a4-30-70x29.7", "roll-100x150"])
def test_no_strip_where_labels_cover_the_page(stock: str) -> None:
    assert placed(shipped(stock), Size(60, 29)).strip(2) is None


@given(
    top=st.integers(0, 120).map(lambda n: n / 2),
    gap=st.integers(0, 80).map(lambda n: n / 2),
    rows=st.integers(1, 4),
    height=st.floats(0.5, 120),
    bleed=st.sampled_from([0, 1.5]),
)
def test_strip_is_free_printable_and_found_where_there_is_one(
    top: float, gap: float, rows: int, height: float, bleed: float
) -> None:
    pitch = (20, 15 + max(gap, 2 * bleed))
    trial = document(label=(20, 15), first=(10, top), pitch=pitch, rows=rows, columns=1)
    assert problems(trial) == []
    page = placed(Stock.of(trial.value), Size(20, 15), bleed=bleed)
    covered = [piece.inset(Edges.all(-bleed)) for piece in page.pieces]
    strip = page.strip(height)
    if strip is not None:
        assert strip.height >= height - 0.011
        assert page.printable.contains(strip)
        assert not any(strip.overlaps(box) for box in covered)
        return
    for step in range(int((297 - 8.4 - height) * 4)):
        band = Box(4.2, 4.2 + step / 4, 201.6, height)
        assert any(band.overlaps(box) for box in covered)


# --- presses ---


@pytest.mark.parametrize("path", PRESSES, ids=lambda path: path.stem)
def test_shipped_press(path: Path) -> None:
    press = read(path, Press).value
    assert press.id == path.stem
    assert press.least_module == 0.4
    assert 0.04 < press.module_grid < press.least_module
    assert press.for_shop == press.id.startswith("shop")


def test_module_grid_is_whole_dots_at_each_resolution() -> None:
    office = read(CONTENT / "presses" / "office.yaml", Press).value
    assert office.module_grid == pytest.approx(25.4 / 300)
    thermal = read(CONTENT / "presses" / "thermal-203.yaml", Press).value
    assert thermal.module_grid == 0.125


@given(st.lists(st.integers(600, 12000).map(lambda n: n / 10), min_size=1, max_size=4))
def test_module_grid_of_any_resolutions(dpi: list[float]) -> None:
    press = Press.model_validate({"id": "any", "name": "任意", "dpi": dpi, "source": "test"})
    dots = [press.module_grid * one / 25.4 for one in dpi]
    assert all(abs(n - round(n)) < 1e-6 * n for n in dots)
    assert all(n > 0.99 for n in dots)
