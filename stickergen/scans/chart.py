"""Scans by day become the bars of a chart: days, weeks, months or years, as fits a page.

Comes in: scans by day. Goes out: a `Chart`: bars from the first day to the last, some of them with
a label, so few that labels never meet. Days without a scan between are bars of nothing. A bar that
days are missing from is marked, and told in words, unless it is the highest all the same: it would
look as if hardly anybody had scanned.
Weeks are counted from the first day, so only the last can be short.
"""

from __future__ import annotations

from calendar import isleap, monthrange
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

MOST_LABELS = 12
"""Labels under a chart. Tuned: 11月13日 at 7 pt is 10.4 mm wide, and the chart of scans-a4 beside
a number of seven digits 170 mm: 3 mm stay between two labels."""

WHOLE = 0.9
"""The part of its days that makes a bar whole. Tuned: what two days do to a month is not seen; the
one day that a week lacks is."""

DAYS_OF_WEEK = 7


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: per cent of the highest; whether it is one of the highest, lacks days, has a label."""

    share: str
    highest: bool
    short: bool
    labelled: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """So many bars in a row, as tens and ones: a template repeats boxes of both widths."""

    tens: tuple[int, ...]
    ones: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Label:
    """What stands under a bar; the year where it is another than before, the scans of a day."""

    text: str
    year: str
    scans: str
    before: Gap
    after: Gap
    """The bars before and after: they tell where a label stands that is wider than its bar."""


@dataclass(frozen=True)
class Chart:
    """Bars with labels; the one highest with its name and its scans, no name if several are."""

    step: str
    bars: tuple[Bar, ...]
    labels: tuple[Label, ...]
    years: bool
    """Whether any label tells a year."""
    alone: bool
    """Whether each bar has a label of its own, and its number."""
    peak: str
    most: str
    half: str
    """Half of the most: the number of a line in the middle."""
    before: Gap
    after: Gap
    """The bars before and after the (first) highest: they tell where its number stands."""
    short: str
    """Which bars lack days; empty if all are whole."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """What a bar stands for: which one a day falls in, when one begins, and what it is called."""

    step: str
    sizes: tuple[int, ...]
    """From one label to the next so many bars."""
    index: Callable[[date, date], int]
    start: Callable[[int, date], date]
    days: Callable[[date], int]
    label: Callable[[date], str]
    peak: Callable[[date], str]
    noun: str


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
        lambda start: 1,
        day_words,
        lambda day: f"最多的一天：{day_words(day)}",
        "天",
    ),
    _Unit(
        "每 7 天",
        (4, 8),
        lambda day, first: (day - first).days // DAYS_OF_WEEK,
        lambda number, first: first + timedelta(DAYS_OF_WEEK * number),
        lambda start: DAYS_OF_WEEK,
        day_words,
        lambda day: f"最多的 7 天：从 {_year_words(day)}{day_words(day)} 起",
        "周",
    ),
    _Unit(
        "每月",
        (3, 6, 12),
        lambda day, first: _months(day) - _months(first),
        lambda number, first: date(*_month(_months(first) + number), 1),
        lambda start: monthrange(start.year, start.month)[1],
        lambda day: f"{day.month}月",
        lambda day: f"最多的一个月：{_year_words(day)}{day.month}月",
        "个月",
    ),
    _Unit(
        "每年",
        (5, 10, 100, 1000),
        lambda day, first: day.year - first.year,
        lambda number, first: date(first.year + number, 1, 1),
        lambda start: 365 + isleap(start.year),
        _year_words,
        lambda day: f"最多的一年：{_year_words(day)}",
        "年",
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
        if unit.index(last, first) < size * MOST_LABELS
    )
    counts: Counter[int] = Counter()
    for day, count in scans.items():
        counts[unit.index(day, first)] += count
    starts = [unit.start(number, first) for number in range(unit.index(last, first) + 1)]
    labels = _labels(unit, starts, size, counts)
    most = max(counts.values())
    highest = [number for number, count in sorted(counts.items()) if count == most]
    lacking = {
        number: days
        for number, days in _lacking(unit, starts, first, last).items()
        if number not in highest
    }
    before, after = _around(highest[0], len(starts))
    ends = ((0, f"第一{unit.noun}"), (len(starts) - 1, f"最后一{unit.noun}"))
    return Chart(
        unit.step,
        tuple(
            Bar(
                share(counts[number], most), number in highest, number in lacking, not number % size
            )
            for number in range(len(starts))
        ),
        labels,
        any(label.year for label in labels),
        size == 1,
        unit.peak(starts[highest[0]]) if len(highest) == 1 else "",
        f"{most:,}",
        f"{most / 2:,.1f}".removesuffix(".0"),
        before,
        after,
        "，".join(f"{name}只有 {lacking[number]} 天" for number, name in ends if number in lacking),
    )


def share(part: float, whole: float) -> str:
    """Per cent of a whole as a template's bar takes it; more than nothing stays more than that."""
    return f"{max(100 * part / whole, 0.01):.2f}" if part else "0"


def _lacking(unit: _Unit, starts: Sequence[date], first: date, last: date) -> dict[int, int]:
    """The bars that are not whole, and how many days they have; only those at the ends can be."""
    found = {}
    for number in {0, len(starts) - 1}:
        begin, days = starts[number].toordinal(), unit.days(starts[number])
        has = min(begin + days, last.toordinal() + 1) - max(begin, first.toordinal())
        if has < WHOLE * days:
            found[number] = has
    return found


def _labels(
    unit: _Unit, starts: Sequence[date], size: int, counts: Mapping[int, int]
) -> tuple[Label, ...]:
    """A label for each so many bars; the year is told only if there are several."""
    labels = []
    year = starts[0].year if starts[0].year == starts[-1].year else None
    for number in range(0, len(starts), size):
        start = starts[number]
        text = unit.label(start)
        told = "" if start.year == year or text == _year_words(start) else _year_words(start)
        year = start.year
        scans = f"{counts[number]:,}" if size == 1 else ""
        labels.append(Label(text, told, scans, *_around(number, len(starts))))
    return tuple(labels)


def _around(number: int, bars: int) -> tuple[Gap, Gap]:
    """The bars before and after one."""
    return _gap(number), _gap(bars - 1 - number)


def _gap(bars: int) -> Gap:
    tens, ones = divmod(bars, 10)
    return Gap(tuple(range(tens)), tuple(range(ones)))
