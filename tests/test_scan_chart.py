"""Days become the bars of a chart: the step that fits, every scan in its bar, labels that fit."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickergen.scans.chart import MOST_GROUPS, Chart, chart

FIRST = date(2020, 11, 14)


def spanning(days: int) -> Chart:
    found = chart({FIRST: 3, FIRST + timedelta(days - 1): 5})
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("days", "step", "bars_of_group", "labels"),
    [
        (2, "每天", 1, ["11月14日", "11月15日"]),
        (14, "每天", 1, ["11月14日", "11月15日"]),
        (15, "每天", 7, ["11月14日", "11月21日", "11月28日"]),
        (98, "每天", 7, ["11月14日", "11月21日"]),
        (99, "每 7 天", 4, ["11月14日", "12月12日", "1月9日"]),
        (392, "每 7 天", 4, ["11月14日", "12月12日", "1月9日"]),
        (393, "每月", 1, ["11月", "12月", "1月"]),
        (430, "每月", 3, ["11月", "2月", "5月"]),
        (2000, "每月", 6, ["11月", "5月", "11月"]),
        (4000, "每年", 1, ["2020年", "2021年"]),
        (100_000, "每年", 100, ["2020年", "2120年"]),
    ],
)
def test_a_chart_takes_the_finest_step_whose_labels_fit(
    days: int, step: str, bars_of_group: int, labels: list[str]
) -> None:
    found = spanning(days)
    assert found.step == step
    assert {len(group.bars) for group in found.groups} == {bars_of_group}
    assert [group.label for group in found.groups][: len(labels)] == labels
    assert found.alone == (bars_of_group == 1)


@given(
    st.dictionaries(
        st.dates(date(2019, 1, 1), date(2026, 12, 31)), st.integers(1, 10**7), min_size=2
    )
)
def test_every_chart_has_room_for_its_labels_and_shows_its_highest(days: dict[date, int]) -> None:
    found = chart(days)
    assert found is not None
    assert len(found.groups) <= MOST_GROUPS
    bars = [bar for group in found.groups for bar in group.bars]
    shares = [float(bar.share) for bar in bars]
    assert max(shares) == 100
    assert min(shares) >= 0
    highest = [number for number, bar in enumerate(bars) if bar.highest]
    assert (len(found.before), len(found.after)) == (highest[0], len(bars) - highest[0] - 1)
    assert bool(found.peak) == (len(highest) == 1)
    # A group that begins after the last day has neither label nor scans.
    labelled = [bool(group.label) for group in found.groups]
    assert labelled == sorted(labelled, reverse=True)
    if found.alone:
        told = [group.scans for group in found.groups if group.label]
        assert sum(int(scans.replace(",", "")) for scans in told) == sum(days.values())


@given(st.lists(st.integers(0, 1000), max_size=96))
def test_a_bar_for_each_day_as_high_as_its_scans(between: list[int]) -> None:
    counts = [1, *between, 7]
    found = chart({FIRST + timedelta(n): count for n, count in enumerate(counts) if count})
    assert found is not None
    shares = [float(bar.share) for group in found.groups for bar in group.bars]
    expected = [100 * count / max(counts) for count in counts]
    assert shares[: len(counts)] == pytest.approx(expected, abs=0.01)
    assert not any(shares[len(counts) :])


def test_years_are_told_where_they_change() -> None:
    days = spanning(60).groups
    assert [group.year for group in days] == ["2020年", *[""] * 6, "2021年", ""]
    assert not any(group.year for group in spanning(30).groups)
    assert not any(group.year for group in spanning(4000).groups)


@pytest.mark.parametrize(
    ("days", "peak"),
    [
        (20, "最多的一天：12月3日"),
        (120, "最多的 7 天：从 2021年3月13日 起"),
        (400, "最多的一个月：2021年12月"),
        (4000, "最多的一年：2031年"),
    ],
)
def test_the_highest_bar_has_a_name(days: int, peak: str) -> None:
    assert spanning(days).peak == peak
    assert spanning(days).most == "5"


def test_of_several_highest_none_is_named() -> None:
    found = chart({FIRST: 5, FIRST + timedelta(1): 5, FIRST + timedelta(2): 1})
    assert found is not None
    assert found.peak == ""
    assert [group.bars[0].highest for group in found.groups[:3]] == [True, True, False]


def test_one_day_is_no_chart() -> None:
    assert chart({FIRST: 3}) is None
    assert chart({}) is None
