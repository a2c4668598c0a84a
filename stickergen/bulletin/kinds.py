"""The scam types that a text names: those known by `kinds.yaml`, and one that a heading names.

Comes in: a heading, a sentence, a word of a ranking. Goes out: `Kind`s. A type that nobody listed
has a name and no id: a person gives it one, for it will stand in addresses.
Limits: names of Chinese characters; the longest name that fits wins.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import yaml

from stickergen.bulletin.privacy import masked
from stickergen.bulletin.vocabulary import FOLDER, any_of, words

LONGEST_NAME = 8
"""The characters that `Scam.name` of content/model may have."""

_FULL = 4
"""Characters. Tuned: what is shorter, 刷单, is an abbreviation of the name."""

_FRAUD = "(?:电信网络|网络|电信)?(?:诈骗|骗局)"
_ENDS = re.compile(f"{_FRAUD}$")
_NAMED = re.compile(rf"([A-Za-z\u4e00-\u9fff]{{2,20}}?)(?:类|式|型)?{_FRAUD}")
_TYPE = re.compile(r"(?:类|式|型)?(?:电信|网络)*(?:诈骗|骗局)?$")


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
    entries = yaml.safe_load((FOLDER / "kinds.yaml").read_text(encoding="utf-8"))
    return tuple(Kind(e["name"], e["id"], e["icon"], tuple(e["aliases"])) for e in entries)


@cache
def _names() -> dict[str, Kind]:
    return {alias: kind for kind in known() for alias in (kind.name, *kind.aliases)}


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(any_of(_names()))


@cache
def _lead() -> re.Pattern[str]:
    """What stands before a type's name in a heading."""
    return re.compile(rf".*{any_of(words('headings', 'before'))}")


@cache
def _no_type() -> re.Pattern[str]:
    """What 诈骗 is also said of: the fight against it, and all of it."""
    fight, general = any_of(words("headings", "fight")), any_of(words("headings", "general"))
    return re.compile(rf".*(?:{fight}|[一二三四五六七八九十大两几]种|[五十]大)|{general}*(?:类)?")


def named(text: str) -> tuple[Kind, ...]:
    """The known types that a text names, each once, in their order there."""
    found = [_names()[match[0]] for match in _pattern().finditer(text)]
    return tuple(dict.fromkeys(found))


def in_heading(text: str) -> tuple[Kind, ...]:
    """The types that a heading names; one that nobody listed by what stands before 诈骗."""
    if found := named(text):
        return found
    for match in _NAMED.finditer(text):
        lead = _lead().match(match[1])
        name = match[1][lead.end() :] if lead else match[1]
        if _is_name(name) and not _no_type().fullmatch(name):
            return (Kind(name),)
    return ()


def own_name(text: str, kind: Kind) -> str | None:
    """What a text itself calls a type, where it says so: 冒充领导 of 警惕冒充领导诈骗."""
    names = (kind.name, *kind.aliases)
    full = [n for n in names if _FULL <= len(n) <= LONGEST_NAME and not _ENDS.search(n)]
    told = re.search(rf"{any_of(full)}(?=(?:类|式|型)?{_FRAUD})", text) if full else None
    return told[0] if told else None


def called(name: str) -> Kind | None:
    """The type of this name, as a ranking gives it: a known one, or a new one that may be named."""
    if found := named(name):
        return found[0]
    bare = _TYPE.sub("", name)
    return Kind(bare) if _is_name(bare) else None


def _is_name(text: str) -> bool:
    """Whether a type may be called so: neither too long, nor after a person."""
    return 2 <= len(text) <= LONGEST_NAME and not masked(text).hidden
