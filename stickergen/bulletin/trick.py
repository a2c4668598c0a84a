"""Sentences on how a trick goes → its steps, cut where one thing ends and the next begins.

Comes in: sentences in their order. Goes out: `Step`s, FEWEST to MOST where the sentences have as
many clauses. A step begins with a sentence, or with 然后, 再, 最后; long steps are cut at the comma
nearest their middle, and short neighbours are joined where there are too many. A clause that leans
on the next (以……为由, ……后) is never parted from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from stickergen.bulletin.sentences import Sentence, clauses, trimmed

FEWEST, MOST = 3, 6
"""The steps that `Scam` of content/model may have."""

LONG = 36
"""Characters. Tuned: two lines of a flyer's column; a longer step is cut while steps are few."""

MOST_TOLD = 720
"""Characters. Tuned: six steps of three lines each; a longer story is for a person to shorten."""

_ORDER = r"首先|第[一二三四五六]步|然后|接着|紧接着|接下来|随后|之后|其次|最后|最终|继而|此后|等到"
_BEGINS = re.compile(rf"(?:{_ORDER}|先(?!生|后)|再(?!次|三))")
_GOES_ON = re.compile(rf"{_ORDER}|先(?![生后别不核挂确问])|再(?![次三])")
_LEAD = re.compile(
    rf"(?:在?[这此该][类种]?[^，]{{0,6}}中，)?(?:(?:{_ORDER})[，：]?|先(?=[\u4e00-\u9fff]{{3}})(?!生|后|会)|再(?!次|三))?"
)
_REASON = re.compile(r"为由|为名|借口|理由|为诱饵")
_LEANS = re.compile(r"(?:为由|为名|为借口|为诱饵|方式|名义|后|时|之际|的话|期间)$")
_OPENS = re.compile(r"(?:然后|再|先|并|又)?(?:以(?!后|及|上|下|为)|借口|通过)")
_FOLLOWS = re.compile(r"(?:称|说|谎称|声称|并|且|但|而|因此|所以|才|还|也|从而|导致|让人)")

ACTOR = re.compile(
    r"(?:骗子|诈骗分子|不法分子|犯罪分子|犯罪团伙|诈骗团伙|诈骗人员|嫌疑人|他们)[们也]?(?:[^，。]{0,8})"
    r"(?:会|先|再|又|便|以|通过|利用|冒充|伪装|谎称|假称|声称|诱|要求|让|发|编造|虚构|引导|指导|骗得|骗取|将|往往|通常|常|自称|打|联系|用|盗|把|在|假|拉|搭|建|推|寄|添|套)"
)
"""A sentence whose subject is the fraudster, doing something."""


@dataclass(frozen=True, slots=True)
class Step:
    """What happens next, and the line it was told on."""

    line: int
    clauses: tuple[str, ...]

    @property
    def text(self) -> str:
        """The step as it is written, without the word that only tells its place."""
        return trimmed(_LEAD.sub("", "，".join(self.clauses), count=1))

    @property
    def length(self) -> int:
        """Characters."""
        return sum(map(len, self.clauses))


def tells_a_trick(text: str) -> bool:
    """Whether a sentence says what a fraudster does, in whatever part of a bulletin."""
    return ACTOR.search(text) is not None or _GOES_ON.match(text) is not None


def steps(sentences: Iterable[Sentence]) -> tuple[Step, ...]:
    """The sentences as steps."""
    found: list[Step] = []
    told = 0
    for sentence in sentences:
        told += len(sentence.text)
        if told > MOST_TOLD:
            break
        found += _of_sentence(sentence)
    while (at := _to_cut(found)) is not None:
        found[at : at + 1] = _cut(found[at])
    while len(found) > MOST:
        pairs = range(len(found) - 1)
        at = min(pairs, key=lambda n: found[n].length + found[n + 1].length)
        found[at : at + 2] = [Step(found[at].line, found[at].clauses + found[at + 1].clauses)]
    return tuple(step for step in found if step.text)


def _of_sentence(sentence: Sentence) -> list[Step]:
    """A sentence parted at the words that tell an order."""
    groups: list[list[str]] = []
    for clause in clauses(sentence.text):
        parted = not groups or (_BEGINS.match(clause) and not _leans(groups[-1][-1]))
        if parted:
            groups.append([clause])
        else:
            groups[-1].append(clause)
    return [Step(sentence.line, tuple(group)) for group in groups]


def _to_cut(found: list[Step]) -> int | None:
    """Which step to cut next: the longest that can be, while steps are few or it is long."""
    if len(found) >= MOST:
        return None
    able = [n for n, step in enumerate(found) if _borders(step)]
    longest = max(able, key=lambda n: found[n].length, default=None)
    if longest is None or (len(found) >= FEWEST and found[longest].length <= LONG):
        return None
    return longest


def _cut(step: Step) -> list[Step]:
    """The step in two, at the border nearest its middle."""
    lengths = [len(clause) for clause in step.clauses]
    at = min(_borders(step), key=lambda n: abs(sum(lengths[:n]) - sum(lengths[n:])))
    return [Step(step.line, step.clauses[:at]), Step(step.line, step.clauses[at:])]


def _borders(step: Step) -> list[int]:
    """The numbers of the clauses before which a step can be cut."""
    return [
        n
        for n in range(1, len(step.clauses))
        if not _leans(step.clauses[n - 1]) and not _FOLLOWS.match(step.clauses[n])
    ]


def _leans(clause: str) -> bool:
    """Whether a clause says nothing without the next."""
    if _OPENS.match(clause) and not _REASON.search(clause):
        return True
    return _LEANS.search(clause) is not None
