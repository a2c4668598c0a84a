"""Serial numbers: a sticker's own number as it is printed, as it stands in its address, and back.

Comes in: a campaign's `serial` block and whole numbers. Goes out: `HS-000123-X` for paper, the same
without hyphens for the address, the number of what a person typed. The last character is a check
character. Source: ISO/IEC 7064:2003, the pure systems MOD 11-2 and MOD 37-2 and the hybrid system
MOD 37,36. Limits: link.SERIAL.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from stickergen.content.model import CheckSystem, Serial

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*"
"""Characters by their value; the asterisk is only ever a check character of MOD 37-2."""

_WIDEST: dict[CheckSystem, str] = {"mod-11-2": "X", "mod-37-2": "W", "mod-37-36": "W"}
"""The widest character that a system gives."""

_VALUES = {character: value for value, character in enumerate(ALPHABET)}


class Mistyped(Exception):
    """No number of this campaign; `code` is why: the code of a problem."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Numbering:
    """How a campaign numbers its stickers."""

    prefix: str
    digits: int
    check: CheckSystem

    @classmethod
    def of(cls, serial: Serial) -> Numbering:
        """From the campaign's block."""
        return cls(serial.prefix, serial.digits, serial.check)

    @property
    def last(self) -> int:
        """The largest number that the digits hold."""
        most: int = 10**self.digits - 1
        return most

    @property
    def widest(self) -> str:
        """Words as wide as any number's: digits are of one width, check characters are not."""
        return f"{self.prefix}-{'0' * self.digits}-{_WIDEST[self.check]}"

    @property
    def widest_code(self) -> str:
        """The same as it stands in an address."""
        return self.widest.replace("-", "")

    def code(self, number: int) -> str:
        """The number as it stands in an address: `HS000123X`."""
        assert 0 <= number <= self.last
        return _coded(self.prefix, self.digits, self.check, number)

    def words(self, number: int) -> str:
        """The number as it is printed: `HS-000123-X`."""
        code, end = self.code(number), len(self.prefix)
        return f"{self.prefix}-{code[end:-1]}-{code[-1]}"

    def number(self, typed: str) -> int:
        """The number behind what a person typed: all of it, with or without the prefix, or its
        digits alone, with no check character to be held against them.

        Raises Mistyped.
        """
        text = _narrow(typed).strip()
        if re.fullmatch(rf"[0-9]{{1,{self.digits}}}", text):
            return int(text)
        whole = rf"(?:{self.prefix})?[\s-]*([0-9]{{{self.digits}}})[\s-]*([0-9A-Z*])"
        if (match := re.fullmatch(whole, text)) is None:
            raise Mistyped("serial-unknown-form")
        if check_character(self.prefix + match[1], self.check) != match[2]:
            raise Mistyped("serial-check-differs")
        return int(match[1])


@lru_cache(maxsize=16_384)
def _coded(prefix: str, digits: int, check: CheckSystem, number: int) -> str:
    """A number with its check character, kept: it is written in many places."""
    body = f"{prefix}{number:0{digits}}"
    return body + check_character(body, check)


def ranges(typed: str, numbering: Numbering) -> tuple[range, ...]:
    """The numbers behind `12001-12480`, `HS-012001-X`, several of them with commas between.

    Raises Mistyped.
    """
    number = rf"{numbering.prefix}[\s-]*[0-9]{{{numbering.digits}}}[\s-]*[0-9A-Z*]|[0-9]+"
    item = re.compile(rf"({number})(?:\s*[-~〜至到]+\s*({number}))?(?:[\s,、;]+|$)")
    text, at = _narrow(typed).strip(), 0
    found: list[range] = []
    while at < len(text) or not found:
        if (match := item.match(text, at)) is None:
            raise Mistyped("serial-unknown-form")
        first = numbering.number(match[1])
        last = first if match[2] is None else numbering.number(match[2])
        if first > last:
            raise Mistyped("serial-unknown-form")
        found.append(range(first, last + 1))
        at = match.end()
    return tuple(found)


def _narrow(typed: str) -> str:
    """Full-width letters, digits and signs, as Chinese keyboards type them, as ASCII; dashes, as
    programs like to make them of hyphens, as hyphens.
    """
    return re.sub("[‐-―−]", "-", unicodedata.normalize("NFKC", typed).upper())


def check_character(body: str, system: CheckSystem) -> str:
    """The check character of a number without its own."""
    return _SYSTEMS[system](body)


def _mod_11_2(body: str) -> str:
    """Pure system over the digits, as on Chinese identity cards: finds every wrong digit and every
    swap of two (GB 11643).
    """
    digits = [int(character) for character in body if character.isdigit()]
    return "0123456789X"[_pure(digits, 11)]


def _mod_37_2(body: str) -> str:
    """Pure system over letters and digits: finds every wrong character and every swap of two."""
    return ALPHABET[_pure([_VALUES[character] for character in body], 37)]


def _mod_37_36(body: str) -> str:
    """Hybrid system: never an asterisk, but of a hundred swaps it misses one."""
    product = 36
    for character in body:
        product = ((product + _VALUES[character]) % 36 or 36) * 2 % 37
    return ALPHABET[(1 - product) % 36]


def _pure(values: Iterable[int], modulus: int) -> int:
    """The pure system of radix 2."""
    total = 0
    for value in values:
        total = (total + value) * 2 % modulus
    return (1 - total) % modulus


_SYSTEMS: dict[CheckSystem, Callable[[str], str]] = {
    "mod-11-2": _mod_11_2,
    "mod-37-2": _mod_37_2,
    "mod-37-36": _mod_37_36,
}
