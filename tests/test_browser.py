"""The full warnings as a phone shows them: in a real Chromium, without a screen.

The browser is Chromium, Chrome or Edge as it is installed; `STICKERGEN_CHROMIUM` names another.
Where there is none, these tests are skipped and say so. Widths and heights are in CSS pixels.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import zxingcpp
from axe_playwright_python.sync_playwright import Axe
from conftest import Delivery, campaign_folder
from playwright.sync_api import Browser, Page, sync_playwright

from stickergen.library import campaign_file
from stickergen.proof.preview import rasters
from stickergen.reading import read_campaign
from stickergen.serving import serving
from stickergen.website import mark
from stickergen.website.pages import MOST_BYTES
from stickergen.website.server import LocalServer

PHONE = {"width": 360, "height": 640}
DESK = {"width": 1280, "height": 800}

TAP = 44
"""A target's least side: Apple's Human Interface Guidelines, 44 pt; WCAG 2.2, 2.5.5 (AAA). More
than 2.5.8 (AA) asks, 24."""

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = {
    "runOnly": {"type": "tag", "values": WCAG},
    # Contrast of 7:1, as this project asks (WCAG 2.2, 1.4.6).
    "rules": {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}},
}

SCAMS = ("/kefu", "/shuadan", "/gouwu", "/daikuan", "/zhengxin")
PAGES = ("/", *SCAMS, "/sticker", "/x")
"""Every page; the last is the one for addresses that lead nowhere."""

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")


def installed() -> str | None:
    named = [os.environ.get("STICKERGEN_CHROMIUM"), *map(shutil.which, NAMES)]
    return next(filter(None, named), None)


pytestmark = pytest.mark.skipif(installed() is None, reason="no Chromium is installed")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as player:
        # Its own sandbox needs rights that a container's user may not have; the pages are ours.
        opened = player.chromium.launch(executable_path=installed(), args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    with serving(campaign_file(None), 0, lambda problems: None) as opened:
        yield opened


@dataclass
class Tab:
    """A page that is open, with what went over the wire and what the browser complained of."""

    page: Page
    requested: list[str]
    received: list[bytes]
    complaints: list[str]


@pytest.fixture
def tab(browser: Browser, server: LocalServer) -> Iterator[Any]:
    contexts = []

    def opened(path: str, view: dict[str, int], **options: Any) -> Tab:
        context = browser.new_context(viewport=view, base_url=server.origin, **options)
        contexts.append(context)
        found = Tab(context.new_page(), [], [], [])
        found.page.on("request", lambda request: found.requested.append(request.url))
        found.page.on("console", lambda said: found.complaints.append(said.text))
        found.page.on("pageerror", lambda error: found.complaints.append(str(error)))
        answer = found.page.goto(path)
        assert answer is not None
        found.received.append(answer.body())
        return found

    yield opened
    for context in contexts:
        context.close()


VIEWS = pytest.mark.parametrize("view", [PHONE, DESK], ids=["phone", "desk"])


@VIEWS
@pytest.mark.parametrize("path", [*PAGES, "/kefu/j01"])
def test_a_page_is_whole(tab: Any, server: LocalServer, path: str, view: dict[str, int]) -> None:
    """It fits its window, asks nothing elsewhere, is small, stores nothing; no complaint."""
    found = tab(path, view)
    page = found.page
    assert page.evaluate("document.documentElement.scrollWidth") == view["width"]
    assert {urlsplit(url).netloc for url in found.requested} == {urlsplit(server.url).netloc}
    assert len(found.received[0]) < MOST_BYTES
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    said = [text for text in found.complaints if not (path == "/x" and "404" in text)]
    assert said == []
    assert page.locator("h1").count() == 1


@VIEWS
@pytest.mark.parametrize("path", PAGES)
def test_targets_are_large_enough_for_a_thumb(tab: Any, path: str, view: dict[str, int]) -> None:
    page = tab(path, view).page
    boxes = [anchor.bounding_box() for anchor in page.locator("a").all()]
    assert len(boxes) > 4
    assert min(min(box["width"], box["height"]) for box in boxes) >= TAP


@VIEWS
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(tab: Any, path: str, view: dict[str, int]) -> None:
    page = tab(path, view, bypass_csp=True).page  # the checker is a script of its own
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, options=AXE).response
        assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
        done = {one["id"] for one in found["passes"]}
        assert {"color-contrast-enhanced", "target-size", "html-has-lang"} <= done


def test_axe_is_undecided_of_nothing_but_grounds_behind_figures(tab: Any) -> None:
    """Those are drawn before the texts; test_website holds the colours of every pair to 7:1."""
    for path in ("/", "/zhengxin", "/sticker"):
        found = Axe().run(tab(path, PHONE, bypass_csp=True).page, options=AXE).response
        for one in found["incomplete"]:
            assert one["id"] in ("color-contrast", "color-contrast-enhanced")
            reasons = {
                check["data"]["messageKey"] for node in one["nodes"] for check in node["any"]
            }
            assert reasons == {"pseudoContent"}


@pytest.mark.parametrize("width", [320, 360])
def test_numbers_stay_whole_where_letters_are_twice_as_large(tab: Any, width: int) -> None:
    page = tab("/zhengxin", {"width": width, "height": 568}).page
    page.evaluate("document.documentElement.style.fontSize = '36px'")
    lines = (
        "[...document.querySelectorAll('.calls b, .loss b')].map(b => b.getClientRects().length)"
    )
    assert page.evaluate(lines) == [1] * 5
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_axe_would_find_a_fault(tab: Any) -> None:
    page = tab("/kefu", PHONE, bypass_csp=True).page
    page.evaluate("document.querySelector('.question').style.color = '#666'")
    found = Axe().run(page, options=AXE).response["violations"]
    assert "color-contrast-enhanced" in {one["id"] for one in found}


@pytest.mark.parametrize("path", [*SCAMS, "/kefu/j01"])
def test_the_first_screen_has_the_rules_and_both_numbers(tab: Any, path: str) -> None:
    """Also where a phone's browser takes a tenth of the screen for its own bars."""
    page = tab(path, PHONE).page
    for place in (".rules li", ".first .ask", ".first .alarm"):
        for element in page.locator(place).all():
            box = element.bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= PHONE["height"] * 0.91, place
    assert page.locator(".first .ask").get_attribute("href") == "tel:96110"
    assert page.locator(".first .alarm").get_attribute("href") == "tel:110"
    assert "立即报警" in page.locator(".first .alarm").inner_text()


def test_the_night_has_colours_of_its_own(tab: Any) -> None:
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    light = tab("/kefu", PHONE, color_scheme="light").page.evaluate(ground)
    dark = tab("/kefu", PHONE, color_scheme="dark").page.evaluate(ground)
    assert (light, dark) == ("rgb(255, 255, 255)", "rgb(14, 18, 24)")


def test_a_page_needs_no_script(tab: Any) -> None:
    page = tab("/kefu?000123-7", PHONE, java_script_enabled=False).page
    assert page.locator("h1").is_visible()
    assert page.locator(".first .alarm").is_visible()
    assert not page.locator("#serial").is_visible()


@pytest.mark.parametrize(
    "address", ["/kefu?HS-000123-X", "/kefu/j01?HS-000123-X&from=timeline", "/kefu?HS000123X"]
)
def test_a_serial_is_shown(tab: Any, address: str) -> None:
    page = tab(address, PHONE).page
    assert page.locator("#serial").is_visible()
    assert page.locator("#serial b").inner_text() == "HS-000123-X"


@pytest.mark.parametrize(
    "query",
    [
        *("", "?", "?from=groupmessage", "?<img src=x onerror=alert(1)>", "?%3Cb%3E1"),
        *("?400-888-8888", "?96110", "?CALL40012345", "?HS123-X", "?hs-000123-x", "?" + "1" * 33),
    ],
)
def test_what_is_no_serial_changes_nothing(tab: Any, query: str) -> None:
    found = tab(f"/kefu{query}", PHONE)
    plain = tab("/kefu", PHONE)
    main = "document.querySelector('main').innerHTML"
    assert found.page.evaluate(main) == plain.page.evaluate(main)
    assert not found.page.locator("#serial").is_visible()
    assert found.complaints == []


def test_a_page_can_be_printed(tab: Any, tmp_path: Path) -> None:
    page = tab("/zhengxin", DESK, color_scheme="dark").page
    with rasters(page.pdf(format="A4")) as printed:
        assert 1 <= len(printed.document) <= 3
        first = printed.grey(1, 40)
        assert first[2].min() > 250  # paper, whatever the screen was
    page.emulate_media(media="print")
    assert page.locator(".first .alarm").is_visible()


def test_the_page_is_loaded_anew_when_the_campaign_changes(
    browser: Browser, tmp_path: Path
) -> None:
    folder = campaign_folder(tmp_path / "campaign", {})
    file = folder / "campaign.yaml"
    with serving(file, 0, lambda problems: None) as server:
        page = browser.new_page()
        page.goto(server.url)
        page.wait_for_timeout(300)
        text = file.read_text(encoding="utf-8").replace("洪山区分局", "青山区分局")
        file.write_text(text, encoding="utf-8")
        assert server.look()
        page.locator("header", has_text="青山区分局").wait_for(timeout=10_000)
        page.close()


def test_from_the_paper_to_the_page(tab: Any, demonstration: Delivery, server: LocalServer) -> None:
    """Build → decode every code from the PDF → open its address → the page names the scam type."""
    reading = read_campaign(campaign_file(None))
    names = {scam.value.id: scam.value.name for scam in reading.scams}
    known = {address.url: address for address in reading.addresses}
    read: set[str] = set()
    for file in demonstration.pdfs:
        with rasters((demonstration.folder / file).read_bytes()) as pages:
            for number in range(1, len(pages.document) + 1):
                found = zxingcpp.read_barcodes(pages.grey(number, 150))
                read |= {one.text for one in found}
    assert read == {code.url for code in demonstration.codes}
    page = tab("/", PHONE).page
    for url in sorted(read):
        page.goto(f"{server.origin}{known[url].path}")
        scam = known[url].scam
        assert mark.found_id(page.content().encode()) == (scam or mark.OVERVIEW)
        assert not scam or page.locator(".kind").inner_text().strip() == names[scam]
