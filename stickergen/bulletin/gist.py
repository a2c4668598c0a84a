"""A sorted bulletin → what it says of each scam type, every value with its line.

Comes in: a `Bulletin`. Goes out: one `Gist` a type, of masked texts. Each sentence serves once:
as a rule, else part of a case, else audience, else advice, else a step; what is left is `unused`.
Rules:
- a rule says 都是诈骗, 均为诈骗, 一律…… of all; several in a sentence are parted before 凡;
- cases are as `incidents` tells;
- advice asks for something: under 警方提醒 in any words, elsewhere with 务必, 切勿 and the like;
- steps stand under 作案手法, or say what a fraudster does, or stand between two that do; so do the
  items of a list without a label, but for those that begin by asking for something;
- words that give a fraudster away stand in quotation marks, several in a row or after 自称, 谎称.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Literal

from stickergen.bulletin import numbers
from stickergen.bulletin.excerpt import Excerpt, excerpt, once
from stickergen.bulletin.incidents import Incident, incidents
from stickergen.bulletin.kinds import Kind, named
from stickergen.bulletin.passages import Bulletin, Passage, has_ranking, place_of
from stickergen.bulletin.sentences import Sentence, clauses
from stickergen.bulletin.trick import FEWEST, steps, tells_a_trick

_ALL = (
    r"(?:都|均|皆|全|一律|一定|肯定|绝对|必定|必)(?:[是为属]|属于)(?:电信网络|网络|电信)?"
    r"(?:诈骗|骗子|骗局|骗人|假的|陷阱|违法|非法)|(?:都|均|皆|全)(?:不可信|不要信|不能信)"
    r"|一律(?:不|挂|拒|删|勿|要拒|要挂|视为)"
)
_RULE = re.compile(rf"{_ALL}|一律(?!平等)|就是(?:诈骗|骗子|骗局)|[是为](?:诈骗|骗局)$")
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

_ASKS = re.compile(
    r"请|不(?:要|点|信|听|转|扫|下|轻|透|加|贪|给|共)|别|勿|切|务必|应|遇|如[果遇有]|凡|拨打|保护|牢记|警惕|谨防|提高|核实"
    r"|(?:立即|及时)(?:报警|挂断|拨打|停止|核实)"
)
"""How an item of a list begins that is advice."""

_QUOTED = re.compile(r"“([^“”]{2,30})”")
_RUN = re.compile(r"(?:“[^“”]{2,30}”[、，和及或]{0,2}){2,}")
_SAID = re.compile(
    r"(?:自称|谎称|声称|假称|宣称|称|提到|说|以|告知|承诺|表示|听到|话术[^“，。]{0,6})[：，是为]{0,2}"
    r"“(?P<text>[^“”]{4,30})”"
)
_KEYWORDS = re.compile(
    r"关键[字词]|话术|字眼|字样|为名|为由|等理由|等借口|等说辞|提到|谎称|声称|自称"
)

Use = Literal["rules", "audience", "advice", "trick", "nothing", "unused"]
"""What a sentence is for."""

_FEWEST_CHARACTERS = 8
"""Tuned: what is shorter and was not understood is a greeting or a signature."""


@dataclass(frozen=True)
class Gist:
    """What a bulletin says of one scam type, and the name that it gives it."""

    kind: Kind
    name: str
    line: int
    rank: Excerpt | None = None
    rules: tuple[Excerpt, ...] = ()
    steps: tuple[Excerpt, ...] = ()
    giveaways: tuple[Excerpt, ...] = ()
    cases: tuple[Incident, ...] = ()
    advice: tuple[Excerpt, ...] = ()
    audience: Excerpt | None = None
    unused: tuple[int, ...] = ()

    @property
    def bare(self) -> bool:
        """Whether nothing but the name was found."""
        return not (self.rules or self.steps or self.giveaways or self.cases or self.advice)


def gists(told: Bulletin, until: date | None) -> tuple[Gist, ...]:
    """What the bulletin says of each type; a type merely named in passing is left out."""
    stray = [*_stray_rules(told)]
    kinds = dict.fromkeys([*told.kinds, *(kind for kind, _ in stray)])
    found = [_of(kind, told, [rule for of, rule in stray if of == kind], until) for kind in kinds]
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


def _stray_rules(told: Bulletin) -> Iterator[tuple[Kind, Excerpt]]:
    """The rules outside of all parts that name a type themselves."""
    for passage in told.passages:
        for sentence in passage.sentences if passage.kind is None else ():
            for rule in _rules(sentence):
                if len(kinds := named(rule.text)) == 1:
                    yield kinds[0], rule


def _of(kind: Kind, told: Bulletin, stray: list[Excerpt], until: date | None) -> Gist:
    own = [passage for passage in told.passages if passage.kind == kind]
    cases, rest = incidents(own, until)
    listed = _listed(rest)
    told_as: dict[Use, list[Sentence]] = {}
    giveaways: list[Excerpt] = []
    for passage in rest:
        for sentence, use in _uses(passage, passage.sentences[0].line in listed):
            told_as.setdefault(use, []).append(sentence)
            giveaways += _giveaways(sentence, passage)
    rules = [rule for sentence in told_as.get("rules", ()) for rule in _rules(sentence)]
    mentions = [mention for mention in told.mentions if mention.kind == kind]
    lines = [mention.line for mention in mentions]
    lines += [p.sentences[0].line for p in own] + [rule.line for rule in stray]
    assert lines, "a type is mentioned, or has a passage or a rule"
    return Gist(
        kind,
        next((mention.name for mention in mentions if mention.name), kind.name),
        lines[0],
        _rank(kind, told),
        once([*rules, *stray]),
        once(excerpt(step.text, step.line) for step in steps(told_as.get("trick", ()))),
        once(giveaways),
        cases,
        once(excerpt(advice.text, advice.line) for advice in told_as.get("advice", ())),
        next((_people(sentence) for sentence in told_as.get("audience", ())), None),
        tuple(
            dict.fromkeys(
                sentence.line
                for sentence in told_as.get("unused", ())
                if len(sentence.text) >= _FEWEST_CHARACTERS
            )
        ),
    )


def _listed(passages: list[Passage]) -> set[int]:
    """The lines of the items of lists that no label stands over; as many as a trick has steps."""
    found: set[int] = set()
    for (_, bare), group in groupby(passages, lambda p: (p.part, p.item and p.role is None)):
        lines = [passage.sentences[0].line for passage in group]
        if bare and len(lines) >= FEWEST:
            found |= {*lines}
    return found


def _uses(passage: Passage, listed: bool) -> Iterator[tuple[Sentence, Use]]:
    """What each sentence of a passage is for; what a trick runs on over is part of it."""
    uses = [_use(sentence, passage, listed) for sentence in passage.sentences]
    tricks = [n for n, use in enumerate(uses) if use == "trick"]
    for n, (sentence, use) in enumerate(zip(passage.sentences, uses, strict=True)):
        within = use == "unused" and tricks and tricks[0] < n < tricks[-1]
        yield sentence, "trick" if within else use


def _use(sentence: Sentence, passage: Passage, listed: bool) -> Use:
    text, role = sentence.text, passage.role
    if any(_rules(sentence)):
        return "rules"
    if role == "audience" or _aimed_at(text):
        return "audience"
    if role == "advice" and _ADVISES.search(text):
        return "advice"
    if role == "trick" or tells_a_trick(text) or (listed and not _ASKS.match(text)):
        return "trick"
    if listed or _URGES.search(text):
        return "advice"
    if role == "giveaways" or _is_said_elsewhere(sentence):
        return "nothing"
    return "advice" if role == "advice" and len(text) >= _FEWEST_CHARACTERS else "unused"


def _is_said_elsewhere(sentence: Sentence) -> bool:
    """Whether a sentence gave its rank, or is a date."""
    text = sentence.text
    return has_ranking(text) or place_of(sentence) is not None or numbers.is_date(text)


# --- rules ---


def _rules(sentence: Sentence) -> Iterator[Excerpt]:
    """The rules of a sentence, each from its 凡 to the end of the clause that says 诈骗."""
    for part in _PARTED.split(sentence.text):
        start = part.find("凡是") if "凡是" in part else part.find("凡")
        match = (_RULE if start >= 0 else _STRONG).search(part, max(start, 0))
        if match is None or (start < 0 and (_FOUND_OUT.search(part) or len(part) < 6)):
            continue
        end = part.find("，", match.end())
        text = part[max(start, 0) : end if end >= 0 else len(part)]
        cut = text != part
        yield excerpt(text, sentence.line, "只取了这一句里的铁律" if cut else "")


# --- who, what words, which place ---


def _aimed_at(text: str) -> str | None:
    """The people that a sentence says are aimed at."""
    for pattern in _AUDIENCE:
        if match := pattern.search(text):
            return re.sub(r"的?人群$", "的人", match["who"])
    return None


def _people(sentence: Sentence) -> Excerpt:
    """The people that a sentence tells: all of it under a label."""
    return excerpt(_aimed_at(sentence.text) or sentence.text, sentence.line)


def _giveaways(sentence: Sentence, passage: Passage) -> Iterator[Excerpt]:
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
        yield excerpt(word, sentence.line)


def _rank(kind: Kind, told: Bulletin) -> Excerpt | None:
    """The type's place in a ranking: of a list first, else of a sentence that says it."""
    for mention in told.mentions:
        if mention.kind == kind and mention.rank:
            return Excerpt(str(mention.rank), mention.line)
    for passage in told.passages:
        for sentence in passage.sentences:
            place = place_of(sentence)
            if place and (named(sentence.text) or (passage.kind,)) == (kind,):
                return Excerpt(str(place), sentence.line)
    return None
