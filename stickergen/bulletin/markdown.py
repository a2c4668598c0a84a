"""A bulletin in Markdown → its lines without marks, each with its number and its level.

Comes in: the text of a file. Goes out: a `Manuscript`: the front matter's fields and the `Line`s
that say something; line numbers are those of the file, from 1. Pictures, HTML, code, comments,
captions and the calls to follow an account are left out. Full-width letters and digits become
plain ones, punctuation after Chinese becomes Chinese, and characters that cannot be printed go.
Source: CommonMark 0.31 for what is a mark; what WeChat posts turned into Markdown look like for
the rest: a heading is often a bold line, or a line that begins with 一、.
Limits: every pattern is linear in the length of a line, however hostile; tables are read by rows.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from stickergen.bulletin.vocabulary import any_of, words

PLAIN = 0
"""The level of a line that is no heading."""

NUMBERED = 7
"""The level of a line that begins with 一、: below the six of Markdown."""

BOLD = 8
"""The level of a bold line that stands alone."""

MOST_IN_HEADING = 60
"""Tuned: a headline of the trade has thirty characters; a longer line is a sentence."""

MOST_IN_FRONT_MATTER = 100
"""Lines. Tuned: front matter has a dozen; a file that merely begins with `---` has no end of it."""

_BREAK = re.compile(r"\r\n|\r|\n")
_TOKEN = re.compile(r"<!--|-->|</?(?:script|style)\b[^<>]*>", re.IGNORECASE)
_LINE_TAG = re.compile(r"<(?:br|/p|/div|/li|/h[1-6])\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_IMAGE = re.compile(r"!\[[^\[\]]*\]\([^()]*\)")
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")
_DEFINITION = re.compile(r"\[[^\[\]]*\]:\s")
_QUOTE = re.compile(r"\s*(?:>\s*)+")
_HASHES = re.compile(r"(#{1,6})\s*(?=[^\s#])")
_RULE_OFF = re.compile(r"\s*(?:=+|-{2,}|\*{3,}|_{3,})\s*")
_CELLS = re.compile(r"\s*\|[\s|:-]*")
_ITEM = re.compile(
    r"\s*(?:[-*+•·●◆◇■□▪►▶➤✓✔★☆]\s*|\d{1,2}[.、)）](?!\d)\s*|[（(]\d{1,2}[）)]\s*)(?=\S)"
)
_BOLD = re.compile(r"(\*\*|__)(?=\S)([^*_]+)\1")
_MARKS = re.compile(r"\*+|`+|~~|__")
_FIELD = re.compile(r"([A-Za-z_-]{1,30})\s*:\s*(\S.*)?")

_NUMERAL = re.compile(
    r"(?:第?[一二三四五六七八九十]{1,3}[、.：]|[（(][一二三四五六七八九十]{1,3}[）)]、?)(?=\S)"
)
_NUMBERED_TYPE = re.compile(r"\d{1,2}[.、](?!\d)[^，。；：]{2,20}(?:诈骗|骗局)")
_ENDS_A_SENTENCE = "。；：，、;:,"

_MOST_IN_PROMOTION = 50
"""Tuned: a call to follow an account is short; a paragraph that speaks of 点赞 may be a trick."""

_WIDE = {ord("！") + n: chr(ord("!") + n) for n in range(94) if chr(ord("!") + n).isalnum()}
_WIDE |= {ord("＃"): "#", ord("＊"): "*", ord("＞"): ">", ord("％"): "%", ord("＠"): "@"}
_WIDE |= {ord("「"): "“", ord("」"): "”", ord("『"): "“", ord("』"): "”"}
_CHINESE_MARKS = {",": "，", ";": "；", ":": "：", "!": "！", "?": "？"}
_AFTER_CHINESE = re.compile(r"(?<=[\u4e00-\u9fff”）])([,;:!?])(?!\d)")
_FULL_STOP = re.compile(r"(?<=[\u4e00-\u9fff”）])\.(?=\s|$)")
_STRAIGHT = re.compile(r'"([^"“”]{1,60})"')


@dataclass(frozen=True, slots=True)
class Line:
    """What a line says; `opens` where it cannot go on from the line before, as an `item` of a list
    cannot."""

    number: int
    text: str
    level: int = PLAIN
    opens: bool = False
    item: bool = False


@dataclass(frozen=True)
class Manuscript:
    """A file as it was written: front matter, and all lines that say something."""

    lines: tuple[Line, ...]
    matter: Mapping[str, str] = field(default_factory=dict)


def manuscript(text: str) -> Manuscript:
    """The text of a Markdown file, read."""
    rows = _BREAK.split(text)
    matter, start = _front_matter(rows)
    return Manuscript(tuple(_lines(rows, start)), matter)


def clean(text: str) -> str:
    """One line as it is compared and printed: no control characters, one kind of each sign."""
    kept = "".join(" " if unicodedata.category(c) == "Zs" else c for c in text if _is_text(c))
    kept = kept.translate(_WIDE)
    kept = _AFTER_CHINESE.sub(lambda match: _CHINESE_MARKS[match[1]], kept)
    kept = _FULL_STOP.sub("。", kept)
    return " ".join(_STRAIGHT.sub(r"“\1”", kept).split())


def _is_text(character: str) -> bool:
    """Whether a character is one that paper shows: no control, format, private or empty place."""
    if character in ("\t", " "):
        return True
    return unicodedata.category(character) not in (
        *("Cc", "Cf", "Cs", "Co", "Cn"),
        *("Zl", "Zp"),
    ) and not ("\ufe00" <= character <= "\ufe0f")  # variation selectors


def _front_matter(rows: list[str]) -> tuple[dict[str, str], int]:
    """The fields between two `---` at the head, and the row behind them."""
    if rows[0].lstrip("\ufeff").rstrip() != "---":
        return {}, 0
    for end, row in enumerate(rows[1:MOST_IN_FRONT_MATTER], 1):
        if row.rstrip() in ("---", "..."):
            found = [_FIELD.fullmatch(clean(row)) for row in rows[1:end]]
            fields = {m[1].lower(): m[2].strip("'\"“”") for m in found if m and m[2]}
            return fields, end + 1
    return {}, 0


def _lines(rows: list[str], start: int) -> Iterator[Line]:
    """The lines from a row on."""
    opens, fenced = True, False
    visible = _visible(rows)
    for index in range(start, len(rows)):
        if _FENCE.match(rows[index]):
            fenced = not fenced
        if fenced or _FENCE.match(rows[index]):
            opens = True
            continue
        under = rows[index + 1].strip() if index + 1 < len(rows) else ""
        for part in _LINE_TAG.split(visible[index]):
            line = _line(index + 1, part, under)
            if line is None:
                opens = True
                continue
            yield replace(line, opens=line.opens or opens)
            opens = line.level != PLAIN


def _visible(rows: list[str]) -> list[str]:
    """The rows without comments, scripts and styles; what is never closed stays."""
    shown: list[str] = []
    closing = ""
    for row in rows:
        kept, at = [], 0
        for token in _TOKEN.finditer(row):
            name = token[0].lower()
            if closing and name.startswith(closing):
                closing, at = "", token.end()
            elif not closing and name != "-->" and not name.startswith("</"):
                kept.append(row[at : token.start()])
                closing = "-->" if name == "<!--" else f"</{name[1:6].rstrip('>')}"
        if not closing:
            kept.append(row[at:])
        shown.append("".join(kept))
    return rows if closing else shown


def _line(number: int, row: str, under: str) -> Line | None:
    """What a row says, if anything; `under` is the row below, which may underline it."""
    text = _TAG.sub("", _LINK.sub(r"\1", _IMAGE.sub("", row)))
    text = clean(html.unescape(text))
    quote = _QUOTE.match(text)
    text = text[quote.end() :] if quote else text
    if not text or _RULE_OFF.fullmatch(text) or _DEFINITION.match(text):
        return None
    if text.startswith("|"):
        text = "" if _CELLS.fullmatch(text) else text.strip("| ").replace("|", "，")
    level = _level(text, under)
    item = None if level or _BOLD.match(text) else _ITEM.match(text)
    text = text[item.end() :] if item else text
    bare = _MARKS.sub("", text.strip("# ") if level else text).strip()
    bare = bare.strip("[]【】") if _is_wrapped(bare) else bare
    if not bare or _is_noise(bare):
        return None
    return Line(number, bare, level, bool(quote or item), bool(item))


def _level(text: str, under: str) -> int:
    """The level of the heading that this line is, or PLAIN."""
    if len(text) > MOST_IN_HEADING:
        return PLAIN
    bare = _MARKS.sub("", text).strip("# ")
    if bare.startswith("凡") or not bare:  # a rule in bold is still a rule
        return PLAIN
    if hashes := _HASHES.match(text):
        return len(hashes[1])
    if re.fullmatch(r"={3,}", under):
        return 1
    if bare[-1] in _ENDS_A_SENTENCE:
        return PLAIN
    if re.fullmatch(r"-{3,}", under):
        return 2
    if _NUMERAL.match(bare) or _NUMBERED_TYPE.fullmatch(bare):
        return NUMBERED
    return BOLD if _BOLD.fullmatch(text) or re.fullmatch(r"【[^【】]{2,30}】", text) else PLAIN


def _is_wrapped(text: str) -> bool:
    """Whether brackets stand around the whole line and nowhere in it."""
    return re.fullmatch(r"\[[^\[\]]*\]|【[^【】]*】", text) is not None


def _is_noise(text: str) -> bool:
    """Whether a line is a caption, or asks to follow, share or like."""
    if text.startswith(words("noise", "captions")):
        return True
    return len(text) <= _MOST_IN_PROMOTION and _promotion().search(text) is not None


@cache
def _promotion() -> re.Pattern[str]:
    return re.compile(rf"{any_of(words('noise', 'promotion'))}|微信号[：:]?\s*[A-Za-z]")
