"""Amounts, dates, ages and places in a ranking, as bulletins write them.

Comes in: sentences. Goes out: `Amount`s in yuan, dates, whole numbers. 8万余元 is 80000, `about`.
Limits: amounts below ten thousand million yuan, as the model has them; 几十万, 数千 are no amounts.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from stickergen.bulletin.vocabulary import any_of, words

MOST_YUAN = 10_000_000_000
"""What `Case.loss` of content/model stays below."""

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000}

_AMOUNT = re.compile(
    r"(?<![几数\d.])(?P<number>\d[\d,]{0,14}(?:\.\d{1,4})?|[零〇一二两三四五六七八九十百千万亿]{1,14})"
    r"(?P<more>[余多])?(?P<unit>[万千百亿]{0,2})(?P<more_after>[余多])?\s?(?:元|块钱|圆)(?!化)"
)
_SIGNED = re.compile(r"[¥￥]\s?(?P<number>\d[\d,]{0,14}(?:\.\d{1,2})?)(?P<unit>[万亿]?)")
_LOST = re.compile(
    r"(?:被骗|受骗|损失|骗走|骗取|骗去|痛失|卷走|诈骗金额|共|合计|总计|累计)[^，；0-9]{0,12}$"
)

_DATE = re.compile(
    r"(?:(?P<year>(?:19|20)\d\d)年|(?P<ago>今年|去年|前年|当年|同年))?(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]"
)
_FULL_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)\s?(?:[-./]|年)\s?(\d{1,2})\s?(?:[-./]|月)\s?(\d{1,2})(?!\d)日?"
)
_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)\s?年\s?(\d{1,2})\s?月")
_AGO = {"去年": 1, "前年": 2}
_TIME_OF_DAY = (
    r"(?:清晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚间|深夜|凌晨|当晚|当天|[早晚许])?"
    r"(?:\d{1,2}[时点](?:\d{1,2}分|半)?|\d{1,2}:\d\d)?[许左右]{0,2}[，,]?"
)
_AGE = re.compile(r"(?<!\d)(\d{1,3})(?:周)?岁")
_RANKED = re.compile(
    r"(?:排名|排在|排|位居|位列|居|列|占据)[^，；]{0,14}?第(?P<a>[一二三四五六七八九十]{1,2}|\d{1,2})"
    r"|第(?P<b>[一二三四五六七八九十]{1,2}|\d{1,2})(?:位|名)"
)
_LEADING = re.compile(r"(?:排名|位居|高居|居)(?:首位|榜首)|发案(?:量|率|数)?最(?:多|高)")


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of money: `written` in the text; `lost` where that is said of it."""

    yuan: int
    written: str
    about: bool
    lost: bool


@dataclass(frozen=True, slots=True)
class Day:
    """A date in a text, and where it ends; `guessed` where its year was not written."""

    day: date
    end: int
    guessed: bool = False


def number(text: str) -> Decimal | None:
    """The value of digits or Chinese numerals: `13,488`, `8.4`, `三十二万五千`; None if nought."""
    if text[:1].isascii():
        return Decimal(text.replace(",", ""))
    total, part, digit = 0, 0, 0
    for sign in text:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        elif sign in _UNITS:
            part += (digit or 1) * _UNITS[sign]
            digit = 0
        else:
            total = (total + part + digit) * _LARGE[sign]
            part = digit = 0
    return Decimal(total + part + digit) or None


def amounts(text: str) -> tuple[Amount, ...]:
    """The sums of money in a text, in their order."""
    found = []
    for match in sorted([*_AMOUNT.finditer(text), *_SIGNED.finditer(text)], key=re.Match.start):
        value = number(match["number"])
        if value is None:
            continue
        for unit in match["unit"]:
            value *= (_UNITS | _LARGE)[unit]
        groups = match.groupdict()
        about = bool(groups.get("more") or groups.get("more_after"))
        lost = _LOST.search(text, max(0, match.start() - 24), match.start()) is not None
        if 0 < value < MOST_YUAN and value == int(value):
            found.append(Amount(int(value), match[0], about, lost))
    return tuple(found)


def happened(text: str, published: date | None) -> Day | None:
    """The first day in a text; its year from that of the bulletin where it is not written."""
    for match in _DATE.finditer(text):
        year = int(match["year"]) if match["year"] else None
        guessed = year is None
        if year is None and published:
            year = published.year - _AGO.get(match["ago"] or "", 0)
        if year is None:
            continue
        day = _day(year, int(match["month"]), int(match["day"]))
        if day and guessed and published and day > published and not match["ago"]:
            day = _day(year - 1, day.month, day.day)
        if day:
            return Day(day, match.end(), guessed)
    return None


def full_date(text: str) -> date | None:
    """The first date with its year in a text."""
    for match in _FULL_DATE.finditer(text):
        if day := _day(int(match[1]), int(match[2]), int(match[3])):
            return day
    return None


def before_date(text: str) -> str | None:
    """What stands before the date that ends a line, and a blank: the name of who signs."""
    for match in _FULL_DATE.finditer(text):
        if match.end() == len(text) and text[: match.start()].endswith(" "):
            return text[: match.start()].strip()
    return None


def month(text: str) -> date | None:
    """The last day of the first month with its year in a text."""
    for match in _MONTH.finditer(text):
        if (number := int(match[2])) in range(1, 13):
            year = int(match[1])
            return date(year, number, monthrange(year, number)[1])
    return None


def is_date(text: str) -> bool:
    """Whether a line is nothing but a date with its year."""
    return _FULL_DATE.fullmatch(text) is not None


def without_date(text: str) -> str:
    """A sentence without the date and time of day that it begins with."""
    return re.sub(rf"^(?:[^，。\d]{{0,4}}，)?{_DATE.pattern}{_TIME_OF_DAY}", "", text)


def has_day(text: str) -> bool:
    """Whether a sentence begins by saying the day."""
    match = _DATE.search(text)
    return match is not None and match.start() <= 12


def age(text: str) -> int | None:
    """The first age in a text."""
    found = _AGE.search(text)
    return int(found[1]) if found and 0 < int(found[1]) <= 120 else None


def sex(text: str) -> str | None:
    """女 or 男, by the first word that says so."""
    found = [(m.start(), sign) for sign, p in _sexes().items() if (m := p.search(text))]
    return min(found)[1] if found else None


@cache
def _sexes() -> dict[str, re.Pattern[str]]:
    women, men = any_of(words("names", "women", "female")), any_of(words("names", "men", "male"))
    return {
        "女": re.compile(rf"{women}|[（，(]女[，）)]|她"),
        "男": re.compile(rf"{men}|[（，(]男[，）)]|(?<!其)他(?!们|人)"),
    }


def rank(text: str) -> int | None:
    """The place in a ranking that a sentence tells: 排名第一, 居首位, 第2位."""
    found = _RANKED.search(text)
    if found:
        value = number(found["a"] or found["b"])
        return int(value) if value and 1 <= value <= 99 else None
    return 1 if _LEADING.search(text) else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
