"""Serial numbers: check characters as published, what they find, what a person may type."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from stickergen.content.link import SERIAL, address
from stickergen.content.model import CheckSystem, Link, Serial
from stickergen.content.serial import ALPHABET, Mistyped, Numbering, check_character, ranges
from stickergen.shipped import CONTENT

SYSTEMS: tuple[CheckSystem, ...] = ("mod-11-2", "mod-37-2", "mod-37-36")
HS = Numbering("HS", 6, "mod-11-2")


@st.composite
def numberings(draw: st.DrawFn, *systems: CheckSystem) -> Numbering:
    prefix = draw(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=3))
    return Numbering(prefix, draw(st.integers(4, 8)), draw(st.sampled_from(systems or SYSTEMS)))


@st.composite
def numbered(draw: st.DrawFn, *systems: CheckSystem) -> tuple[Numbering, int]:
    """A numbering and one of its numbers."""
    numbering = draw(numberings(*systems))
    return numbering, draw(st.integers(0, numbering.last))


def mistyped(typed: str, numbering: Numbering = HS) -> str:
    with pytest.raises(Mistyped) as caught:
        ranges(typed, numbering)
    return caught.value.code


# --- check characters ---


@pytest.mark.parametrize(
    ("system", "number"),
    [
        # Resident identity card, GB 11643-1999, annex A; the digits alone count.
        ("mod-11-2", "11010519491231002X"),
        ("mod-11-2", "440524188001010014"),
        # ORCID: support.orcid.org, "Structure of the ORCID Identifier".
        ("mod-11-2", "0000000218250097"),
        ("mod-11-2", "000000021694233X"),
        # Donation identification number: ICCBBA ISBT 128 Standard, ST-001, appendix A.
        ("mod-37-2", "G123498654321H"),
        # Global Release Identifier: IFPI GRid Standard, 2.1.
        ("mod-37-36", "A12425GABC1234002M"),
    ],
)
def test_published_numbers(system: CheckSystem, number: str) -> None:
    assert check_character(number[:-1], system) == number[-1]


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_check_character_occurs(system: CheckSystem) -> None:
    numbering = Numbering("HS", 6, system)
    found = {numbering.code(number)[-1] for number in range(3000)}
    assert found == set(
        {"mod-11-2": "0123456789X", "mod-37-2": ALPHABET, "mod-37-36": ALPHABET[:-1]}[system]
    )


@given(numbered(), st.data())
def test_a_wrong_digit_is_found(one: tuple[Numbering, int], data: st.DataObject) -> None:
    numbering, number = one
    code = numbering.code(number)
    at = data.draw(st.integers(len(numbering.prefix), len(code) - 2))
    digit = data.draw(st.sampled_from("0123456789").filter(lambda digit: digit != code[at]))
    with pytest.raises(Mistyped, match="serial-check-differs"):
        numbering.number(code[:at] + digit + code[at + 1 :])


@given(numbered(), st.data())
def test_a_wrong_check_character_is_found(one: tuple[Numbering, int], data: st.DataObject) -> None:
    numbering, number = one
    *body, right = numbering.code(number)
    wrong = data.draw(st.sampled_from(ALPHABET).filter(lambda character: character != right))
    with pytest.raises(Mistyped, match="serial-check-differs"):
        numbering.number("".join(body) + wrong)


@given(numbered("mod-11-2", "mod-37-2"), st.data())
def test_two_digits_swapped_are_found(one: tuple[Numbering, int], data: st.DataObject) -> None:
    """The check character counts as one where it is a digit."""
    numbering, number = one
    code = numbering.code(number)
    at = data.draw(st.integers(len(numbering.prefix), len(code) - 2))
    a, b = code[at], code[at + 1]
    assume(a != b and b.isdigit())
    with pytest.raises(Mistyped, match="serial-check-differs"):
        numbering.number(code[:at] + b + a + code[at + 2 :])


@given(st.text(ALPHABET[:-1], min_size=2, max_size=12), st.data())
def test_mod_37_2_finds_wrong_and_swapped_letters_too(body: str, data: st.DataObject) -> None:
    right = check_character(body, "mod-37-2")
    at = data.draw(st.integers(0, len(body) - 2))
    other = data.draw(st.sampled_from(ALPHABET[:-1]).filter(lambda letter: letter != body[at]))
    assert check_character(body[:at] + other + body[at + 1 :], "mod-37-2") != right
    swapped = body[:at] + body[at + 1] + body[at] + body[at + 2 :]
    assert (check_character(swapped, "mod-37-2") != right) == (swapped != body)


def test_mod_37_36_misses_one_swap_in_a_hundred() -> None:
    """As its docstring says."""
    numbering = Numbering("HS", 6, "mod-37-36")
    missed = [
        check_character(code[:at] + code[at + 1] + code[at] + code[at + 2 : -1], numbering.check)
        == code[-1]
        for code in map(numbering.code, range(0, 10**6, 97))
        for at in range(2, 7)
        if code[at] != code[at + 1]
    ]
    assert 0.005 < sum(missed) / len(missed) < 0.015


# --- there and back ---


@given(numbered())
def test_words_and_codes_are_read_back(one: tuple[Numbering, int]) -> None:
    numbering, number = one
    words, code = numbering.words(number), numbering.code(number)
    assert numbering.number(words) == numbering.number(code) == number
    assert words.replace("-", "") == code
    assert len(words) == len(numbering.widest)


@given(numbered())
def test_the_website_takes_every_number(one: tuple[Numbering, int]) -> None:
    numbering, number = one
    assert re.fullmatch(SERIAL, numbering.code(number))
    assert re.fullmatch(SERIAL, numbering.words(number))


@given(numbered())
def test_the_page_shows_the_number_of_its_address(one: tuple[Numbering, int]) -> None:
    """website/serial.js matches `location.search` with this pattern."""
    script = (CONTENT.parent / "stickergen" / "website" / "serial.js").read_text()
    (pattern,) = re.findall(r"/(\^.*)/\.exec\(location\.search\)", script)
    numbering, number = one
    url = address(Link(base="https://a.cn", with_point=True), "kefu", "j01")
    search = url.numbered(numbering.code(number)).url.removeprefix(url.url)
    for rest in ("", "&from=wechat"):
        found = re.search(pattern.replace("SERIAL", SERIAL), search + rest)
        assert found is not None
        assert found[1] == numbering.code(number)
    assert not re.search(pattern.replace("SERIAL", SERIAL), f"?{numbering.digits:011}")


def test_the_widest_number_is_as_long_as_any() -> None:
    assert HS.widest == "HS-000000-X"
    assert Numbering.of(Serial(prefix="A", digits=4)).last == 9999


# --- what a person types ---


@pytest.mark.parametrize(
    "typed",
    [
        *("HS-000123-1", "HS0001231", "hs-000123-1", "hs0001231", "Hs-000123-1"),
        *("HS 000123 1", " HS-000123-1 ", "HS - 000123 - 1", "HS-0001231", "HS000123-1"),
        *("ＨＳ－０００１２３－１", "ｈｓ０００１２３１", "HS－000123－1", "HS　000123　1"),
        *("123", "000123", "１２３", " 123 "),
    ],
)
def test_a_number_however_it_is_typed(typed: str) -> None:
    assert HS.number(typed) == 123
    assert ranges(typed, HS) == (range(123, 124),)


@pytest.mark.parametrize("typed", ["000123-1", "0001231", "000123 1", "HS–000123–1", "HS‑000123‑1"])
def test_a_number_without_its_letters_has_its_check_character(typed: str) -> None:
    assert HS.number(typed) == 123


@pytest.mark.parametrize("typed", ["000123-2", "0001232", "012001-3"])
def test_a_wrong_check_character_is_never_a_digit(typed: str) -> None:
    with pytest.raises(Mistyped, match="serial-check-differs"):
        HS.number(typed)


@pytest.mark.parametrize("typed", ["1-5", "123-1", "00000123", "12 3"])
def test_what_may_be_several_numbers_is_none(typed: str) -> None:
    with pytest.raises(Mistyped, match="serial-unknown-form"):
        HS.number(typed)


def test_check_characters_of_all_kinds_are_typed() -> None:
    assert HS.number("hs-000001-x") == HS.number("HS-000001-Ｘ") == 1
    stars = Numbering("HS", 6, "mod-37-2")
    number = next(n for n in range(999) if stars.code(n).endswith("*"))
    for typed in (stars.words(number), stars.code(number), stars.words(number).replace("*", "＊")):
        assert stars.number(typed) == number
        assert ranges(f"{typed}-{typed}", stars) == (range(number, number + 1),)


RANGE = (range(12001, 12481),)


@pytest.mark.parametrize(
    "typed",
    [
        *("12001-12480", "012001-012480", " 12001 - 12480 ", "12001–12480", "12001~12480"),
        *(
            "12001至12480",
            "12001 到 12480",
            "１２００１－１２４８０",
            "12001～12480",
            "12001——12480",
        ),
        *("HS-012001-1-HS-012480-5", "HS0120011-HS0124805", "HS-012001-1 - HS-012480-5"),
        *("HS-012001-1 至 HS-012480-5", "hs-012001-1~hs-012480-5", "HS-012001-1-12480"),
        *("HS0120011–12480", "12001-HS0124805", "ＨＳ０１２００１１－ＨＳ０１２４８０５"),
    ],
)
def test_a_range_however_it_is_typed(typed: str) -> None:
    assert HS.words(12001) == "HS-012001-1"
    assert HS.words(12480) == "HS-012480-5"
    assert ranges(typed, HS) == RANGE


@pytest.mark.parametrize("between", [",", "，", "、", ";", "；", " ", ", ", "，\n", "　"])
def test_several_with_commas_between(between: str) -> None:
    typed = between.join(["3-5", "HS-000009-5", "HS0000204-22"])
    assert (HS.words(9), HS.code(20)) == ("HS-000009-5", "HS0000204")
    for end in ("", ",", between):  # a comma too many harms nothing
        assert ranges(typed + end, HS) == (range(3, 6), range(9, 10), range(20, 23))


@given(st.lists(st.tuples(st.integers(0, 999_999), st.integers(0, 500)), min_size=1), st.data())
def test_ranges_as_they_are_printed_are_read(
    wanted: list[tuple[int, int]], data: st.DataObject
) -> None:
    """As slips and packing lists say them: `HS-000001-X 至 HS-000024-X、HS-000030-4`."""
    found = [range(first, min(first + more, 999_999) + 1) for first, more in wanted]
    write: Any = data.draw(st.sampled_from([HS.words, HS.code, str]))
    between = data.draw(st.sampled_from([" 至 ", "-", "~", "到"]))
    listed = "、".join(
        between.join(dict.fromkeys([write(one[0]), write(one[-1])])) for one in found
    )
    assert ranges(listed, HS) == tuple(found)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        *((typed, "serial-unknown-form") for typed in ("", " ", ",", "-", "abc", "12a", "1.5")),
        *((typed, "serial-unknown-form") for typed in ("1-", "-5", "1-2-3", "5-3", ",1", "+1")),
        # another campaign's, another length, no check character, a telephone number
        *((typed, "serial-unknown-form") for typed in ("WH-000123-1", "HS-00123-1", "HS-000123")),
        *(
            (typed, "serial-unknown-form")
            for typed in ("13800138000", "HSX-000123-1", "HS-000123-12")
        ),
        ("HS-000132-1", "serial-check-differs"),
        ("HS-000123-2", "serial-check-differs"),
        ("1-5,HS-000123-2", "serial-check-differs"),
        ("HS-000123-1-HS-000132-1", "serial-check-differs"),
    ],
)
def test_what_is_no_number(typed: str, code: str) -> None:
    assert mistyped(typed) == code


@given(st.text("HS0123456789-–~X*至，, ", max_size=24))
def test_whatever_is_typed_gives_ranges_or_is_refused(typed: str) -> None:
    found: tuple[range, ...] = (range(1),)
    with suppress(Mistyped):
        found = ranges(typed, HS)
    assert found
    assert all(found)
