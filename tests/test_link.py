"""Addresses, and which of them may be printed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickergen.content.link import (
    MOST_CHARACTERS,
    SHORTENERS,
    Address,
    address,
    is_placeholder,
    problems,
)
from stickergen.content.model import Campaign, Link
from stickergen.content.source import Document
from stickergen.problem import Place, worded

BASE = Place("c.yaml", 9, 9)
HOST = Place("c.yaml", 7, 11)


def campaign(base: str, hosts: list[str] | None = None, **more: Any) -> Document[Campaign]:
    data = {"id": "c", "title": "c", "date": "2020-11-13", "link": {"base": base}} | more
    names = ["hs.whga.gov.cn"] if hosts is None else hosts
    data["issuer"] = {"name": "单位", "short": "单位", "unit": "处", "hosts": names}
    places = {("link", "base"): BASE, ("issuer", "hosts", 0): HOST}
    return Document(Campaign.model_validate(data), "c.yaml", Path("c.yaml"), places)


def codes(base: str, hosts: list[str] | None = None, **more: Any) -> list[str]:
    return [problem.code for problem in problems(campaign(base, hosts, **more))]


@pytest.mark.parametrize(
    "base",
    [
        "https://hs.whga.gov.cn",
        "https://hs.whga.gov.cn/",
        "https://hs.whga.gov.cn/fz",
        "https://hs.whga.gov.cn/a.b/c-d_e~1/",
    ],
)
def test_good_addresses(base: str) -> None:
    assert codes(base) == []
    assert codes(base, ["HS.whga.GOV.cn"]) == []


@pytest.mark.parametrize(
    ("base", "code"),
    [
        ("hs.whga.gov.cn", "link-not-https"),
        ("http://hs.whga.gov.cn", "link-not-https"),
        ("HTTPS://hs.whga.gov.cn", "link-not-https"),
        ("ｈｔｔｐｓ：／／hs.whga.gov.cn", "link-fullwidth"),
        ("https：//hs.whga.gov.cn", "link-fullwidth"),
        ("https:/hs.whga.gov.cn", "link-not-https"),
        ("javascript:alert(1)", "link-not-https"),
        ("https://", "link-without-host"),
        ("https:///hs.whga.gov.cn", "link-without-host"),
        ("https://www.whga.gov.cn", "link-host-foreign"),
        ("https://evil.hs.whga.gov.cn", "link-host-foreign"),
        ("https://hs.whga.gov.cn.evil.com", "link-host-foreign"),
        ("https://xhs.whga.gov.cn", "link-host-foreign"),
        ("https://HS.whga.gov.cn", "link-host-upper-case"),
        ("https://t.cn/a6", "link-shortener"),
        ("https://w.url.cn", "link-shortener"),
        ("https://127.0.0.1", "link-bare-address"),
        ("https://127.1", "link-bare-address"),
        ("https://2130706433", "link-bare-address"),
        ("https://0x7f000001", "link-bare-address"),
        ("https://0177.0.0.01", "link-bare-address"),
        ("https://0x7F.0.0.0x1", "link-bare-address"),
        ("https://1.2.3.4.", "link-bare-address"),
        ("https://[::1]", "link-bare-address"),
        ("https://[2001:db8::1]/a", "link-bare-address"),
        ("https://xn--hs-abc.cn", "link-foreign-letters"),
        ("https://hs.XN--fiqs8s", "link-foreign-letters"),
        ("https://洪山.cn", "link-foreign-letters"),
        ("https://hs.whgа.gov.cn", "link-foreign-letters"),
        ("https://hs。whga.gov.cn", "link-foreign-letters"),
        ("https://hs", "link-host-invalid"),
        ("https://hs.whga.gov.cn.", "link-host-invalid"),
        ("https://hs..whga.gov.cn", "link-host-invalid"),
        ("https://-hs.whga.gov.cn", "link-host-invalid"),
        ("https://hs_a.whga.gov.cn", "link-host-invalid"),
        ("https://hs whga.gov.cn", "link-host-invalid"),
        ("https://hs%2ewhga.gov.cn", "link-host-invalid"),
        (f"https://{'a' * 64}.cn", "link-host-invalid"),
        ("https://police@hs.whga.gov.cn", "link-user"),
        ("https://a:b@hs.whga.gov.cn", "link-user"),
        ("https://hs.whga.gov.cn:443", "link-port"),
        ("https://hs.whga.gov.cn:8443/a", "link-port"),
        ("https://hs.whga.gov.cn:", "link-port"),
        ("https://hs.whga.gov.cn?a=1", "link-query"),
        ("https://hs.whga.gov.cn/#a", "link-query"),
        ("https://hs.whga.gov.cn\\a", "link-characters"),
        ("https://hs.whga.gov.cn/a b", "link-characters"),
        ("https://hs.whga.gov.cn/A", "link-characters"),
        ("https://hs.whga.gov.cn/a%2fb", "link-characters"),
        ("https://hs.whga.gov.cn／a", "link-fullwidth"),
        ("https://hs.whga.gov.cn/警示", "link-characters"),
        ("https://hs.whga.gov.cn/a\x07", "link-characters"),
        ("https://hs.whga.gov.cn/a\nb", "link-characters"),
        ("https://hs.whga.gov.cn/../a", "link-dots"),
        ("https://hs.whga.gov.cn/.", "link-dots"),
        ("https://hs.whga.gov.cn//a", "link-dots"),
        ("https://hs.whga.gov.cn/" + "a" * 60, "link-too-long"),
    ],
)
def test_bad_addresses(base: str, code: str) -> None:
    (problem,) = problems(campaign(base))
    assert (problem.code, problem.place) == (code, BASE)
    for language in ("zh", "en"):
        wording = worded(problem, language)
        assert "{" not in wording.sentence + wording.hint


def test_an_evil_host_behind_a_good_user_is_told_twice() -> None:
    assert codes("https://hs.whga.gov.cn@evil.com") == ["link-user", "link-host-foreign"]


@pytest.mark.parametrize(
    ("host", "code"),
    [
        ("t.cn", "link-shortener"),
        ("https://hs.whga.gov.cn", "link-host-invalid"),
        ("hs.whga.gov.cn:443", "link-host-invalid"),
        ("10.0.0.1", "link-bare-address"),
        ("::1", "link-bare-address"),
        ("洪山.cn", "link-foreign-letters"),
        ("gov", "link-host-invalid"),
        ("", "link-without-host"),
    ],
)
def test_bad_hosts_of_the_issuer(host: str, code: str) -> None:
    (problem,) = problems(campaign("https://hs.whga.gov.cn", [host, "hs.whga.gov.cn"]))
    assert (problem.code, problem.place) == (code, HOST)


def test_every_shortener_is_refused_even_when_listed() -> None:
    for name in SHORTENERS:
        assert codes(f"https://{name}", [name]) == ["link-shortener"] * 2
    assert len(SHORTENERS) >= 30


@given(st.text(max_size=30))
def test_no_text_but_the_host_itself_passes(text: str) -> None:
    """Whatever stands before or behind it, the host is the issuer's or a problem is told."""
    base = f"https://{text}"
    if not codes(base):
        assert base.removeprefix("https://").split("/")[0] == "hs.whga.gov.cn"
        assert base.isascii()


@given(st.text("abc.:@/?#\\%[] 0x1-", max_size=20), st.text("abc.:@/?#\\%[] 0x1-", max_size=20))
def test_nothing_around_the_host_leads_elsewhere(before: str, behind: str) -> None:
    base = f"https://{before}hs.whga.gov.cn{behind}"
    behind = behind.rstrip()  # blanks at the end of a value are no part of it
    if not codes(base):
        assert not before
        assert not behind or behind.startswith("/")
        assert not set(behind) & set(":@?#\\%[] ")


def test_address() -> None:
    link = Link.model_validate({"base": "https://hs.example.com/"})
    assert address(link, "kefu", "j01") == Address("https://hs.example.com/kefu", "kefu")
    counted = Link(base="https://hs.example.com/fz", with_point=True)
    assert address(counted, "kefu", "j01") == Address(
        "https://hs.example.com/fz/kefu/j01", "kefu", "j01"
    )
    assert str(address(counted, "kefu", None)) == "https://hs.example.com/fz/kefu"
    assert address(counted, None, "j01") == Address("https://hs.example.com/fz/")
    assert address(link, "kefu", None).spoken == "hs.example.com/kefu"
    assert address(link, None).spoken == "hs.example.com"


def test_the_whole_address_counts() -> None:
    base = "https://hs.whga.gov.cn/" + "a" * 30
    point = {"id": "p" * 20, "name": "点"}
    stickers = {"template": "t", "stock": "s", "count": 1, "points": [point]}
    link = {"base": base, "with_point": True}
    assert codes(base) == []
    assert codes(base, link=link, stickers=stickers) == ["link-too-long"]
    assert codes(base, scams=["kefu", "xuni-gouwu"]) == ["link-too-long"]
    document = campaign(base)
    assert [p.code for p in problems(document, ["k" * 10])] == ["link-too-long"]
    assert problems(document, ["k" * (MOST_CHARACTERS - len(base) - 1)]) == []


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("example.com", True),
        ("hs.example.net", True),
        ("HS.Example.org.", True),
        ("a.example", True),
        ("a.test:443", True),
        ("localhost", True),
        ("x.invalid", True),
        ("notexample.com", False),
        ("example.com.cn", False),
        ("hs.whga.gov.cn", False),
        ("test.gov.cn", False),
    ],
)
def test_placeholders(host: str, expected: bool) -> None:
    assert is_placeholder(Link.model_validate({"base": f"https://{host}/a"})) is expected
