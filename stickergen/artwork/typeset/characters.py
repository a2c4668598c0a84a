"""Kinds of characters in Chinese text: marks that begin or end no line, marks to squeeze, Han.

Comes in: a character. Goes out: the sets and questions below. Sources: W3C *Requirements for
Chinese Text Layout* (clreq, numbered as in its drafts of 2024 and 2025), 5.1 (marks) and 6.1.1
(prohibition rules for line start and line end); GB/T 15834-2011, 5.1 (places of the marks).
Limits: horizontal setting of simplified Chinese with Latin words and European digits.
"""

from __future__ import annotations

import unicodedata
from functools import cache

OPENING = frozenset("“‘（《〈「『【〔〖［｛｟〘〚〝")
"""Full-width opening marks: the blank half is on the left."""

CLOSING = frozenset("”’）》〉」』】〕〗］｝｠〙〛〞〟")
"""Full-width closing brackets and quotation marks: the blank half is on the right."""

PAUSING = frozenset("、，。．！？：；")
"""Pause and stop marks: in mainland China they stand in the left half (GB/T 15834-2011, 5.1)."""

TRAILING = CLOSING | PAUSING
"""Every full-width mark whose blank half is on the right."""

CLAUSE_ENDS = frozenset("，。！？：；…—")
"""Marks after which a headline is best broken; tuned: the marks at which one draws breath."""

NOT_AT_START = TRAILING | frozenset("…—·・‧％‰%°℃℉′″～〜~–‐-／/,.!?:;)]}")
"""clreq 6.1.1, strict; with the Latin marks of the same kind, and units written as signs."""

NOT_AT_END = OPENING | frozenset("¥￥$＄£€№#＃@([{") | frozenset(map(chr, range(0x2460, 0x249C)))
"""clreq 6.1.1, strict: what belongs to the next character; ①-⒛ number what follows them."""

SPACES = frozenset(" \u3000")
"""Dropped where a line is broken at them (UAX #14: spaces at a line's end have no width)."""

WESTERN_SIGNS = frozenset("%$¥£€#@&+")
"""Signs set with Latin words and digits, so parted from Han as these are."""


@cache
def is_han(char: str) -> bool:
    """Whether the character is an ideograph (or another letter as wide as one)."""
    wide = unicodedata.east_asian_width(char) in "WF"
    return wide and unicodedata.category(char) in ("Lo", "Nl")


@cache
def is_western(char: str) -> bool:
    """Whether the character is a Latin letter, a European digit, or a sign set with them."""
    if char in WESTERN_SIGNS:
        return True
    narrow = unicodedata.east_asian_width(char) not in "WF"
    return narrow and unicodedata.category(char)[:2] in ("Lu", "Ll", "Lo", "Nd")


@cache
def is_word_part(char: str) -> bool:
    """Whether the character is a letter or a digit of any script: not a mark, not a space."""
    return unicodedata.category(char)[0] in "LN"


@cache
def is_printable(char: str) -> bool:
    """Whether a glyph can stand for the character: no control, no zero-width format character."""
    return unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp")
