"""The report: its JSON, its page, its words."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest

from stickergen.measure import Box, Size
from stickergen.problem import Language
from stickergen.proof import judge, prove  # filling RULES
from stickergen.proof.expected import CodeAt
from stickergen.proof.finding import Finding
from stickergen.proof.report import MOST_TOLD, book, place_words, proof_html, proof_json
from stickergen.proof.result import (
    CheckResult,
    Codes,
    CodeSpot,
    Coverage,
    Design,
    Fault,
    FileProof,
    Image,
    Job,
    Proof,
    Trims,
    told_once,
)
from stickergen.proof.rules import RULES
from stickergen.proof.trials import ORDEALS, Trial

HOSTILE = '</bdi><script>alert("x")</script>&\u202e'
SPOT = Box(12, 34.5, 10, 5)
IMAGE = Image(b"\x89PNG", "image/png", 300, 200)
AT = CodeAt(1, SPOT, 0.5, "https://hs.example.com/a")

FILE = FileProof(
    name="stickers.pdf",
    sha256="0" * 64,
    standard="pdf-x-1a",
    ordered=True,
    pages=3,
    trims=(Trims(Size(210, 297), 2), Trims(Size(63.5, 33.9), 1)),
    checks=(
        CheckResult("pdf-version", "F1", True),
        CheckResult("code-missing", "QR", True),
        CheckResult("code-fragile", "QR", False),
    ),
    codes=Codes(24, 24, 2),
    trials=tuple(Trial(ordeal.name, 2, 1, (AT,)) for ordeal in ORDEALS),
    coverage=Coverage((1, 2), (("Cyan", 12.34), ("CutContour", 1.0)), 215.4, 2),
    designs=(Design(1, SPOT, ("https://hs.example.com/a",), 24, IMAGE),),
)
PASSED = Proof((FILE,))


def missing(count: int, **values: Any) -> CheckResult:
    """A check with so many different faults, each found twice."""
    findings = [
        Finding("code-missing", page, SPOT, {"url": f"https://hs.example.com/{n}", **values})
        for n in range(count)
        for page in (2, 3)
    ]
    faults = tuple(replace(fault, image=IMAGE) for fault in told_once(findings))
    return CheckResult("code-missing", "QR", True, faults)


def failed(count: int) -> Proof:
    return Proof((replace(FILE, checks=(missing(count),)),))


class Page(HTMLParser):
    """The tags, the sources and the text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1][0] != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())

    def count(self, tag: str) -> int:
        return sum(1 for name, _ in self.tags if name == tag)


# --- JSON ---


def test_the_json_tells_all_but_the_pictures() -> None:
    told = json.loads(proof_json(failed(2)))
    (file,) = told["files"]
    assert (told["passed"], told["errors"], file["errors"]) == (False, 4, 4)
    assert "not a certification" in told["basis"]
    (check,) = file["checks"]
    assert (check["check"], check["clause"], check["outcome"]) == ("code-missing", "QR", "failed")
    assert check["faults"][1] == {
        "code": "code-missing",
        "severity": "error",
        "values": {"url": "https://hs.example.com/1"},
        "count": 2,
        "pages": [2, 3],
        "page": 2,
        "spot": {"x_mm": 12.0, "y_mm": 34.5, "width_mm": 10.0, "height_mm": 5.0},
    }
    assert file["trims"][1] == {"width_mm": 63.5, "height_mm": 33.9, "pages": 1}
    assert file["coverage_percent"]["means"] == {"CutContour": 1.0, "Cyan": 12.3}
    assert file["trials"][0]["failed"] == [AT.url]
    assert file["designs"][0]["addresses"] == [AT.url]


def test_the_json_is_sorted_and_the_same_each_time() -> None:
    text = proof_json(failed(3))
    assert text == proof_json(failed(3))
    keys = list(json.loads(text, object_pairs_hook=lambda pairs: [key for key, _ in pairs]))
    assert keys == sorted(keys)


def test_numbers_that_json_cannot_say_are_left_out() -> None:
    check = missing(1, by=float("inf"))
    (fault,) = check.faults
    nowhere = replace(fault, finding=replace(fault.finding, spot=Box(float("nan"), 0, 1, 1)))
    proof = Proof((replace(FILE, checks=(replace(check, faults=(nowhere,)),)),))
    strict = json.loads(proof_json(proof), parse_constant=pytest.fail)
    told = strict["files"][0]["checks"][0]["faults"][0]
    assert told["values"]["by"] is None
    assert told["spot"]["x_mm"] is None


# --- the page ---


@pytest.mark.parametrize(
    ("proof", "language", "lang", "verdict"),
    [
        (PASSED, "zh", "zh-CN", "可以付印"),
        (failed(1), "zh", "zh-CN", "不能付印"),
        (PASSED, "en", "en", "Fit to print"),
        (failed(1), "en", "en", "Not fit to print"),
    ],
)
def test_the_verdict(proof: Proof, language: Language, lang: str, verdict: str) -> None:
    page = Page(proof_html(proof, language))
    assert page.tags[0] == ("html", {"lang": lang})
    assert verdict in page.text
    assert ("不能付印" in page.text) is not proof.passed


def test_the_page_needs_nothing_else() -> None:
    """No script, nothing from elsewhere; the only links are those in the text of the codes."""
    html = proof_html(failed(2))
    page = Page(html)
    assert page.count("script") == page.count("link") == page.count("a") == 0
    sources = [attrs["src"] for tag, attrs in page.tags if tag == "img"]
    assert len(sources) == 3
    assert {str(source).partition(",")[0] for source in sources} == {"data:image/png;base64"}
    style = html[html.index("<style>") : html.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style
    assert not [key for _, attrs in page.tags for key in attrs if key.startswith("on")]


def test_the_page_never_certifies() -> None:
    for language in ("zh", "en"):
        text = Page(proof_html(PASSED, language)).text
        assert "checked against our PDF/X rule list" in text.replace("Checked", "checked")
        assert "这不是 PDF/X 认证" in text


def test_what_comes_from_files_is_text() -> None:
    spot = CodeSpot(HOSTILE, 1, SPOT, 2)
    file = replace(
        FILE,
        name=HOSTILE,
        ordered=False,
        codes=Codes(None, 2, 1, (spot,)),
        coverage=Coverage((1,), ((HOSTILE, 1.0),), 1, 1),
        designs=(Design(1, None, (HOSTILE,), 0, IMAGE),),
        checks=(missing(1, url=HOSTILE),),
    )
    page = Page(proof_html(Proof((file,))))
    assert page.count("script") == 0
    assert page.text.count('<script>alert("x")</script>') >= 6
    assert [tag for tag, _ in page.tags].count("bdi") >= 5


def test_faults_are_told_with_place_picture_and_cure() -> None:
    page = Page(proof_html(failed(1)))
    assert "第 2 页，左 12.0 上 34.5 毫米，共 2 处" in page.text
    assert "page 2, 12.0 mm from the left, 34.5 mm from the top, 2 in all" in page.text
    assert "https://hs.example.com/0" in page.text
    assert "怎么办" in page.text
    assert "On pages 2–3" in page.text
    assert page.count("article") == 1


def test_many_faults_of_a_check_are_counted() -> None:
    page = Page(proof_html(failed(MOST_TOLD + 3)))
    assert page.count("article") == MOST_TOLD
    assert "Of the same check, more: 6" in page.text


def test_a_warning_does_not_stop_the_delivery() -> None:
    finding = Finding("code-fragile", 1, SPOT, {"url": AT.url, "failed": 3, "tried": 9}, "warning")
    check = CheckResult("code-fragile", "QR", True, (Fault(finding, 1, (1,)),))
    proof = Proof((replace(FILE, checks=(check,)),))
    assert proof.passed
    assert (proof.errors, proof.warnings, check.outcome) == (0, 1, "warned")
    page = Page(proof_html(proof))
    assert ("article", {"class": "fault warning"}) in page.tags
    assert "没有发现问题" in page.text


@pytest.mark.parametrize(
    ("severities", "ran", "outcome"),
    [
        ([], True, "passed"),
        ([], False, "not-run"),
        (["warning"], True, "warned"),
        (["warning", "error"], True, "failed"),
        (["error"], False, "failed"),
    ],
)
def test_the_outcome_of_a_check(severities: list[Any], ran: bool, outcome: str) -> None:
    faults = tuple(Fault(Finding("a", severity=one), 1, ()) for one in severities)
    assert CheckResult("a", "", ran, faults).outcome == outcome


def test_many_files_have_tables_side_by_side() -> None:
    files = tuple(replace(FILE, name=f"{number}.pdf") for number in range(30))
    page = Page(proof_html(Proof(files)))
    heads = [attrs["title"] for tag, attrs in page.tags if tag == "th" and "title" in attrs]
    assert sorted(set(map(str, heads))) == sorted(file.name for file in files)


@pytest.mark.parametrize(("count", "widths"), [(1, [1]), (16, [16]), (17, [8, 9]), (30, [15, 15])])
def test_the_table_of_checks_is_divided_evenly(count: int, widths: list[int]) -> None:
    html = proof_html(Proof((replace(FILE, trials=()),) * count))
    tables = re.findall(r'<table class="checks">(.*?)</table>', html, re.DOTALL)
    assert [table.count('<th class="m"') for table in tables] == widths


def test_the_sections_come_in_the_order_of_interest() -> None:
    heads = re.findall(r"<h2>(.+?) <small>", proof_html(failed(1)))
    assert heads == ["需要处理", "图样", "文件", "平均墨量（%）", "二维码回读", "检查项目"]


JOB = Job("hs-2020", "防骗小贴士上快递", HOSTILE, "印刷厂", date(2020, 11, 13))


def test_the_head_says_whose_job_it_is() -> None:
    page = Page(proof_html(replace(PASSED, job=JOB)))
    assert "单号 hs-2020 · 活动 防骗小贴士上快递 · 委托单位 " in page.text
    assert "印刷方式 印刷厂 · 活动日期 2020-11-13" in page.text
    assert HOSTILE in page.text
    assert page.count("script") == 0
    assert "委托单位" not in Page(proof_html(PASSED)).text


def test_the_json_says_whose_job_it_is() -> None:
    assert json.loads(proof_json(PASSED))["job"] is None
    assert json.loads(proof_json(replace(PASSED, job=JOB)))["job"] == {
        "id": "hs-2020",
        "title": "防骗小贴士上快递",
        "issuer": HOSTILE,
        "press": "印刷厂",
        "date": "2020-11-13",
    }


def test_the_proof_is_signed_on_paper() -> None:
    html = proof_html(PASSED)
    assert html.rindex("审样人") > html.rindex("</section>")
    screen, paper = html.split("@media print")
    assert ".sign { display: none; }" in screen
    assert ".sign { display: flex;" in paper


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("https://a.cn/b/c", "https://<wbr>a.cn<wbr>/b<wbr>/c"),
        ("https://a.cn/", "https://<wbr>a.cn<wbr>/"),
        ("a&b/<c", "a&amp;b<wbr>/&lt;c"),
        ("96110", "96110"),
    ],
)
def test_addresses_break_at_their_strokes(text: str, broken: str) -> None:
    file = replace(FILE, designs=(Design(1, None, (text,), 0, IMAGE),))
    assert f"<bdi>{broken}</bdi></figcaption>" in proof_html(Proof((file,)))


def test_a_sheet_has_a_trim_box() -> None:
    text = Page(proof_html(PASSED)).text
    assert "裁切框（TrimBox）毫米" in text
    assert "成品尺寸" not in text


def test_a_file_that_is_not_there_is_in_the_table() -> None:
    gone = CheckResult("file-missing", "File", True, (Fault(Finding("file-missing"), 1, ()),))
    file = FileProof("gone.pdf", None, "plain", True, checks=(gone,), codes=Codes(5))
    text = Page(proof_html(Proof((FILE, file)))).text
    assert "清单里的文件都在" in text
    assert "24 / 29" in text


# --- words ---


def asked() -> set[str]:
    """The codes of all checks that the proof can make."""
    by_work = {*prove.CODE_CHECKS, *prove.HARD_RUN_CHECKS, *prove.PLATE_CHECKS}
    before = {"not-a-pdf", "locked", "no-pages", "file-missing", "file-changed", "serial-twice"}
    return {*RULES, *by_work, *before}


def test_every_check_has_its_line_in_the_report() -> None:
    assert len(judge.ROOMS) > 5
    lines = [code for group in book()["groups"] for code in group["checks"]]
    assert len(lines) == len(set(lines))
    assert sorted(lines) == sorted(asked())


def test_every_trial_has_its_words() -> None:
    assert list(book()["trials"]) == [ordeal.name for ordeal in ORDEALS]


def pairs() -> list[list[str]]:
    words = book()
    named = [words[part] for part in words if part != "groups"]
    groups = [group["name"] for group in words["groups"]]
    checks = [pair for group in words["groups"] for pair in group["checks"].values()]
    return [*groups, *checks, *(pair for part in named for pair in part.values())]


def test_all_words_are_there_in_both_languages() -> None:
    assert len(pairs()) > 120
    for pair in pairs():
        assert len(pair) == 2, pair
        chinese, english = pair
        assert re.search("[一-鿿]", chinese) or chinese == english
        assert not re.search("[一-鿿]", english)
        assert re.findall(r"\{\w+\}", chinese) == re.findall(r"\{\w+\}", english)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault(Finding("a"), 1, ()), ""),
        (Fault(Finding("a", 3), 1, (3,)), "第 3 页"),
        (Fault(Finding("a", 3, Box(12, 34.46, 1, 1)), 1, (3,)), "第 3 页，左 12.0 上 34.5 毫米"),
        (Fault(Finding("a", 3), 7, (3, 4)), "第 3 页，共 7 处"),
    ],
)
def test_places_in_words(fault: Fault, words: str) -> None:
    assert place_words(fault, "zh") == words
