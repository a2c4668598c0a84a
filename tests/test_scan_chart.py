"""Days become the bars of a chart: the step that fits, every scan in its bar, labels that fit."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickergen.scans.chart import MOST_LABELS, Chart, Gap, chart

FIRST = date(2020, 11, 14)


def spanning(days: int) -> Chart:
    found = chart({FIRST: 3, FIRST + timedelta(days - 1): 5})
    assert found is not None
    return found


def wide(gap: Gap) -> int:
    return 10 * len(gap.tens) + len(gap.ones)


@pytest.mark.parametrize(
    ("days", "step", "bars", "apart", "labels"),
    [
        (2, "每天", 2, 1, ["11月14日", "11月15日"]),
        (12, "每天", 12, 1, ["11月14日", "11月15日"]),
        (13, "每天", 13, 7, ["11月14日", "11月21日"]),
        (30, "每天", 30, 7, ["11月14日", "11月21日", "11月28日", "12月5日", "12月12日"]),
        (84, "每天", 84, 7, ["11月14日", "11月21日"]),
        (85, "每 7 天", 13, 4, ["11月14日", "12月12日", "1月9日", "2月6日"]),
        (336, "每 7 天", 48, 4, ["11月14日", "12月12日"]),
        (365, "每 7 天", 53, 8, ["11月14日", "1月9日", "3月6日"]),
        (672, "每 7 天", 96, 8, ["11月14日", "1月9日"]),
        (673, "每月", 23, 3, ["11月", "2月", "5月"]),
        (2000, "每月", 67, 6, ["11月", "5月", "11月"]),
        (4000, "每月", 132, 12, ["11月", "11月"]),
        (5000, "每年", 15, 5, ["2020年", "2025年", "2030年"]),
        (100_000, "每年", 275, 100, ["2020年", "2120年", "2220年"]),
    ],
)
def test_a_chart_takes_the_finest_step_whose_labels_fit(
    days: int, step: str, bars: int, apart: int, labels: list[str]
) -> None:
    found = spanning(days)
    assert (found.step, len(found.bars), found.alone) == (step, bars, apart == 1)
    assert [number for number, bar in enumerate(found.bars) if bar.labelled] == list(
        range(0, bars, apart)
    )
    assert [label.text for label in found.labels][: len(labels)] == labels


@given(
    st.dictionaries(
        st.dates(date(2019, 1, 1), date(2026, 12, 31)), st.integers(1, 10**7), min_size=2
    )
)
def test_every_chart_has_room_for_its_labels_and_shows_its_highest(days: dict[date, int]) -> None:
    found = chart(days)
    assert found is not None
    assert len(found.labels) <= MOST_LABELS
    shares = [float(bar.share) for bar in found.bars]
    assert max(shares) == 100
    assert min(shares) >= 0
    # Both ends are days with a scan: nothing is drawn before or after the data.
    assert shares[0] > 0
    assert shares[-1] > 0
    highest = [number for number, bar in enumerate(found.bars) if bar.highest]
    assert bool(found.peak) == (len(highest) == 1)
    places = [(found.before, found.after, highest[0])]
    under = [number for number, bar in enumerate(found.bars) if bar.labelled]
    places += [
        (label.before, label.after, number)
        for label, number in zip(found.labels, under, strict=True)
    ]
    for before, after, number in places:
        assert (wide(before), wide(after)) == (number, len(shares) - number - 1)
    # What is told to lack days is marked, and the other way round; the highest never.
    short = [number for number, bar in enumerate(found.bars) if bar.short]
    assert len(short) == found.short.count("只有")
    assert set(short) <= {0, len(shares) - 1} - set(highest)
    if found.alone:
        told = [label.scans for label in found.labels]
        assert sum(int(scans.replace(",", "")) for scans in told) == sum(days.values())


@given(st.lists(st.integers(0, 1000), max_size=82))
def test_a_bar_for_each_day_as_high_as_its_scans(between: list[int]) -> None:
    counts = [1, *between, 7]
    found = chart({FIRST + timedelta(n): count for n, count in enumerate(counts) if count})
    assert found is not None
    expected = [100 * count / max(counts) for count in counts]
    assert [float(bar.share) for bar in found.bars] == pytest.approx(expected, abs=0.01)
    assert float(found.half.replace(",", "")) == max(counts) / 2


def test_years_are_told_where_they_change() -> None:
    assert [label.year for label in spanning(60).labels] == ["2020年", *[""] * 6, "2021年", ""]
    assert spanning(60).years
    for days in (30, 5000):
        assert not any(label.year for label in spanning(days).labels)
        assert not spanning(days).years


def steadily(first: date, last: date) -> Chart:
    """One scan each day."""
    found = chart({first + timedelta(n): 1 for n in range((last - first).days + 1)})
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("first", "last", "short"),
    [
        (FIRST, FIRST + timedelta(29), ""),
        (FIRST, FIRST + timedelta(98), "最后一周只有 1 天"),
        (FIRST, FIRST + timedelta(96), "最后一周只有 6 天"),
        (FIRST, FIRST + timedelta(97), ""),
        (date(2020, 11, 1), date(2022, 12, 31), ""),
        (date(2020, 11, 3), date(2022, 12, 28), ""),
        (date(2020, 11, 14), date(2022, 12, 28), "第一个月只有 17 天"),
        (date(2020, 11, 14), date(2022, 12, 6), "第一个月只有 17 天，最后一个月只有 6 天"),
        (date(2020, 11, 14), date(2036, 12, 6), "第一年只有 48 天"),
        (date(9980, 1, 1), date.max, ""),
    ],
)
def test_a_period_that_lacks_days_is_told(first: date, last: date, short: str) -> None:
    found = steadily(first, last)
    assert found.short == short
    marked = found.bars[0].short, found.bars[-1].short
    assert marked == ("第一" in short, "最后" in short)


def test_the_highest_is_no_collapse_even_if_it_lacks_days() -> None:
    found = spanning(99)  # five scans on the only day of the last week
    assert (found.bars[-1].highest, found.bars[-1].short, found.short) == (True, False, "")


@pytest.mark.parametrize(
    ("days", "peak"),
    [
        (20, "最多的一天：12月3日"),
        (120, "最多的 7 天：从 2021年3月13日 起"),
        (700, "最多的一个月：2022年10月"),
        (5000, "最多的一年：2034年"),
    ],
)
def test_the_highest_bar_has_a_name(days: int, peak: str) -> None:
    assert spanning(days).peak == peak
    assert spanning(days).most == "5"


def test_of_several_highest_none_is_named() -> None:
    found = chart({FIRST: 5, FIRST + timedelta(1): 5, FIRST + timedelta(2): 1})
    assert found is not None
    assert found.peak == ""
    assert [bar.highest for bar in found.bars] == [True, True, False]


def test_one_day_is_no_chart() -> None:
    assert chart({FIRST: 3}) is None
    assert chart({}) is None
