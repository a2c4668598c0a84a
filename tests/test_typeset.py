"""Chinese typesetting on examples made by hand; widths are given in em where that is clearer."""

import pytest

from stickergen.artwork.fonts import font
from stickergen.artwork.typeset import MissingGlyph, Setting, excess, set_text
from stickergen.measure import PT_PER_MM

SIZE_PT = PT_PER_MM  # one em is one millimetre, so widths in mm are widths in em
REGULAR = font("regular")
BODY = Setting(REGULAR, SIZE_PT)


def broken(text: str, width: float, **how: object) -> str:
    setting = Setting(REGULAR, SIZE_PT, **how)  # type: ignore[arg-type]
    block = set_text(text, setting, width)
    return "/".join(text[line.start : line.end] for line in block.lines)


def places(text: str, width: float = 100, **how: object) -> list[list[tuple[str, float]]]:
    setting = Setting(REGULAR, SIZE_PT, **how)  # type: ignore[arg-type]
    lines = set_text(text, setting, width).lines
    return [[(run.text, round(run.x, 3)) for run in line.runs] for line in lines]


def test_natural_characters_are_one_run() -> None:
    assert places("都是诈骗") == [[("都是诈骗", 0.0)]]
    assert set_text("都是诈骗", BODY, 100).width == pytest.approx(4)


def test_a_block_knows_its_measures() -> None:
    block = set_text("都是诈骗", Setting(REGULAR, SIZE_PT, leading=1.25), 2)
    assert len(block.lines) == 2
    assert block.height == pytest.approx(2.25)
    assert block.baseline(0) == pytest.approx(0.88)
    assert block.baseline(1) == pytest.approx(2.13)


def test_an_empty_text_has_no_lines() -> None:
    block = set_text("", BODY, 10)
    assert (block.lines, block.width, block.height) == ((), 0.0, 0.0)


def test_a_line_feed_forces_a_line() -> None:
    assert broken("甲\n\n乙丙", 10) == "甲//乙丙"
    last = set_text("甲\n\n乙丙", BODY, 10).lines[2]
    assert (last.start, last.end) == (3, 5)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("都是诈骗。", 4.2, "都是/诈骗。"),  # not 都是诈骗/。
        ("他说“退款”", 3.6, "他说/“退款”"),  # not 他说“/退款”
        ("真的（假的）对吗", 3.5, "真的/（假的）/对吗"),
        ("等一等……再说", 4, "等一/等……/再说"),
        ("不——要转账", 3, "不——/要转账"),
        ("损失4000元整", 4.5, "损失/4000元整"),
        ("损失4000元没了", 4, "损失/4000元/没了"),
        ("损失¥84,077整", 4.9, "损失/¥84,077整"),
        ("损失1.3万元多", 4.3, "损失/1.3万元/多"),
        ("损失1.3万元多", 5, "损失/1.3万元多"),
        ("占45%以上", 4.4, "占45%/以上"),
        ("仅占4成45%", 4, "仅占4/成45%"),
        ("请打96110咨询", 4, "请打/96110/咨询"),
        ("晚上19:00见面", 4, "晚上/19:00/见面"),
        ("于2020-11-13止", 6, "于/2020-11-13/止"),
        ("点hs.example.com/kefu/j01后", 14, "点/hs.example.com/kefu/j01后"),
        ("请下载APP安装", 4, "请下/载APP/安装"),
        ("共有①转账②付款", 3, "共有/①转账/②付款"),
        ("全角ＡＰＰ安装", 4, "全角/ＡＰＰ/安装"),
        ("到10～20元", 3.5, "到/10～20元"),
    ],
)
def test_what_belongs_together_stays_together(text: str, width: float, lines: str) -> None:
    assert broken(text, width) == lines


def test_no_lone_last_character() -> None:
    assert broken("凡是要求转账的都", 7) == "凡是要求转账/的都"
    assert broken("凡是要求转账的都。", 7) == "凡是要求转账/的都。"


def test_the_last_line_may_be_short() -> None:
    assert broken("凡是要求转账的都是诈骗", 9) == "凡是要求转账的都是/诈骗"


def test_a_date_is_broken_elsewhere_if_it_can_be() -> None:
    assert broken("小王在10月11日晚", 6.2) == "小王在/10月11日晚"


def test_adjoining_marks_save_half_an_em() -> None:
    assert set_text("甲。”乙", BODY, 100).width == pytest.approx(3.5)
    assert set_text("甲：“乙", BODY, 100).width == pytest.approx(3.5)
    assert set_text("甲（“乙", BODY, 100).width == pytest.approx(3.5)
    assert set_text("甲”（乙", BODY, 100).width == pytest.approx(3.5)
    assert set_text("甲“”乙", BODY, 100).width == pytest.approx(4)
    assert places("甲：“乙") == [[("甲：", 0.0), ("“乙", 1.5)]]
    assert places("甲（“乙") == [[("甲（", 0.0), ("“乙", 1.5)]]


def test_the_outer_half_of_a_mark_is_trimmed_at_both_ends_of_a_line() -> None:
    assert places("“甲”") == [[("“甲”", -0.5)]]
    assert set_text("“甲”", BODY, 100).width == pytest.approx(2)


def test_a_heavy_mark_is_trimmed_by_its_blank_only() -> None:
    black = font("black")
    for char in "“‘（《「『【":
        line = set_text(f"{char}甲", Setting(black, SIZE_PT), 100).lines[0]
        assert line.runs[0].x + black.bearings(char).left >= -1e-9


def test_a_quarter_em_parts_han_from_latin_and_digits() -> None:
    digits = sum(map(REGULAR.advance, "96110"))
    assert places("打96110吧") == [[("打", 0.0), ("96110", 1.25), ("吧", round(1.5 + digits, 3))]]
    assert set_text("打APP吧", BODY, 100).width == set_text("打 APP 吧", BODY, 100).width
    assert places("打 APP 吧") == places("打APP吧")


def test_no_quarter_em_beside_marks_and_signs() -> None:
    assert places("，APP。") == [[("，APP。", 0.0)]]
    assert places("45%") == [[("45%", 0.0)]]
    assert places("¥45") == [[("¥45", 0.0)]]


def test_a_dash_is_one_stroke_of_two_em() -> None:
    (line,) = set_text("甲——乙", BODY, 100).lines
    assert line.width == pytest.approx(4)
    first, second = line.runs[1], line.runs[2]
    bearings = REGULAR.bearings("—")
    stroke = REGULAR.advance("—") - bearings.left - bearings.right
    assert second.x - first.x < stroke, "the strokes meet"
    assert line.runs[3].x == pytest.approx(3)


def test_an_interpunct_is_half_an_em() -> None:
    assert set_text("约翰·史密斯", BODY, 100).width == pytest.approx(5.5)


def test_alignment_moves_the_runs() -> None:
    assert places("诈骗", 10, align="center") == [[("诈骗", 4.0)]]
    assert places("诈骗", 10, align="right") == [[("诈骗", 8.0)]]
    assert places("诈骗诈", 2, align="right") == [[("诈", 1.0)], [("骗诈", 0.0)]]


def test_justified_lines_are_full_but_the_last() -> None:
    setting = Setting(REGULAR, SIZE_PT, align="justify")
    block = set_text("凡是要求转账的都是诈骗没有例外", setting, 8.5)
    assert [round(line.width, 6) for line in block.lines] == [8.5, 7.0]
    assert len(block.lines[0].runs) == 8


def test_a_line_that_would_be_torn_apart_stays_ragged() -> None:
    setting = Setting(REGULAR, SIZE_PT, align="justify")
    block = set_text("凡是点击hs.example.com/kefu/j01的都", setting, 14)
    assert block.lines[0].width == pytest.approx(4)


def test_marks_are_squeezed_where_that_saves_a_line() -> None:
    text = "转账、付款、刷卡、都是诈骗，都是诈骗"
    ragged = set_text(text, BODY, 16.4)
    squeezed = set_text(text, Setting(REGULAR, SIZE_PT, align="justify"), 16.4)
    assert (len(ragged.lines), len(squeezed.lines)) == (2, 1)
    assert squeezed.width == pytest.approx(16.4)


def test_headlines_break_between_phrases_and_best_after_marks() -> None:
    assert broken("凡是退款要你转账的都是诈骗", 7.9, words=True, balance=True) == (
        "凡是退款要你/转账的都是诈骗"
    )
    assert broken("注意，凡是先垫付的刷单都是诈骗", 13, words=True) == (
        "注意，/凡是先垫付的刷单都是诈骗"
    )
    assert broken("点击“退款链接”就中招", 5.5, words=True) == "点击/“退款链接”/就中招"


def test_a_phrase_wider_than_the_line_is_broken_by_the_rules() -> None:
    assert broken("诈骗诈骗", 1.5, words=True) == "诈/骗/诈/骗"


def test_balanced_lines_are_equally_wide() -> None:
    assert broken("凡是要求转账的都是诈骗", 9, balance=True) in (
        "凡是要求转账/的都是诈骗",
        "凡是要求转/账的都是诈骗",
    )


def test_what_cannot_be_broken_overflows_and_is_counted() -> None:
    address = "hs.example.com/kefu/j01"
    block = set_text(address, BODY, 5)
    assert len(block.lines) == 1
    assert block.width > 5
    removed = excess(address, BODY, 5, 10)
    assert 0 < removed < len(address)
    assert set_text(address[:-removed], BODY, 5).width <= 5.01


def test_excess_counts_the_characters_that_must_go() -> None:
    assert excess("都是诈骗都是诈骗", BODY, 4, 2.5) == 0
    assert excess("都是诈骗都是诈骗啊", BODY, 4, 2.5) == 1
    assert excess("都是诈骗都是诈骗", BODY, 4, 1.0) == 4
    assert excess("都是", BODY, 4, 0.5) == 2


@pytest.mark.parametrize(
    ("text", "char", "index", "named"),
    [
        ("诈\U00020000骗", "\U00020000", 1, "\U00020000 (U+20000)"),
        ("诈骗\u200b", "\u200b", 2, "U+200B"),
        ("诈\t骗", "\t", 1, "U+0009"),
        ("诈\n\r骗", "\r", 2, "U+000D"),
        ("soft\u00adhyphen", "\u00ad", 4, "U+00AD"),
    ],
)
def test_a_character_without_a_glyph_is_named(text: str, char: str, index: int, named: str) -> None:
    with pytest.raises(MissingGlyph) as caught:
        set_text(text, BODY, 10)
    assert (caught.value.char, caught.value.index, caught.value.named) == (char, index, named)


def test_setting_is_remembered() -> None:
    assert set_text("都是诈骗", BODY, 9) is set_text("都是诈骗", BODY, 9)
