"""Where a paragraph may be broken, and how gladly.

Comes in: a paragraph without a forced break. Goes out: for each position the penalty of a break
before it, or None where it is forbidden. Sources: UAX #14 (by `uniseg`), tailored by clreq 6.1.1
(line start and line end) and 6.1.2 (unbreakable marks); phrases by BudouX. Limits: a Latin word, a
number or an address is never broken; one that is wider than the line overflows it.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

from stickergen.artwork.typeset.characters import (
    CLAUSE_ENDS,
    CLOSING,
    NOT_AT_END,
    NOT_AT_START,
    OPENING,
    SPACES,
    TRAILING,
    is_han,
)

Penalties = tuple[float | None, ...]

ORDINARY = 0.0
IN_DATE = 0.3
"""Between the parts of a date. Tuned: a line may be some 50 % short before 10月/11日 is parted."""

IN_PHRASE = 2.5
"""Inside a phrase that is itself wider than the line. Tuned: more than any raggedness costs (1)."""

AFTER_PHRASE = 1.0
AFTER_LISTED = 0.3
AFTER_CLAUSE = 0.0
"""Headlines. Tuned: 注意，/凡是先垫付的刷单都是诈骗 beats any other two lines; the raggedness of a
line costs 1 at most."""

IN_BRACKETS = 0.4
"""Headlines: more for a break inside “” or （）. Tuned: 点击/“退款链接”, not 点击“退款/链接”."""

UNITS = "小时|分钟|[元角块年月日号时分秒点岁名个张枚份人起次倍条天℃°%％‰]"

UNBROKEN = (
    r"[!-~]+",  # Latin words, numbers, times, dates, addresses: whatever has no space
    rf"[0-9０-９] ?[十百千万亿余多]+(?:{UNITS})?",  # 1.3万元; clreq 6.1.2: numeral + unit
    rf"[0-9０-９] ?(?:{UNITS})",
    r"第[0-9]",
    r"[0-9０-９%％元年月日时][–—～~-]+[0-9０-９]",  # 10～20
    r"[Ａ-Ｚａ-ｚ０-９]+",
    r"[A-Za-z]’[A-Za-z]",
    r"…{2,}",  # clreq 6.1.2: two-em marks
    r"—{2,}",
)
"""What is never broken inside; overlapping matches are joined."""

_ATOMS = tuple(re.compile(pattern) for pattern in UNBROKEN)
_DATE = re.compile(r"(?:[0-9]+ ?年 ?)?[0-9]+ ?月 ?[0-9]+ ?[日号]")
_PARTICLE = re.compile("的(?![确士])|了(?!解|结)|[吗呢吧们]")
"""What leans on the word before it, so begins no line of a headline, whatever BudouX says."""

_WORD = re.compile("拨打|挂断|密码|凡是|解冻费|借款|验证码|屏幕")
"""Words of this trade that BudouX's model, which learnt from newspapers, takes for two phrases."""

_ANY_IDEOGRAPH = "一"
_IDEOGRAPH = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")  # all of class ID in UAX #14
_ALIKE = str.maketrans(
    dict.fromkeys("0123456789", "1")
    | dict.fromkeys("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "a")
)
"""Digits are of class NU and Latin letters of class AL in UAX #14: one stands for all."""

_BETWEEN_IDEOGRAPHS = re.compile(f"(?<={_ANY_IDEOGRAPH})(?={_ANY_IDEOGRAPH})")

_NO_BREAK_SPACE = "\u00a0"


@lru_cache(maxsize=4096)
def ordinary(text: str) -> Penalties:
    """The penalty of a break before each character, 0 to len(text), by the rules alone."""
    if not text:
        return (None,)
    allowed = [*_unicode_breaks(text), False]
    for at in range(1, len(text)):
        before, after = text[at - 1], text[at]
        if _NO_BREAK_SPACE not in (before, after):
            allowed[at] |= after in OPENING or before in CLOSING
        last = text[:at].rstrip("".join(SPACES))[-1:]
        allowed[at] &= after not in NOT_AT_START and last not in NOT_AT_END
        allowed[at] &= after not in SPACES
    for first, last_ in atoms(text):
        allowed[first + 1 : last_] = [False] * (last_ - first - 1)
    allowed[0] = False
    penalties = [ORDINARY if flag else None for flag in allowed]
    for date in _DATE.finditer(text):
        for at in range(date.start() + 1, date.end()):
            penalties[at] = None if penalties[at] is None else IN_DATE
    return tuple(penalties)


@lru_cache(maxsize=4096)
def phrased(text: str) -> Penalties:
    """The same for headlines: only between phrases and after marks, best after a clause."""
    found: list[float | None] = [None] * (len(text) + 1)
    ends = _phrase_ends(text)
    ends -= {at for word in _WORD.finditer(text) for at in range(word.start() + 1, word.end())}
    depth = 0
    for at, penalty in enumerate(ordinary(text)):
        depth += (text[at - 1 : at] in OPENING) - (text[at - 1 : at] in CLOSING)
        if penalty is None:
            continue
        stem = text[:at].rstrip("".join(CLOSING | SPACES))
        if text[at - 1] in TRAILING | CLAUSE_ENDS or text[at - 1] in SPACES:
            ends_clause = stem[-1:] in CLAUSE_ENDS or _is_pause(text, at)
            listed = text[at - 1] == "、"
            found[at] = AFTER_CLAUSE if ends_clause else AFTER_LISTED if listed else AFTER_PHRASE
        elif text[at] in OPENING or (at in ends and not _PARTICLE.match(text, at)):
            found[at] = AFTER_PHRASE + penalty + (IN_BRACKETS if depth > 0 else 0.0)
    return tuple(found)


def phrases(text: str) -> tuple[str, ...]:
    """The text cut wherever a headline may be broken; a space stays at the end of its part."""
    cuts = [at for at, penalty in enumerate(phrased(text)) if penalty is not None]
    return tuple(text[start:end] for start, end in pairwise([0, *cuts, len(text)]) if start < end)


def atoms(text: str) -> list[tuple[int, int]]:
    """The stretches never broken inside, as (start, end); they may overlap."""
    found: list[tuple[int, int]] = []
    for pattern in _ATOMS:
        at = 0
        while match := pattern.search(text, at):
            found.append(match.span())
            at = max(match.end() - 1, match.start() + 1)
    return found


def _is_pause(text: str, at: int) -> bool:
    """Whether a space between two Han ends here: a headline's way to write a comma."""
    return at > 1 and text[at - 1] == " " and is_han(text[at - 2]) and is_han(text[at])


def _phrase_ends(text: str) -> set[int]:
    ends, at = set(), 0
    for phrase in _phrase_parser().parse(text):
        at += len(phrase)
        ends.add(at)
    return ends


def _unicode_breaks(text: str) -> list[bool]:
    """Whether UAX #14 has a break before each character.

    It always has one between two ideographs, and for its rules one is as good as another; so only
    the stretches between them are looked at, and each kind of stretch once.
    """
    found: list[bool] = []
    kinds = _IDEOGRAPH.sub(_ANY_IDEOGRAPH, text).translate(_ALIKE)
    for stretch in _BETWEEN_IDEOGRAPHS.split(kinds):
        first, *others = _stretch_breaks(stretch)
        found += [first or bool(found), *others]
    return found


@lru_cache(maxsize=16384)
def _stretch_breaks(stretch: str) -> tuple[bool, ...]:
    breakables, of_char = _unicode_rules()
    return tuple(map(bool, breakables(stretch, property=of_char)))


@cache
def _phrase_parser() -> Any:
    """BudouX's parser for simplified Chinese, loaded when the first headline is set."""
    import budoux  # noqa: PLC0415  (15 ms, and only headlines need it)

    return budoux.load_default_simplified_chinese_parser()


@cache
def _unicode_rules() -> Any:
    """UAX #14, with quotation marks as Chinese uses them: they open and close (clreq 5.1)."""
    from uniseg.linebreak import LineBreak, line_break, line_break_breakables  # noqa: PLC0415

    tailored = {"“": LineBreak.OP, "‘": LineBreak.OP, "”": LineBreak.CL, "’": LineBreak.CL}

    @cache
    def of_char(char: str, /) -> Any:
        return tailored.get(char) or line_break(char)

    return line_break_breakables, of_char
