"""A sorted bulletin → what it says of each scam type, every value with its line.

Comes in: a `Bulletin`. Goes out: one `Findings` a type, of masked texts. Each sentence serves once:
as a rule, else part of a case, else audience, else advice, else a step; what is left is `unused`.
Rules:
- a rule says 都是诈骗, 均为诈骗, 一律…… of all; several in a sentence are parted before 凡;
- a case is a paragraph that begins with a day and tells a loss, or that stands under 案例;
- advice asks for something: under 警方提醒 in any words, elsewhere with 务必, 切勿 and the like;
- words that give a fraudster away stand in quotation marks, several in a row or after 自称, 谎称.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from stickergen.bulletin import figures
from stickergen.bulletin.figures import Amount
from stickergen.bulletin.kinds import Kind, named
from stickergen.bulletin.passages import Bulletin, Passage, has_ranking, place_of
from stickergen.bulletin.privacy import masked
from stickergen.bulletin.sentences import Sentence, clauses, trimmed
from stickergen.bulletin.trick import steps, tells_a_trick

_ALL = (
    r"(?:都|均|皆|全|一律|一定|肯定|绝对|必定|必)(?:[是为属]|属于)(?:电信网络|网络|电信)?"
    r"(?:诈骗|骗子|骗局|骗人|假的|陷阱|违法|非法)|(?:都|均|皆|全)(?:不可信|不要信|不能信)"
    r"|一律(?:不|挂|拒|删|勿|要拒|要挂|视为)"
)
_RULE = re.compile(rf"{_ALL}|就是(?:诈骗|骗子|骗局)|[是为](?:诈骗|骗局)$")
_STRONG = re.compile(_ALL)
_FOUND_OUT = re.compile(r"发现|发觉|意识到|原来|得知|认为|以为|才知")
_PARTED = re.compile(r"[，；、\s]*(?:和|以及)?(?=凡是?[^，]{2})")

_AUDIENCE = (
    re.compile(
        r"(?:目标人群|目标|对象|受害人群?体?|受害者|被害人|受骗人群?体?|上当者)[^，。]{0,6}?"
        r"(?:大多|多|主要|通常|一般|往往|集中)?(?:数)?(?:是|为)(?P<who>.{4,60})$"
    ),
    re.compile(r"(?P<who>[^，。]{4,40}?)(?:最?容易|极?易|最易)(?:上当|受骗|被骗|中招|成为)"),
)
_ADVISES = re.compile(
    r"(?<![需还只])要(?!求)|(?<![申邀聘])请|勿|务必|应当|应该|应及时|立即|及时|拨打|核实|警惕|谨防"
    r"|牢记|记住|注意|千万|切莫|别(?!人)|不轻|不点|不扫|不转|不信|不透露|不下载|不共享|拒绝|保护好"
    r"|妥善|报警|挂断|养成|坚持|做到|选择正规|通过(?:官方|正规)|提高|不会|没有安全账户"
)
_URGES = re.compile(
    r"务必|切勿|切莫|千万(?:不|别)|不要轻|请(?:立即|及时|马上)|拨打(?:110|96110)|牢记"
)
"""What asks for something wherever it stands: advice without 警方提醒 over it."""

_QUOTED = re.compile(r"“([^“”]{2,30})”")
_RUN = re.compile(r"(?:“[^“”]{2,30}”[、，和及或]{0,2}){2,}")
_SAID = re.compile(
    r"(?:自称|谎称|声称|假称|宣称|称|提到|说|以|告知|承诺|表示|听到|话术[^“，。]{0,6})[：，是为]{0,2}"
    r"“(?P<text>[^“”]{4,30})”"
)
_KEYWORDS = re.compile(
    r"关键[字词]|话术|字眼|字样|为名|为由|等理由|等借口|等说辞|提到|谎称|声称|自称"
)

_FEWEST_CHARACTERS = 8
"""Tuned: what is shorter and was not understood is a greeting or a signature."""

_LATELY = re.compile(r"[^，]{0,6}(?:近日|日前|近期|最近|前不久|前几天|不久前)，")
_DECEIVED = re.compile(r"被骗|受骗|上当|骗走|被诈骗")

MOST_STORY = 260
"""Characters. Tuned: under the 400 of `Words` even if every name grows from 李某 to 当事人."""

_MOST_CASE_PARAGRAPHS = 6
"""Tuned: a case of a bulletin has one to three paragraphs."""


@dataclass(frozen=True, slots=True)
class Found:
    """A text of the bulletin, masked; `remark` says what was done to it."""

    text: str
    line: int
    remark: str = ""


@dataclass(frozen=True, slots=True)
class FoundCase:
    """A case: day, story, loss, as far as they are told; `facts` is what else a reviewer wants."""

    story: Found
    happened: date | None
    guessed: bool
    loss: Amount | None
    facts: str


@dataclass(frozen=True)
class Findings:
    """What a bulletin says of one scam type."""

    kind: Kind
    line: int
    rank: Found | None = None
    rules: tuple[Found, ...] = ()
    steps: tuple[Found, ...] = ()
    giveaways: tuple[Found, ...] = ()
    cases: tuple[FoundCase, ...] = ()
    advice: tuple[Found, ...] = ()
    audience: Found | None = None
    unused: tuple[int, ...] = ()

    @property
    def bare(self) -> bool:
        """Whether nothing but the name was found."""
        return not (self.rules or self.steps or self.giveaways or self.cases or self.advice)


def findings(told: Bulletin, published: date | None) -> tuple[Findings, ...]:
    """What the bulletin says of each type; a type merely named in passing is left out."""
    stray = [*_stray_rules(told)]
    kinds = dict.fromkeys([*told.kinds, *(kind for kind, _ in stray)])
    found = [
        _of(kind, told, [rule for of, rule in stray if of == kind], published) for kind in kinds
    ]
    mentioned = {mention.kind for mention in told.mentions}
    return tuple(f for f in found if f.kind in mentioned or not f.bare)


def unsorted(told: Bulletin) -> tuple[int, ...]:
    """The lines that look like rules, advice or cases and are of no type that could be told."""
    lines = dict.fromkeys(
        sentence.line
        for passage in told.passages
        if passage.kind is None
        for sentence in passage.sentences
        if passage.role or (_RULE.search(sentence.text) and not named(sentence.text))
    )
    return tuple(lines)


def _stray_rules(told: Bulletin) -> Iterator[tuple[Kind, Found]]:
    """The rules outside of all parts that name a type themselves."""
    for passage in told.passages:
        for sentence in passage.sentences if passage.kind is None else ():
            for rule in _rules(sentence):
                if len(kinds := named(rule.text)) == 1:
                    yield kinds[0], rule


def _of(kind: Kind, told: Bulletin, stray: list[Found], published: date | None) -> Findings:
    own = [passage for passage in told.passages if passage.kind == kind]
    cases, rest = _cases(own, published)
    rules: list[Found] = []
    advice: list[Found] = []
    trick: list[Sentence] = []
    audience: Found | None = None
    giveaways: list[Found] = []
    unused: list[int] = []
    for passage in rest:
        for sentence in passage.sentences:
            text = sentence.text
            giveaways += _giveaways(sentence, passage)
            if own_rules := list(_rules(sentence)):
                rules += own_rules
            elif passage.role == "audience" or _audience(text):
                audience = audience or _found(_audience(text) or text, sentence.line)
            elif passage.role == "advice" and _ADVISES.search(text):
                advice.append(_found(text, sentence.line))
            elif passage.role == "trick" or tells_a_trick(text):
                trick.append(sentence)
            elif _URGES.search(text):
                advice.append(_found(text, sentence.line))
            elif passage.role != "giveaways" and not _is_said_elsewhere(sentence):
                unused.append(sentence.line)
    rules += stray
    lines = [m.line for m in told.mentions if m.kind == kind]
    lines += [p.sentences[0].line for p in own] + [rule.line for rule in stray]
    assert lines, "a type is mentioned, or has a passage or a rule"
    return Findings(
        kind,
        lines[0],
        _rank(kind, told),
        _once(rules),
        _once(_found(step.text, step.line) for step in steps(trick)),
        _once(giveaways),
        cases,
        _once(advice),
        audience,
        tuple(dict.fromkeys(unused)),
    )


def _is_said_elsewhere(sentence: Sentence) -> bool:
    """Whether a sentence gave its rank, or is a date or a signature."""
    text = sentence.text
    return (
        has_ranking(text)
        or place_of(sentence) is not None
        or len(text) < _FEWEST_CHARACTERS
        or figures.is_date(text)
    )


def _found(text: str, line: int, *remarks: str) -> Found:
    """A text masked, with what was done to it."""
    safe = masked(trimmed(text))
    hidden = (f"已隐去{'、'.join(safe.hidden)}",) if safe.hidden else ()
    return Found(trimmed(safe.text), line, "；".join([*(r for r in remarks if r), *hidden]))


def _once(found: Iterable[Found]) -> tuple[Found, ...]:
    """The texts that say something, each once."""
    first: dict[str, Found] = {}
    for one in found:
        if one.text:
            first.setdefault(one.text, one)
    return tuple(first.values())


# --- rules ---


def _rules(sentence: Sentence) -> Iterator[Found]:
    """The rules of a sentence, each from its 凡 to the end of the clause that says 诈骗."""
    for part in _PARTED.split(sentence.text):
        start = part.find("凡是") if "凡是" in part else part.find("凡")
        match = (_RULE if start >= 0 else _STRONG).search(part, max(start, 0))
        if match is None or (start < 0 and (_FOUND_OUT.search(part) or len(part) < 6)):
            continue
        end = part.find("，", match.end())
        text = part[max(start, 0) : end if end >= 0 else len(part)]
        cut = text != part
        yield _found(text, sentence.line, "只取了这一句里的铁律" if cut else "")


# --- cases ---


def _cases(
    own: list[Passage], published: date | None
) -> tuple[tuple[FoundCase, ...], list[Passage]]:
    """The cases, and the passages that are no part of one."""
    found: list[FoundCase] = []
    rest: list[Passage] = []
    waiting = list(reversed(own))
    while waiting:
        passage = waiting.pop()
        if not _begins_case(passage):
            rest.append(passage)
            continue
        group = [passage]
        while (
            waiting
            and len(group) < _MOST_CASE_PARAGRAPHS
            and waiting[-1].part == passage.part
            and not _begins_day(waiting[-1])
            and (not _lost(group) or waiting[-1].role == "case")
        ):
            group.append(waiting.pop())
        if passage.role == "case" or _lost(group):
            found.append(_case([s for p in group for s in p.sentences], published))
        else:
            rest.append(passage)
            waiting += reversed(group[1:])
    return tuple(found), rest


def _begins_case(passage: Passage) -> bool:
    return passage.role == "case" or (passage.role is None and _begins_day(passage))


def _begins_day(passage: Passage) -> bool:
    """Whether a passage begins like a story: with a day, or with 近日."""
    first = passage.sentences[0].text
    return figures.has_day(first) or _LATELY.match(first) is not None


def _lost(group: list[Passage]) -> bool:
    """Whether a sum is said to be lost, or one is told and somebody was deceived."""
    told = [s.text for p in group for s in p.sentences]
    sums = [a for text in told for a in figures.amounts(text)]
    return any(a.lost for a in sums) or (bool(sums) and any(map(_DECEIVED.search, told)))


def _case(sentences: list[Sentence], published: date | None) -> FoundCase:
    whole = "。".join(s.text for s in sentences)
    day = next((d for s in sentences if (d := figures.happened(s.text, published))), None)
    sums = [a for s in sentences for a in figures.amounts(s.text)]
    lost = [a for a in sums if a.lost] or sums
    kept, length = [], 0
    for number, sentence in enumerate(sentences):
        text = figures.without_date(sentence.text) if number == 0 and day else sentence.text
        length += len(text) + 1
        if length > MOST_STORY:
            break
        kept.append(text)
    short = "太长，只取了前面几句" if len(kept) < len(sentences) else ""
    story = _found("。".join(kept), sentences[0].line, short)
    told = [f"{years}岁"] if (years := figures.age(whole)) else []
    told += [sign] if (sign := figures.sex(whole)) else []
    told += [f"金额 {'、'.join(a.written for a in sums)}"] if sums else []
    return FoundCase(
        story,
        day.day if day else None,
        day is not None and day.guessed,
        lost[-1] if lost else None,
        "，".join(told),
    )


# --- who, what words, which place ---


def _audience(text: str) -> str | None:
    """The people that a sentence says are aimed at."""
    for pattern in _AUDIENCE:
        if match := pattern.search(text):
            return re.sub(r"的?人群$", "的人", match["who"])
    return None


def _giveaways(sentence: Sentence, passage: Passage) -> Iterator[Found]:
    """The words in quotation marks that a fraudster says."""
    text = sentence.text
    words: list[str] = []
    if passage.role == "giveaways":
        words = [m[1] for m in _QUOTED.finditer(text)] or clauses(text.replace("、", "，"))
    elif _KEYWORDS.search(text):
        for run in _RUN.finditer(text):
            words += [m[1] for m in _QUOTED.finditer(run[0])]
    words += [m["text"] for m in _SAID.finditer(text)]
    for word in words:
        yield _found(word, sentence.line)


def _rank(kind: Kind, told: Bulletin) -> Found | None:
    """The type's place in a ranking: of a list first, else of a sentence that says it."""
    for mention in told.mentions:
        if mention.kind == kind and mention.rank:
            return Found(str(mention.rank), mention.line)
    for passage in told.passages:
        for sentence in passage.sentences:
            place = place_of(sentence)
            if place and (named(sentence.text) or (passage.kind,)) == (kind,):
                return Found(str(place), sentence.line)
    return None
