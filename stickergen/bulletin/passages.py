"""A bulletin's paragraphs → passages: of which scam type each is, and under which label it stands.

Comes in: a manuscript. Goes out: a `Bulletin`: its passages, the places where it names scam types,
and its credit lines, which are no part of what it says.
Rules, in this order: a heading that names a type opens a part on it; a heading below it, or a
label such as 警方提醒 in bold, keeps the type; any other heading ends it. Outside such parts a
paragraph that names one type is of that type, and so is what follows it until the next heading or
type. A bulletin that names a single type is of that type as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from stickergen.bulletin import figures
from stickergen.bulletin.kinds import Kind, called, in_heading, named
from stickergen.bulletin.markdown import BOLD, NUMBERED, PLAIN, Line, Manuscript
from stickergen.bulletin.sentences import Paragraph, Sentence, paragraphs, trimmed

Role = Literal["advice", "trick", "case", "audience", "giveaways"]

LABELS: dict[Role, tuple[str, ...]] = {
    "advice": (
        *("警方提醒", "警方提示", "警方支招", "警方建议", "民警提醒", "民警提示", "民警支招"),
        *("反诈提醒", "反诈提示", "防骗提醒", "防骗提示", "防骗要点", "防骗攻略", "防骗指南"),
        *("防范提示", "防范提醒", "防范要点", "防范建议", "防范措施", "防范方法", "防范指南"),
        *("温馨提示", "温馨提醒", "安全提示", "应对方法", "应对措施", "如何防范", "如何应对"),
    ),
    "trick": (
        *(
            "套路",
            "作案手法",
            "诈骗手法",
            "犯罪手法",
            "行骗手法",
            "骗术揭秘",
            "骗局揭秘",
            "手法揭秘",
        ),
        *("手法解析", "骗局解析", "作案流程", "诈骗流程", "作案步骤", "诈骗步骤", "行骗过程"),
    ),
    "case": ("典型案例", "真实案例", "案例回顾", "案情回顾", "案件回顾", "基本案情", "案例"),
    "audience": (
        "易受骗人群",
        "易受骗群体",
        "易骗人群",
        "易被骗人群",
        "高危人群",
        "目标人群",
        "受害人群",
    ),
    "giveaways": ("关键词", "关键字", "常见话术", "诈骗话术", "骗子话术", "惯用话术", "典型话术"),
}
"""What bulletins write over their parts."""

_WORDS = "|".join(word for words in LABELS.values() for word in words)
_ROLES = {word: role for role, words in LABELS.items() for word in words}
_LABEL = re.compile(
    rf"【?[^，。；：？！【】“”]{{0,14}}?(?P<word>{_WORDS})[^，。；：？！【】]{{0,8}}(?:】：?|：)"
    rf"|(?P<alone>{_WORDS})[一二三四五六七八九十\d]{{0,2}}$"
    rf"|[^，。；：？！【】“”]{{0,8}}?(?P<called>警方提醒|民警提醒)[^，。；：？！]{{0,8}}，"
)
_HEADING_LABEL = re.compile(rf"[^，。；：？！“”]{{0,14}}?(?P<word>{_WORDS})")

_CREDIT = re.compile(
    r"[（(]?(?:\d{4}[-年./]\d{1,2}[-月./]\d{1,2}日?\s+)?(?:通讯员|记者|编辑|责编|责任编辑|审核|监制|校对|撰稿|作者|供稿|供图|图文|摄影|排版|整理|签发|主编"
    r"|来源|素材来源|稿件来源|资料来源|信息来源|文章来源|内容来源|素材|转载|转自|稿源|出处|发布单位|发布时间|发布日期)"
    r"(?:[：:/\s自]|[\u4e00-\u9fff]{2,4}$)"
)
_MOST_IN_CREDIT = 50
"""Tuned: names and an office; a longer line that begins with 作者 tells something."""

_MOST_IN_TITLE = 40
"""Tuned: titles of notices have up to thirty characters."""

_RANKING = re.compile(
    r"(?:发案|案发|警情|高发|立案|案件|占比|数量)[^：。]{0,16}?(?:排序|排名|排列|依次|前[一二三四五六七八九十\d]{1,2}位?)"
    r"[^：。，]{0,12}(?:[：:]|为|是)(?P<names>.+)"
)
_RANKING_ENDS = re.compile(
    r"[，。；：（(\d]|这[几一二三四五六七八九十]|等|共[一二三四五六七八九十]|[一二三四五六七八九十]{1,2}(?:类|种)|占"
)
_MOST_IN_NAME = 12


@dataclass(frozen=True, slots=True)
class Passage:
    """Sentences of one paragraph, of one scam type, under one label; `part` counts the labels."""

    kind: Kind | None
    role: Role | None
    part: int
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a bulletin names a scam type, and the place in the ranking that it gives it."""

    kind: Kind
    line: int
    rank: int | None = None


@dataclass(frozen=True)
class Bulletin:
    """What a bulletin says, sorted by scam type."""

    passages: tuple[Passage, ...]
    mentions: tuple[Mention, ...]
    headings: tuple[Sentence, ...]
    credits: tuple[Sentence, ...]

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The scam types, in the order in which they first appear."""
        told = [p.kind for p in self.passages if p.kind]
        return tuple(dict.fromkeys([*(m.kind for m in self.mentions), *told]))


def bulletin(written: Manuscript) -> Bulletin:
    """The manuscript, sorted."""
    text: list[Paragraph] = []
    signed: list[Sentence] = []
    for paragraph in paragraphs(_headed(written.lines)):
        credit = len(paragraph.text) <= _MOST_IN_CREDIT and _CREDIT.match(paragraph.text)
        if credit and not paragraph.level:
            signed += paragraph.sentences
        elif paragraph.sentences:
            text.append(paragraph)
    title = _title(text, written)
    mentions = [*_in_headings(text, title), *_in_rankings(text)]
    found = tuple(_passages(text, title))
    kinds = dict.fromkeys([*(m.kind for m in mentions), *(p.kind for p in found if p.kind)])
    if len(kinds) == 1:
        found = tuple(replace(passage, kind=next(iter(kinds))) for passage in found)
    headings = tuple(p.sentences[0] for p in text if p.level)
    return Bulletin(found, tuple(mentions), headings, tuple(signed))


def _headed(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines; without a heading of Markdown's, a short first line without a stop is one."""
    if not lines or lines[0].level or any(PLAIN < line.level < NUMBERED for line in lines):
        return lines
    first = lines[0]
    if (
        len(first.text) > _MOST_IN_TITLE
        or first.text[-1] in "。！？；：，"
        or _CREDIT.match(first.text)
    ):
        return lines
    return (replace(first, level=1), *lines[1:])


def label(text: str) -> tuple[Role, str] | None:
    """The label that a sentence begins with, and what stands behind it."""
    match = _LABEL.match(text)
    if match is None:
        return None
    word = match["word"] or match["alone"] or match["called"]
    return _ROLES[word], trimmed(text[match.end() :])


# --- which paragraph is of which type ---


def _title(text: list[Paragraph], written: Manuscript) -> int | None:
    """The line of the heading that is only the title: other headings name the types."""
    headings = [p for p in text if p.level]
    if not headings:
        return None
    first = headings[0]
    is_title = first.level == 1 or first.text == written.matter.get("title")
    others = any(in_heading(p.text) for p in headings[1:])
    return first.line if is_title and others else None


def _in_headings(text: list[Paragraph], title: int | None) -> Iterator[Mention]:
    for paragraph in text:
        if paragraph.level and paragraph.line != title:
            kinds = in_heading(paragraph.text)
            if len(kinds) == 1:
                yield Mention(kinds[0], paragraph.line)


def _in_rankings(text: list[Paragraph]) -> Iterator[Mention]:
    """The types of a sentence such as 按发案率排序：甲、乙、丙."""
    for sentence in (s for p in text for s in p.sentences):
        match = _RANKING.search(sentence.text)
        if match is None:
            continue
        names = match["names"]
        end = _RANKING_ENDS.search(names)
        listed = (names[: end.start()] if end else names).replace("以及", "、").replace("和", "、")
        words = [word.strip("“”《》 ") for word in listed.split("、")]
        if len(words) < 2 or any(not 2 <= len(word) <= _MOST_IN_NAME for word in words):
            continue
        for place, word in enumerate(words, 1):
            kind = called(word)
            if 2 <= len(kind.name) <= 8:
                yield Mention(kind, sentence.line, place)


def _passages(text: list[Paragraph], title: int | None) -> Iterator[Passage]:
    kind: Kind | None = None
    role: Role | None = None
    headed, lasting, part = PLAIN, False, 0
    for paragraph in text:
        if paragraph.level:
            part += 1
            labelled = _HEADING_LABEL.match(paragraph.text)
            kinds = () if paragraph.line == title else in_heading(paragraph.text)
            if kinds:
                kind, headed = (kinds[0], paragraph.level) if len(kinds) == 1 else (None, PLAIN)
            elif not _goes_on(paragraph.level, headed, labelled is not None):
                kind, headed = None, PLAIN
            role, lasting = (_ROLES[labelled["word"]], True) if labelled else (None, False)
            continue
        if not headed:
            kinds = named(paragraph.text)
            kind = (kinds[0] if len(kinds) == 1 else None) if kinds else kind
        if not lasting:
            role = None
        for passage, stays in _labelled(paragraph, kind, role, part):
            part, role, lasting = passage.part, passage.role, stays
            if passage.sentences:
                yield passage


def _goes_on(level: int, headed: int, labelled: bool) -> bool:
    """Whether a heading without a type stays within the part above it."""
    if not headed:
        return False
    return level > headed or (labelled and level == headed == BOLD)


def _labelled(
    paragraph: Paragraph, kind: Kind | None, role: Role | None, part: int
) -> Iterator[tuple[Passage, bool]]:
    """A paragraph cut where a label stands in it; whether the label holds for what follows."""
    held: list[Sentence] = []
    lasting = role is not None
    for sentence in paragraph.sentences:
        found = label(sentence.text)
        if found is None:
            held.append(sentence)
            continue
        if held:
            yield Passage(kind, role, part, tuple(held)), lasting
        part += 1
        role, rest = found
        held = [Sentence(sentence.line, rest)] if rest else []
        lasting = not rest
    yield Passage(kind, role, part, tuple(held)), lasting


def has_ranking(text: str) -> bool:
    """Whether a sentence lists scam types by how often they happen."""
    return _RANKING.search(text) is not None


def place_of(sentence: Sentence) -> int | None:
    """The place in a ranking that a sentence gives to a type, if it does."""
    return None if has_ranking(sentence.text) else figures.rank(sentence.text)
