"""Passages of one scam type → the cases they tell: what happened when, to whom, and what it cost.

Comes in: passages. Goes out: `Incident`s of masked texts, and the passages that are no part of one.
A case is a paragraph that begins with a day and tells a loss or a payment, or that stands under
案例; it goes on until its loss is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from stickergen.bulletin import numbers
from stickergen.bulletin.excerpt import Excerpt, excerpt
from stickergen.bulletin.numbers import Amount
from stickergen.bulletin.passages import Passage
from stickergen.bulletin.privacy import named_people
from stickergen.bulletin.sentences import Sentence

_LATELY = re.compile(r"[^，]{0,6}(?:近日|日前|近期|最近|前不久|前几天|不久前)，")
_DECEIVED = re.compile(
    r"被骗|受骗|上当|骗走|被诈骗|转账|转款|汇款|打款|转出|转走|转给|转到|转了|付款|支付|充值|垫付|刷走"
)
_SAVED = re.compile(r"劝阻|止付|拦截|追回|挽回|返还|冻结")
"""What is told of money that nobody lost: such a paragraph is of the police's work."""

_ANOTHER = re.compile(r"另一[名位]|其(?:母|父|妻|夫|丈夫|儿子|女儿|同学|同事|朋友|室友|家人)")
"""Who else is told of, without a name."""

MOST_STORY = 260
"""Characters. Tuned: under the 400 of `Words` even if every name grows from 李某 to 当事人."""

_MOST_CASE_PARAGRAPHS = 6
"""Tuned: a case of a bulletin has one to three paragraphs."""


@dataclass(frozen=True, slots=True)
class Incident:
    """A case: day, story, loss, as far as they are told.

    `doubts` are about the loss; `facts` is what else a reviewer wants.
    """

    story: Excerpt
    happened: date | None
    guessed: bool
    loss: Amount | None
    doubts: tuple[str, ...]
    facts: str


def incidents(own: list[Passage], until: date | None) -> tuple[tuple[Incident, ...], list[Passage]]:
    """The cases, and the passages that are no part of one."""
    found: list[Incident] = []
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
            found.append(_incident([s for p in group for s in p.sentences], until))
        else:
            rest.append(passage)
            waiting += reversed(group[1:])
    return tuple(found), rest


def _begins_case(passage: Passage) -> bool:
    return passage.role == "case" or (passage.role is None and _begins_day(passage))


def _begins_day(passage: Passage) -> bool:
    """Whether a passage begins like a story: with a day, or with 近日."""
    first = passage.sentences[0].text
    return numbers.has_day(first) or _LATELY.match(first) is not None


def _lost(group: list[Passage]) -> bool:
    """Whether a sum is said to be lost, or one is told and somebody paid or was deceived."""
    told = [s.text for p in group for s in p.sentences]
    sums = [a for text in told for a in numbers.amounts(text)]
    if any(a.lost for a in sums):
        return True
    paid = any(_DECEIVED.search(text) and not _SAVED.search(text) for text in told)
    return paid and bool(sums)


def _incident(sentences: list[Sentence], until: date | None) -> Incident:
    whole = "。".join(s.text for s in sentences)
    day = next((d for s in sentences if (d := numbers.happened(s.text, until))), None)
    sums = [a for s in sentences for a in numbers.amounts(s.text)]
    loss = next((a for a in reversed(sums) if a.lost), sums[-1] if sums else None)
    kept, length = [], 0
    for number, sentence in enumerate(sentences):
        text = numbers.without_date(sentence.text) if number == 0 and day else sentence.text
        length += len(text) + 1
        if length > MOST_STORY:
            break
        kept.append(text)
    short = "太长，只取了前面几句" if len(kept) < len(sentences) else ""
    story = excerpt("。".join(kept), sentences[0].line, short)
    told = [f"{years}岁"] if (years := numbers.age(whole)) else []
    told += [sign] if (sign := numbers.sex(whole)) else []
    told += [f"金额 {'、'.join(a.written for a in sums)}"] if sums else []
    return Incident(
        story,
        day.day if day else None,
        day is not None and day.guessed,
        loss,
        tuple(_doubts(loss, sums, sentences)) if loss else (),
        "，".join(told),
    )


def _doubts(loss: Amount, sums: list[Amount], sentences: list[Sentence]) -> Iterator[str]:
    """Why the loss may be another sum, or none, or another person's."""
    if not loss.lost:
        yield "原文没有写明是损失"
    if len({a.yuan for a in sums}) > 1:
        yield "有几个金额"
    if _of_another(loss, sentences):
        yield "可能是另一个人的"


def _of_another(loss: Amount, sentences: list[Sentence]) -> bool:
    """Whether the sentence of the loss names, before it, not whom the case named first."""
    told = next(s.text for s in reversed(sentences) if loss in numbers.amounts(s.text))
    before = told[: told.rindex(loss.written)]
    first = named_people("。".join(s.text for s in sentences))[:1]
    return _ANOTHER.search(before) is not None or named_people(before)[-1:] not in ((), first)
