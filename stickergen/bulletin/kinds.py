"""The scam types that a text names: those known by `kinds.yaml`, and one that a heading names.

Comes in: a heading, a sentence, a word of a ranking. Goes out: `Kind`s. A type that nobody listed
has a name and no id: a person gives it one, for it will stand in addresses.
Limits: names of Chinese characters; the longest name that fits wins.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from stickergen.bulletin.privacy import masked

_TABLE = Path(__file__).with_name("kinds.yaml")

_NAMED = re.compile(
    r"([A-Za-z\u4e00-\u9fff]{2,20}?)(?:类|式|型)?(?:电信网络|网络|电信)?(?:诈骗|骗局)"
)
_LEAD = re.compile(
    r".*(?:警惕|谨防|严防|当心|小心|防范|预防|揭秘|揭露|注意|关于|遭遇|遭|陷入|落入|遇到|提防|识破|拆穿|新型|常见|高发"
    r"|认清|这类|此类|一种|一起|如何|什么是|的|被|是|了|为|对|和|与|及)"
)
"""What stands before a type's name in a heading: all up to the last of these words is cut."""

_NO_TYPE = re.compile(
    r".*(?:反|防|打击|严打|各类|各种|多种|[一二三四五六七八九十大两几]种|[五十]大|实施|进行|从事|参与|涉嫌|构成|识别)"
    r"|(?:电信|网络|电信网络|电诈|通讯|涉网|互联网|短信|电话|新|新型|传统|老|特大|该|这|此|典型|真实|骗子|春节|暑期|校园)*"
    r"(?:类)?"
)
"""What 诈骗 is also said of: the fight against it, and all of it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A scam type: what it is called; id and icon where it is a known one."""

    name: str
    id: str | None = None
    icon: str | None = None
    aliases: tuple[str, ...] = ()


@cache
def known() -> tuple[Kind, ...]:
    """The types of the table."""
    entries = yaml.safe_load(_TABLE.read_text(encoding="utf-8"))
    return tuple(Kind(e["name"], e["id"], e["icon"], tuple(e["aliases"])) for e in entries)


@cache
def _names() -> dict[str, Kind]:
    return {alias: kind for kind in known() for alias in (kind.name, *kind.aliases)}


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, _names()), key=len, reverse=True)))


def named(text: str) -> tuple[Kind, ...]:
    """The known types that a text names, each once, in their order there."""
    found = [_names()[match[0]] for match in _pattern().finditer(text)]
    return tuple(dict.fromkeys(found))


def in_heading(text: str) -> tuple[Kind, ...]:
    """The types that a heading names; one that nobody listed by what stands before 诈骗."""
    if found := named(text):
        return found
    for match in _NAMED.finditer(text):
        lead = _LEAD.match(match[1])
        name = match[1][lead.end() :] if lead else match[1]
        if 2 <= len(name) <= 8 and not _NO_TYPE.fullmatch(name) and not masked(name).hidden:
            return (Kind(name),)
    return ()


def called(name: str) -> Kind:
    """The type of this name, as a ranking gives it: a known one, or a new one."""
    found = named(name)
    return (
        found[0] if found else Kind(re.sub(r"(?:类|式|型)?(?:电信|网络)*(?:诈骗|骗局)?$", "", name))
    )
