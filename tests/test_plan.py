"""The sums of a plan: exact, fair, the same each time."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickergen.content.campaign import (
    Amount,
    Plan,
    _rounded_up,
    allocate,
    chosen,
    plan,
    problems,
    spread,
)
from stickergen.content.model import Campaign, Scam
from stickergen.content.source import Document
from stickergen.problem import InputError, Place

WEIGHTS = st.lists(st.integers(0, 60), min_size=1, max_size=9).filter(any)


def scam(name: str, rank: int, review_by: str = "2099-01-01") -> Scam:
    line = ("一" * 6,) * 3
    source = {"title": "一", "publisher": "二"}
    return Scam.model_validate(
        {"id": name, "rank": rank, "name": "类型", "icon": "x", "headline": "一" * 6}
        | {"rules": line, "steps": line, "giveaways": line, "advice": line, "audience": "所有人"}
        | {"sources": [source], "review_by": review_by}
    )


SCAMS = [scam(name, n) for n, name in enumerate(("kefu", "shuadan", "gouwu", "daikuan"), 1)]
DOCUMENTS = {s.id: Document(s, f"{s.id}.yaml", Path(f"{s.id}.yaml")) for s in SCAMS}


def campaign(**changes: Any) -> Document[Campaign]:
    """A campaign; keys of `stickers` go there, the others to the top."""
    stickers = {"template": "t", "stock": "s", "count": 100, "points": points(1, 1)}
    stickers |= {k: changes.pop(k) for k in list(changes) if k in Order}
    data = {"id": "c", "title": "c", "date": "2020-11-13", "link": {"base": "https://a.example"}}
    data["issuer"] = {"name": "单位", "short": "单位", "unit": "处", "hosts": ["a.example"]}
    value = Campaign.model_validate(data | {"stickers": stickers} | changes)
    return Document(value, "campaign.yaml", Path("campaign.yaml"))


Order = {"count", "points", "shares", "spare_percent", "whole_sheets"}


def points(*shares: int) -> list[dict[str, Any]]:
    return [{"id": f"p{n}", "name": f"点{n}", "share": s} for n, s in enumerate(shares)]


def codes(found: list[Any]) -> list[str]:
    return sorted(problem.code for problem in found)


def test_allocate_by_hand() -> None:
    assert allocate(10, [1, 1, 1]) == (4, 3, 3)
    assert allocate(30_000, [5, 4, 3, 2, 1]) == (10_000, 8_000, 6_000, 4_000, 2_000)
    assert allocate(7, [0, 1, 2]) == (0, 2, 5)
    assert allocate(0, [3, 4]) == (0, 0)


@given(st.integers(0, 10**15), WEIGHTS)
def test_allocate_sums_and_stays_at_quota(total: int, weights: list[int]) -> None:
    parts = allocate(total, weights)
    whole = sum(weights)
    assert sum(parts) == total
    assert all(
        total * w // whole <= p <= -(-total * w // whole)
        for p, w in zip(parts, weights, strict=True)
    )


@given(st.integers(0, 1000), WEIGHTS)
def test_more_weight_never_gets_less(total: int, weights: list[int]) -> None:
    pairs = sorted(zip(weights, allocate(total, weights), strict=True))
    assert [part for _, part in pairs] == sorted(part for _, part in pairs)


@given(st.integers(0, 5000), WEIGHTS, WEIGHTS)
def test_spread_is_a_controlled_rounding(total: int, rows: list[int], columns: list[int]) -> None:
    cells = spread(total, rows, columns)
    row_sums, column_sums = allocate(total, rows), allocate(total, columns)
    assert tuple(map(sum, cells)) == row_sums
    assert tuple(map(sum, zip(*cells, strict=True))) == column_sums
    for row_sum, row in zip(row_sums, cells, strict=True):
        for column_sum, cell in zip(column_sums, row, strict=True):
            share = row_sum * column_sum
            assert share // max(total, 1) <= cell <= -(-share // max(total, 1))


@given(st.data())
def test_exchanges_find_a_table_where_greed_ends_blind(data: st.DataObject) -> None:
    """Any 0/1 table's own sums can be met within any cells that hold it."""
    width = data.draw(st.integers(1, 6))
    row = st.lists(st.integers(0, 2), min_size=width, max_size=width)
    drawn = data.draw(st.lists(row, min_size=1, max_size=6))  # 0 closed, 1 open, 2 open and taken
    row_needs = [r.count(2) for r in drawn]
    column_needs = [c.count(2) for c in zip(*drawn, strict=True)]
    taken = _rounded_up(drawn, row_needs, column_needs)
    assert [len(t) for t in taken] == row_needs
    counts = Counter(n for t in taken for n in t)
    assert [counts[n] for n in range(width)] == column_needs
    assert all(drawn[n][c] for n, t in enumerate(taken) for c in t)


def test_a_large_spread_is_quick() -> None:
    rows = [n * 37 % 101 + 1 for n in range(500)]
    start = time.perf_counter()
    spread(4_999_999, rows, list(range(10, 0, -1)))
    assert time.perf_counter() - start < 1.0


@given(
    st.integers(1, 3000),
    st.integers(0, 100),
    st.booleans(),
    st.lists(st.integers(1, 9), min_size=1, max_size=6),
    st.sampled_from(["by-rank", "equal", {"kefu": 3}, {"daikuan": 1, "gouwu": 2}]),
    st.integers(1, 30),
)
def test_plan_sums(
    count: int, percent: int, whole: bool, weights: list[int], shares: Any, ups: int
) -> None:
    document = campaign(
        count=count + 60,
        spare_percent=percent,
        whole_sheets=whole,
        points=points(*weights),
        shares=shares,
    )
    made = plan(document, SCAMS, ups)
    total = made.total
    assert total.ordered == count + 60
    assert total.spare == -(-(count + 60) * percent // 100)
    assert all(lot.ordered > 0 for lot in made.lots)
    assert all(
        0 <= lot.printed - lot.ordered - lot.spare < (ups if whole else 1) for lot in made.lots
    )
    assert all(lot.printed % ups == 0 for lot in made.lots) or not whole
    assert total.surplus == 0 or whole
    by_point, by_scam = made.by_point.values(), made.by_scam.values()
    for key in ("ordered", "spare", "printed"):
        assert sum(getattr(a, key) for a in by_point) == getattr(total, key)
        assert sum(getattr(a, key) for a in by_scam) == getattr(total, key)
    assert tuple(a.ordered for a in by_point) == allocate(count + 60, weights)
    assert made == plan(document, list(reversed(SCAMS)), ups)


def test_plan_by_rank() -> None:
    made = plan(campaign(count=1000, points=points(3, 1)), SCAMS, 24)
    assert [(k, a.ordered) for k, a in made.by_scam.items()] == [
        ("kefu", 400),
        ("shuadan", 300),
        ("gouwu", 200),
        ("daikuan", 100),
    ]
    assert {k: a.ordered for k, a in made.by_point.items()} == {"p0": 750, "p1": 250}
    assert made.by_scam["kefu"] == Amount(400, 0, 400)


def test_whole_sheets_keep_the_surplus_apart() -> None:
    made = plan(
        campaign(count=10, spare_percent=10, whole_sheets=True, shares={"kefu": 1}), SCAMS, 24
    )
    assert [(lot.ordered, lot.spare, lot.printed) for lot in made.lots] == [(5, 1, 24), (5, 0, 24)]
    assert made.total.surplus == 48 - 11


def test_no_stickers_no_lots() -> None:
    document = campaign(stickers=None, flyers=[{"template": "t", "copies": 5}])
    assert plan(document, SCAMS, 24) == Plan()
    assert Plan().total == Amount()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"count": 1}, ["point-gets-nothing"]),
        ({"shares": {"kefv": 1, "xyz": 2}}, ["unknown-scam", "unknown-scam"]),
        ({"shares": {}}, ["empty-field"]),
        ({"points": points(1, 1)[:1] * 2}, ["duplicate-point-id", "duplicate-point-name"]),
    ],
)
def test_plan_refuses(changes: dict[str, Any], expected: list[str]) -> None:
    document = campaign(**changes)
    with pytest.raises(InputError) as caught:
        plan(document, SCAMS, 24)
    assert codes(list(caught.value.problems)) == expected
    assert codes(problems(document, DOCUMENTS)) == expected


def test_plan_refuses_equal_ranks() -> None:
    with pytest.raises(InputError) as caught:
        plan(campaign(), [scam("a", 1), scam("b", 1)], 24)
    assert codes(list(caught.value.problems)) == ["duplicate-rank"]


def test_a_good_campaign_has_no_problems() -> None:
    flyers = [{"template": "t", "copies": 5, "scams": ["gouwu"]}]
    good = campaign(scams=["gouwu", "kefu"], flyers=flyers, shares={"kefu": 2})
    assert problems(good, DOCUMENTS) == []
    assert [d.value.id for d in chosen(good, DOCUMENTS)] == ["kefu", "gouwu"]
    assert [d.value.id for d in chosen(campaign(), DOCUMENTS)] == [s.id for s in SCAMS]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"stickers": None}, ["orders-nothing"]),
        ({"scams": ["kefu", "kefv", "kefu"]}, ["duplicate-scam", "unknown-scam"]),
        (
            {
                "scams": ["kefu"],
                "flyers": [{"template": "t", "copies": 1, "scams": ["gouwu", "x"]}],
            },
            ["scam-not-in-campaign", "unknown-scam"],
        ),
        ({"scams": ["kefu"], "shares": {"gouwu": 1}}, ["scam-not-in-campaign"]),
        (
            {"flyers": [{"template": "t", "copies": 1, "scams": ["gouwu", "gouwu"]}]},
            ["duplicate-scam"],
        ),
    ],
)
def test_problems_across_files(changes: dict[str, Any], expected: list[str]) -> None:
    assert codes(problems(campaign(**changes), DOCUMENTS)) == expected


def test_an_overdue_review_stands_at_the_scam() -> None:
    late = scam("late", 9, "2020-11-12")
    at = Place("late.yaml", 30, 12)
    scams = DOCUMENTS | {"late": Document(late, "late.yaml", Path("x"), {("review_by",): at})}
    (problem,) = problems(campaign(), scams)
    assert (problem.code, problem.place) == ("review-overdue", at)
    assert problems(campaign(scams=["kefu"]), scams) == []
    assert problems(campaign(date=date(2020, 11, 12)), scams) == []


def test_a_name_that_nobody_filled_in_is_told_once_the_address_is_real() -> None:
    document = campaign()
    issuer = document.value.issuer.model_copy(update={"short": "××公安分局"})
    example = document.value.model_copy(update={"issuer": issuer})
    link = example.link.model_copy(update={"base": "https://fz.hongshan.gov.cn"})
    real = example.model_copy(update={"link": link})
    assert codes(problems(replace(document, value=real), DOCUMENTS)) == ["placeholder-left"]
    link = example.link.model_copy(update={"base": "https://hs.example.com"})
    sample = example.model_copy(update={"link": link})
    assert codes(problems(replace(document, value=sample), DOCUMENTS)) == []


def test_a_draft_stands_at_its_mark() -> None:
    draft = scam("draft", 9).model_copy(update={"review": "needed"})
    at = Place("draft.yaml", 3, 9)
    scams = DOCUMENTS | {"draft": Document(draft, "draft.yaml", Path("x"), {("review",): at})}
    (problem,) = problems(campaign(), scams)
    assert (problem.code, problem.place) == ("review-needed", at)
    assert problems(campaign(scams=["kefu"]), scams) == []


def test_no_scam_type_takes_the_address_of_another_page() -> None:
    at = Place("sticker.yaml", 1, 5)
    other = Document(scam("sticker", 9), "sticker.yaml", Path("x"), {("id",): at})
    (problem,) = problems(campaign(), DOCUMENTS | {"sticker": other})
    assert (problem.code, problem.place) == ("scam-id-reserved", at)


def test_equal_ranks_stand_at_the_second() -> None:
    twin = Document(scam("twin", 2), "twin.yaml", Path("x"), {("rank",): Place("twin.yaml", 2, 7)})
    (problem,) = problems(campaign(), DOCUMENTS | {"twin": twin})
    assert (problem.code, str(problem.place)) == ("duplicate-rank", "twin.yaml:2:7")


def test_a_near_name_is_meant() -> None:
    (problem,) = problems(campaign(scams=["kefu", "shuadn"]), DOCUMENTS)
    assert problem.values == {"value": "shuadn", "meant": "shuadan"}
