"""Where a bulletin comes from: its title, who published it, and when.

Comes in: the front matter and the sorted bulletin. Goes out: an `Origin`, with lines where known.
A channel (来源：微信公众号) is put in brackets behind the name that another line gives. A person is
never a publisher.
Limits: a date in the text counts only where it stands alone, is called 发布, or ends a signature:
others are of cases.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise

from stickergen.bulletin import numbers
from stickergen.bulletin.markdown import Manuscript
from stickergen.bulletin.passages import Bulletin
from stickergen.bulletin.privacy import is_person
from stickergen.bulletin.sentences import Sentence
from stickergen.bulletin.vocabulary import any_of, words

_MOST_IN_SIGNATURE = 20
"""Tuned: the longest names of offices; what is longer and ends with 社区 is a sentence."""

_ASKS = re.compile(r"[请拨到向可去找]|联系|咨询")


@dataclass(frozen=True, slots=True)
class Origin:
    """A bulletin's title, publisher and date; None where it does not say.

    `until` is the day by which its cases had happened: that of the bulletin, or the end of the
    month that the title names.
    """

    title: str | None
    publisher: str | None
    published: date | None
    until: date | None
    line: int | None = None
    material: str | None = None


def origin(written: Manuscript, told: Bulletin) -> Origin:
    """Where the bulletin comes from."""
    matter = written.matter
    title = matter.get("title") or told.title
    names: list[tuple[str, int]] = []
    channel = material = None
    for sentence in told.credits:
        match = _named().search(sentence.text)
        who = _name(match["who"]) if match else _name(numbers.before_date(sentence.text) or "")
        if who in words("credits", "channels"):
            channel = who
        elif who and match and match["how"] in words("credits", "material"):
            material = material or who
        elif who:
            names.append((who, sentence.line))
    if signed := _signature(told):
        names.append((signed.text, signed.line))
    publisher, line = names[0] if names else (None, None)
    if publisher is None:
        publisher = _name(matter.get("source") or matter.get("author") or "")
    if publisher is None:
        publisher, material = material, None
    if publisher and channel and channel not in publisher:
        publisher = f"{publisher}（{channel}）"
    published = _published(written, told)
    until = published or (numbers.month(title) if title else None)
    return Origin(title, publisher, published, until, line, material)


@cache
def _named() -> re.Pattern[str]:
    """`来源：` and the like, and the name behind it."""
    how = any_of(words("credits", "publishers", "material"))
    return re.compile(
        rf"[（(]?(?P<how>{how})(?:单位)?(?:\s*[：:/]\s*|(?<=自))(?P<who>[^）)\s]{{2,40}})"
    )


@cache
def _office() -> re.Pattern[str]:
    return re.compile(rf"[^，。：]{{1,30}}{any_of(words('credits', 'offices'))}")


@cache
def _people() -> re.Pattern[str]:
    return re.compile(any_of(words("credits", "people")))


def _name(written: str) -> str | None:
    """The name of a publisher: without the people behind it, and None if it is a person's."""
    name = written.strip("《》“” ，")
    if _hides_person(name):
        name = _people().split(name)[0]
    nobody = set(words("credits", "nobody")) - set(words("credits", "channels"))
    return None if not name or name in nobody or _hides_person(name) else name


def _hides_person(name: str) -> bool:
    return is_person(name) and not name.endswith(words("credits", "short", "offices"))


def _published(written: Manuscript, told: Bulletin) -> date | None:
    """The date of the front matter, of a line called 发布时间, or of a line that is only a date."""
    if day := numbers.full_date(written.matter.get("date", "")):
        return day
    for sentence in told.credits:
        text = sentence.text
        dated = "发布" in text or text[0].isdigit() or numbers.before_date(text)
        if dated and (day := numbers.full_date(text)):
            return day
    alone = [s for p in told.passages for s in p.sentences if numbers.is_date(s.text)]
    return numbers.full_date(alone[-1].text) if alone else None


def _signature(told: Bulletin) -> Sentence | None:
    """The office that signs: a short line right above a date that stands alone, or the last."""
    lines = [s for p in told.passages for s in p.sentences]
    for above, below in pairwise(lines):
        if numbers.is_date(below.text) and _office().fullmatch(above.text):
            return above
    last = lines[-1] if lines else None
    if last is None or len(last.text) > _MOST_IN_SIGNATURE or _ASKS.search(last.text):
        return None
    return last if _office().fullmatch(last.text) else None
