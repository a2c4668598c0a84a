"""Where a bulletin comes from: its title, who published it, and when.

Comes in: the front matter and the sorted bulletin. Goes out: an `Origin`, with lines where known.
A channel (来源：微信公众号) is put in brackets behind the name that another line gives.
Limits: a date in the text counts only where it stands alone or is called 发布: others are of cases.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from stickergen.bulletin import figures
from stickergen.bulletin.markdown import Manuscript
from stickergen.bulletin.passages import Bulletin
from stickergen.bulletin.sentences import Sentence

_NAMED = re.compile(
    r"[（(]?(?P<how>转载自?|转自|来源|稿件来源|资料来源|信息来源|文章来源|内容来源|稿源|出处|发布单位|素材来源|供稿)"
    r"(?:单位)?\s*[：:/]\s*(?P<who>[^）)\s]{2,40})"
)
_CHANNELS = (
    "微信公众号",
    "公众号",
    "微信",
    "微博",
    "官方微博",
    "官网",
    "网站",
    "抖音",
    "网络",
    "互联网",
)
_NOBODY = ("转载", "原创", "admin", "佚名", "网络", "互联网", "未知", "编辑", "作者")
_OFFICE = re.compile(
    r"[^，。：]{1,30}(?:派出所|公安局|分局|公安厅|公安部|支队|大队|总队|中心|办公室|保卫处|委员会|居委会|社区)"
)
"""Who signs a notice."""
_SECOND_HAND = ("素材来源", "供稿")


@dataclass(frozen=True, slots=True)
class Origin:
    """A bulletin's title, publisher and date; None where it does not say."""

    title: str | None
    publisher: str | None
    published: date | None
    line: int | None = None
    material: str | None = None


def origin(written: Manuscript, told: Bulletin) -> Origin:
    """Where the bulletin comes from."""
    matter = written.matter
    first = min(told.headings, key=lambda s: s.line, default=None)
    title = matter.get("title") or (first.text if first else None)
    names: list[tuple[str, int]] = []
    channel = material = None
    for sentence in told.credits:
        match = _NAMED.search(sentence.text)
        if match is None:
            continue
        who = match["who"].strip("《》“” ")
        if who in _CHANNELS:
            channel = who
        elif match["how"] in _SECOND_HAND:
            material = material or who
        elif who not in _NOBODY:
            names.append((who, sentence.line))
    author = matter.get("source") or matter.get("author")
    if signed := _signature(told):
        names.append((signed.text, signed.line))
    publisher, line = names[0] if names else (None, None)
    if publisher is None and author and author not in _NOBODY:
        publisher = author
    if publisher is None:
        publisher, material = material, None
    if publisher and channel and channel not in publisher:
        publisher = f"{publisher}（{channel}）"
    return Origin(title, publisher, _published(written, told), line, material)


def _published(written: Manuscript, told: Bulletin) -> date | None:
    """The date of the front matter, of a line called 发布时间, or of a line that is only a date."""
    if day := figures.full_date(written.matter.get("date", "")):
        return day
    for sentence in told.credits:
        dated = "发布" in sentence.text or sentence.text[0].isdigit()
        if dated and (day := figures.full_date(sentence.text)):
            return day
    alone = [s for p in told.passages for s in p.sentences if figures.is_date(s.text)]
    return figures.full_date(alone[-1].text) if alone else None


def _signature(told: Bulletin) -> Sentence | None:
    """The office that signs: a short line right above a date that stands alone."""
    lines = [s for p in told.passages for s in p.sentences]
    for above, below in pairwise(lines):
        if figures.is_date(below.text) and _OFFICE.fullmatch(above.text):
            return above
    return None
