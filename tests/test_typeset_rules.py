"""The rules of Chinese line breaking, on paragraphs over many widths and on random mixtures.

The lists of forbidden characters and the measuring of ink are written again here, apart from the
program's own: a test that reads the list it tests finds nothing missing in it.
"""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont as EmbeddedFont
from reportlab.platypus import Paragraph
from uniseg.linebreak import line_break_breakables

from stickergen.artwork.fonts import font
from stickergen.artwork.typeset import Block, Line, Setting, breaks, excess, set_text, spacing
from stickergen.measure import to_mm, to_pt

NEVER_FIRST = set("、，。．！？：；”’）》〉」』】〕…—·％%‰°℃～,.!?:;)]}")
NEVER_LAST = set("“‘（《〈「『【〔¥￥$＄№([{①②③")
UNITS = set("元万亿%％年月日时分岁名个张枚份")
FULL_WIDTH_MARKS = set("、，。！？：；“”‘’（）《》「」『』【】")
CLOSE = 1e-6

PARAGRAPHS = (
    "凡是要求先转账、先垫付、先交“保证金”的刷单返利，都是诈骗！请牢记：不听、不信、不转账；有疑问就拨打96110。",
    "2020年10月11日19:00，学生小王接到自称“客服”的电话，称其网购的商品有质量问题，可以“三倍赔付”；小王按对方的要求点击"
    "hs.example.com/kefu/j01，先后转账5次，共¥84,077（约8.4万元）。",
    "“您好，这里是‘某某商城’客服。”——凡是这样开头、又要你下载APP（包括视频会议软件）并“共享屏幕”的……一律挂断！",
    "据统计，2020年1月至10月，全区此类警情占45%，被骗的多为18～24岁的学生，人均损失1.3万元；最多的一名损失4000000元。",
    "《反诈提示》：公检法机关不会通过电话、QQ、微信办案，更没有“安全账户”（这是骗子的话）。如已转账，请立即拨打110或96110，"
    "并于24小时内到派出所报案，网址是https://hs.example.com/report/2020-11-13。",
    "贷款前要交“手续费”“解冻费”“保证金”的，都是诈骗；正规贷款，放款之前不收任何费用（包括一元钱）！",
)
WIDTHS = range(20, 121, 4)
SIZES = (7, 8, 9, 10.5, 12)


def faults(lines: list[str]) -> list[str]:
    """What is wrong with the breaks between these lines."""
    found = []
    for line, following in itertools.pairwise(lines):
        before, after = line.rstrip()[-1:], following.lstrip()[:1]
        if after in NEVER_FIRST:
            found.append(f"{after} begins a line")
        if before in NEVER_LAST:
            found.append(f"{before} ends a line")
        if line != line.rstrip():
            continue
        if before.isdigit() and (after.isdigit() or after in UNITS):
            found.append(f"{before}|{after} parted")
        if before and after and (before + after).isascii():
            found.append(f"{before}|{after}: a word parted")
    return found


def soft_pairs(block: Block) -> list[tuple[Line, Line]]:
    """The neighbouring lines of one paragraph; a forced break may stand where it likes."""
    return [
        (line, after)
        for line, after in itertools.pairwise(block.lines)
        if "\n" not in block.text[line.end : after.start]
    ]


def all_faults(block: Block) -> list[str]:
    text = block.text
    return [
        fault
        for line, after in soft_pairs(block)
        for fault in faults([text[line.start : after.start], text[after.start : after.end]])
    ]


def inks(block: Block, line: Line) -> list[tuple[str, float, float]]:
    """The ink of each glyph of a line, in mm: character, left, right."""
    em = to_mm(block.size_pt)
    found = []
    for run in line.runs:
        x = run.x
        for char in run.text:
            bearings = block.font.bearings(char)
            advance = block.font.advance(char)
            if bearings.left < advance:
                found.append((char, x + bearings.left * em, x + (advance - bearings.right) * em))
            x += advance * em
    return found


def settings_of(size_pt: float) -> list[Setting]:
    regular = font("regular")
    return [
        Setting(regular, size_pt),
        Setting(regular, size_pt, align="justify"),
        Setting(regular, size_pt, balance=True, align="center"),
        Setting(regular, size_pt, words=True),
        Setting(font("black"), size_pt, words=True, balance=True),
    ]


@pytest.mark.parametrize("paragraph", PARAGRAPHS)
def test_real_paragraphs_break_no_rule_at_any_width(paragraph: str) -> None:
    for size_pt, width in itertools.product(SIZES[::2], WIDTHS):
        for setting in settings_of(size_pt):
            block = set_text(paragraph, setting, width)
            assert all_faults(block) == []


def test_reportlab_breaks_these_rules_on_the_same_paragraphs() -> None:
    """The check can fail: an ordinary wrapper of Chinese text is caught by it."""
    pdfmetrics.registerFont(EmbeddedFont("wrapped", str(font("regular").path)))
    style = ParagraphStyle("body", fontName="wrapped", fontSize=9, leading=13, wordWrap="CJK")
    found = []
    for paragraph, width in itertools.product(PARAGRAPHS, WIDTHS):
        wrapped = Paragraph(paragraph, style)
        wrapped.wrap(to_pt(width), 10_000)
        found += faults([" ".join(words) for _, words in wrapped.blPara.lines])
    assert len(found) > 20
    assert any("begins a line" in fault for fault in found)
    assert any("parted" in fault for fault in found)


HAN = "凡是要求先转账的都是诈骗请拨打警方电话客服不会让你共享屏幕"
MARKS = "、，。！？：；“”‘’（）《》【】…—·％"
WORDS = ("96110", "4000元", "¥84,077", "1.3万元", "45%", "10月11日", "19:00", "2020-11-13", "APP")
ODD = ("hs.example.com/kefu/j01", " ", "……", "——", "\n", "①", "é", "\u3000", "%", "(", ")", "-")

TEXTS = st.lists(
    st.one_of(
        st.text(HAN, min_size=1, max_size=6),
        st.sampled_from(MARKS),
        st.sampled_from(WORDS),
        st.sampled_from(ODD),
    ),
    max_size=18,
).map("".join)
WIDE = st.floats(8, 120)


def named_setting(name: str, **how: object) -> Setting:
    return Setting(font(name), **how)  # type: ignore[arg-type]


SETTINGS = st.builds(
    named_setting,
    name=st.sampled_from(["regular", "bold", "black"]),
    size_pt=st.sampled_from(SIZES),
    leading=st.sampled_from([1.2, 1.5]),
    align=st.sampled_from(["left", "center", "right", "justify"]),
    words=st.booleans(),
    balance=st.booleans(),
)
QUICK = settings(max_examples=150, deadline=None)


@QUICK
@given(TEXTS, SETTINGS, WIDE)
def test_the_lines_give_the_text_back(text: str, setting: Setting, width: float) -> None:
    block = set_text(text, setting, width)
    at = 0
    for line in block.lines:
        assert text[at : line.start].strip(" \u3000\n") == ""
        at = line.end
        drawn = "".join(run.text for run in line.runs)
        assert drawn.replace(" ", "") == text[line.start : line.end].replace(" ", "")
    assert text[at:].strip(" \u3000\n") == ""
    assert len(block.lines) >= text.count("\n") + 1 or not text


@QUICK
@given(TEXTS, SETTINGS, WIDE)
def test_no_chosen_break_is_against_the_rules(text: str, setting: Setting, width: float) -> None:
    """Not even where the text offers no other break: it overflows then, and `excess` tells."""
    assert all_faults(set_text(text, setting, width)) == []


@QUICK
@given(TEXTS, SETTINGS, WIDE)
def test_only_what_cannot_be_broken_is_too_wide(text: str, setting: Setting, width: float) -> None:
    block = set_text(text, setting, width)
    assert block.width == max((line.width for line in block.lines), default=0)
    for line in block.lines:
        if line.width > width + CLOSE:
            start = text.rfind("\n", 0, line.start) + 1
            paragraph = text[start:].partition("\n")[0]
            inside = breaks.ordinary(paragraph)[line.start + 1 - start : line.end - start]
            assert set(inside) <= {None}


@QUICK
@given(TEXTS, SETTINGS, WIDE)
def test_ink_never_meets_ink_and_stays_in_the_line(
    text: str, setting: Setting, width: float
) -> None:
    block = set_text(text, setting, width)
    em = to_mm(setting.size_pt)
    for line in block.lines:
        glyphs = inks(block, line)
        for (left_char, left, right), (char, next_left, _) in itertools.pairwise(glyphs):
            assert left < next_left
            if {left_char, char} & FULL_WIDTH_MARKS:
                assert right <= next_left + CLOSE
        if glyphs:
            shift = {"center": 0.5, "right": 1.0}.get(setting.align, 0.0)
            origin = max(0.0, width - line.width) * shift
            assert glyphs[0][1] >= origin - 0.06 * em  # a Latin j juts out by as much
            assert glyphs[-1][2] <= origin + line.width + 0.06 * em


@QUICK
@given(TEXTS)
def test_no_break_is_allowed_that_unicode_forbids_but_beside_brackets(text: str) -> None:
    """clreq opens and closes lines where UAX #14, not knowing the language, hesitates."""
    text = text.replace("\n", "")
    forbidden = [not flag for flag in line_break_breakables(text)]
    for at, penalty in enumerate(breaks.ordinary(text)[:-1]):
        if penalty is not None and forbidden[at]:
            assert text[at - 1] in "”’）》】" or text[at] in "“‘（《【"


@QUICK
@given(TEXTS, SETTINGS, WIDE)
def test_a_block_is_as_high_as_its_lines(text: str, setting: Setting, width: float) -> None:
    block = set_text(text, setting, width)
    em = to_mm(setting.size_pt)
    if block.lines:
        bottom = block.baseline(len(block.lines) - 1) + setting.font.descent * em
        assert block.height == pytest.approx(bottom)
    assert block.leading == pytest.approx(setting.leading * em)


@QUICK
@given(TEXTS.map(lambda text: text.replace("\n", "")), SETTINGS, WIDE)
def test_there_are_as_few_lines_as_can_be(text: str, setting: Setting, width: float) -> None:
    """Setting the most on each line in turn gives the fewest lines there are."""
    plain = Setting(setting.font, setting.size_pt, balance=setting.balance)
    row = spacing.cells(text, setting.font)
    stops = [at for at, cost in enumerate(breaks.ordinary(text)) if cost is not None]
    stops = [0, *stops, len(text)] if text else [0]
    count = at = 0
    while at < len(stops) - 1:
        reach = at + 1
        for stop in range(at + 1, len(stops)):
            end = len(text[: stops[stop]].rstrip(" \u3000"))
            if row.width(stops[at], end) <= width / to_mm(setting.size_pt) + CLOSE:
                reach = stop
        at = reach
        count += 1
    assert len(set_text(text, plain, width).lines) == count


@QUICK
@given(TEXTS, SETTINGS, WIDE, st.floats(2, 60))
def test_what_is_left_after_the_excess_fits(
    text: str, setting: Setting, width: float, height: float
) -> None:
    removed = excess(text, setting, width, height)

    def fits(part: str) -> bool:
        block = set_text(part, setting, width)
        return block.width <= width + 0.01 and block.height <= height + 0.01

    assert fits(text[: len(text) - removed])
    assert removed == 0 or not fits(text[: len(text) - removed + 1])


@QUICK
@given(TEXTS, SETTINGS, WIDE)
def test_justified_lines_are_full_or_left_alone(text: str, setting: Setting, width: float) -> None:
    row = Setting(setting.font, setting.size_pt)
    justified = Setting(setting.font, setting.size_pt, align="justify")
    block, ragged = set_text(text, justified, width), set_text(text, row, width)
    assert len(block.lines) <= len(ragged.lines)
    em = to_mm(setting.size_pt)
    for line, _ in soft_pairs(block):
        part = text[line.start : line.end]
        gaps = sum(char in HAN and after in HAN for char, after in itertools.pairwise(part))
        short = width - line.width
        assert short < CLOSE or short > gaps / 6 * em - CLOSE


@pytest.mark.parametrize("paragraph", PARAGRAPHS)
def test_the_last_line_is_not_one_character(paragraph: str) -> None:
    """These paragraphs always leave a choice."""
    for width in WIDTHS:
        for setting in settings_of(9)[:3]:
            last = set_text(paragraph, setting, width).lines[-1]
            assert sum(map(str.isalnum, paragraph[last.start : last.end])) >= 2


@pytest.mark.parametrize("paragraph", PARAGRAPHS)
def test_balanced_lines_are_as_many_and_more_even(paragraph: str) -> None:
    for width in WIDTHS:
        plain = set_text(paragraph, Setting(font("regular"), 9), width)
        level = set_text(paragraph, Setting(font("regular"), 9, balance=True), width)
        assert len(level.lines) == len(plain.lines)
        assert _unevenness(level, width) <= _unevenness(plain, width) + 0.3


def _unevenness(block: Block, width: float) -> float:
    return sum((max(0.0, width - line.width) / width) ** 2 for line in block.lines)
