"""The full warnings as files: at the addresses of the codes, sound HTML, nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import re
import warnings
from html import unescape
from pathlib import Path
from typing import Any

import html5lib
import pytest
import zxingcpp
from conftest import OWN_HOST, Delivery, campaign_folder
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape
from PIL import Image

from stickergen.content import link
from stickergen.library import campaign_file
from stickergen.problem import InputError
from stickergen.publishing import publish, site_of, written
from stickergen.reading import read_campaign
from stickergen.website import mark
from stickergen.website.card import SIZE_PX
from stickergen.website.pages import MOST_BYTES, _clauses, _phrased, pages
from stickergen.website.site import Site

XHTML = "{http://www.w3.org/1999/xhtml}"


def site_for(path: Path) -> Site:
    return site_of(read_campaign(path).sound())


@pytest.fixture(scope="module")
def site() -> Site:
    return site_for(campaign_file(None))


@pytest.fixture(scope="module")
def files(site: Site) -> dict[str, bytes]:
    return pages(site)


def html_files(files: dict[str, bytes]) -> dict[str, str]:
    return {name: content.decode() for name, content in files.items() if name.endswith(".html")}


def parsed(text: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return html5lib.HTMLParser(strict=True).parse(text)


def elements(text: str, name: str) -> list[Any]:
    return list(parsed(text).iter(f"{XHTML}{name}"))


# --- where the pages lie ---


def test_every_code_leads_to_the_page_of_its_scam_type(
    demonstration: Delivery, site: Site, files: dict[str, bytes]
) -> None:
    names = {scam.value.id: scam.value.name for scam in site.scams}
    addresses = {(code.url, code.scam, code.point) for code in demonstration.codes}
    assert len(addresses) > 80
    for url, scam, point in addresses:
        page = files[site.file(link.Address(url, scam or None, point or None))]
        assert mark.found_id(page) == (scam or mark.OVERVIEW)
        assert not scam or names[scam] in page.decode()


def test_the_addresses_of_the_codes_are_all_among_those_of_the_campaign(
    demonstration: Delivery,
) -> None:
    known = {address.url for address in read_campaign(campaign_file(None)).addresses}
    assert {code.url for code in demonstration.codes} <= known


def test_a_point_changes_nothing_on_the_page(site: Site, files: dict[str, bytes]) -> None:
    for scam in site.scams:
        addresses = site.addresses(scam.value)
        assert len(addresses) == 17
        assert len({files[site.file(address)] for address in addresses}) == 1


def test_a_base_with_a_path_is_a_folder_of_the_server(
    tmp_path: Path,
) -> None:
    folder = campaign_folder(
        tmp_path / "campaign1",
        {**OWN_HOST, "link.base": "https://fz.hongshan.gov.cn/warn/2020", "link.with_point": False},
    )
    site = site_for(folder / "campaign.yaml")
    files = pages(site)
    assert site.base == "/warn/2020"
    assert {"index.html", "kefu/index.html", "sticker/index.html"} <= files.keys()
    text = files["kefu/index.html"].decode()
    links = {a.get("href") for a in elements(text, "a")}
    assert {"/warn/2020/", "/warn/2020/shuadan", "/warn/2020/sticker"} <= links
    assert '"https://fz.hongshan.gov.cn/warn/2020/kefu/card.png"' in text


def test_links_between_the_pages_lead_to_pages(site: Site, files: dict[str, bytes]) -> None:
    for text in html_files(files).values():
        for anchor in elements(text, "a"):
            href = anchor.get("href")
            if not href.startswith("tel:"):
                assert site.file(link.Address(f"https://host{href}")) in files, href


def test_the_sitemap_lists_every_page_once_without_points(files: dict[str, bytes]) -> None:
    found = re.findall(r"<loc>(.*?)</loc>", files["sitemap.xml"].decode())
    assert found == [
        "https://hs.example.com/",
        *(f"https://hs.example.com/{n}" for n in ("kefu", "shuadan", "gouwu", "daikuan")),
        "https://hs.example.com/zhengxin",
        "https://hs.example.com/sticker",
    ]
    assert "Sitemap: https://hs.example.com/sitemap.xml" in files["robots.txt"].decode()


# --- what a page is made of ---


def test_pages_are_html_without_a_fault(files: dict[str, bytes]) -> None:
    for name, text in html_files(files).items():
        parsed(text)
        ids = re.findall(r'\bid="([^"]*)"', text)
        assert len(ids) == len(set(ids)), name


def test_the_check_of_html_sees_faults() -> None:
    with pytest.raises(html5lib.html5parser.ParseError):
        parsed("<!DOCTYPE html><html><head><title>x</title></head><body><p></b></p></body></html>")


def test_pages_are_small(files: dict[str, bytes]) -> None:
    icon = len(files["icon.svg"])
    assert max(len(text.encode()) for text in html_files(files).values()) + icon < MOST_BYTES


def test_nothing_comes_from_elsewhere(files: dict[str, bytes]) -> None:
    for text in html_files(files).values():
        tree = parsed(text)
        for element in tree.iter():
            assert element.get("src") is None
            if element.tag == f"{XHTML}link" and element.get("rel") != "canonical":
                assert element.get("href").startswith("/")
        assert "@import" not in text
        assert "url(" not in text


def test_the_policy_lets_run_just_what_stands_in_the_page(files: dict[str, bytes]) -> None:
    for text in html_files(files).values():
        (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
        policy = policy.replace("&#39;", "'")
        assert policy.startswith("default-src 'none'; ")
        assert "unsafe" not in policy
        for kind in ("style", "script"):
            hashes = [
                base64.b64encode(hashlib.sha256(one.text.encode()).digest()).decode()
                for one in elements(text, kind)
            ]
            (allowed,) = re.findall(rf"{kind}-src ([^;]*)", policy)
            assert allowed == " ".join(f"'sha256-{one}'" for one in hashes)


PAIRS = """
ink paper, ink soft, ink pale, blue paper, blue soft, red paper, red soft, red pale, paper blue,
paper red, white ask, white alarm, white band
"""
"""What is set on what in the style, by the names of its colours."""


def colours(style: str) -> list[dict[str, str]]:
    """The colours of the style by day, and what is another by night."""
    roots = re.findall(r":root\{([^}]*)\}", style)
    day, night = (dict(re.findall(r"--([a-z]+):(#[0-9a-f]{3,6})", root)) for root in roots[:2])
    return [day, day | night]


def luminance(colour: str) -> float:
    """WCAG 2.2, "relative luminance"."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * one for one in colour[1:])
    parts = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_pair_of_colours_stands_out_by_seven(files: dict[str, bytes]) -> None:
    (style,) = elements(files["kefu/index.html"].decode(), "style")
    for found in colours(style.text):
        for pair in PAIRS.replace("\n", " ").split(","):
            one, other = (luminance((found | {"white": "#fff"})[name]) for name in pair.split())
            light, dark = max(one, other), min(one, other)
            assert (light + 0.05) / (dark + 0.05) >= 7, pair


def test_the_script_knows_a_serial_as_the_addresses_do(files: dict[str, bytes]) -> None:
    (script,) = elements(files["kefu/index.html"].decode(), "script")
    assert f"({link.SERIAL})" in script.text


def test_texts_never_become_markup(tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>\"'&amp;"
    folder = campaign_folder(
        tmp_path / "campaign2", {"issuer.name": evil, "title": f"{evil[:30]}", "issuer.unit": evil}
    )
    site = site_for(folder / "campaign.yaml")
    for text in html_files(pages(site)).values():
        assert "<script>alert" not in text
        assert len(elements(text, "script")) == 1
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


@given(st.text("客服叫你借钱 ，。！？“”ab<&1\n", max_size=40))
def test_texts_lose_nothing_by_where_they_may_break(text: str) -> None:
    for shown in (_phrased(text), _clauses(text)):
        told = unescape(re.sub("</?span>", "", str(escape(shown)))).replace("\u200b", "")
        assert told == text


def test_only_a_sample_says_that_it_is_one(tmp_path: Path, files: dict[str, bytes]) -> None:
    assert "样张" in files["kefu/index.html"].decode()
    own = pages(site_for(campaign_folder(tmp_path / "campaign3", OWN_HOST) / "campaign.yaml"))
    assert not any("样张" in text for text in html_files(own).values())


def test_the_same_campaign_gives_the_same_bytes(site: Site, files: dict[str, bytes]) -> None:
    assert pages(site) == files


def test_a_page_for_looking_has_one_more_script(site: Site) -> None:
    text = pages(site, "if (1) {\n  alert(2)\n}\n")["kefu/index.html"].decode()
    assert [one.text for one in elements(text, "script")][1:] == ["if (1) {\nalert(2)\n}"]
    assert "connect-src &#39;self&#39;" in text


# --- the words that all pages share ---


def test_a_campaign_has_words_of_its_own(tmp_path: Path) -> None:
    folder = campaign_folder(tmp_path / "campaign4", {})
    shipped = read_campaign(campaign_file(None)).library.website().path.read_text(encoding="utf-8")
    words = shipped.replace("留住证据", "打{issuer.hotline}问证据")
    (folder / "website.yaml").write_text(words, encoding="utf-8")
    text = pages(site_for(folder / "campaign.yaml"))["kefu/index.html"].decode()
    assert "打96110问证据" in text.replace("\u200b", "")


def test_a_field_that_is_not_there_is_told_at_its_line(
    tmp_path: Path,
) -> None:
    folder = campaign_folder(tmp_path / "campaign5", {})
    shipped = read_campaign(campaign_file(None)).library.website().path.read_text(encoding="utf-8")
    words = shipped.replace("留住证据", "打{issuer.hotlin}")
    (folder / "website.yaml").write_text(words, encoding="utf-8")
    line = next(n for n, text in enumerate(words.split("\n"), 1) if "hotlin}" in text)
    with pytest.raises(InputError) as caught:
        pages(site_for(folder / "campaign.yaml"))
    (problem,) = caught.value.problems
    assert (problem.code, problem.values["meant"]) == ("unknown-template-field", "hotline")
    assert problem.place is not None
    assert problem.place.line == line


# --- the folder ---


def test_cards_are_pictures_of_their_size_without_a_code(site: Site, tmp_path: Path) -> None:
    published = publish(campaign_file(None), tmp_path)
    cards = [name for name in published.files if name.endswith(".png")]
    assert len(cards) == 6
    for name in cards:
        with Image.open(tmp_path / name) as image:
            assert image.size == SIZE_PX
            assert zxingcpp.read_barcodes(image.convert("L")) == []


def test_pages_of_an_earlier_campaign_stay(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    publish(campaign_folder(tmp_path / "campaign6", {}) / "campaign.yaml", folder)
    later = campaign_folder(tmp_path / "campaign7", {"scams": ["kefu"]}) / "campaign.yaml"
    published = publish(later, folder)
    assert "shuadan/index.html" in published.left
    assert (folder / "shuadan/j01/index.html").is_file()
    assert "kefu/index.html" not in published.left


def test_what_is_not_ours_is_not_written_over(tmp_path: Path) -> None:
    home = tmp_path / "index.html"
    home.write_text("<!DOCTYPE html><title>分局主页</title>", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        publish(campaign_file(None), tmp_path)
    assert [problem.code for problem in caught.value.problems] == ["site-over-other-files"]
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]


@pytest.mark.parametrize("name", ["sitemap.xml", "icon.svg", "card.png", "robots.txt"])
def test_files_at_the_root_of_a_host_may_be_another_s(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"theirs")
    with pytest.raises(InputError) as caught:
        publish(campaign_file(None), tmp_path)
    assert [problem.code for problem in caught.value.problems] == ["site-over-other-files"]
    assert (tmp_path / name).read_bytes() == b"theirs"


@pytest.mark.parametrize("name", ["index.html", "sitemap.xml", "404.html"])
def test_a_folder_in_the_place_of_a_file_is_told(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "site"
    (folder / name).mkdir(parents=True)
    with pytest.raises(InputError) as caught:
        publish(campaign_file(None), folder)
    assert [problem.code for problem in caught.value.problems] == ["cannot-write"]
    assert [path.name for path in folder.iterdir()] == [name]


def test_a_page_that_grew_too_large_is_told(tmp_path: Path) -> None:
    folder = campaign_folder(tmp_path / "campaign", {})
    (folder / "scams").mkdir()
    kefu = read_campaign(campaign_file(None)).scams[0].path.read_text(encoding="utf-8")
    long = "这里写得太长了。" * 49
    text = kefu.split("steps:")[0] + f"steps: [{', '.join([long] * 6)}]\n"
    text += f"giveaways: [{', '.join([long] * 8)}]\nadvice: [{', '.join([long] * 5)}]\n"
    text += "audience: 谁" + kefu.split("audience: ")[1]
    (folder / "scams/kefu.yaml").write_text(text, encoding="utf-8")
    for number in range(10, 90):
        more = kefu.replace("id: kefu", f"id: x{number}").replace("rank: 1", f"rank: {number}")
        (folder / f"scams/x{number}.yaml").write_text(more, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        publish(folder / "campaign.yaml", tmp_path / "site")
    (problem,) = caught.value.problems
    assert (problem.code, problem.values["file"]) == ("page-too-large", "kefu/index.html")
    assert not (tmp_path / "site").exists()


def test_an_icon_that_is_not_there_is_told_at_its_line(tmp_path: Path) -> None:
    folder = campaign_folder(tmp_path / "campaign", {})
    (folder / "scams").mkdir()
    kefu = read_campaign(campaign_file(None)).scams[0].path.read_text(encoding="utf-8")
    (folder / "scams/kefu.yaml").write_text(kefu.replace("headset", "headst"), encoding="utf-8")
    (problem,) = read_campaign(folder / "campaign.yaml").problems
    assert (problem.code, problem.values["meant"]) == ("unknown-icon", "headset")


def test_long_rules_stand_behind_the_numbers_to_ring(tmp_path: Path) -> None:
    folder = campaign_folder(tmp_path / "campaign", {})
    (folder / "scams").mkdir()
    kefu = read_campaign(campaign_file(None)).scams[0].path.read_text(encoding="utf-8")
    long = kefu.replace("都是诈骗", f"{'无论他怎么说' * 3}都是诈骗")
    assert long != kefu
    (folder / "scams/kefu.yaml").write_text(long, encoding="utf-8")
    for path, first in ((campaign_file(None), "rules"), (folder / "campaign.yaml", "calls")):
        text = pages(site_for(path))["kefu/index.html"].decode()
        order = re.findall(r'class="(rules|calls)"', text)
        assert order[0] == first


def test_a_draft_has_no_pages(tmp_path: Path) -> None:
    folder = campaign_folder(tmp_path / "campaign8", {})
    (folder / "scams").mkdir(exist_ok=True)
    kefu = read_campaign(campaign_file(None)).scams[0].path.read_text(encoding="utf-8")
    (folder / "scams/kefu.yaml").write_text(f"{kefu}review: needed\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        publish(folder / "campaign.yaml", folder / "site")
    assert [problem.code for problem in caught.value.problems] == ["review-needed"]
    assert not (folder / "site").exists()


def test_every_file_of_the_folder_is_as_it_was_made(site: Site, tmp_path: Path) -> None:
    reading = read_campaign(campaign_file(None))
    publish(campaign_file(None), tmp_path)
    made = written(site, reading.library)
    there = {
        path.relative_to(tmp_path).as_posix(): path.read_bytes()
        for path in tmp_path.rglob("*")
        if path.is_file()
    }
    assert there == made
