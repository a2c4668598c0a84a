"""Scans by day become the bars of a chart: days, weeks, months or years, as fits a page.

Comes in: scans by day. Goes out: a `Chart` of groups of bars, each group with a label under its
first bar, so that labels never meet; all groups have the same number of bars, the last is filled
up with empty ones. Days without a scan between the first and the last are bars of nothing.
Weeks are counted from the first day: none but the last is short.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

MOST_GROUPS = 14
"""Labels under a chart. Tuned: 11月13日 at 7 pt is 10.4 mm wide, and scans-a4 has 184 mm."""

LEAST_BARS = 14
"""Room for so many bars. Tuned: two days are not two bars half a page wide."""

DAYS_OF_WEEK = 7


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: per cent of the highest, and whether it is one of the highest."""

    share: str
    highest: bool


@dataclass(frozen=True)
class Group:
    """Bars above one label; the year where it is another than before, the scans of a bar alone."""

    bars: tuple[Bar, ...]
    label: str = ""
    year: str = ""
    scans: str = ""


@dataclass(frozen=True)
class Chart:
    """Bars in groups; the one highest with its name and its scans, no name if several are."""

    step: str
    groups: tuple[Group, ...]
    peak: str
    most: str
    alone: bool
    """Whether each group is one bar, and can have its number."""
    before: tuple[int, ...]
    after: tuple[int, ...]
    """The bars before and after the (first) highest: they tell where its number stands."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """What a bar stands for: which one a day falls in, when one begins, and how both are called."""

    step: str
    sizes: tuple[int, ...]
    """The numbers of bars that make a group."""
    index: Callable[[date, date], int]
    start: Callable[[int, date], date]
    label: Callable[[date], str]
    peak: Callable[[date], str]


def day_words(day: date) -> str:
    """11月13日."""
    return f"{day.month}月{day.day}日"


def _year_words(day: date) -> str:
    return f"{day.year}年"


def _months(day: date) -> int:
    return 12 * day.year + day.month - 1


_UNITS = (
    _Unit(
        "每天",
        (1, DAYS_OF_WEEK),
        lambda day, first: (day - first).days,
        lambda number, first: first + timedelta(number),
        day_words,
        lambda day: f"最多的一天：{day_words(day)}",
    ),
    _Unit(
        "每 7 天",
        (4,),
        lambda day, first: (day - first).days // DAYS_OF_WEEK,
        lambda number, first: first + timedelta(DAYS_OF_WEEK * number),
        day_words,
        lambda day: f"最多的 7 天：从 {_year_words(day)}{day_words(day)} 起",
    ),
    _Unit(
        "每月",
        (1, 3, 6),
        lambda day, first: _months(day) - _months(first),
        lambda number, first: date(*_month(_months(first) + number), 1),
        lambda day: f"{day.month}月",
        lambda day: f"最多的一个月：{_year_words(day)}{day.month}月",
    ),
    _Unit(
        "每年",
        (1, 10, 100, 1000),
        lambda day, first: day.year - first.year,
        lambda number, first: date(first.year + number, 1, 1),
        _year_words,
        lambda day: f"最多的一年：{_year_words(day)}",
    ),
)
"""From the finest; the last holds whatever a `date` can be."""


def _month(months: int) -> tuple[int, int]:
    year, month = divmod(months, 12)
    return year, month + 1


def chart(scans: Mapping[date, int]) -> Chart | None:
    """The chart of these days; None where one bar would be all."""
    if len(scans) < 2:
        return None
    first, last = min(scans), max(scans)
    unit, size = next(
        (unit, size)
        for unit in _UNITS
        for size in unit.sizes
        if unit.index(last, first) < size * MOST_GROUPS
    )
    counts: Counter[int] = Counter()
    for day, count in scans.items():
        counts[unit.index(day, first)] += count
    bars = unit.index(last, first) + 1
    most = max(counts.values())
    highest = [number for number, count in sorted(counts.items()) if count == most]
    groups: list[Group] = []
    year = first.year if first.year == last.year else None
    for begin in range(0, bars if size > 1 else max(bars, LEAST_BARS), size):
        own = tuple(
            Bar(share(counts[number], most), number in highest)
            for number in range(begin, begin + size)
        )
        if begin >= bars:
            groups.append(Group(own))
            continue
        start = unit.start(begin, first)
        label = unit.label(start)
        told = "" if start.year == year or label == _year_words(start) else _year_words(start)
        year = start.year
        groups.append(Group(own, label, told, f"{counts[begin]:,}" if size == 1 else ""))
    return Chart(
        unit.step,
        tuple(groups),
        unit.peak(unit.start(highest[0], first)) if len(highest) == 1 else "",
        f"{most:,}",
        size == 1,
        tuple(range(highest[0])),
        tuple(range(highest[0] + 1, size * len(groups))),
    )


def share(part: int, whole: int) -> str:
    """Per cent of a whole as a template's bar takes it."""
    return f"{100 * part / whole:.2f}" if whole else "0"
