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
from functools import cache
from typing import Literal, get_args

from stickergen.bulletin import numbers
from stickergen.bulletin.kinds import Kind, called, in_heading, named, own_name
from stickergen.bulletin.markdown import BOLD, NUMBERED, PLAIN, Line, Manuscript
from stickergen.bulletin.sentences import Paragraph, Sentence, paragraphs, trimmed
from stickergen.bulletin.vocabulary import any_of, words

Role = Literal["advice", "trick", "case", "audience", "giveaways"]

ROLES: tuple[Role, ...] = get_args(Role)

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


@cache
def _roles() -> dict[str, Role]:
    """What a bulletin writes over its parts, and what part stands below it."""
    return {word: role for role in ROLES for word in words("labels", role)}


@cache
def _label() -> re.Pattern[str]:
    """A label at the head of a sentence: 【…】, with a colon, alone, or 警方提醒 with a comma."""
    labels, called = any_of(_roles()), any_of(words("labels", "called"))
    return re.compile(
        rf"【?[^，。；：？！【】“”]{{0,14}}?(?P<word>{labels})[^，。；：？！【】]{{0,8}}(?:】：?|：)"
        rf"|(?P<alone>{labels})[一二三四五六七八九十\d]{{0,2}}$"
        rf"|[^，。；：？！【】“”]{{0,8}}?(?P<called>{called})[^，。；：？！]{{0,8}}，"
    )


@cache
def _label_in_heading() -> re.Pattern[str]:
    return re.compile(rf"[^，。；：？！“”]{{0,14}}?(?P<word>{any_of(_roles())})")


@cache
def _credit() -> re.Pattern[str]:
    """A line that begins by saying who made or published the bulletin, or when."""
    told = any_of(words("credits", "people", "publishers", "material", "dates"))
    return re.compile(
        rf"[（(]?(?:\d{{4}}[-年./]\d{{1,2}}[-月./]\d{{1,2}}日?\s+)?{told}"
        r"(?:[：:/\s自]|[\u4e00-\u9fff]{2,4}$)"
    )


@dataclass(frozen=True, slots=True)
class Passage:
    """Sentences of one paragraph, of one scam type, under one label; `part` counts the labels.

    An `item` of a list is a paragraph of its own.
    """

    kind: Kind | None
    role: Role | None
    part: int
    sentences: tuple[Sentence, ...]
    item: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a bulletin names a scam type, how, and the place in the ranking that it gives it."""

    kind: Kind
    line: int
    name: str | None
    rank: int | None = None


@dataclass(frozen=True)
class Bulletin:
    """What a bulletin says, sorted by scam type."""

    passages: tuple[Passage, ...]
    mentions: tuple[Mention, ...]
    title: str | None
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
        credit = len(paragraph.text) <= _MOST_IN_CREDIT and _credit().match(paragraph.text)
        if credit and not paragraph.level:
            signed += paragraph.sentences
        elif paragraph.sentences:
            text.append(paragraph)
    title = _title(text, written)
    aside = title.line if title and any(in_heading(p.text) for p in _behind(title, text)) else None
    mentions = [*_in_headings(text, aside), *_in_rankings(text)]
    found = tuple(_passages(text, aside))
    kinds = dict.fromkeys([*(m.kind for m in mentions), *(p.kind for p in found if p.kind)])
    if len(kinds) == 1:
        found = tuple(replace(passage, kind=next(iter(kinds))) for passage in found)
    return Bulletin(found, tuple(mentions), title.text if title else None, tuple(signed))


def _headed(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines; without a heading of Markdown's, a short first line without a stop is one."""
    if not lines or lines[0].level or any(PLAIN < line.level < NUMBERED for line in lines):
        return lines
    first = lines[0]
    if (
        len(first.text) > _MOST_IN_TITLE
        or first.text[-1] in "。！？；：，"
        or _credit().match(first.text)
    ):
        return lines
    return (replace(first, level=1), *lines[1:])


def label(text: str) -> tuple[Role, str] | None:
    """The label that a sentence begins with, and what stands behind it."""
    match = _label().match(text)
    if match is None:
        return None
    word = match["word"] or match["alone"] or match["called"]
    return _roles()[word], trimmed(text[match.end() :])


# --- which paragraph is of which type ---


def _title(text: list[Paragraph], written: Manuscript) -> Paragraph | None:
    """The heading that is the title: the first, unless it is the heading of a type."""
    first = next((p for p in text if p.level), None)
    if first is None or not in_heading(first.text) or first.text == written.matter.get("title"):
        return first
    alone = first.level == 1 and all(p.level != 1 for p in _behind(first, text))
    return first if alone else None


def _behind(first: Paragraph, text: list[Paragraph]) -> Iterator[Paragraph]:
    """The headings behind the first."""
    return (p for p in text if p.level and p is not first)


def _in_headings(text: list[Paragraph], aside: int | None) -> Iterator[Mention]:
    for paragraph in text:
        if paragraph.level and paragraph.line != aside:
            kinds = in_heading(paragraph.text)
            if len(kinds) == 1:
                yield Mention(kinds[0], paragraph.line, own_name(paragraph.text, kinds[0]))


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
            if kind := called(word):
                yield Mention(kind, sentence.line, own_name(f"{word}诈骗", kind), place)


def _passages(text: list[Paragraph], aside: int | None) -> Iterator[Passage]:
    kind: Kind | None = None
    role: Role | None = None
    headed, lasting, part = PLAIN, False, 0
    for paragraph in text:
        if paragraph.level:
            part += 1
            labelled = _label_in_heading().match(paragraph.text)
            kinds = () if paragraph.line == aside else in_heading(paragraph.text)
            if kinds:
                kind, headed = (kinds[0], paragraph.level) if len(kinds) == 1 else (None, PLAIN)
            elif not _goes_on(paragraph.level, headed, labelled is not None):
                kind, headed = None, PLAIN
            role, lasting = (_roles()[labelled["word"]], True) if labelled else (None, False)
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
            yield Passage(kind, role, part, tuple(held), paragraph.item), lasting
        part += 1
        role, rest = found
        held = [Sentence(sentence.line, rest)] if rest else []
        lasting = not rest
    yield Passage(kind, role, part, tuple(held), paragraph.item), lasting


def has_ranking(text: str) -> bool:
    """Whether a sentence lists scam types by how often they happen."""
    return _RANKING.search(text) is not None


def place_of(sentence: Sentence) -> int | None:
    """The place in a ranking that a sentence gives to a type, if it does."""
    return None if has_ranking(sentence.text) else numbers.rank(sentence.text)
